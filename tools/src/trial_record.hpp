// What of an evaluation goes on record, and under which key: searches, sweeps and backtests agree on it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/hot/sequencer.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/research/arena.hpp>
#include <sluice/research/trial_ledger.hpp>

#include "stored_market.hpp"

namespace sluice::tools {

// Of the settings, of what account.entries names, and of what the store says of each instrument: an import that gives a contract another
// multiplier leaves the same stream. Where a run leaves its files, and on which threads it runs, is not
// in it: that changes no result. `besides`: what else the result hangs on; empty: nothing.
[[nodiscard]] std::string trial_key_of(const pipeline::Settings& settings,
                                       const pipeline::InstrumentTable& instruments,
                                       std::string_view besides = {});

// One set over one stream.
struct RanSet {
    research::TrialResult trial;
    std::vector<core::StreamTime> ends;  // of its periods
    std::uint64_t data_checksum = 0;
};
// In one pass; none when it was stopped.
[[nodiscard]] std::vector<RanSet> run_sets(const StoredMarket& market,
                                           std::vector<pipeline::Settings> sets,
                                           research::Arena& arena, pipeline::RunControl& control);

// The ledger that report.ledger names; null: none. Says what opening it had to mend.
[[nodiscard]] std::unique_ptr<research::TrialLedger> named_ledger(
    const pipeline::Settings& settings);
// What the range holds, but for the stream's checksum, which a run over it tells.
[[nodiscard]] research::TrialData data_of(const StoredMarket& market);
// A set of the values of those keys, under the key that a search would look it up by.
[[nodiscard]] research::NewTrial set_trial(const pipeline::Settings& settings,
                                           const pipeline::InstrumentTable& instruments,
                                           const std::vector<std::string>& keys,
                                           const std::vector<std::string>& values,
                                           research::TrialResult result);
// Unless it is on record already.
void put_on_record(research::TrialLedger& ledger, const research::TrialData& data,
                   const research::NewTrial& trial);

}  // namespace sluice::tools
