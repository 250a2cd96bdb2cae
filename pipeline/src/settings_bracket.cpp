// Section of the configuration: the protective orders of each position.
#include "settings_sections.hpp"

namespace sluice::pipeline {

void declare_bracket(SettingsSchema& schema) {
    schema
        .section(
            "bracket",
            "Protective orders at the venue for whatever is held, each able only to reduce it.")
        .integer("stop_loss_bps",
                 {.unit = "1/100 % of the entry price",
                  .min = 0,
                  .max = 9'999,
                  .fallback = 0,
                  .doc = "How far against the position its stop lies; 0: no stop."},
                 &Settings::bracket, &BracketSettings::stop_loss_bps)
        .integer("take_profit_bps",
                 {.unit = "1/100 % of the entry price",
                  .min = 0,
                  .max = 9'999,
                  .fallback = 0,
                  .doc = "How far in its favour a limit order takes the profit; 0: none."},
                 &Settings::bracket, &BracketSettings::take_profit_bps)
        .choice("stop",
                {.options = {{"stop", StopKind::kStop, "at the market once it is set off"},
                             {"stop_limit", StopKind::kStopLimit,
                              "a limit order then; it may not fill"},
                             {"trailing", StopKind::kTrailing,
                              "a stop that follows the best price since it came"}},
                 .fallback = StopKind::kStop,
                 .doc = "Kind of the stop."},
                &Settings::bracket, &BracketSettings::stop)
        .integer("stop_limit_bps",
                 {.unit = "1/100 % of the stop's price",
                  .min = 0,
                  .max = 10'000,
                  .fallback = 50,
                  .doc = "How far beyond the stop's price the limit of a stop_limit lies."},
                 &Settings::bracket, &BracketSettings::stop_limit_bps);
    schema.rule(
        {"bracket.stop_loss_bps", "execution.max_open_orders"},
        "with {0} a position has a stop, a take profit and an order that closes it: raise "
        "{1} to 4 at least",
        [](const Settings& s) { return !s.bracket.enabled() || s.execution.max_open_orders >= 4; });
}

}  // namespace sluice::pipeline
