// What the pessimistic and the optimistic case make of the venue's newer keys.
#include <gtest/gtest.h>

#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/research/performance.hpp>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::QueueModel;
using pipeline::Settings;
using research::Assumptions;

Settings configured() {
    return pipeline::make_settings_schema()
        .load_text(R"([venue]
feed_latency = "1ms"
order_latencies = ["100us", "2ms", "9s"]
response_latencies = ["10us"]
order_interval = "400ms"
queue = "proportional"
commission = "maker_taker"
commission_maker_bps = -0.5
commission_taker_bps = 2
commission_maker_per_unit = -0.003
commission_taker_per_unit = 0.004
load_latency = "400ms"
load_most = "1ms"
[[commission_tier]]
from = 1000
maker_bps = -0.5
taker_bps = 2
maker_per_unit = -0.003
taker_per_unit = 0.004
)",
                   "a test", {})
        .settings;
}

TEST(AssumptionsOfTheVenue, are_slower_dearer_and_last_in_the_queue_when_pessimistic) {
    const auto venue = under(Assumptions::kPessimistic, configured()).venue;
    EXPECT_EQ(venue.queue, QueueModel::kBack);
    EXPECT_EQ(venue.feed_latency, core::Nanos{4'000'000});
    EXPECT_EQ(venue.order_latencies,
              (std::vector{core::Nanos{400'000}, core::Nanos{8'000'000},
                           core::Nanos{10'000'000'000}}));  // no more than the key allows
    EXPECT_EQ(venue.response_latencies, std::vector{core::Nanos{40'000}});
    EXPECT_EQ(venue.order_interval, core::Nanos{1'000'000'000});
    EXPECT_EQ(venue.taker_bps_e4, 30'000);
    EXPECT_EQ(venue.taker_per_unit, money("0.006"));
    EXPECT_EQ(venue.maker_bps_e4, -3'333);  // a rebate shrinks
    EXPECT_EQ(venue.maker_per_unit, money("-0.002"));
    EXPECT_EQ(venue.load_latency, core::Nanos{1'000'000'000});
    EXPECT_EQ(venue.load_most, core::Nanos{4'000'000});
    ASSERT_EQ(venue.tiers.size(), 1U);
    EXPECT_EQ(venue.tiers[0].taker_bps_e4, 30'000);
    EXPECT_EQ(venue.tiers[0].taker_per_unit, money("0.006"));
    EXPECT_EQ(venue.tiers[0].maker_bps_e4, -3'333);
    EXPECT_EQ(venue.tiers[0].maker_per_unit, money("-0.002"));
}

TEST(AssumptionsOfTheVenue, are_quicker_and_first_when_optimistic_and_as_configured_when_expected) {
    const Settings settings = configured();
    const auto venue = under(Assumptions::kOptimistic, settings).venue;
    EXPECT_EQ(venue.queue, QueueModel::kFront);
    EXPECT_EQ(venue.feed_latency, core::Nanos{250'000});
    EXPECT_EQ(venue.order_latencies.front(), core::Nanos{25'000});
    EXPECT_EQ(venue.maker_bps_e4, -5'000);
    EXPECT_EQ(under(Assumptions::kExpected, settings).venue.queue, QueueModel::kProportional);
}

}  // namespace
}  // namespace sluice::tests
