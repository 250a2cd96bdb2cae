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
