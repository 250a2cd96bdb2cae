// How long commands and reports are under way: recorded latencies, a gateway's interval, the feed's own.
#include <set>

#include <sluice/adapters/sim_venue/hot/latency_path.hpp>

#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

using adapters::sim_venue::LatencyPath;

std::int64_t after(LatencyPath& path, std::int64_t ns) {
    return core::ns_since_epoch(path.after(at(ns)));
}

TEST(LatencyPath, is_constant_without_anything_else) {
    LatencyPath path{Nanos{70}, {}, Nanos{0}, Nanos{0}, {1, 1, 0}};
    EXPECT_EQ(after(path, 1'000), 1'070);
    EXPECT_EQ(after(path, 1'001), 1'071);
    EXPECT_EQ(path.least(), Nanos{70});
}

TEST(LatencyPath, draws_each_recorded_latency_as_often_and_the_same_with_the_same_seed) {
    const std::vector<Nanos> recorded{Nanos{10}, Nanos{20}, Nanos{90}};
    LatencyPath path{Nanos{70}, recorded, Nanos{5}, Nanos{0}, {7, 1, 0}};
    LatencyPath again{Nanos{70}, recorded, Nanos{5}, Nanos{0}, {7, 1, 0}};
    EXPECT_EQ(path.least(), Nanos{15});
    std::map<std::int64_t, int> counts;
    for (int i = 0; i < 3'000; ++i) {
        const std::int64_t sent = 1'000 * i;
        const std::int64_t came = after(path, sent);
        EXPECT_EQ(came, after(again, sent));
        ++counts[came - sent];
    }
    ASSERT_EQ(counts.size(), 3U);
    for (const std::int64_t latency : {15, 25, 95}) EXPECT_NEAR(counts[latency], 1'000, 150);
}

TEST(LatencyPath, keeps_the_order_of_messages) {
    LatencyPath path{Nanos{0}, {Nanos{10}, Nanos{5'000}}, Nanos{0}, Nanos{0}, {3, 1, 0}};
    std::int64_t last = 0;
    for (std::int64_t sent = 0; sent < 100'000; sent += 100) {
        const std::int64_t came = after(path, sent);
        EXPECT_GE(came, last);
        EXPECT_GE(came, sent + 10);
        last = came;
    }
}

TEST(LatencyPath, lets_a_burst_wait_by_the_interval) {
    LatencyPath path{Nanos{50}, {}, Nanos{0}, Nanos{20}, {1, 1, 0}};
    EXPECT_EQ(after(path, 100), 150);
    EXPECT_EQ(after(path, 100), 170);
    EXPECT_EQ(after(path, 101), 190);
    EXPECT_EQ(after(path, 500), 550);  // nobody before it any more
}

// A millisecond's ticks make the commands of the next one slower.
class BusyMarket : public SimVenueBench {
  protected:
    static constexpr std::int64_t kWindow = 1'000'000;
    // When a command of the second window arrives after `ticks` in the first.
    std::int64_t arrival_after(int ticks, int in_its_own = 0) {
        open();
        for (int i = 0; i < ticks; ++i) quote(kWindow - 500 + i, 10'000, 100, 10'001, 50);
        for (int i = 0; i < in_its_own; ++i) trade(kWindow + i, 10'000, 1);
        const ApprovedOrder order =
            submit(kWindow + 1'000, desk_.limit(Side::kBuy, qty(10), cents(9'000)));
        finish();
        return core::ns_since_epoch(exchange_->of(order).front().time()) - kResponseLatency -
               kWindow - 1'000;
    }
    void SetUp() override {
        settings_.venue.load_latency = Nanos{40};
        settings_.venue.load_ticks = 3;
        settings_.venue.load_window = Nanos{kWindow};
        settings_.venue.load_most = Nanos{200};
    }
};

TEST_F(BusyMarket, slows_commands_by_steps_up_to_the_most_and_never_makes_them_quicker) {
    std::int64_t last = 0;
    for (int ticks = 0; ticks < 40; ++ticks) {
        const std::int64_t took = arrival_after(ticks);
        EXPECT_EQ(took, kOrderLatency + std::min(200, 40 * (ticks / 3))) << ticks;
        EXPECT_GE(took, last);
        last = took;
    }
    settings_.venue.load_latency = Nanos{0};
    EXPECT_EQ(arrival_after(40), kOrderLatency);
}

TEST_F(BusyMarket, counts_the_last_whole_interval_and_not_the_one_that_goes_on) {
    EXPECT_EQ(arrival_after(3, 30), kOrderLatency + 40);
    EXPECT_EQ(arrival_after(0, 30), kOrderLatency);
}

TEST_F(BusyMarket, forgets_it_an_interval_later) {
    open();
    for (int i = 0; i < 9; ++i) trade(i, 10'000, 1);
    submit(2 * kWindow, desk_.limit(Side::kBuy, qty(1), cents(9'000)));
    run_until(2 * kWindow + kOrderLatency + kResponseLatency);
    EXPECT_EQ(exchange_->reports.size(), 1U);
}

TEST_F(BusyMarket, keeps_commands_in_their_order) {
    open();
    for (int i = 0; i < 9; ++i) trade(kWindow - 10 + i, 10'000, 1);
    const ApprovedOrder slow =
        submit(2 * kWindow - 1, desk_.limit(Side::kBuy, qty(1), cents(9'000)));
    cancel(2 * kWindow, slow);
    finish();
    expect_reports(slow, {ExecKind::kAccepted, ExecKind::kCancelled});
}

class FeedLatency : public SimVenueBench {};

TEST_F(FeedLatency, makes_commands_later_and_reports_no_sooner_than_their_cause) {
    settings_.venue.feed_latency = Nanos{30};
    open();
    quote(10, 10'000, 100, 10'001, 50);
    const ApprovedOrder order = submit(20, desk_.limit(Side::kBuy, qty(10), cents(10'001)));
    finish();
    // 20 + 100 + 30 to the venue, 50 - 30 back.
    ASSERT_EQ(exchange_->fills(order).size(), 1U);
    EXPECT_EQ(core::ns_since_epoch(exchange_->fills(order)[0].time()), 170);
}

}  // namespace
}  // namespace sluice::tests::trade_path
