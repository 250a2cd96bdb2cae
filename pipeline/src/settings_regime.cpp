// The section of the configuration that says how regimes are told apart.
#include <algorithm>

#include "settings_sections.hpp"

namespace sluice::pipeline {

void declare_regime(SettingsSchema& schema) {
    schema
        .section("regime", "What a market is doing, by instrument: ranging, trending or volatile.")
        .boolean("enabled",
                 {.fallback = false, .doc = "Watch for it; without, every regime is unknown."},
                 &Settings::regime, &RegimeSettings::enabled)
        .duration("timeframe",
                  {.min = "1ms",
                   .max = "1d",
                   .fallback = "1m",
                   .doc = "The bars it is judged by; one of bars.timeframes."},
                  &Settings::regime, &RegimeSettings::timeframe)
        .integer("adx_period",
                 {.unit = "bars", .min = 2, .max = 512, .fallback = 14, .doc = "Length of ADX."},
                 &Settings::regime, &RegimeSettings::adx_period)
        .integer("atr_period",
                 {.unit = "bars", .min = 1, .max = 512, .fallback = 14, .doc = "Length of ATR."},
                 &Settings::regime, &RegimeSettings::atr_period)
        .integer("baseline",
                 {.unit = "bars",
                  .min = 4,
                  .max = 1'000'000,
                  .fallback = 240,
                  .doc = "Length of the average that ATR is compared with."},
                 &Settings::regime, &RegimeSettings::baseline)
        .integer("band_period",
                 {.unit = "bars",
                  .min = 2,
                  .max = 512,
                  .fallback = 30,
                  .doc = "Length of the Bollinger bands."},
                 &Settings::regime, &RegimeSettings::band_period)
        .real("band_width",
              {.unit = "standard deviations",
               .min = 0.1,
               .max = 10.0,
               .fallback = 2.0,
               .doc = "From the middle of the bands to each side."},
              &Settings::regime, &RegimeSettings::band_width)
        .real("volatile_enter",
              {.min = 0.1,
               .max = 100.0,
               .fallback = 1.5,
               .doc = "ATR over its average from which on a market is volatile."},
              &Settings::regime, &RegimeSettings::volatile_enter)
        .real("volatile_leave",
              {.min = 0.1,
               .max = 100.0,
               .fallback = 1.2,
               .doc = "ATR over its average below which it is so no more."},
              &Settings::regime, &RegimeSettings::volatile_leave)
        .real("adx_enter",
              {.min = 0.0,
               .max = 100.0,
               .fallback = 20.0,
               .doc = "A trend begins with ADX at this or above, and the bands far enough apart."},
              &Settings::regime, &RegimeSettings::adx_enter)
        .real("adx_leave",
              {.min = 0.0,
               .max = 100.0,
               .fallback = 15.0,
               .doc = "A trend ends with ADX below this."},
              &Settings::regime, &RegimeSettings::adx_leave)
        .real("spread_enter",
              {.unit = "ATR",
               .min = 0.0,
               .max = 1000.0,
               .fallback = 3.0,
               .doc = "A trend begins with the bands so far apart, and ADX high enough."},
              &Settings::regime, &RegimeSettings::spread_enter)
        .real("spread_leave",
              {.unit = "ATR",
               .min = 0.0,
               .max = 1000.0,
               .fallback = 2.5,
               .doc = "A trend ends with the bands closer together."},
              &Settings::regime, &RegimeSettings::spread_leave)
        .integer("dwell",
                 {.unit = "bars",
                  .min = 1,
                  .max = 10'000,
                  .fallback = 5,
                  .doc = "A regime lasts so long at least."},
                 &Settings::regime, &RegimeSettings::dwell)
        .choice("fallback",
                {.options = {{"unknown", Regime::kUnknown, "none"},
                             {"ranging", Regime::kRanging, "moving about a price"},
                             {"trending", Regime::kTrending, "drifting"},
                             {"volatile", Regime::kVolatile, "moving far in either direction"}},
                 .fallback = Regime::kUnknown,
                 .doc = "The regime while there are too few bars to judge by."},
                &Settings::regime, &RegimeSettings::fallback)
        .rule({"volatile_leave", "volatile_enter"}, "{0} must not be above {1}",
              [](const Settings& s) { return s.regime.volatile_leave <= s.regime.volatile_enter; })
        .rule({"adx_leave", "adx_enter"}, "{0} must not be above {1}",
              [](const Settings& s) { return s.regime.adx_leave <= s.regime.adx_enter; })
        .rule({"spread_leave", "spread_enter"}, "{0} must not be above {1}",
              [](const Settings& s) { return s.regime.spread_leave <= s.regime.spread_enter; })
        .rule({"baseline", "atr_period"},
              "{0} must be at least twice {1}: an average is compared with a longer one",
              [](const Settings& s) { return s.regime.baseline >= 2 * s.regime.atr_period; });

    schema.rule({"regime.timeframe", "bars.timeframes"}, [](const Settings& s) -> std::string {
        const auto& built = s.bars.timeframes;
        if (!s.regime.enabled ||
            std::find(built.begin(), built.end(), s.regime.timeframe) != built.end())
            return {};
        return "{0} is a timeframe that {1} does not list; add it there";
    });
}

}  // namespace sluice::pipeline
