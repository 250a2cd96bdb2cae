// The verbs of the program. Each adds its own options to the command line; when its verb is given,
// `action` becomes what to do, returning the exit status.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace sluice::tools {

using Action = std::function<int()>;

void add_generate(CLI::App& app, Action& action);
void add_import(CLI::App& app, Action& action);
void add_data(CLI::App& app, Action& action);
void add_replay(CLI::App& app, Action& action);
void add_run(CLI::App& app, Action& action);
void add_backtest(CLI::App& app, Action& action);
void add_sweep(CLI::App& app, Action& action);
void add_optimize(CLI::App& app, Action& action);
void add_ledger(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_venue(CLI::App& app, Action& action);
void add_watchdog(CLI::App& app, Action& action);
void add_operator(CLI::App& app, Action& action);  // stop, halt, pause, resume, halts
void add_indicator(CLI::App& app, Action& action);
void add_strategy(CLI::App& app, Action& action);
void add_prove(CLI::App& app, Action& action);
void add_explain(CLI::App& app, Action& action);
void add_account(CLI::App& app, Action& action);
void add_config(CLI::App& app, Action& action);
void add_bench(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);

}  // namespace sluice::tools
