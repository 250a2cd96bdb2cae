// A range of the store as the proofs run it: the same sessions as `sluice replay` has, without a run
// folder, again and again.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/pipeline/market_source.hpp>
#include <sluice/pipeline/record_observer.hpp>
#include <sluice/pipeline/run_record.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/pipeline/timer_plan.hpp>

namespace sluice::tools {

struct StoredMarketOptions {
    std::filesystem::path store;
    std::vector<std::string> symbols;  // empty: all that the store holds
    core::StreamTime from = core::StreamTime::min();
    core::StreamTime to = core::StreamTime::max();
    bool trust_checksums = false;
};

class StoredMarket {
  public:
    // UsageError where a currency has no rate; the errors of the store. Compares checksums
    // once, unless told not to.
    StoredMarket(const StoredMarketOptions& options, const pipeline::Settings& settings);

    [[nodiscard]] const pipeline::InstrumentTable& instruments() const noexcept {
        return instruments_;
    }
    [[nodiscard]] const pipeline::TimerPlan& timers() const noexcept { return timers_; }

    // The range from its beginning.
    [[nodiscard]] std::unique_ptr<adapters::tick_store::StoreSource> open() const;
    // The same as it was known at `until`: no row and no corporate action after it.
    [[nodiscard]] std::unique_ptr<adapters::tick_store::StoreSource> open(
        core::StreamTime until) const;

  private:
    adapters::tick_store::TickStore store_;
    std::vector<std::string> symbols_;
    adapters::tick_store::SourceOptions source_;
    pipeline::InstrumentTable instruments_;
    pipeline::TimerPlan timers_;
};

// One run in the simulated venue, fused, at full speed. `observer` sees what is recorded.
pipeline::RunRecord run_quietly(const StoredMarket& market, const pipeline::Settings& settings,
                                pipeline::MarketSource& source, pipeline::RecordObserver& observer);

}  // namespace sluice::tools
