// Momentum against numbers worked out by hand, and against its definition over any closes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "strategies_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Momentum;
using pipeline::StrategyValues;

// lookback, volatility, entry, exit
constexpr StrategyValues kShort{2, 2, 1.0, 0.2};

TEST(Momentum, is_ready_when_lookback_and_volatility_are_filled) {
    OwnedStrategy<Momentum> momentum{{3, 2, 1.0, 0.2}};
    EXPECT_FALSE(momentum.close(100));
    EXPECT_FALSE(momentum.close(101));
    EXPECT_FALSE(momentum.close(102));
    EXPECT_TRUE(momentum.close(103));
    OwnedStrategy<Momentum> calm{{2, 4, 1.0, 0.2}};
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(calm.close(100 + i));
    EXPECT_TRUE(calm.close(104));
}

// Two rises of 1 %: m = 0.0201 / (0.01 * sqrt(2)) = 1.42128. Then back to where it was two bars ago.
TEST(Momentum, goes_along_with_a_move_that_chance_does_not_explain) {
    OwnedStrategy<Momentum> momentum{kShort};
    momentum.close(100);
    momentum.close(101);
    EXPECT_EQ(momentum->strength(), 0);
    EXPECT_TRUE(momentum.close(102.01));
    EXPECT_EQ(momentum->strength(), 1.0);
    momentum.close(101);
    EXPECT_EQ(momentum->strength(), 0) << "m = 0, below the exit";

    OwnedStrategy<Momentum> strict{{2, 2, 1.5, 0.2}};
    for (const double close : {100.0, 101.0, 102.01}) strict.close(close);
    EXPECT_EQ(strict->strength(), 0) << "1.42 is not 1.5";
}

// After the entry: returns 1 % and 0 %, so sigma = sqrt(0.0001 / 2) and m = 0.01 / (sigma * sqrt(2)) = 1.
// With an entry of 1.25 that is four fifths of a full strength.
TEST(Momentum, has_the_strength_of_the_scaled_move_while_it_is_in) {
    OwnedStrategy<Momentum> momentum{{2, 2, 1.25, 0.2}};
    for (const double close : {100.0, 101.0, 102.01}) momentum.close(close);
    EXPECT_EQ(momentum->strength(), 1.0);
    momentum.close(102.01);
    EXPECT_NEAR(momentum->strength(), 0.8, 1e-9);
    momentum.close(102.01);
    EXPECT_EQ(momentum->strength(), 0) << "nothing has moved for two bars";
}

TEST(Momentum, goes_short_as_it_goes_long) {
    OwnedStrategy<Momentum> momentum{kShort};
    for (const double close : {100.0, 99.0, 98.01}) momentum.close(close);
    EXPECT_EQ(momentum->strength(), -1.0);
    for (const double close : {99.5, 101.0}) momentum.close(close);
    EXPECT_EQ(momentum->strength(), 1.0) << "it may turn round at once";
}

// m of the definition, of the last closes.
double naive(const std::vector<double>& closes, std::size_t lookback, std::size_t volatility) {
    const std::size_t last = closes.size() - 1;
    double squares = 0;
    for (std::size_t i = 0; i < volatility; ++i) {
        const double change = closes[last - i] / closes[last - i - 1] - 1;
        squares += change * change;
    }
    const double sigma = std::sqrt(squares / static_cast<double>(volatility));
    const double move = closes[last] / closes[last - lookback] - 1;
    return sigma > 0 ? move / (sigma * std::sqrt(static_cast<double>(lookback))) : 0;
}

RC_GTEST_PROP(Momentum, is_in_exactly_between_its_thresholds, ()) {
    const auto lookback = *rc::gen::inRange<std::size_t>(1, 20);
    const auto volatility = *rc::gen::inRange<std::size_t>(2, 20);
    const auto steps = *rc::gen::container<std::vector<int>>(60, rc::gen::inRange(-300, 301));
    const double entry = 0.9;
    const double exit = 0.3;
    OwnedStrategy<Momentum> momentum{
        {static_cast<double>(lookback), static_cast<double>(volatility), entry, exit}};
    std::vector<double> closes;
    double close = 100;
    double held = 0;
    for (const int step : steps) {
        close = std::round(close * (1 + step * 1e-4) * 1e6) / 1e6;
        closes.push_back(close);
        const bool ready = momentum.close(close);
        RC_ASSERT(ready == (closes.size() > std::max(lookback, volatility)));
        if (!ready) continue;
        const double m = naive(closes, lookback, volatility);
        for (const double edge : {entry, -entry, exit, -exit})
            if (std::abs(m - edge) < 1e-9) return;  // rounding decides
        const bool is_long = m >= entry || (held > 0 && m > exit);
        const bool is_short = m <= -entry || (held < 0 && m < -exit);
        const double expected = is_long || is_short ? std::clamp(m / entry, -1.0, 1.0) : 0;
        RC_ASSERT(std::abs(momentum->strength() - expected) < 1e-9);
        held = momentum->strength();
    }
}

RC_GTEST_PROP(Momentum, with_new_lengths_goes_on_as_if_it_had_always_had_them, ()) {
    const StrategyValues before{static_cast<double>(*rc::gen::inRange(1, 30)),
                                static_cast<double>(*rc::gen::inRange(2, 30)), 0.1, 0.0};
    const StrategyValues after{static_cast<double>(*rc::gen::inRange(1, 30)),
                               static_cast<double>(*rc::gen::inRange(2, 30)), 0.1, 0.0};
    const auto steps = *rc::gen::container<std::vector<int>>(120, rc::gen::inRange(-300, 301));
    const auto turn = *rc::gen::inRange<std::size_t>(1, 60);
    OwnedStrategy<Momentum> changed{before};
    OwnedStrategy<Momentum> always{after};
    double close = 100;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (i == turn) changed->configure(after);
        close *= 1 + steps[i] * 1e-4;
        changed.close(close);
        always.close(close);
        if (i < turn) continue;
        RC_ASSERT(changed->ready() == always->ready());
        // Which side it was on before is its own; where both are in on one side, they are the same.
        if (changed->strength() * always->strength() > 0)
            RC_ASSERT(std::abs(changed->strength() - always->strength()) < 1e-9);
    }
}

TEST(Momentum, is_flat_in_a_market_that_does_not_move) {
    OwnedStrategy<Momentum> momentum{{1, 2, 0.05, 0.0}};
    for (int i = 0; i < 20; ++i) {
        momentum.close(182.5);
        EXPECT_EQ(momentum->strength(), 0);
    }
}

}  // namespace
}  // namespace sluice::tests
