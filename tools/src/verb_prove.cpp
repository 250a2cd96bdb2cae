// `sluice prove` and its first verb, `lookahead`: decisions do not hang on what comes after them, shown by trying.
#include <algorithm>
#include <atomic>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/pipeline/bar_definition.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/proofs/tick_tape.hpp>
#include <sluice/proofs/warmup.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>
#include <sluice/tools/verbs.hpp>

#include "prove_verbs.hpp"
#include "recorded_options.hpp"
#include "session_parts.hpp"
#include "stored_market.hpp"

namespace sluice::tools {

namespace {

using nlohmann::ordered_json;
using pipeline::Event;
using pipeline::Settings;
using pipeline::StrategySettings;
using proofs::Alteration;

struct ProveArguments {
    std::string store;
    std::string symbols;
    std::string from;
    std::string to;
    std::string config;
    std::vector<std::string> set;
    std::vector<std::string> strategies;
    std::uint64_t times = 100;
    std::uint64_t seed = 1;
    std::uint64_t warmup_starts = 8;
    bool json = false;
    bool trust = false;
};

struct Warmup {
    const StrategySettings& strategy;
    proofs::WarmupReport report;
};

// A strategy of that kind as it is without settings, on the first of the configured bars.
StrategySettings built_in(const Settings& settings, const std::string& kind) {
    const std::string text =
        "[[strategy]]\nkind = \"" + kind + "\"\nname = \"" + kind + "\"\ntimeframe = \"1m\"\n";
    StrategySettings out;
    try {
        out = pipeline::make_settings_schema()
                  .load_text(text, "--strategy " + kind, {})
                  .settings.signals.strategies.front();
    } catch (const core::config::ConfigError& error) {
        throw UsageError("--strategy: '" + kind +
                         "' is neither a strategy of the configuration nor a kind of strategy\n" +
                         error.what());
    }
    out.timeframe = settings.bars.timeframes.front();
    return out;
}

void choose_strategies(Settings& settings, const std::vector<std::string>& wanted) {
    if (wanted.empty()) return;
    std::vector<StrategySettings> chosen;
    for (const std::string& name : wanted) {
        bool found = false;
        for (const StrategySettings& s : settings.signals.strategies) {
            if (s.name != name && to_string(s.kind) != name) continue;
            chosen.push_back(s);
            found = true;
        }
        if (!found) chosen.push_back(built_in(settings, name));
    }
    settings.signals.strategies = std::move(chosen);
}

Settings load(const ProveArguments& arguments) {
    Settings settings = load_settings(arguments.config, arguments.set);
    std::vector<std::string> names;
    for (const std::string& list : arguments.strategies)
        for (std::string& name : parse_list(list, "--strategy")) names.push_back(std::move(name));
    choose_strategies(settings, names);
    return with_weights(std::move(settings));
}

std::vector<Warmup> measure_all(const ProveArguments& arguments, const Settings& settings,
                                const StoredMarket& market, std::span<const Event> tape,
                                const std::atomic<bool>& stop) {
    std::vector<Warmup> out;
    if (arguments.warmup_starts == 0) return out;
    for (const StrategySettings& strategy : settings.signals.strategies) {
        // relaxed: the flag stands alone
        if (stop.load(std::memory_order_relaxed)) break;
        Settings alone = settings;
        alone.signals.strategies = {strategy};
        alone.signals.histories.clear();
        alone.signals.weights_file.clear();
        if (strategy.weight == 0) alone.signals.strategies.front().weight = 1;
        out.push_back(
            {strategy, proofs::measure_warmup(
                           tape,
                           [&](pipeline::MarketSource& source, pipeline::RecordObserver& observer) {
                               (void)run_quietly(market, alone, source, observer);
                           },
                           {arguments.warmup_starts, arguments.seed,
                            pipeline::timeframe_of(settings.bars, strategy).value()})});
    }
    return out;
}

ordered_json decision_json(const std::optional<Event>& event,
                           const pipeline::InstrumentTable& instruments) {
    if (!event) return nullptr;
    return {{"time", proofs::iso_time(event->time())},
            {"symbol", proofs::symbol_of(*event, instruments)},
            {"sequence", static_cast<std::uint64_t>(event->sequence())},
            {"decision", proofs::describe_decision(*event, instruments)}};
}

ordered_json difference_json(const proofs::Difference& difference,
                             const pipeline::InstrumentTable& instruments) {
    return {{"alteration", to_string(difference.alteration)},
            {"moment", proofs::iso_time(difference.moment)},
            {"decided", decision_json(difference.decided, instruments)},
            {"otherwise", decision_json(difference.otherwise, instruments)}};
}

void print_json(const ProveArguments& arguments, const Settings& settings,
                const StoredMarket& market, const proofs::LookaheadReport& report,
                const std::vector<Warmup>& warmups) {
    ordered_json names = ordered_json::array();
    for (const StrategySettings& s : settings.signals.strategies) names.push_back(s.name);
    ordered_json alterations = ordered_json::array();
    for (std::size_t i = 0; i < proofs::kAlterationCount; ++i) {
        const proofs::AlterationResult& result = report.by_alteration[i];
        alterations.push_back(
            {{"alteration", proofs::kAlterationNames[i]},
             {"tried", result.tried},
             {"caught", result.caught},
             {"first", result.first ? difference_json(*result.first, market.instruments())
                                    : ordered_json(nullptr)}});
    }
    ordered_json memory = ordered_json::array();
    for (const Warmup& w : warmups)
        memory.push_back({{"strategy", w.strategy.name},
                          {"kind", to_string(w.strategy.kind)},
                          {"bars", w.report.bars},
                          {"starts", w.report.starts},
                          {"settled", w.report.settled},
                          {"bars_least", w.report.bars_least},
                          {"bars_median", w.report.bars_median},
                          {"bars_most", w.report.bars_most}});
    const ordered_json out{{"schema", "sluice.lookahead/1"},
                           {"store", arguments.store},
                           {"seed", arguments.seed},
                           {"strategies", names},
                           {"instruments", market.instruments().size()},
                           {"ticks", report.ticks},
                           {"decisions", report.decisions},
                           {"moments", report.moments},
                           {"moments_caught", report.moments_caught},
                           {"compared", report.compared},
                           {"clean", report.clean()},
                           {"ended_early", report.ended_early},
                           {"alterations", alterations},
                           {"warmup", memory}};
    std::cout << out.dump(2) << "\n";
}

void print_decision(const char* heading, const std::optional<Event>& event,
                    const pipeline::InstrumentTable& instruments) {
    std::cout << "    " << heading;
    if (!event) {
        std::cout << "nothing more\n";
        return;
    }
    std::cout << proofs::iso_time(event->time()) << " " << proofs::symbol_of(*event, instruments)
              << ", " << proofs::describe_decision(*event, instruments) << "\n";
}

void print_text(const Settings& settings, const StoredMarket& market,
                const proofs::LookaheadReport& report, const std::vector<Warmup>& warmups) {
    std::cout << "Lookahead: " << settings.signals.strategies.size() << " strategies, "
              << market.instruments().size() << " instruments, " << report.ticks << " ticks, "
              << report.decisions << " decisions; " << report.moments << " moments"
              << (report.ended_early ? " (stopped early)" : "") << "\n";
    for (std::size_t i = 0; i < proofs::kAlterationCount; ++i) {
        const proofs::AlterationResult& result = report.by_alteration[i];
        std::cout << "  what follows " << proofs::kAlterationNames[i] << ": "
                  << result.tried - result.caught << " of " << result.tried << " the same\n";
    }
    if (const proofs::Difference* first = report.first()) {
        std::cout << "  First difference, with what follows " << proofs::iso_time(first->moment)
                  << " " << to_string(first->alteration) << ":\n";
        print_decision("decided:   ", first->decided, market.instruments());
        print_decision("otherwise: ", first->otherwise, market.instruments());
    }
    std::cout << (report.clean() ? "No decision hangs on what comes after it: "
                                 : "Decisions hang on what comes after them: ")
              << report.compared << " compared, " << report.moments_caught << " of "
              << report.moments << " moments caught.\n";
    if (warmups.empty()) return;
    std::cout << "Warm-up: bars after which a late start wants what the whole run wants\n";
    for (const Warmup& w : warmups) {
        std::cout << "  " << w.strategy.name << " (" << to_string(w.strategy.kind) << "): ";
        if (w.report.starts == 0) {
            std::cout << "too few bars to begin at\n";
        } else if (w.report.settled == 0) {
            std::cout << "none of " << w.report.starts << " starts came to agree\n";
        } else {
            std::cout << w.report.bars_median << " (median), at most " << w.report.bars_most << "; "
                      << w.report.settled << " of " << w.report.starts << " starts came to agree\n";
        }
    }
}

int prove(const ProveArguments& arguments) {
    StoredMarketOptions options;
    take_range(arguments, options);
    const Settings settings = load(arguments);
    const StoredMarket market{options, settings};
    const auto source = market.open();
    const std::vector<Event> tape = proofs::read_tape(*source);

    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    proofs::LookaheadReport report;
    {
        ProgressBar bar{"runs"};
        proofs::LookaheadOptions lookahead;
        lookahead.moments = arguments.times;
        lookahead.seed = arguments.seed;
        lookahead.tail_time =
            3 * *std::max_element(settings.bars.timeframes.begin(), settings.bars.timeframes.end());
        lookahead.reopen = [&](core::StreamTime until) { return market.open(until); };
        lookahead.progress = [&](std::uint64_t done, std::uint64_t all) {
            bar.show(static_cast<double>(done) / static_cast<double>(all), done);
            return !stop.load(std::memory_order_relaxed);  // relaxed: the flag stands alone
        };
        report = proofs::prove_lookahead(
            tape,
            [&](pipeline::MarketSource& ticks, pipeline::RecordObserver& observer) {
                (void)run_quietly(market, settings, ticks, observer);
            },
            lookahead);
    }
    const std::vector<Warmup> warmups = measure_all(arguments, settings, market, tape, stop);
    if (arguments.json) {
        print_json(arguments, settings, market, report, warmups);
    } else {
        print_text(settings, market, report, warmups);
    }
    return report.clean() && !report.ended_early ? 0 : 1;
}

}  // namespace

void add_prove(CLI::App& app, Action& action) {
    CLI::App* group = app.add_subcommand(
        "prove",
        "Prove by trying what a result may not do without; exits 1 where it does not hold");
    group->require_subcommand(1);
    auto arguments = std::make_shared<ProveArguments>();
    CLI::App* command = group->add_subcommand(
        "lookahead",
        "Decisions up to a moment stay the same whatever is done to the ticks after it: removed, "
        "shuffled, reversed, poisoned, never read. Then how long each strategy's memory is");
    add_recorded_options(*command, *arguments)->required();
    command->add_option("--strategy", arguments->strategies,
                        "These strategies only: by name or kind of the configuration, or a kind "
                        "with its defaults; may be repeated");
    command->add_option("--times", arguments->times, "Random moments")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    command->add_option("--seed", arguments->seed, "The same seed draws the same moments")
        ->capture_default_str();
    command
        ->add_option("--warmup-starts", arguments->warmup_starts,
                     "Late starts of each strategy, to measure its warm-up; 0: none")
        ->check(CLI::Range(0, 10'000))
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Report as JSON");
    add_trust_option(*command, *arguments);
    command->callback([&action, arguments] { action = [arguments] { return prove(*arguments); }; });
    add_prove_orders(*group, action);
    add_prove_fills(*group, action);
    add_prove_queue(*group, action);
}

}  // namespace sluice::tools
