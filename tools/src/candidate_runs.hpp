// Sets of parameters evaluated on one stretch of the store: those on record are looked up, the others go
// over it in one pass and are put on record.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <sluice/pipeline/hot/sequencer.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/research/arena.hpp>
#include <sluice/research/set_result.hpp>
#include <sluice/research/trial_ledger.hpp>

#include "stored_market.hpp"
#include "trial_record.hpp"

namespace sluice::tools {

// The values of the keys that are searched over; empty: the champion, the configuration as it stands.
using CandidateSet = std::vector<std::string>;

// Other processes that run sets as this one does; `farm_search.hpp` makes one.
class SetFarm {
  public:
    virtual ~SetFarm() = default;
    // Runs sets in this process; none: stopped.
    using Here = std::function<std::vector<RanSet>(std::span<const CandidateSet>)>;
    // What became of the sets from number `first` on; in order.
    using Take = std::function<void(std::size_t first, std::vector<RanSet> sets)>;
    // Over the stream of that checksum in that range. False when it was stopped.
    [[nodiscard]] virtual bool run(const StoredMarketOptions& range, std::uint64_t checksum,
                                   bool stressed, std::span<const CandidateSet> sets,
                                   const Here& here, const Take& take) = 0;
};

// What a whole search shares.
struct CandidateContext {
    std::vector<std::string> keys;
    // The configuration with those values.
    std::function<pipeline::Settings(const CandidateSet&)> settings_of;
    research::TrialLedger& ledger;
    research::Arena& arena;
    pipeline::RunControl& control;
    SetFarm* farm = nullptr;      // null: this process alone
    std::uint64_t evaluated = 0;  // sets that were run, not looked up
};

class CandidateRuns {
  public:
    // Runs the champion, which says what the data are. Check stopped() afterwards.
    CandidateRuns(CandidateContext& context, const StoredMarketOptions& range,
                  research::TrialKind kind);

    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
    [[nodiscard]] const research::TrialData& data() const noexcept { return data_; }
    [[nodiscard]] bool generated() const noexcept;
    // Of the periods, the same for every set.
    [[nodiscard]] const std::vector<core::StreamTime>& ends() const noexcept { return ends_; }

    // By set; none when the search was stopped.
    [[nodiscard]] std::vector<research::TrialResult> results(std::span<const CandidateSet> sets);
    // Run under stress, and not put on record: it decides nothing but yes or no.
    [[nodiscard]] std::vector<research::TrialResult> stressed(std::span<const CandidateSet> sets);

  private:
    // What became of them goes to `take`, in order; false when it was stopped.
    [[nodiscard]] bool run(std::span<const CandidateSet> sets, bool stressed,
                           const SetFarm::Take& take);
    [[nodiscard]] std::vector<RanSet> run_here(std::span<const CandidateSet> sets, bool stressed);
    void check_periods(const std::vector<RanSet>& sets) const;

    CandidateContext& context_;
    research::TrialKind kind_;
    StoredMarketOptions range_;
    StoredMarket market_;
    research::TrialData data_;
    std::vector<core::StreamTime> ends_;
    bool stopped_ = false;
};

}  // namespace sluice::tools
