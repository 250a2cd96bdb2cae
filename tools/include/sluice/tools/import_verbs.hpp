// What the verbs under `sluice import` share: where to, what a bad row does, how it is reported.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/reference_store.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

struct ImportArguments {
    // Whether files that are named one by one may be imported one by one: not where those of one
    // import belong together, as definitions with their data or the hours of one day.
    static constexpr bool kSeveralPaths = false;

    std::vector<std::string> paths;
    std::string store;
    std::string on_error = "stop";
    std::string compress = "none";
    bool replace = false;
    bool json = false;

    [[nodiscard]] pipeline::OnBadRow on_bad_row() const {
        return on_error == "skip" ? pipeline::OnBadRow::kSkip : pipeline::OnBadRow::kStop;
    }
};
void add_import_options(CLI::App& command, ImportArguments& arguments);

// Imports one path.
using Importer = std::function<pipeline::ImportReport(
    const std::string&, adapters::tick_store::StoreWriter&, adapters::tick_store::ReferenceStore&,
    const pipeline::ProgressCallback&)>;
// Runs it for each path with the store, a progress bar and an eye on Ctrl-C, and prints what became of
// all of them.
[[nodiscard]] int import_with(const ImportArguments& arguments, const Importer& importer);

// A verb that takes the shared options and whatever `add_more` adds to its own arguments, a struct
// derived from ImportArguments; `run(arguments)` is what it does.
template <class Arguments, class AddMore, class Run>
void add_import_verb(CLI::App& import, Action& action, const char* name, const char* what,
                     AddMore&& add_more, Run run) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* command = import.add_subcommand(name, what);
    add_import_options(*command, *arguments);
    add_more(*command, *arguments);
    command->callback([&action, arguments, run, name] {
        if (!Arguments::kSeveralPaths && arguments->paths.size() > 1)
            throw UsageError(std::string("import ") + name +
                             " takes one file or one folder: files that belong together, as "
                             "definitions with their data or the hours of a day, go into a folder");
        action = [arguments, run] { return run(*arguments); };
    });
}

void add_import_vendors(CLI::App& import, Action& action);  // lean, dbn, binance, dukascopy
void add_import_csv(CLI::App& import, Action& action);

}  // namespace sluice::tools
