// The rolling sums and extremes that indicators stand on, against a recomputation from scratch.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include <sluice/core/double_double.hpp>
#include <sluice/core/rolling_extreme.hpp>
#include <sluice/core/rolling_sums.hpp>
#include <sluice/pipeline/hot/indicators/moving_averages.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>

namespace sluice::tests {
namespace {

constexpr std::size_t kUpdates = 1'000'000;

// The last n of a series, summed in long double.
struct Naive {
    const std::vector<double>& series;
    std::size_t n;

    [[nodiscard]] long double mean(std::size_t end) const {
        long double sum = 0;
        for (std::size_t i = end - n; i < end; ++i) sum += static_cast<long double>(series[i]);
        return sum / static_cast<long double>(n);
    }
    [[nodiscard]] long double weighted(std::size_t end) const {
        long double sum = 0;
        long double weight = 0;
        for (std::size_t i = end - n; i < end; ++i) {
            weight += 1;
            sum += weight * static_cast<long double>(series[i]);
        }
        return sum / (weight * (weight + 1) / 2);
    }
    [[nodiscard]] long double variance(std::size_t end) const {
        const long double middle = mean(end);
        long double squares = 0;
        for (std::size_t i = end - n; i < end; ++i) {
            const long double away = static_cast<long double>(series[i]) - middle;
            squares += away * away;
        }
        return squares / static_cast<long double>(n);
    }
};

// A walk in cents around `level`.
std::vector<double> walk(double level, std::size_t length) {
    std::mt19937_64 random{5};
    std::vector<double> out(length);
    double cents = level * 100;
    for (double& value : out) {
        cents += static_cast<double>(static_cast<int>(random() % 21) - 10);
        value = cents / 100;
    }
    return out;
}

TEST(RollingSums, stay_with_a_recomputation_over_a_million_updates) {
    for (const double level : {100.0, 1e6}) {
        const std::vector<double> series = walk(level, kUpdates);
        for (const std::size_t n : {std::size_t{2}, std::size_t{20}, std::size_t{251}}) {
            pipeline::indicators::Sma sma(n);
            pipeline::indicators::Wma wma(n);
            pipeline::indicators::Variance variance(n);
            const Naive naive{series, n};
            for (std::size_t i = 0; i < series.size(); ++i) {
                sma.update(series[i]);
                wma.update(series[i]);
                variance.update(series[i]);
                if (i < n || (i % 211 != 0 && i + 1'000 < series.size())) continue;
                const auto mean = static_cast<double>(naive.mean(i + 1));
                ASSERT_NEAR(sma.value(), mean, 2e-16 * level) << n << " " << i;
                ASSERT_NEAR(wma.value(), static_cast<double>(naive.weighted(i + 1)), 2e-16 * level)
                    << n << " " << i;
                const auto spread = static_cast<double>(naive.variance(i + 1));
                ASSERT_NEAR(variance.value(), spread, 1e-12 * spread + 1e-18) << n << " " << i;
            }
        }
    }
}

TEST(RollingSums, forget_a_shock_within_two_windows) {
    constexpr std::size_t kWindow = 20;
    const std::vector<double> series = walk(100, 400);
    for (const double shock : {1e15, 1e200, std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()}) {
        for (std::size_t at = 100; at < 100 + kWindow; ++at) {
            std::vector<double> shaken = series;
            shaken[at] = shock;
            pipeline::indicators::Sma sma(kWindow);
            pipeline::indicators::StandardDeviation deviation(kWindow);
            const Naive naive{series, kWindow};
            for (std::size_t i = 0; i < shaken.size(); ++i) {
                sma.update(shaken[i]);
                deviation.update(shaken[i]);
                if (i < at + 2 * kWindow) continue;
                ASSERT_NEAR(sma.value(), static_cast<double>(naive.mean(i + 1)), 1e-13);
                ASSERT_NEAR(deviation.value(),
                            std::sqrt(static_cast<double>(naive.variance(i + 1))), 1e-13);
            }
        }
    }
}

// What a plain running sum keeps of a value that came and went.
TEST(RollingSums, lose_nothing_to_a_large_value_that_left) {
    pipeline::indicators::Sma sma(3);
    for (const double value : {0.1, 0.2, 1e15, 0.1, 0.2, 0.3}) sma.update(value);
    EXPECT_NEAR(sma.value(), 0.2, 1e-16);
}

TEST(Variance, of_equal_values_is_zero_at_every_level) {
    for (const double level : {0.1, 1.0 / 3.0, 12345.67, 1e9 + 0.1, 1e300}) {
        pipeline::indicators::Variance variance(7);
        for (int i = 0; i < 50; ++i) variance.update(level);
        EXPECT_LE(variance.value(), level * level * 1e-31) << level;
    }
}

// Ten to the eighth times the deviation: where a plain sum of squares has no digit left.
TEST(Variance, keeps_its_digits_far_from_zero) {
    pipeline::indicators::Variance variance(4);
    for (int round = 0; round < 9; ++round)
        for (const double step : {4.0, 7.0, 13.0, 16.0}) variance.update(1e9 + step);
    EXPECT_DOUBLE_EQ(variance.value(), 22.5);
}

TEST(RollingExtremes, are_those_of_the_window_with_the_age_of_the_newest) {
    std::mt19937_64 random{3};
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}}) {
        core::RollingMax highest(n);
        core::RollingMin lowest(n);
        std::vector<double> series;
        for (std::size_t i = 0; i < 20'000; ++i) {
            // Few levels, so that there are equals; runs up and down besides.
            series.push_back(i % 100 < 30   ? static_cast<double>(i % 100)
                             : i % 100 < 60 ? -static_cast<double>(i % 100)
                                            : static_cast<double>(random() % 9));
            highest.push(series.back());
            lowest.push(series.back());
            ASSERT_EQ(highest.full(), series.size() >= n);
            const auto first = series.rbegin();
            const auto last = first + static_cast<std::ptrdiff_t>(std::min(n, series.size()));
            const auto high = std::max_element(first, last);
            const auto low = std::min_element(first, last);
            ASSERT_EQ(highest.value(), *high);
            ASSERT_EQ(lowest.value(), *low);
            ASSERT_EQ(highest.age(), static_cast<std::size_t>(high - first));
            ASSERT_EQ(lowest.age(), static_cast<std::size_t>(low - first));
        }
    }
}

TEST(DoubleDouble, holds_what_one_double_cannot) {
    core::DoubleDouble sum;
    sum = sum + 1e16;
    sum = sum + 1.0;
    sum = sum - 1e16;
    EXPECT_EQ(sum.value(), 1.0);
    const core::DoubleDouble product = core::two_product(1.0 + 0x1p-52, 1.0 + 0x1p-52);
    EXPECT_EQ(product.low, 0x1p-104);
    const core::DoubleDouble square = core::DoubleDouble{1e8, 1e-9} * core::DoubleDouble{1e8, 1e-9};
    EXPECT_DOUBLE_EQ((square - 1e16).value(), 0.2);
}

}  // namespace
}  // namespace sluice::tests
