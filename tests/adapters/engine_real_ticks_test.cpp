// One digest for real ticks: imported, stored, read back and run in every placement. Skipped where
// the data are not.
#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/timer_plan.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::sim_venue::SimVenue;
using adapters::tick_store::StoreSource;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;
using namespace pipeline;  // NOLINT: a test of the whole speaks the pipeline's vocabulary

const std::vector<std::string> kSymbols{"BAC", "IBM"};

// The first ten minutes of New York's Monday, 2013-10-07: 13:30 to 13:40 UTC. Split placements meet
// once every order latency; where a sanitizer slows each of them down, a longer stretch would take
// minutes and show nothing more.
constexpr std::int64_t kOpenNs = 1'381'152'600'000'000'000;
constexpr std::int64_t kStretchNs = 600'000'000'000;

Settings settings() {
    Settings s;
    s.account.capital = Money::from_units(1'000'000);
    s.clock.session_enabled = true;
    s.bars.timeframes = {Nanos{5'000'000'000}, Nanos{20'000'000'000}};
    StrategySettings trend;
    trend.timeframe = s.bars.timeframes[0];
    trend.set("fast", 3);
    trend.set("slow", 8);
    StrategySettings reversion;
    reversion.name = "reversion";
    reversion.kind = StrategyKind::kMeanReversion;
    reversion.timeframe = s.bars.timeframes[1];
    reversion.set("period", 8);
    reversion.set("entry_deviations", 1.2);
    s.signals.strategies = {trend, reversion};
    s.signals.threshold = 0.4;
    s.execution.order_type = OrderType::kLimit;
    s.execution.reprice_after = Nanos{2'000'000'000};
    s.venue.order_latency = Nanos{5'000'000};
    s.venue.response_latency = Nanos{5'000'000};
    return s;
}

// The ticks of another source, the `nth` trade of them dearer or larger by one unit.
class ChangedSource final : public MarketSource {
  public:
    ChangedSource(MarketSource& source, std::uint64_t nth, std::int64_t price,
                  std::int64_t quantity)
        : source_(source), left_(nth), price_(price), quantity_(quantity) {}

    [[nodiscard]] std::span<Event> next_block() noexcept override {
        const std::span<Event> block = source_.next_block();
        for (Event& event : block) {
            if (event.kind() != EventKind::kTrade || left_-- != 0) continue;
            Trade trade = event.trade();
            trade.price = Price::from_raw(trade.price.raw() + price_);
            trade.quantity += Quantity::from_raw(quantity_);
            event = Event::trade(event.time(), event.symbol(), trade, event.flags());
        }
        return block;
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return source_.size_hint(); }

  private:
    MarketSource& source_;
    std::uint64_t left_;
    std::int64_t price_;
    std::int64_t quantity_;
};

class RealTicks : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        store_ = std::make_unique<TempFolder>();
        StoreWriter writer{store_->path()};
        found_ = true;
        for (const char* symbol : {"bac", "ibm"}) {
            for (const char* kind : {"trade", "quote"}) {
                const fs::path zip = data_folder() / "lean/equity/usa/tick" / symbol /
                                     ("20131007_" + std::string(kind) + ".zip");
                found_ = found_ && fs::exists(zip);
                if (found_) adapters::lean::import_lean(zip, writer);
            }
        }
    }
    static void TearDownTestSuite() {
        store_.reset();
        reference_.reset();
    }
    void SetUp() override {
        if (!found_) GTEST_SKIP() << "BAC and IBM of 2013-10-07 are not in " << data_folder();
    }

    static RunRecord run(CutMask cuts, std::int64_t price = 0, std::int64_t quantity = 0) {
        const Settings s = settings();
        const auto from = core::time_from_ns<StreamTime>(kOpenNs - 60'000'000'000);
        const auto to = core::time_from_ns<StreamTime>(kOpenNs + kStretchNs);
        StoreSource source{TickStore::open(store_->path()), kSymbols, {.range = {from, to}}};
        ChangedSource changed{source, 5'000, price, quantity};
        Placement placement;
        placement.cuts = cuts;
        placement.idle = core::IdleStrategy::kYield;
        SimVenue venue{s, source.instruments()};
        RunControl control;
        return run_engine(EngineSetup{s,
                                      source.instruments(),
                                      placement,
                                      make_timer_plan(s.clock, from, to),
                                      Pacer{},
                                      {}},
                          venue, changed, control);
    }
    static const RunRecord& reference() {
        if (!reference_) reference_ = run(kFused);
        return *reference_;
    }

    static inline std::unique_ptr<TempFolder> store_;
    static inline std::optional<RunRecord> reference_;
    static inline bool found_ = false;
};

TEST_F(RealTicks, lead_to_orders_and_fills_and_every_tick_is_accounted_for) {
    const RunRecord& r = reference();
    EXPECT_GT(r.ticks.used, 10'000U);
    EXPECT_GT(r.ticks.refused_off_session, 0U) << "the minute before the open";
    EXPECT_EQ(r.ticks.used + r.ticks.late + r.ticks.refused(), r.ticks.total());
    EXPECT_GT(r.orders, 10U);
    EXPECT_GT(r.fills, 10U);
}

TEST_F(RealTicks, give_the_same_digest_again) { EXPECT_EQ(run(kFused).digest, reference().digest); }

TEST_F(RealTicks, give_another_digest_when_one_of_them_differs_by_one_unit) {
    EXPECT_NE(run(kFused, 1, 0).digest, reference().digest);
    EXPECT_NE(run(kFused, 0, 1).digest, reference().digest);
}

// One test, so that the import is done once for all placements.
TEST_F(RealTicks, give_the_same_digest_in_every_placement) {
    for (std::size_t i = 1; i < kPlacementCount; ++i) {
        const auto cuts = static_cast<CutMask>(i);
        EXPECT_EQ(run(cuts).digest, reference().digest) << describe_cuts(cuts);
    }
}

}  // namespace
}  // namespace sluice::tests
