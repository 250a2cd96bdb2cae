// `sluice backtest`: the live stages over a range of the store, measured as a researcher would, under
// pessimistic, expected and optimistic assumptions about fills.
#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <unistd.h>
#include <nlohmann/json.hpp>

#include <sluice/adapters/run_folder/summary.hpp>
#include <sluice/research/performance.hpp>
#include <sluice/research/set_result.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>
#include <sluice/tools/session.hpp>
#include <sluice/tools/verbs.hpp>

#include "csv_table.hpp"
#include "recorded_options.hpp"
#include "session_parts.hpp"
#include "trial_record.hpp"

namespace sluice::tools {

namespace {

using research::Assumptions;

struct BacktestArguments {
    std::string store;
    std::string symbols;
    std::string from;
    std::string to;
    std::string config;
    std::vector<std::string> set;
    std::string strategy;
    std::string parameters;
    std::string placement;
    std::string out;
    std::string fills = "all";
    std::string benchmark;
    bool json = false;
    bool trust = false;
};

SessionOptions options_of(const BacktestArguments& arguments) {
    SessionOptions options;
    options.verb = "backtest";
    options.measures = true;
    options.parameters = arguments.parameters;
    take_range(arguments, options);

    std::vector<std::string> overrides = arguments.set;
    if (!arguments.placement.empty())
        overrides.push_back("engine.placement=" + arguments.placement);
    if (!arguments.out.empty()) overrides.push_back("report.folder=" + arguments.out);
    if (!arguments.benchmark.empty())
        overrides.push_back("backtest.benchmark=" + arguments.benchmark);
    options.settings = load_settings(arguments.config, overrides);
    if (!arguments.strategy.empty())
        select_strategies(options.settings, parse_list(arguments.strategy, "--strategy"));
    return options;
}

// The one that the summary is of comes last, so that it can show the others beside it.
std::vector<Assumptions> cases_of(const std::string& fills) {
    constexpr std::array kAll{Assumptions::kPessimistic, Assumptions::kOptimistic,
                              Assumptions::kExpected};
    if (fills == "all") return {kAll.begin(), kAll.end()};
    for (const Assumptions which : kAll)
        if (fills == to_string(which)) return {which};
    throw UsageError("--fills takes all, pessimistic, expected or optimistic, not '" + fills + "'");
}

// Of which the configuration says nothing. One that cannot be read is refused by the run.
std::string planned_changes(const std::filesystem::path& parameters) {
    std::error_code none;
    return std::filesystem::is_regular_file(parameters, none) ? text_of(parameters) : "";
}

// The case that is shown, under the key that a search would look it up by. The other ones look at the same
// set under other assumptions, and nobody chooses among them.
void keep(research::TrialLedger& ledger, const StoredMarket& market, const std::string& key,
          const pipeline::FillCase& figures, const pipeline::RunRecord& record) {
    research::TrialData data = data_of(market);
    data.checksum = record.data_checksum;
    research::SetResult result;
    result.figures = figures;
    result.performance.periods_per_year = record.performance->periods_per_year;
    research::keep_periods(record.performance->periods, result);
    put_on_record(ledger, data, {research::TrialKind::kTrial, key, {}, research::trial_of(result)});
}

SessionResult run_cases(const SessionOptions& asked, const std::vector<Assumptions>& all) {
    const auto ledger = named_ledger(asked.settings);
    std::optional<StoredMarket> market;  // for the ledger alone
    if (ledger)
        market.emplace(StoredMarketOptions{asked.store, asked.symbols, asked.from, asked.to, true},
                       asked.settings);
    std::vector<pipeline::FillCase> cases;
    SessionResult result;
    for (const Assumptions which : all) {
        SessionOptions options = asked;
        options.settings = under(which, asked.settings);
        const bool shown = which == all.back();
        options.saves_weights = shown;  // all begin with the same
        if (!shown) options.verb += std::string("-") + to_string(which);
        // Before the run, at whose end the weights are others.
        std::string key;
        if (market && shown)
            key = trial_key_of(with_weights(options.settings), market->instruments(),
                               planned_changes(options.parameters));
        const double commission = commission_factor(which, asked.settings.backtest);
        const auto finish = [&](pipeline::RunRecord& record, const std::string& folder) {
            cases.push_back(
                research::fill_case(to_string(which), options.settings, commission, record));
            cases.back().folder = folder;
            if (!shown) {
                record.performance->cases = {cases.back()};
                return;
            }
            if (market && !record.interrupted && !strategy_failed(record))
                keep(*ledger, *market, key, cases.back(), record);
            // Pessimistic, expected, optimistic.
            if (all.size() == 3) std::swap(cases[1], cases[2]);
            record.performance->cases = cases;
        };
        result = run_session(options, finish);
        if (result.record.interrupted) break;
    }
    return result;
}

int backtest(const BacktestArguments& arguments) {
    require_store(arguments);
    const std::vector<Assumptions> cases = cases_of(arguments.fills);
    const SessionResult result = run_cases(options_of(arguments), cases);
    if (arguments.json) {
        nlohmann::ordered_json summary =
            nlohmann::ordered_json::parse(adapters::run_folder::summary_json(result.record));
        summary["folder"] = result.folder.string();
        std::cout << summary.dump(2) << "\n";
    } else {
        adapters::run_folder::print_summary(std::cout, result.record, isatty(STDOUT_FILENO) == 1);
        std::cout << "\nReport: " << (result.folder / "report.html").string() << "\n";
    }
    return result.failed ? 1 : 0;
}

}  // namespace

void add_backtest(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<BacktestArguments>();
    CLI::App* command = app.add_subcommand(
        "backtest",
        "Replay a range of the store and measure it: returns, drawdowns, trades, intervals, and "
        "what other assumptions about fills would have made of it");
    add_recorded_options(*command, *arguments);
    command->add_option("--strategy", arguments->strategy,
                        "Use these strategies of the configuration only, by name or kind");
    command->add_option("--parameters", arguments->parameters,
                        "Change parameters while it runs: a CSV file of time,strategy,parameter,"
                        "value");
    command->add_option("--benchmark", arguments->benchmark,
                        "Symbol of the store that alpha and beta are measured against");
    command
        ->add_option("--fills", arguments->fills,
                     "Assumptions about fills: all, pessimistic, expected, optimistic")
        ->capture_default_str();
    command->add_option("--placement", arguments->placement,
                        "Where stages run: auto, fused, split, or stages to cut in front of");
    command->add_option("--out", arguments->out, "Folder in which the runs' own folders are made");
    command->add_flag("--json", arguments->json, "Print the summary as JSON");
    add_trust_option(*command, *arguments);
    command->callback(
        [&action, arguments] { action = [arguments] { return backtest(*arguments); }; });
}

}  // namespace sluice::tools
