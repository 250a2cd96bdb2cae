// What a live session shows of itself: no stretch is lost to a reader that waits.
#include <sluice/pipeline/hot/live_publisher.hpp>

#include <gtest/gtest.h>

#include "live_support.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::uint64_t kSecondTicks = 1'000'000'000;

struct PublishedSession {
    WalkingFeed feed{100, 1, 1};
    ObligingSession session;
    RunControl control;
    LiveMetrics metrics;
    LiveRun run{feed,
                session,
                nullptr,
                nullptr,
                Timers{{}},
                Admission{true, 1},
                Commission{{}},
                std::vector<ContractSize>(1),
                control,
                metrics,
                core::TscClock::from_rate(1e9),
                {{}, {}, Nanos{1'000'000'000}},
                OnStop::kLeave,
                core::FixedQueue<WaitingCommand>{4},
                OrderTable<SentOrder>{4}};
    LivePublisher publisher{run};
    std::uint64_t now = core::Tsc::now();
    LiveTally tally;

    // A second and a half with one order sent.
    void one_more() {
        now += kSecondTicks * 3 / 2;
        run.recent.tick_to_order.record(100);
        ++tally.orders;
        publisher.look(now, {}, true, tally);
    }
    [[nodiscard]] std::vector<LiveStretch> read() {
        std::vector<LiveStretch> out;
        for (LiveStretch s; metrics.stretches.try_pop(s);) out.push_back(s);
        return out;
    }
};

TEST(LivePublisher, shows_each_stretch_with_what_happened_in_it) {
    PublishedSession s;
    for (int i = 0; i < 3; ++i) s.one_more();
    const std::vector<LiveStretch> rows = s.read();
    ASSERT_EQ(rows.size(), 3U);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(rows[i].orders, i + 1) << "of the whole session";
        EXPECT_EQ(rows[i].tick_to_order.count, 1U) << "of the stretch";
    }
}

TEST(LivePublisher, shows_an_exchange_clock_that_is_ahead_in_the_stretch_in_which_it_was) {
    PublishedSession s;
    s.run.recent.feed_ahead = 7;
    s.run.recent.feed_ahead_max = 2'500;
    s.one_more();
    s.one_more();
    s.run.recent.feed_ahead = 1;
    s.run.recent.feed_ahead_max = 40;
    s.publisher.finish(s.now, {}, s.tally);
    const std::vector<LiveStretch> rows = s.read();
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0].feed_ahead, 7U);
    EXPECT_EQ(rows[0].feed_ahead_max_ns, 2'500);
    EXPECT_EQ(rows[1].feed_ahead, 0U);
    EXPECT_EQ(rows[1].feed_ahead_max_ns, 0);
    EXPECT_EQ(rows[2].feed_ahead, 1U);
    EXPECT_EQ(s.run.live.latencies.feed_ahead, 8U) << "of the whole session";
    EXPECT_EQ(s.run.live.latencies.feed_ahead_max, 2'500);
}

TEST(LivePublisher, carries_over_a_stretch_for_which_the_reader_left_no_room) {
    PublishedSession s;
    for (int i = 0; i < 20; ++i) s.one_more();
    ASSERT_EQ(s.read().size(), 16U);
    s.one_more();
    const std::vector<LiveStretch> next = s.read();
    ASSERT_EQ(next.size(), 1U);
    EXPECT_EQ(next[0].tick_to_order.count, 5U) << "four that found no room, and its own";
    s.publisher.finish(s.now, {}, s.tally);
    EXPECT_EQ(s.run.live.latencies.tick_to_order.count(), 21U);
}

}  // namespace
}  // namespace sluice::tests::trade_path
