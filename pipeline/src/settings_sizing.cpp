// The keys of [sizing].
#include <algorithm>

#include "settings_sections.hpp"

namespace sluice::pipeline {

void declare_sizing(SettingsSchema& schema) {
    schema.section("sizing", "How large a wanted position is.")
        .choice("mode",
                {.options = {{"quantity", SizingMode::kQuantity, "a fixed quantity"},
                             {"notional", SizingMode::kNotional,
                              "whole lots worth a fixed amount of money"},
                             {"equity", SizingMode::kEquity,
                              "whole lots worth a share of the equity, commission included"},
                             {"risk", SizingMode::kRisk,
                              "what loses a share of the equity at a stop so far away"},
                             {"volatility", SizingMode::kVolatility,
                              "what moves the equity by so much a year"},
                             {"kelly", SizingMode::kKelly,
                              "as risk, with the share that the last trades justify"}},
                 .fallback = SizingMode::kQuantity,
                 .doc = "What fixes the size."},
                &Settings::sizing, &SizingSettings::mode)
        .decimal("quantity",
                 {.unit = "units",
                  .min = "0.00000001",
                  .max = "1000000000",
                  .fallback = "100",
                  .doc = "Size of a position with mode quantity."},
                 &Settings::sizing, &SizingSettings::quantity)
        .decimal("notional",
                 {.unit = "account currency",
                  .min = "0.01",
                  .max = "1000000000",
                  .fallback = "10000",
                  .doc = "Worth of a position with mode notional."},
                 &Settings::sizing, &SizingSettings::notional)
        .decimal(
            "equity_percent",
            {.unit = "% of the equity",
             .min = "0.0001",
             .max = "1000",
             .fallback = "100",
             .scale = 10'000,
             .doc = "Worth of a position with mode equity, at the time of the decision and the "
                    "last price, with the order's commission taken out; with risk, volatility and "
                    "kelly the most that it is worth."},
            &Settings::sizing, &SizingSettings::equity_percent_e4)
        .decimal("min_notional",
                 {.unit = "currency of the prices",
                  .min = "0",
                  .max = "1000000000",
                  .fallback = "0",
                  .doc = "A position worth less is not taken."},
                 &Settings::sizing, &SizingSettings::min_notional)
        .real("risk_percent",
              {.unit = "% of the equity",
               .min = 0.001,
               .max = 100.0,
               .fallback = 1.0,
               .doc = "Lost when the price moves to the stop, with mode risk; with kelly until "
                      "there are kelly_trades trades."},
              &Settings::sizing, &SizingSettings::risk_percent)
        .duration("timeframe",
                  {.min = "1ms",
                   .max = "1d",
                   .fallback = "1m",
                   .doc = "The bars that ranges and volatility are taken from; one of "
                          "bars.timeframes."},
                  &Settings::sizing, &SizingSettings::timeframe)
        .integer("period",
                 {.unit = "bars",
                  .min = 2,
                  .max = 10'000,
                  .fallback = 20,
                  .doc = "Length of the averages of ranges and volatility; nothing is bought "
                         "before there are so many and one more."},
                 &Settings::sizing, &SizingSettings::period)
        .real("stop_atr",
              {.unit = "ATR",
               .min = 0.01,
               .max = 1000.0,
               .fallback = 2.0,
               .doc = "How far away the stop is, in average true ranges."},
              &Settings::sizing, &SizingSettings::stop_atr)
        .integer("stop_bps",
                 {.unit = "0.01 % of the price",
                  .min = 0,
                  .max = 10'000,
                  .fallback = 0,
                  .doc = "How far away the stop is instead; 0: stop_atr."},
                 &Settings::sizing, &SizingSettings::stop_bps)
        .real("target_volatility",
              {.unit = "% a year",
               .min = 0.01,
               .max = 1000.0,
               .fallback = 10.0,
               .doc = "By how much a position with mode volatility moves the equity."},
              &Settings::sizing, &SizingSettings::target_volatility_percent)
        .integer("periods_per_year",
                 {.unit = "bars",
                  .min = 1,
                  .max = 1'000'000'000,
                  .fallback = 98'280,
                  .doc = "How many bars of timeframe a year has: 252 days of 390 minutes, or 365 "
                         "of 1440."},
                 &Settings::sizing, &SizingSettings::periods_per_year)
        .integer("kelly_trades",
                 {.unit = "trades",
                  .min = 2,
                  .max = 10'000,
                  .fallback = 20,
                  .doc = "The last ones, of all instruments, that mode kelly judges by."},
                 &Settings::sizing, &SizingSettings::kelly_trades)
        .real("kelly_part",
              {.unit = "%",
               .min = 0.1,
               .max = 100.0,
               .fallback = 25.0,
               .doc = "The part of what Kelly's criterion asks for."},
              &Settings::sizing, &SizingSettings::kelly_part_percent)
        .real("risk_min",
              {.unit = "% of the equity",
               .min = 0.0,
               .max = 100.0,
               .fallback = 0.5,
               .doc = "The least that mode kelly risks on a trade."},
              &Settings::sizing, &SizingSettings::risk_min_percent)
        .real("risk_max",
              {.unit = "% of the equity",
               .min = 0.001,
               .max = 100.0,
               .fallback = 2.0,
               .doc = "The most that mode kelly risks on a trade."},
              &Settings::sizing, &SizingSettings::risk_max_percent)
        .real("drawdown_percent",
              {.unit = "% of the highest equity",
               .min = 0.1,
               .max = 100.0,
               .fallback = 20.0,
               .doc = "Mode kelly risks less the further equity is below its highest of the "
                      "session, and risk_min from here on."},
              &Settings::sizing, &SizingSettings::drawdown_percent)
        .rule({"risk_min", "risk_max"}, "{0} must not be above {1}", [](const Settings& s) {
            return s.sizing.risk_min_percent <= s.sizing.risk_max_percent;
        });
}

void declare_sizing_rules(SettingsSchema& schema) {
    schema.rule({"sizing.quantity", "risk.max_position"},
                "{0} is larger than {1}: the wanted position would always be refused",
                [](const Settings& s) {
                    return s.sizing.mode != SizingMode::kQuantity ||
                           s.sizing.quantity <= s.risk.max_position;
                });
    schema.rule({"sizing.quantity", "risk.max_order_quantity"},
                "{0} is larger than {1}: the order for it would always be refused",
                [](const Settings& s) {
                    return s.sizing.mode != SizingMode::kQuantity ||
                           s.sizing.quantity <= s.risk.max_order_quantity;
                });
    schema.rule({"sizing.timeframe", "bars.timeframes"}, [](const Settings& s) -> std::string {
        const auto& built = s.bars.timeframes;
        if (!s.sizing.takes_bars() ||
            std::find(built.begin(), built.end(), s.sizing.timeframe) != built.end())
            return {};
        return "{0} is a timeframe that {1} does not list; add it there";
    });
}

}  // namespace sluice::pipeline
