// Section of the configuration: market making.
#include "settings_sections.hpp"

#include <algorithm>

#include <sluice/pipeline/bar_definition.hpp>

namespace sluice::pipeline {

void declare_quoting(SettingsSchema& schema) {
    schema.section("quoting", "Market making: quotes on both sides instead of strategies.")
        .texts("symbols",
               {.max_count = kMaxInstruments,
                .doc = "Instruments that are quoted; empty: none. Needs bars.price = \"mid\"."},
               &Settings::quoting, &QuotingSettings::symbols)
        .duration("timeframe",
                  {.min = "1ms",
                   .max = "1d",
                   .fallback = "1s",
                   .doc = "Bars that each lead to a quote; one of bars.timeframes."},
                  &Settings::quoting, &QuotingSettings::timeframe)
        .text("bars",
              {.max_bytes = 40,
               .fallback = "",
               .doc = "These bars instead, one of bars.by_activity; empty: timeframe's."},
              &Settings::quoting, &QuotingSettings::bars)
        .decimal("size",
                 {.unit = "units",
                  .min = "0.00000001",
                  .max = "1000000000",
                  .fallback = "100",
                  .doc = "Quantity of each side."},
                 &Settings::quoting, &QuotingSettings::size)
        .real("spread",
              {.unit = "standard deviations",
               .min = 0.0,
               .max = 100.0,
               .fallback = 1.0,
               .doc = "Half of the spread, in deviations of the change from bar to bar."},
              &Settings::quoting, &QuotingSettings::spread)
        .integer("min_half_ticks",
                 {.unit = "ticks",
                  .min = 1,
                  .max = 1'000'000,
                  .fallback = 1,
                  .doc = "Half of the spread is no smaller than this."},
                 &Settings::quoting, &QuotingSettings::min_half_ticks)
        .integer("volatility_bars",
                 {.unit = "bars",
                  .min = 2,
                  .max = 100'000,
                  .fallback = 20,
                  .doc = "Span of the deviation's average; no quote before so many changes."},
                 &Settings::quoting, &QuotingSettings::volatility_bars)
        .real("skew",
              {.unit = "half spreads",
               .min = 0.0,
               .max = 100.0,
               .fallback = 1.0,
               .doc = "How far the quote moves away from an inventory of one size."},
              &Settings::quoting, &QuotingSettings::skew);
    schema.rule({"quoting.symbols", "bars.price"},
                "{0} needs {1} = \"mid\": a quote is made around the midpoint of the market's",
                [](const Settings& s) {
                    return s.quoting.symbols.empty() || s.bars.price == BarPrice::kMid;
                });
    schema.rule({"quoting.symbols"}, "{0} lists a symbol twice", [](const Settings& s) {
        auto sorted = s.quoting.symbols;
        std::sort(sorted.begin(), sorted.end());
        return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
    });
    schema.rule({"quoting.timeframe", "bars.timeframes", "bars.by_activity"},
                "{0}, or quoting.bars where that is given, is none of {1} or {2}; add it there",
                [](const Settings& s) {
                    StrategySettings sees;
                    sees.timeframe = s.quoting.timeframe;
                    sees.bars = s.quoting.bars;
                    return s.quoting.symbols.empty() || timeframe_of(s.bars, sees).has_value();
                });
    schema.rule({"quoting.size", "risk.max_order_quantity"},
                "{0} is larger than {1}: the quote would always be refused", [](const Settings& s) {
                    return s.quoting.symbols.empty() || s.quoting.size <= s.risk.max_order_quantity;
                });
}

}  // namespace sluice::pipeline
