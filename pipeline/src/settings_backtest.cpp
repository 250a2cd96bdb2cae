// Section of the configuration: what a backtest measures, and under which assumptions beside the ones
// of [venue].
#include "settings_sections.hpp"

namespace sluice::pipeline {

void declare_backtest(SettingsSchema& schema) {
    schema.section("backtest", "What `sluice backtest` says of a run.")
        .duration("period",
                  {.min = "1m",
                   .max = "1d",
                   .fallback = "1d",
                   .doc = "Of the returns that statistics are made of; 1d is the account's day."},
                  &Settings::backtest, &BacktestSettings::period)
        .integer(
            "days_per_year",
            {.unit = "days",
             .min = 1,
             .max = 366,
             .fallback = 252,
             .doc = "Trading days: 252 of stocks and futures, 260 of currencies, 365 of crypto."},
            &Settings::backtest, &BacktestSettings::days_per_year)
        .real("risk_free",
              {.unit = "% a year",
               .min = -10.0,
               .max = 100.0,
               .fallback = 0.0,
               .doc = "What money earns without risk."},
              &Settings::backtest, &BacktestSettings::risk_free_percent)
        .text("benchmark",
              {.max_bytes = 64,
               .fallback = "",
               .doc = "Symbol of the store that alpha and beta are measured against; empty: none."},
              &Settings::backtest, &BacktestSettings::benchmark)
        .integer("resamples",
                 {.unit = "series",
                  .min = 0,
                  .max = 1'000'000,
                  .fallback = 2000,
                  .doc = "Of the block bootstrap behind the intervals; 0: no intervals."},
                 &Settings::backtest, &BacktestSettings::resamples)
        .real("confidence",
              {.unit = "share",
               .min = 0.5,
               .max = 0.999,
               .fallback = 0.95,
               .doc = "Of the intervals."},
              &Settings::backtest, &BacktestSettings::confidence)
        .integer("seed",
                 {.min = 0, .max = INT64_MAX, .fallback = 1, .doc = "Of the bootstrap's draws."},
                 &Settings::backtest, &BacktestSettings::seed)
        .real("pessimistic_latency",
              {.unit = "times",
               .min = 1.0,
               .max = 1000.0,
               .fallback = 4.0,
               .doc = "Both latencies of the pessimistic case, of those of [venue]."},
              &Settings::backtest, &BacktestSettings::pessimistic_latency)
        .real("pessimistic_commission",
              {.unit = "times",
               .min = 1.0,
               .max = 100.0,
               .fallback = 1.5,
               .doc = "Commission of the pessimistic case."},
              &Settings::backtest, &BacktestSettings::pessimistic_commission)
        .real("optimistic_latency",
              {.unit = "times",
               .min = 0.0,
               .max = 1.0,
               .fallback = 0.25,
               .doc = "Both latencies of the optimistic case."},
              &Settings::backtest, &BacktestSettings::optimistic_latency)
        .real("optimistic_commission",
              {.unit = "times",
               .min = 0.0,
               .max = 1.0,
               .fallback = 1.0,
               .doc = "Commission of the optimistic case."},
              &Settings::backtest, &BacktestSettings::optimistic_commission);
}

}  // namespace sluice::pipeline
