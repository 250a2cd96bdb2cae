// Charges and rates of currencies that are known before a run, from a file of entries and from yearly rates of
// borrowing, and the events that they become. Any thread, off the hot path.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <sluice/pipeline/hot/timers.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/parameter_schedule.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

struct PlannedCharge {
    StreamTime time;
    std::string symbol;    // empty: the account as a whole
    std::string currency;  // of an amount; empty: the instrument's
    Charge charge;
    std::string where;          // for messages: "entries.csv:3"
    std::optional<Price> rate;  // of the currency: then nothing is charged
};

// The largest rate of one entry is the whole value.
inline constexpr std::int64_t kMostRate = kRateScale;

struct ChargePlan {
    std::vector<Event> charges;         // kCharge and kRate, for TimerPlan::charges
    std::vector<StreamTime> entries;    // when each charge of the file is due
    std::vector<StreamTime> rates;      // and each rate
    std::size_t other_instruments = 0;  // charges of instruments that the run has not
    std::size_t other_currencies = 0;   // rates of currencies that it has not
};

// In order of time, of the same time in that of the file; then what borrowing costs at each start of a day
// in `timers`. Throws PlanError for what the books cannot count: an amount in a currency without a rate, or of
// an instrument in another one than its prices'; a rate that is none; or a dividend where data.adjust has
// taken dividends out of the prices.
[[nodiscard]] ChargePlan plan_charges(const std::vector<PlannedCharge>& planned,
                                      const Settings& settings, const InstrumentTable& instruments,
                                      const TimerPlan& timers);

}  // namespace sluice::pipeline
