// `sluice compare`: runs side by side.
#include <iostream>
#include <memory>
#include <vector>

#include <unistd.h>

#include <sluice/adapters/run_folder/comparison.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

namespace {

namespace folders = adapters::run_folder;

int compare(const std::vector<std::string>& runs, bool json) {
    std::vector<folders::RunReading> read;
    for (const std::string& run : runs) read.push_back(folders::read_run(run));
    if (json)
        std::cout << folders::comparison_json(read) << "\n";
    else
        folders::print_comparison(std::cout, read, isatty(STDOUT_FILENO) == 1);
    return 0;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
    auto runs = std::make_shared<std::vector<std::string>>();
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand(
        "compare", "Set runs side by side: the settings that differ, results, digests");
    command->add_option("runs", *runs, "Folders of two or more runs")->required()->expected(2, 32);
    command->add_flag("--json", *json, "Print as JSON");
    command->callback(
        [&action, runs, json] { action = [runs, json] { return compare(*runs, *json); }; });
}

}  // namespace sluice::tools
