#include <gtest/gtest.h>

#include <cmath>

#include "strategies_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::IndicatorVote;

// average, oscillator, quorum
constexpr pipeline::StrategyValues kUsual{20, 14, 0.5};

// A MACD of 12, 26, 9 is the last to be ready, after 34 bars; a TEMA would need more.
TEST(IndicatorVote, is_ready_when_its_slowest_indicator_is) {
    OwnedStrategy<IndicatorVote> vote{kUsual};
    for (int i = 1; i <= 33; ++i) EXPECT_FALSE(vote.close(100 + i)) << i;
    EXPECT_TRUE(vote.close(134));
    EXPECT_TRUE(vote->ready());
}

TEST(IndicatorVote, agrees_with_itself_in_an_accelerating_move_to_either_side) {
    OwnedStrategy<IndicatorVote> up{kUsual};
    OwnedStrategy<IndicatorVote> down{kUsual};
    for (int i = 0; i < 60; ++i) {
        up.close(100 + 0.01 * i * i);
        down.close(200 - 0.01 * i * i);
    }
    // All twenty, but for the stochastic: k and d both stand still near the end of their range.
    EXPECT_GE(up->votes(), 18);
    EXPECT_LE(down->votes(), -18);
    EXPECT_EQ(up->strength(), up->votes() / 20.0);
    EXPECT_EQ(down->strength(), down->votes() / 20.0);
}

TEST(IndicatorVote, is_flat_below_its_quorum) {
    OwnedStrategy<IndicatorVote> vote{{20, 14, 1.0}};
    for (int i = 0; i < 200; ++i) {
        vote.close(100 + 3 * std::sin(i * 0.7));
        EXPECT_TRUE(vote->strength() == 0 || std::abs(vote->strength()) == 1.0) << i;
    }
}

TEST(IndicatorVote, takes_a_new_quorum_at_once) {
    OwnedStrategy<IndicatorVote> vote{{20, 14, 1.0}};
    int i = 0;
    // Until some but not all agree.
    do vote.close(100 + 3 * std::sin(i * 0.7));
    while (++i < 40 || std::abs(vote->votes()) < 5 || std::abs(vote->votes()) == 20);
    EXPECT_EQ(vote->strength(), 0);
    vote->configure({20, 14, 0.2});
    EXPECT_EQ(vote->strength(), vote->votes() / 20.0);
}

TEST(IndicatorVote, does_not_vote_in_a_market_that_does_not_move) {
    OwnedStrategy<IndicatorVote> vote{{20, 14, 0.0}};
    for (int i = 0; i < 60; ++i)
        (*vote).on_bar({price("50"), price("50"), price("50"), price("50"), {}});
    EXPECT_TRUE(vote->ready());
    EXPECT_EQ(vote->votes(), 0);
}

}  // namespace
}  // namespace sluice::tests
