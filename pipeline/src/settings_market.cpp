// Sections of the configuration: what comes in.
#include "settings_sections.hpp"

#include <algorithm>
#include <stdexcept>

#include <sluice/pipeline/bar_definition.hpp>
#include <sluice/pipeline/currency_table.hpp>

namespace sluice::pipeline {
namespace {

template <class Look>
std::string fault_of(const Look& look) {
    try {
        look();
    } catch (const std::invalid_argument& error) {
        return std::string("{0}: ") + error.what();
    }
    return {};
}

}  // namespace

void declare_account(SettingsSchema& schema) {
    schema.section("account", "The money the session starts with.")
        .decimal("capital",
                 {.unit = "account currency",
                  .min = "1",
                  .max = "1000000000000",
                  .fallback = "100000",
                  .doc = "Cash at the start."},
                 &Settings::account, &AccountSettings::capital)
        .text("currency",
              {.min_bytes = 3,
               .max_bytes = 5,
               .fallback = "USD",
               .doc = "Account currency: equity, limits and sizes count in it. What is priced in "
                      "another one needs a rate."},
              &Settings::account, &AccountSettings::currency)
        .texts("rates",
               {.max_count = kMaxCurrencies - 1,
                .doc = "What one unit of another currency is worth in the account's at the start, "
                       "such as \"EUR=1.0812\"; account.entries may change it on the way."},
               &Settings::account, &AccountSettings::rates)
        .texts("multipliers",
               {.max_count = kMaxInstruments,
                .doc = "What one unit of an instrument is worth in units of its price, such as "
                       "\"ESH4.GLBX=50\", instead of what the store says."},
               &Settings::account, &AccountSettings::multipliers)
        .text(
            "entries",
            {.fallback = "",
             .doc = "CSV of dividends, funding, borrowing, interest, fees and rates of currencies "
                    "to book while the run goes on, as `sluice account --entries` reads it; "
                    "empty: none."},
            &Settings::account, &AccountSettings::entries)
        .texts("borrow_rates",
               {.max_count = kMaxInstruments,
                .doc = "Percent a year that a short position costs, charged at each start of a day "
                       "over 365: \"SIM1=4.5\", and \"*=1\" for all others."},
               &Settings::account, &AccountSettings::borrow_rates);
    schema.rule({"account.rates", "account.currency"}, [](const Settings& s) {
        return fault_of([&] { (void)currency_table_of(s.account); });
    });
    schema.rule({"account.multipliers"}, [](const Settings& s) {
        return fault_of([&] { (void)s.account.multiplier_of(""); });
    });
    schema.rule({"account.borrow_rates"}, [](const Settings& s) {
        return fault_of([&] { (void)s.account.borrow_rate_of(""); });
    });
}

void declare_clock(SettingsSchema& schema) {
    schema.section("clock", "Timers in the stream: beats, the trading day and the session.")
        .duration("beat",
                  {.min = "1ms",
                   .max = "1h",
                   .fallback = "1s",
                   .doc = "Period of the clock event that closes bars and drives timeouts."},
                  &Settings::clock, &ClockSettings::beat)
        .text(
            "day_zone",
            {.min_bytes = 1, .fallback = "America/New_York", .doc = "IANA time zone of day_start."},
            &Settings::clock, &ClockSettings::day_zone)
        .time_of_day("day_start",
                     {.fallback = "00:00", .doc = "Time of day at which daily limits reset."},
                     &Settings::clock, &ClockSettings::day_start)
        .boolean("session_enabled",
                 {.fallback = false,
                  .doc = "Use ticks and send orders on weekdays inside the session only."},
                 &Settings::clock, &ClockSettings::session_enabled)
        .text("session_zone",
              {.min_bytes = 1,
               .fallback = "America/New_York",
               .doc = "IANA time zone of session_open and session_close."},
              &Settings::clock, &ClockSettings::session_zone)
        .time_of_day("session_open", {.fallback = "09:30", .doc = "Start of the session."},
                     &Settings::clock, &ClockSettings::session_open)
        .time_of_day("session_close",
                     {.fallback = "16:00", .doc = "End of the session; DAY orders expire."},
                     &Settings::clock, &ClockSettings::session_close)
        .text("session_calendar",
              {.fallback = "",
               .doc = "Calendar of the store that gives the sessions, holidays and half days "
                      "instead; auto: by instrument; empty: session_open to session_close."},
              &Settings::clock, &ClockSettings::session_calendar)
        .boolean("session_extended",
                 {.fallback = false,
                  .doc = "With a calendar: pre-market and post-market are session too."},
                 &Settings::clock, &ClockSettings::session_extended)
        .rule({"session_open", "session_close"},
              "{0} is not before {1}: the session must open before it closes on the same day",
              [](const Settings& s) { return s.clock.session_open < s.clock.session_close; });
}

void declare_data(SettingsSchema& schema) {
    schema.section("data", "What a replay reads from the store.")
        .choice("adjust",
                {.options = {{"none", AdjustmentMode::kNone, "prices as they were traded"},
                             {"splits", AdjustmentMode::kSplits, "in the shares of today"},
                             {"all", AdjustmentMode::kAll, "and with dividends taken out"}},
                 .fallback = AdjustmentMode::kNone,
                 .doc = "Adjustment of prices and sizes by the store's corporate actions."},
                &Settings::data, &DataSettings::adjust)
        .boolean("bars",
                 {.fallback = false,
                  .doc = "Replay the bars of bar_period as the ticks they speak of, whatever ticks "
                         "there are. Without: ticks, and the shortest bars where there are none."},
                 &Settings::data, &DataSettings::bars)
        .duration("bar_period", {.min = "1s", .max = "1d", .fallback = "1m", .doc = "Which bars."},
                  &Settings::data, &DataSettings::bar_period);
}

void declare_bars(SettingsSchema& schema) {
    schema.section("bars", "Ticks to bars.")
        .durations("timeframes",
                   {.min = "1ms",
                    .max = "1d",
                    .min_count = 1,
                    .max_count = kMaxTimeframes,
                    .fallback = {"1m"},
                    .doc = "Lengths of the bars that are built side by side, aligned to UTC."},
                   &Settings::bars, &BarSettings::timeframes)
        .choice("price",
                {.options = {{"trade", BarPrice::kTrade, "prices of trades"},
                             {"mid", BarPrice::kMid, "midpoint of the best bid and ask"}},
                 .fallback = BarPrice::kTrade,
                 .doc = "What bars and the mark of a position are made of."},
                &Settings::bars, &BarSettings::price)
        .choice("day",
                {.options = {{"utc", DayBars::kUtc, "at midnight UTC"},
                             {"account", DayBars::kAccount,
                              "with the account's day, clock.day_start in clock.day_zone"}},
                 .fallback = DayBars::kUtc,
                 .doc = "Where bars of 1d begin and end."},
                &Settings::bars, &BarSettings::day)
        .boolean("use_suspicious",
                 {.fallback = false, .doc = "Use ticks that the data's vendor has flagged."},
                 &Settings::bars, &BarSettings::use_suspicious)
        .texts("by_activity",
               {.max_count = kMaxActivityBars,
                .doc = "Bars that end with what is traded, beside those: \"1000 ticks\", "
                       "\"50000 units\", \"1000000 notional\", \"imbalance 100\" (ticks "
                       "expected of a bar)."},
               &Settings::bars, &BarSettings::by_activity)
        .rule({"timeframes"}, "{0} lists the same length twice", [](const Settings& s) {
            auto sorted = s.bars.timeframes;
            std::sort(sorted.begin(), sorted.end());
            return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
        });
    schema.rule({"bars.by_activity"},
                [](const Settings& s) { return activity_bars_fault(s.bars); });
}

}  // namespace sluice::pipeline
