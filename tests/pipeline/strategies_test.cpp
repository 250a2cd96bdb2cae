// The built-in strategies against naive arithmetic that sums each window afresh.
#include <sluice/pipeline/hot/strategies.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "core/wide_int.hpp"
#include "support.hpp"

namespace sluice::tests {
namespace {

using core::wide::Int512;
using pipeline::MeanReversion;
using pipeline::StrategyValues;
using pipeline::TrendFollowing;

// Owns the window that a strategy is handed.
template <class S>
class Owned {
  public:
    explicit Owned(const StrategyValues& values)
        : storage_(S::kCloses), strategy_{storage_, values} {}
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;

    bool on_close(std::int64_t raw) { return strategy_.on_close(Price::from_raw(raw)); }
    [[nodiscard]] int stance() const { return strategy_.stance(); }

  private:
    std::vector<std::int64_t> storage_;
    S strategy_;
};

core::Int128 sum_of_last(const std::vector<std::int64_t>& closes, std::size_t end, std::size_t n) {
    core::Int128 sum = 0;
    for (std::size_t i = end - n; i < end; ++i) sum += closes[i];
    return sum;
}

// The stances of a crossing of two averages, from the definition.
std::vector<int> naive_crosses(const std::vector<std::int64_t>& closes, std::size_t fast,
                               std::size_t slow) {
    std::vector<int> out;
    int stance = 0;
    int before = 0;
    for (std::size_t end = 1; end <= closes.size(); ++end) {
        if (end >= slow) {
            const core::Int128 gap =
                sum_of_last(closes, end, fast) * static_cast<std::int64_t>(slow) -
                sum_of_last(closes, end, slow) * static_cast<std::int64_t>(fast);
            const int side = gap > 0 ? 1 : gap < 0 ? -1 : 0;
            if (end > slow && side > 0 && before <= 0) stance = 1;
            if (end > slow && side < 0 && before >= 0) stance = -1;
            before = side;
        }
        out.push_back(stance);
    }
    return out;
}

enum class Edge { kIncluded, kExcluded };

// Whether the last close is at least (or, without the edge, more than) `hundredths` / 100 standard
// deviations from the mean, above it for side +1, below it for -1. Exact: in squares of integers.
bool beyond(const std::vector<std::int64_t>& closes, std::size_t end, std::size_t n, int side,
            std::int64_t hundredths, Edge edge = Edge::kIncluded) {
    const auto count = static_cast<std::int64_t>(n);
    Int512 sum = 0;
    Int512 squares = 0;
    for (std::size_t i = end - n; i < end; ++i) {
        sum += closes[i];
        squares += Int512{closes[i]} * closes[i];
    }
    const Int512 distance = (Int512{closes[end - 1]} * count - sum) * side;
    const Int512 left = distance * distance * 10'000;
    const Int512 right = (squares * count - sum * sum) * hundredths * hundredths;
    if (edge == Edge::kExcluded) return distance > 0 && left > right;
    return distance > 0 ? left >= right : distance == 0 && right == 0 && hundredths == 0;
}

std::vector<int> naive_reversion(const std::vector<std::int64_t>& closes, std::size_t n,
                                 std::int64_t entry, std::int64_t exit) {
    std::vector<int> out;
    int stance = 0;
    for (std::size_t end = 1; end <= closes.size(); ++end) {
        if (end >= n) {
            if (beyond(closes, end, n, -1, entry)) {
                stance = 1;
            } else if (beyond(closes, end, n, +1, entry)) {
                stance = -1;
            } else if (stance != 0 && !beyond(closes, end, n, -stance, exit, Edge::kExcluded)) {
                stance = 0;
            }
        }
        out.push_back(stance);
    }
    return out;
}

std::vector<std::int64_t> random_closes(std::int64_t low, std::int64_t high) {
    return *rc::gen::container<std::vector<std::int64_t>>(*rc::gen::inRange<std::size_t>(0, 80),
                                                          rc::gen::inRange(low, high));
}

RC_GTEST_PROP(TrendFollowing, takes_the_stance_of_the_exact_averages, ()) {
    const auto fast = *rc::gen::inRange<std::size_t>(1, 8);
    const auto slow = fast + *rc::gen::inRange<std::size_t>(1, 12);
    // A narrow range makes ties, the widest one needs the 128 bits.
    const bool narrow = *rc::gen::arbitrary<bool>();
    const auto closes = narrow ? random_closes(1, 4) : random_closes(1, INT64_MAX);
    const auto expected = naive_crosses(closes, fast, slow);
    Owned<TrendFollowing> strategy{{static_cast<double>(fast), static_cast<double>(slow)}};
    for (std::size_t i = 0; i < closes.size(); ++i) {
        RC_ASSERT(strategy.on_close(closes[i]) == (i + 1 >= slow));
        RC_ASSERT(strategy.stance() == expected[i]);
    }
}

TEST(TrendFollowing, is_flat_until_the_first_cross_then_always_in) {
    Owned<TrendFollowing> strategy{{1, 3}};
    // Average of one against the average of three.
    EXPECT_FALSE(strategy.on_close(10));
    EXPECT_FALSE(strategy.on_close(11));
    EXPECT_TRUE(strategy.on_close(12));  // 12 against 11: above, but no cross was seen
    EXPECT_EQ(strategy.stance(), 0);
    strategy.on_close(10);  // 10 against 11: crossed below
    EXPECT_EQ(strategy.stance(), -1);
    strategy.on_close(11);  // 11 against 11: a touch is no cross
    EXPECT_EQ(strategy.stance(), -1);
    strategy.on_close(13);  // 13 against 11.33: crossed above
    EXPECT_EQ(strategy.stance(), 1);
    strategy.on_close(14);
    EXPECT_EQ(strategy.stance(), 1);
}

RC_GTEST_PROP(MeanReversion, takes_the_stance_of_the_exact_bands, ()) {
    const auto n = *rc::gen::inRange<std::size_t>(2, 25);
    // Any level, from a few units to far beyond the distance at which the base is moved.
    const std::int64_t high =
        *rc::gen::element<std::int64_t>(20, 1'000'000'000, 15'000'000'000'000'000);
    const auto closes = random_closes(1, high);
    const std::int64_t entry = *rc::gen::element<std::int64_t>(101, 137, 203);
    const std::int64_t exit = *rc::gen::element<std::int64_t>(0, 53, 97);
    const auto expected = naive_reversion(closes, n, entry, exit);
    Owned<MeanReversion> strategy{{static_cast<double>(n), static_cast<double>(entry) / 100,
                                   static_cast<double>(exit) / 100}};
    for (std::size_t i = 0; i < closes.size(); ++i) {
        RC_ASSERT(strategy.on_close(closes[i]) == (i + 1 >= n));
        RC_ASSERT(strategy.stance() == expected[i]);
    }
}

TEST(MeanReversion, enters_at_the_band_itself_and_leaves_near_the_mean) {
    // Four closes at 100 and one at x: (x - mean) is exactly two deviations.
    for (const int side : {1, -1}) {
        Owned<MeanReversion> strategy{{5, 2.0, 0.5}};
        for (int i = 0; i < 4; ++i) strategy.on_close(100);
        EXPECT_EQ(strategy.stance(), 0);
        strategy.on_close(100 + side * 10);
        EXPECT_EQ(strategy.stance(), -side) << "against the move";
        strategy.on_close(100 + side * 10);  // z = 1.22: still out there
        EXPECT_EQ(strategy.stance(), -side);
        strategy.on_close(100 + side * 4);  // z = -0.19 of its own side: near the mean
        EXPECT_EQ(strategy.stance(), 0);
    }
}

TEST(MeanReversion, is_flat_in_a_market_that_does_not_move) {
    Owned<MeanReversion> strategy{{4, 0.1, 0.0}};
    for (int i = 0; i < 20; ++i) {
        strategy.on_close(182'500'000'000);
        EXPECT_EQ(strategy.stance(), 0);
    }
}

TEST(MeanReversion, survives_a_price_that_leaves_its_neighbourhood_for_good) {
    Owned<MeanReversion> strategy{{20, 2.0, 0.5}};
    for (int i = 0; i < 20; ++i) strategy.on_close(1);
    strategy.on_close(INT64_MAX);  // as far as a price can go: beyond what squares can hold
    EXPECT_EQ(strategy.stance(), -1);
    for (int i = 0; i < 20; ++i) strategy.on_close(INT64_MAX);
    EXPECT_EQ(strategy.stance(), 0) << "the window holds one price again";
    for (int i = 0; i < 19; ++i) strategy.on_close(INT64_MAX - (i % 2) * 1'000'000);
    strategy.on_close(INT64_MAX - 5'000'000);
    EXPECT_EQ(strategy.stance(), 1) << "and its small moves count";
}

TEST(Strategies, do_not_drift_over_a_million_closes) {
    constexpr std::size_t kBars = 1'000'000;
    std::mt19937_64 random{20131007};
    std::vector<std::int64_t> closes;
    std::int64_t close = 180'000'000'000;
    for (std::size_t i = 0; i < kBars; ++i) {
        close += static_cast<std::int64_t>(random() % 20'000'001) - 10'000'000;
        close = std::max<std::int64_t>(close, 1'000'000'000);
        closes.push_back(close);
    }
    Owned<TrendFollowing> trend{{10, 30}};
    Owned<MeanReversion> reversion{{20, 2.03, 0.53}};
    const auto crosses = naive_crosses(closes, 10, 30);
    std::size_t reversals = 0;
    for (std::size_t i = 0; i < kBars; ++i) {
        trend.on_close(closes[i]);
        ASSERT_EQ(trend.stance(), crosses[i]) << "close " << i;
        const int held = reversion.stance();
        reversion.on_close(closes[i]);
        if (i < 20 || reversion.stance() == held) continue;
        ++reversals;
        if (reversion.stance() != 0) {
            ASSERT_TRUE(beyond(closes, i + 1, 20, -reversion.stance(), 203)) << "close " << i;
        } else {
            ASSERT_FALSE(beyond(closes, i + 1, 20, -held, 53, Edge::kExcluded)) << "close " << i;
        }
    }
    EXPECT_GT(reversals, 1000U);
}

}  // namespace
}  // namespace sluice::tests
