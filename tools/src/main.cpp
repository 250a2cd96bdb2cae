// The program: finds the verb, runs it, turns errors into a message and an exit status.
//   0 done   1 the run failed   2 wrong use of the command line or of the configuration
#include <exception>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>
#include <sluice/tools/verbs.hpp>

#include "heap_calls.hpp"

namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

void add_version(CLI::App& app, sluice::tools::Action& action) {
    auto json = std::make_shared<bool>(false);
    CLI::App* command = app.add_subcommand("version", "Print the version and the build");
    command->add_flag("--json", *json, "Print as JSON");
    command->callback([&action, json] {
        action = [json] {
            if (*json) {
                const nlohmann::ordered_json out{{"version", SLUICE_VERSION},
                                                 {"build", SLUICE_BUILD}};
                std::cout << out.dump(2) << "\n";
            } else {
                std::cout << "sluice " << SLUICE_VERSION << " (" << SLUICE_BUILD << ")\n";
            }
            return 0;
        };
    });
}

int run(int argc, char** argv) {
    CLI::App app{"Sluice: a trading engine, one deterministic pipeline from tick to order.",
                 "sluice"};
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("sluice ") + SLUICE_VERSION);
    sluice::tools::Action action;
    sluice::tools::add_generate(app, action);
    sluice::tools::add_import(app, action);
    sluice::tools::add_data(app, action);
    sluice::tools::add_replay(app, action);
    sluice::tools::add_run(app, action);
    sluice::tools::add_backtest(app, action);
    sluice::tools::add_sweep(app, action);
    sluice::tools::add_optimize(app, action);
    sluice::tools::add_ledger(app, action);
    sluice::tools::add_compare(app, action);
    sluice::tools::add_venue(app, action);
    sluice::tools::add_operator(app, action);
    sluice::tools::add_watchdog(app, action);
    sluice::tools::add_indicator(app, action);
    sluice::tools::add_strategy(app, action);
    sluice::tools::add_prove(app, action);
    sluice::tools::add_explain(app, action);
    sluice::tools::add_account(app, action);
    sluice::tools::add_config(app, action);
    sluice::tools::add_bench(app, action);
    sluice::tools::add_doctor(app, action);
    add_version(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kExitUsage;
    }
    const int status = action();
    std::cout.flush();
    if (!std::cout) {
        std::cerr << "sluice: standard output cannot be written\n";
        return kExitFailed;
    }
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    if (sluice::tools::can_count_heap_calls())
        sluice::tools::count_heap_calls_by(&sluice::tools::heap_calls);
    try {
        return run(argc, argv);
    } catch (const sluice::tools::UsageError& error) {
        std::cerr << "sluice: " << error.what() << "\n";
        return kExitUsage;
    } catch (const sluice::core::config::ConfigError& error) {
        std::cerr << "sluice: refused:\n" << error.what() << "\n";
        return kExitUsage;
    } catch (const std::exception& error) {
        std::cerr << "sluice: " << error.what() << "\n";
        return kExitFailed;
    }
}
