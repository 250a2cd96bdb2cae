// Market making over a real morning's quotes and trades: BAC of 2013-10-07. Skipped where the data are
// not.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/timer_plan.hpp>

#include "adapters/tick_store_test_support.hpp"
#include "quoting_support.hpp"

namespace sluice::tests {
namespace {

using namespace trade_path;  // NOLINT: the vocabulary of whole runs
using adapters::tick_store::StoreSource;
using adapters::tick_store::TickStore;

constexpr std::int64_t kOpenNs = 1'381'152'600 * kSecond;
constexpr std::int64_t kStretchNs = 1'800 * kSecond;

class RealQuotes : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        store_ = std::make_unique<TempFolder>();
        adapters::tick_store::StoreWriter writer{store_->path()};
        found_ = true;
        for (const char* kind : {"trade", "quote"}) {
            const fs::path zip = data_folder() / "lean/equity/usa/tick/bac" /
                                 ("20131007_" + std::string(kind) + ".zip");
            found_ = found_ && fs::exists(zip);
            if (found_) adapters::lean::import_lean(zip, writer);
        }
    }
    static void TearDownTestSuite() { store_.reset(); }
    void SetUp() override {
        if (!found_) GTEST_SKIP() << "BAC of 2013-10-07 is not in " << data_folder();
    }
    static Settings settings(BarPrice price) {
        Settings s;
        s.account.capital = Money::from_units(1'000'000);
        s.clock.session_enabled = true;
        s.bars.timeframes = {Nanos{kSecond}};
        s.bars.price = price;
        s.signals.strategies = {maker_of({"BAC"}, Nanos{kSecond})};
        s.venue.order_latency = Nanos{5'000'000};
        s.venue.response_latency = Nanos{5'000'000};
        return s;
    }
    static RunRecord run(const Settings& s, CutMask cuts, std::vector<RecordObserver*> observers) {
        const auto from = at(kOpenNs - 60 * kSecond);
        const auto to = at(kOpenNs + kStretchNs);
        StoreSource source{TickStore::open(store_->path()), {"BAC"}, {.range = {from, to}}};
        Placement placement;
        placement.cuts = cuts;
        placement.idle = core::IdleStrategy::kYield;
        SimVenue venue{s, source.instruments()};
        RunControl control;
        return run_engine(
            EngineSetup{s, source.instruments(), placement, make_timer_plan(s.clock, from, to),
                        Pacer{}, std::move(observers)},
            venue, source, control);
    }

    static inline std::unique_ptr<TempFolder> store_;
    static inline bool found_ = false;
};

TEST_F(RealQuotes, are_quoted_between_and_filled_within_the_limits) {
    for (const BarPrice price : {BarPrice::kMid, BarPrice::kTrade}) {
        QuoteWatch watch{qty(500)};
        const RunRecord fused = run(settings(price), kFused, {&watch});
        EXPECT_TRUE(watch.clean());
        // The midpoint of a market a tick wide leaves the quote a tick behind it, at the end of the queue.
        EXPECT_GT(fused.fills, price == BarPrice::kMid ? 5U : 20U);
        EXPECT_GT(fused.replaces, 100U);
        EXPECT_EQ(watch.fills, fused.fills);
        EXPECT_EQ(watch.position(), fused.by_instrument.at(0).position);
        EXPECT_EQ(watch.open(), 0U);
        for (const std::uint64_t count : fused.incidents) EXPECT_EQ(count, 0U);
    }
}

TEST_F(RealQuotes, give_one_digest_fused_and_split) {
    const Settings s = settings(BarPrice::kMid);
    EXPECT_EQ(run(s, kFused, {}).digest, run(s, CutMask{kPlacementCount - 1}, {}).digest);
}

}  // namespace
}  // namespace sluice::tests
