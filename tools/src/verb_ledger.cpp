// `sluice ledger`: whether a ledger is what was written, and what it holds.
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/research/ledger.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {
namespace {

struct LedgerArguments {
    std::string path;
    bool json = false;
};

int show_ledger(const LedgerArguments& arguments) {
    std::map<std::string, std::uint64_t> kinds;
    const research::LedgerState state =
        research::read_ledger(arguments.path, [&](const research::LedgerLine& line) {
            if (line.number > 1) ++kinds[line.entry.kind];
        });
    if (arguments.json) {
        nlohmann::ordered_json data = nlohmann::ordered_json::object();
        for (const auto& [key, count] : state.counts) data[key] = count.trials;
        std::cout << nlohmann::ordered_json{{"schema", "sluice.ledger_state/1"},
                                            {"lines", state.lines},
                                            {"torn_bytes", state.torn_bytes},
                                            {"last_hash", state.last_hash},
                                            {"kinds", kinds},
                                            {"trials_by_data", data}}
                         .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
                  << "\n";
        return 0;
    }
    std::cout << "Every line is what was written: " << state.lines << " lines, last hash "
              << state.last_hash << "\n";
    if (state.torn_bytes != 0)
        std::cout << "Behind them, " << state.torn_bytes
                  << " bytes of a line that was never finished; the next search removes them.\n";
    for (const auto& [kind, count] : kinds)
        std::cout << "  " << adapters::run_folder::printable(kind) << "  " << count << "\n";
    for (const auto& [key, count] : state.counts)
        std::cout << "  " << count.trials << " trials on " << adapters::run_folder::printable(key)
                  << "\n";
    return 0;
}

}  // namespace

void add_ledger(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<LedgerArguments>();
    CLI::App* command = app.add_subcommand(
        "ledger", "Verify a ledger of searches, line by line, and say what it holds");
    command->add_option("file", arguments->path, "The ledger")->required();
    command->add_flag("--json", arguments->json, "Print it as JSON");
    command->callback(
        [&action, arguments] { action = [arguments] { return show_ledger(*arguments); }; });
}

}  // namespace sluice::tools
