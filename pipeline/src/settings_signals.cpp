// Sections of the configuration: the strategies, and how their strengths become a wanted position. The
// parameters of a kind of strategy come from its declaration (hot/strategies/).
#include "settings_sections.hpp"

#include <stdexcept>

#include <sluice/pipeline/bar_definition.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>

namespace sluice::pipeline {

namespace {

constexpr std::size_t regime_index(Regime regime) { return static_cast<std::size_t>(regime); }

void declare_parameter(core::config::Section<StrategySettings>& section, StrategyKind kind,
                       std::size_t index) {
    const StrategyParameter& p = declaration_of(kind).parameters[index];
    // Of another kind's tables nothing is read or written here, so defaults come from `kind`.
    const auto value = [kind, index](const StrategySettings& s) {
        return s.kind == kind ? s.resolved()[index]
                              : declaration_of(kind).parameters[index].fallback;
    };
    if (p.type == ParameterType::kInteger) {
        section.integer(
            p.name,
            {.unit = p.unit,
             .min = static_cast<std::int64_t>(p.min),
             .max = static_cast<std::int64_t>(p.max),
             .fallback = static_cast<std::int64_t>(p.fallback),
             .doc = p.doc},
            [index](StrategySettings& s, std::int64_t v) {
                s.values[index] = static_cast<double>(v);
            },
            [value](const StrategySettings& s) { return static_cast<std::int64_t>(value(s)); });
    } else {
        section.real(
            p.name,
            {.unit = p.unit, .min = p.min, .max = p.max, .fallback = p.fallback, .doc = p.doc},
            [index](StrategySettings& s, double v) { s.values[index] = v; },
            [value](const StrategySettings& s) { return value(s); });
    }
}

void declare_kind(core::config::Tables<StrategySettings>& strategies,
                  const StrategyDeclaration& declaration) {
    auto section = strategies.when(declaration.name);
    for (std::size_t i = 0; i < declaration.parameters.size(); ++i)
        declare_parameter(section, declaration.kind, i);
    for (const ParameterOrder& order : declaration.orders) {
        const std::string_view relation =
            declaration.parameters[order.lower].type == ParameterType::kInteger ? "shorter"
                                                                                : "smaller";
        section.rule({std::string(declaration.parameters[order.lower].name),
                      std::string(declaration.parameters[order.upper].name)},
                     "{0} must be " + std::string(relation) + " than {1}",
                     [order](const StrategySettings& s) {
                         const StrategyValues values = s.resolved();
                         return values[order.lower] < values[order.upper];
                     });
    }
}

void declare_strategies(SettingsSchema& schema) {
    auto strategies = schema.tables("strategy", "A strategy; each runs on every instrument.",
                                    {.min_count = 1, .max_count = kMaxStrategies},
                                    &Settings::signals, &SignalSettings::strategies);
    core::config::ChoiceKey<StrategyKind> kinds{.doc = "What the strategy does."};
    for (const StrategyDeclaration* d : strategy_declarations())
        kinds.options.push_back({d->name, d->kind, d->doc});
    strategies.kind("kind", kinds, &StrategySettings::kind);
    strategies
        .text("name",
              {.min_bytes = 1,
               .max_bytes = 40,
               .fallback = "trend",
               .required = true,
               .doc = "Its name in reports."},
              &StrategySettings::name)
        .duration("timeframe",
                  {.min = "1ms",
                   .max = "1d",
                   .fallback = "1m",
                   .doc = "The bars it sees; one of bars.timeframes."},
                  &StrategySettings::timeframe)
        .text("bars",
              {.max_bytes = 40,
               .fallback = "",
               .doc = "Sees these bars instead, one of bars.by_activity; empty: timeframe's."},
              &StrategySettings::bars)
        .real("weight",
              {.min = kWeightDeclaration.min,
               .max = kWeightDeclaration.max,
               .fallback = kWeightDeclaration.fallback,
               .doc = kWeightDeclaration.doc},
              &StrategySettings::weight)
        .real(
            "weight_ranging",
            {.min = 0.0,
             .max = 100.0,
             .fallback = 1.0,
             .doc = "Times the weight, in a ranging market."},
            [](StrategySettings & s) -> auto& {
                return s.by_regime[regime_index(Regime::kRanging)];
            })
        .real(
            "weight_trending",
            {.min = 0.0,
             .max = 100.0,
             .fallback = 1.0,
             .doc = "Times the weight, in a trending market."},
            [](StrategySettings & s) -> auto& {
                return s.by_regime[regime_index(Regime::kTrending)];
            })
        .real(
            "weight_volatile",
            {.min = 0.0,
             .max = 100.0,
             .fallback = 1.0,
             .doc = "Times the weight, in a volatile market."},
            [](StrategySettings & s) -> auto& {
                return s.by_regime[regime_index(Regime::kVolatile)];
            })
        .texts("symbol_weights",
               {.max_count = kMaxInstruments,
                .doc = "Its weight for single symbols, such as \"AAPL=2\", instead of weight."},
               &StrategySettings::symbol_weights);
    strategies.unique("name");
    for (const StrategyDeclaration* d : strategy_declarations()) declare_kind(strategies, *d);
    declare_market_making(strategies);
    strategies.entry("kind = \"trend_following\"\nname = \"trend\"\n");
    strategies.entry("kind = \"mean_reversion\"\nname = \"reversion\"\n");

    schema.rule({"strategy", "bars.timeframes", "bars.by_activity"},
                [](const Settings& s) -> std::string {
                    for (const StrategySettings& strategy : s.signals.strategies) {
                        std::string fault = strategy_bars_fault(s.bars, strategy);
                        if (!fault.empty()) return fault;
                    }
                    return {};
                });
    schema.rule({"strategy", "regime.enabled"}, [](const Settings& s) -> std::string {
        for (const StrategySettings& strategy : s.signals.strategies) {
            if (!s.regime.enabled && strategy.by_regime != StrategySettings{}.by_regime)
                return "strategy '" + strategy.name +
                       "' has a weight for a regime, and {1} is false: nothing tells regimes apart";
        }
        return {};
    });
    schema.rule({"strategy"}, [](const Settings& s) -> std::string {
        for (const StrategySettings& strategy : s.signals.strategies) {
            try {
                (void)strategy.weight_of("");
            } catch (const std::invalid_argument& error) {
                return "strategy '" + strategy.name + "', symbol_weights: " + error.what();
            }
        }
        return {};
    });
}

}  // namespace

void declare_quality(SettingsSchema& schema) {
    schema
        .section("quality",
                 "Which signals are good enough to trade on. One that is not wants no "
                 "position, and is a row of refusals.csv.")
        .boolean("enabled", {.fallback = false, .doc = "Judge signals; without, all pass."},
                 &Settings::quality, &QualitySettings::enabled)
        .real("min_score",
              {.min = 0.0,
               .max = 1.0,
               .fallback = 0.5,
               .doc = "Least score: the mean of strength, confidence and agreement by their "
                      "weights, times the share of max_age that is left."},
              &Settings::quality, &QualitySettings::min_score)
        .real("min_confidence",
              {.min = 0.0, .max = 1.0, .fallback = 0.0, .doc = "Least confidence."},
              &Settings::quality, &QualitySettings::min_confidence)
        .real("min_agreement",
              {.min = 0.0,
               .max = 1.0,
               .fallback = 0.0,
               .doc = "Least share of the weight whose strength has the score's sign."},
              &Settings::quality, &QualitySettings::min_agreement)
        .integer("max_age",
                 {.unit = "bars",
                  .min = 0,
                  .max = 65'535,
                  .fallback = 0,
                  .doc = "A signal that has waited so long since it crossed the threshold is "
                         "stale; 0: signals do not age."},
                 &Settings::quality, &QualitySettings::max_age)
        .real("strength_weight",
              {.min = 0.0, .max = 1000.0, .fallback = 1.0, .doc = "Of strength in the score."},
              &Settings::quality, &QualitySettings::strength_weight)
        .real("confidence_weight",
              {.min = 0.0, .max = 1000.0, .fallback = 1.0, .doc = "Of confidence in the score."},
              &Settings::quality, &QualitySettings::confidence_weight)
        .real("agreement_weight",
              {.min = 0.0, .max = 1000.0, .fallback = 1.0, .doc = "Of agreement in the score."},
              &Settings::quality, &QualitySettings::agreement_weight)
        .rule({"strength_weight", "confidence_weight", "agreement_weight"},
              "{0}, {1} and {2} are all 0: the score would be of nothing", [](const Settings& s) {
                  const QualitySettings& q = s.quality;
                  return q.strength_weight + q.confidence_weight + q.agreement_weight > 0;
              });
}

void declare_signals(SettingsSchema& schema) {
    schema.section("signals", "How the strengths of the strategies become a wanted position.")
        .real("threshold",
              {.min = 0.01,
               .max = 1.0,
               .fallback = 0.5,
               .doc = "Weighted mean strength, in [-1, 1], from which on a position is wanted."},
              &Settings::signals, &SignalSettings::threshold)
        .boolean("allow_short",
                 {.fallback = true, .doc = "Want short positions, or be flat instead."},
                 &Settings::signals, &SignalSettings::allow_short)
        .integer("performance_lookback",
                 {.unit = "bars",
                  .min = 0,
                  .max = 100'000,
                  .fallback = 0,
                  .doc = "Bars over which a strategy's own gains move its weight; 0: they do not."},
                 &Settings::signals, &SignalSettings::performance, &PerformanceSettings::lookback)
        .real("performance_step",
              {.min = 0.0,
               .max = 10.0,
               .fallback = 0.25,
               .doc = "Weight's change, as a share of it, for each standard error of the gains."},
              &Settings::signals, &SignalSettings::performance, &PerformanceSettings::step)
        .real("performance_min",
              {.min = 0.01,
               .max = 1.0,
               .fallback = 0.25,
               .doc = "Performance lowers a weight to this share of it, at most."},
              &Settings::signals, &SignalSettings::performance, &PerformanceSettings::min)
        .real("performance_max",
              {.min = 1.0,
               .max = 100.0,
               .fallback = 4.0,
               .doc = "Performance raises a weight to this multiple of it, at most."},
              &Settings::signals, &SignalSettings::performance, &PerformanceSettings::max)
        .text(
            "weights_file",
            {.doc = "File that keeps the gains for the next run, read at start and written at the "
                    "end; empty: none."},
            &Settings::signals, &SignalSettings::weights_file);
    schema.rule({"signals.weights_file", "signals.performance_lookback"},
                "{0} has nothing to keep while {1} is 0; set one or leave out the other",
                [](const Settings& s) {
                    return s.signals.weights_file.empty() || s.signals.performance.lookback != 0;
                });
    declare_strategies(schema);
}

}  // namespace sluice::pipeline
