// Activity bars of a real day: BAC on 2013-10-07, imported and stored. Skipped where the data are not.
#include <gtest/gtest.h>

#include <map>

#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/timer_plan.hpp>

#include "adapters/tick_store_test_support.hpp"
#include "bars_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::StoreSource;
using adapters::tick_store::TickStore;

const std::vector<std::string> kBars{"1000 ticks", "250000 units", "5000000 notional",
                                     "imbalance 200"};
constexpr std::int64_t kOpenNs = 1'381'152'600 * kSecondNs;
constexpr std::int64_t kHalfHourNs = 30 * kMinuteNs;

class RealTicksBars : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        const fs::path zip = data_folder() / "lean/equity/usa/tick/bac/20131007_trade.zip";
        if (!fs::exists(zip)) return;
        store_ = std::make_unique<TempFolder>();
        adapters::tick_store::StoreWriter writer{store_->path()};
        adapters::lean::import_lean(zip, writer);
    }
    static void TearDownTestSuite() { store_.reset(); }
    void SetUp() override {
        if (store_ == nullptr) GTEST_SKIP() << "BAC of 2013-10-07 is not in " << data_folder();
    }
    static StoreSource source() {
        return StoreSource{TickStore::open(store_->path()),
                           {"BAC"},
                           {.range = {at_ns(kOpenNs), at_ns(kOpenNs + kHalfHourNs)}}};
    }
    static inline std::unique_ptr<TempFolder> store_;
};

TEST_F(RealTicksBars, hold_every_trade_once_and_are_of_the_size_asked_for) {
    BarFeed feed{bar_settings(kBars), pipeline::InstrumentTable(1)};
    StoreSource ticks = source();
    std::int64_t trades = 0;
    Quantity volume;
    Money notional;
    for (auto block = ticks.next_block(); !block.empty(); block = ticks.next_block()) {
        for (const Event& event : block) {
            ++trades;
            volume += event.trade().quantity;
            notional += event.trade().price * event.trade().quantity;
            feed.send(event);
        }
    }
    ASSERT_GT(trades, 10'000);
    feed.timer((kOpenNs + kHalfHourNs) / kSecondNs, EventKind::kEnd);
    std::map<std::size_t, std::vector<Event>> bars;
    for (const Event& e : feed.out.emitted_of(EventKind::kBar)) bars[e.timeframe()].push_back(e);
    for (std::size_t d = 1; d <= kBars.size(); ++d) {
        Quantity sum;
        for (std::size_t i = 0; i < bars[d].size(); ++i) {
            const pipeline::Bar& bar = bars[d][i].bar();
            sum += bar.volume;
            EXPECT_GE(bar.high, bar.low);
            EXPECT_GE(bars[d][i].time(), bars[d][i == 0 ? 0 : i - 1].time());
        }
        EXPECT_EQ(sum, volume) << kBars[d - 1];
    }
    EXPECT_EQ(static_cast<std::int64_t>(bars[1].size()), (trades + 999) / 1000);
    for (std::size_t i = 0; i + 1 < bars[2].size(); ++i)
        EXPECT_GE(bars[2][i].bar().volume, shares(250'000));
    EXPECT_LE(static_cast<std::int64_t>(bars[3].size()),
              static_cast<std::int64_t>(notional.raw() / Money::from_units(5'000'000).raw()) + 1);
    EXPECT_GT(bars[3].size(), 10U);
    const auto whole = static_cast<std::int64_t>(bars[4].size()) - 1;
    EXPECT_GE(whole, trades / 800 - 1) << "none of more than four times 200 ticks";
    EXPECT_LE(whole, trades / 8) << "none of fewer than half the root of 200";
}

TEST_F(RealTicksBars, lead_to_one_digest_in_every_placement) {
    using namespace pipeline;  // NOLINT: a test of the whole speaks the pipeline's vocabulary
    Settings s;
    s.account.capital = Money::from_units(1'000'000);
    s.bars.by_activity = kBars;
    s.signals.strategies.resize(1);
    s.signals.strategies[0].bars = "250000 units";
    s.signals.strategies.push_back(s.signals.strategies[0]);
    s.signals.strategies[1].name = "imbalance";
    s.signals.strategies[1].bars = "imbalance 200";
    s.venue.order_latency = Nanos{5'000'000};
    const auto run = [&s](unsigned cuts) {
        StoreSource ticks = source();
        Placement placement;
        placement.cuts = static_cast<CutMask>(cuts);
        placement.idle = core::IdleStrategy::kYield;
        adapters::sim_venue::SimVenue venue{s, ticks.instruments()};
        RunControl control;
        return run_engine(
            EngineSetup{s,
                        ticks.instruments(),
                        placement,
                        make_timer_plan(s.clock, at_ns(kOpenNs), at_ns(kOpenNs + kHalfHourNs)),
                        Pacer{},
                        {}},
            venue, ticks, control);
    };
    const RunRecord fused = run(0);
    EXPECT_GT(fused.orders, 0U);
    for (const unsigned cuts : {1U, 2U, 4U, 8U, 15U}) {
        const RunRecord split = run(cuts);
        EXPECT_EQ(split.digest, fused.digest) << cuts;
        EXPECT_EQ(split.bars_by_timeframe, fused.bars_by_timeframe) << cuts;
    }
}

}  // namespace
}  // namespace sluice::tests
