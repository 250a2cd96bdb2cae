// A run that is stopped ends in good order: the stop, open orders as configured, the end, the books.
#include <gtest/gtest.h>

#include "engine_support.hpp"
#include "kept_rows.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::size_t kStopTicks = 40'000;

// Keeps every event that reaches the recorder.
class Keeper final : public RecordObserver {
  public:
    void take(const Event& event) override { events.push_back(event); }
    std::vector<Event> events;

    [[nodiscard]] std::ptrdiff_t first(EventKind kind) const {
        const auto found = std::find_if(events.begin(), events.end(),
                                        [kind](const Event& e) { return e.kind() == kind; });
        return found == events.end() ? -1 : found - events.begin();
    }
    [[nodiscard]] std::size_t count(EventKind kind) const {
        return static_cast<std::size_t>(std::count_if(
            events.begin(), events.end(), [kind](const Event& e) { return e.kind() == kind; }));
    }
};

struct Stopped {
    RunRecord record;
    Keeper kept;
    KeptRows rows;
    std::uint64_t handed_out = 0;
};

// Stops when the source is asked for the block after `after` events.
std::unique_ptr<Stopped> run_and_stop(Settings settings, OnStop on_stop, CutMask cuts,
                                      std::size_t after, double speed = 0) {
    settings.engine.on_stop = on_stop;
    static const std::vector<Event> kMarket = random_market(kStopTicks, 2);
    auto out = std::make_unique<Stopped>();
    VectorSource source{kMarket};
    RunControl control;
    source.before_block = [&](std::size_t events) {
        if (events >= after) control.stop.store(true);
        out->handed_out = events;
    };
    Placement placement;
    placement.cuts = cuts;
    placement.idle = core::IdleStrategy::kYield;
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    const InstrumentTable table = tests::instruments(2);
    SimVenue venue{settings, table};
    out->record = run_engine(EngineSetup{settings,
                                         table,
                                         placement,
                                         timers,
                                         speed > 0 ? Pacer{speed} : Pacer{},
                                         {&out->kept},
                                         &out->rows},
                             venue, source, control);
    return out;
}

// Orders whose last report leaves them open.
std::size_t open_orders(const KeptRows& rows) {
    return static_cast<std::size_t>(
        std::count_if(rows.kept.orders.begin(), rows.kept.orders.end(), [](const OrderRecord& row) {
            return row.status == "sent" || row.status == "accepted" || row.status == "replaced" ||
                   row.status == "partially_filled";
        }));
}

// Limit orders far from the market: something is open at any moment.
Settings resting_settings() {
    Settings s = busy_settings();
    s.execution.limit_offset_ticks = -30;
    s.execution.reprice_after = Nanos{0};
    return s;
}

class EngineStop : public testing::TestWithParam<CutMask> {};
INSTANTIATE_TEST_SUITE_P(Placements, EngineStop,
                         testing::Values(CutMask{kFused}, CutMask{0b0001}, CutMask{0b1111}),
                         [](const auto& test) { return "cuts_" + std::to_string(test.param); });

TEST_P(EngineStop, ends_with_one_stop_and_one_end_and_says_that_it_was_interrupted) {
    const auto stopped = run_and_stop(busy_settings(), OnStop::kCancel, GetParam(), 20'000);
    EXPECT_TRUE(stopped->record.interrupted);
    EXPECT_EQ(stopped->kept.count(EventKind::kStop), 1U);
    EXPECT_EQ(stopped->kept.count(EventKind::kEnd), 1U);
    EXPECT_LT(stopped->kept.first(EventKind::kStop), stopped->kept.first(EventKind::kEnd));
    EXPECT_LT(stopped->record.ticks.total(), kStopTicks);
    EXPECT_GE(stopped->record.ticks.total(), 20'000U);
    EXPECT_EQ(stopped->rows.kept.equity.back().equity, stopped->record.equity);
}

TEST_P(EngineStop, cancel_leaves_no_order_open_and_sends_none) {
    const auto stopped = run_and_stop(resting_settings(), OnStop::kCancel, GetParam(), 20'000);
    const auto stop = stopped->kept.first(EventKind::kStop);
    std::size_t cancels = 0;
    for (auto i = static_cast<std::size_t>(stop); i < stopped->kept.events.size(); ++i) {
        EXPECT_NE(stopped->kept.events[i].kind(), EventKind::kApproved);
        cancels += stopped->kept.events[i].kind() == EventKind::kCancel;
    }
    EXPECT_GT(cancels, 0U) << "nothing was open: this market tests nothing";
    EXPECT_EQ(open_orders(stopped->rows), 0U);
}

TEST_P(EngineStop, leave_cancels_nothing) {
    const auto stopped = run_and_stop(resting_settings(), OnStop::kLeave, GetParam(), 20'000);
    const auto stop = stopped->kept.first(EventKind::kStop);
    for (auto i = static_cast<std::size_t>(stop); i < stopped->kept.events.size(); ++i)
        EXPECT_NE(stopped->kept.events[i].kind(), EventKind::kCancel);
    EXPECT_GT(open_orders(stopped->rows), 0U);
}

TEST_P(EngineStop, flatten_goes_on_until_nothing_is_held) {
    Settings s = busy_settings();
    s.execution.order_type = OrderType::kMarket;
    const auto stopped = run_and_stop(s, OnStop::kFlatten, GetParam(), 20'000);
    EXPECT_TRUE(stopped->record.interrupted);
    EXPECT_GT(stopped->record.fills, 0U);
    for (const InstrumentRecord& row : stopped->record.by_instrument)
        EXPECT_TRUE(row.position.is_zero()) << "instrument " << core::index_of(row.symbol);
    EXPECT_EQ(stopped->kept.count(EventKind::kEnd), 1U);
    EXPECT_LT(stopped->record.ticks.total(), kStopTicks) << "it stops once all is flat";
}

TEST_P(EngineStop, no_intent_follows_the_stop) {
    Settings s = busy_settings();
    s.execution.order_type = OrderType::kMarket;
    const auto stopped = run_and_stop(s, OnStop::kFlatten, GetParam(), 20'000);
    const auto stop = static_cast<std::size_t>(stopped->kept.first(EventKind::kStop));
    for (std::size_t i = stop; i < stopped->kept.events.size(); ++i)
        EXPECT_NE(stopped->kept.events[i].kind(), EventKind::kIntent);
}

TEST_P(EngineStop, a_paced_run_stops_in_the_middle_of_its_wait) {
    Settings s = busy_settings();
    const std::vector<Event> market = random_market(2'000, 1);  // eight seconds
    VectorSource source{market};
    RunControl control;
    std::jthread stopper{[&control] {
        // As a signal would: at some moment, from another thread.
        while (control.ticks_taken.load() == 0) std::this_thread::yield();
        control.stop.store(true);
    }};
    const RunRecord record = run(s, tests::instruments(1), source, control, GetParam(), Pacer{1.0});
    EXPECT_TRUE(record.interrupted);
    EXPECT_LT(record.ticks.total(), market.size());
    EXPECT_FALSE(record.digest.empty());
}

TEST_P(EngineStop, a_stop_before_the_first_block_is_an_empty_run) {
    const auto stopped = run_and_stop(busy_settings(), OnStop::kFlatten, GetParam(), 0);
    EXPECT_TRUE(stopped->record.interrupted);
    EXPECT_EQ(stopped->record.ticks.total(), 0U);
    EXPECT_EQ(stopped->kept.count(EventKind::kEnd), 1U);
}

TEST(EngineEnd, a_source_that_ends_is_no_interruption_and_open_orders_are_dealt_with_too) {
    const std::vector<Event> market = random_market(20'000, 2);
    Settings s = resting_settings();
    KeptRows cancelled;
    EXPECT_FALSE(run(s, market, 2, kFused, &cancelled).interrupted);
    EXPECT_EQ(open_orders(cancelled), 0U);
    s.engine.on_stop = OnStop::kLeave;
    KeptRows left;
    (void)run(s, market, 2, kFused, &left);
    EXPECT_GT(open_orders(left), 0U);
}

TEST(EngineEnd, an_empty_source_gives_an_empty_record) {
    const RunRecord record = run(busy_settings(), {}, 2, 0b0101);
    EXPECT_FALSE(record.interrupted);
    EXPECT_EQ(record.ticks.total(), 0U);
    EXPECT_EQ(record.equity, record.capital);
}

}  // namespace
}  // namespace sluice::tests::trade_path
