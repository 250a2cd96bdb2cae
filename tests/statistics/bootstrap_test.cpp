// The block bootstrap: its rows, its block lengths, and intervals that cover as often as they say.
#include <sluice/pipeline/statistics/block_bootstrap.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>

#include <sluice/pipeline/statistics/block_length.hpp>
#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/ratios.hpp>
#include <sluice/pipeline/statistics/regression.hpp>

#include "support.hpp"

namespace sluice::tests {
namespace {

using namespace pipeline::statistics;

std::vector<std::uint32_t> draw(BlockScheme scheme, double length, std::size_t rows,
                                std::uint64_t seed, std::uint64_t number) {
    std::vector<std::uint32_t> out(rows);
    draw_blocks(scheme, length, seed, number, out);
    return out;
}

// Blocks of a resample: where the next row is not the one after.
std::size_t blocks_in(const std::vector<std::uint32_t>& rows) {
    std::size_t blocks = 1;
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i] != (rows[i - 1] + 1) % rows.size()) ++blocks;
    return blocks;
}

TEST(Blocks, of_the_stationary_bootstrap_have_the_expected_length_and_wrap_around) {
    constexpr std::size_t kRows = 100'000;
    const auto rows = draw(BlockScheme::kStationary, 10, kRows, 1, 0);
    EXPECT_NEAR(static_cast<double>(kRows) / static_cast<double>(blocks_in(rows)), 10, 0.4);
    EXPECT_LT(*std::max_element(rows.begin(), rows.end()), kRows);
    bool wrapped = false;
    for (std::uint64_t number = 0; number < 50 && !wrapped; ++number) {
        const auto few = draw(BlockScheme::kStationary, 8, 20, 1, number);
        for (std::size_t i = 1; i < few.size(); ++i)
            if (few[i - 1] == 19 && few[i] == 0) wrapped = true;
    }
    EXPECT_TRUE(wrapped);
}

TEST(Blocks, of_the_circular_bootstrap_have_one_length) {
    const auto rows = draw(BlockScheme::kCircular, 7, 70, 3, 0);
    for (std::size_t i = 0; i < rows.size(); ++i)
        ASSERT_TRUE(i % 7 == 0 || rows[i] == (rows[i - 1] + 1) % 70) << i;
    EXPECT_GE(blocks_in(rows), 9U);
    EXPECT_EQ(blocks_in(draw(BlockScheme::kCircular, 1e6, 70, 3, 0)), 1U);  // at most all rows
}

TEST(Blocks, are_the_same_for_a_seed_and_independent_of_the_other_resamples) {
    const auto first = draw(BlockScheme::kStationary, 4, 50, 9, 3);
    EXPECT_EQ(first, draw(BlockScheme::kStationary, 4, 50, 9, 3));
    EXPECT_NE(first, draw(BlockScheme::kStationary, 4, 50, 9, 4));
    EXPECT_NE(first, draw(BlockScheme::kStationary, 4, 50, 10, 3));
    EXPECT_TRUE(draw(BlockScheme::kStationary, 4, 0, 9, 3).empty());
    EXPECT_THROW(draw(BlockScheme::kStationary, 0.5, 50, 9, 3), std::invalid_argument);
    EXPECT_THROW(draw(BlockScheme::kStationary, kNan, 50, 9, 3), std::invalid_argument);
}

// Of a first-order autoregression the optimum is known: (2 r / (1 - r^2))^(2/3) n^(1/3) for the
// stationary bootstrap, (3/2)^(1/3) times it for the circular one.
TEST(BlockLength, is_near_the_optimum_of_an_autoregression) {
    constexpr std::size_t kRows = 4'000;
    for (const double r : {0.2, 0.5, 0.8}) {
        const double optimum = std::pow(2 * r / (1 - r * r), 2.0 / 3) * std::cbrt(kRows);
        Numbers ratios;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const BlockLength length = optimal_block_length(autoregression(kRows, r, seed));
            ratios.push_back(length.stationary / optimum);
            ASSERT_NEAR(length.circular / length.stationary, std::cbrt(1.5), 1e-12);
        }
        EXPECT_NEAR(quantile(ratios, 0.5), 1, 0.25) << r;
    }
}

TEST(BlockLength, is_one_where_rows_do_not_know_each_other_and_bounded_where_they_do) {
    int ones = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        ones += optimal_block_length(autoregression(1'000, 0, seed)).stationary < 3 ? 1 : 0;
    EXPECT_GE(ones, 16);
    Numbers trend;
    for (int i = 0; i < 100; ++i) trend.push_back(i);
    EXPECT_GT(optimal_block_length(trend).stationary, 5);
    EXPECT_LE(optimal_block_length(trend).circular, 30);
    EXPECT_EQ(optimal_block_length({}).stationary, 1);
    EXPECT_EQ(optimal_block_length(Numbers(50, 0.1)).stationary, 1);
    EXPECT_EQ(optimal_block_length(Numbers{1, 2, 3}).circular, 1);
    Numbers alternating;
    for (int i = 0; i < 200; ++i) alternating.push_back(i % 2);
    EXPECT_TRUE(std::isfinite(optimal_block_length(alternating).stationary));
}

double sharpe_per_period(std::span<const double> returns) { return sharpe(returns, 1); }

// A 90 % interval that forgets that rows depend on each other covers far too seldom; with blocks it
// covers about as often as it says.
TEST(Bootstrap, intervals_cover_about_as_often_as_they_say) {
    constexpr std::uint64_t kSeries = 150;
    constexpr double kTruth = 0;  // the mean
    int covered = 0;
    int covered_without_blocks = 0;
    for (std::uint64_t seed = 1; seed <= kSeries; ++seed) {
        const Numbers series = autoregression(400, 0.5, seed);
        BootstrapPlan plan;
        plan.resamples = 300;
        plan.confidence = 0.9;
        plan.seed = seed;
        const Interval with = bootstrap(series, mean, plan);
        covered += with.lower <= kTruth && kTruth <= with.upper ? 1 : 0;
        plan.block_length = 1;
        const Interval without = bootstrap(series, mean, plan);
        covered_without_blocks += without.lower <= kTruth && kTruth <= without.upper ? 1 : 0;
        ASSERT_LT(without.upper - without.lower, with.upper - with.lower);
    }
    EXPECT_GT(covered, 0.8 * kSeries);
    EXPECT_LT(covered, 0.98 * kSeries);
    EXPECT_LT(covered_without_blocks, 0.78 * kSeries);
}

TEST(Bootstrap, of_independent_returns_agrees_with_the_textbook) {
    const Numbers series = autoregression(500, 0, 3);
    for (const BlockScheme scheme : {BlockScheme::kStationary, BlockScheme::kCircular}) {
        BootstrapPlan plan;
        plan.scheme = scheme;
        plan.block_length = 1;
        const Interval of_mean = bootstrap(series, mean, plan);
        EXPECT_EQ(of_mean.estimate, mean(series));
        EXPECT_NEAR(of_mean.standard_error / (deviation(series) / std::sqrt(500)), 1, 0.06);
        EXPECT_NEAR((of_mean.upper - of_mean.lower) / (2 * 1.96 * of_mean.standard_error), 1, 0.08);
        const Interval of_sharpe = bootstrap(series, sharpe_per_period, plan);
        EXPECT_NEAR(of_sharpe.standard_error * std::sqrt(500), 1, 0.06);
        EXPECT_EQ(of_sharpe.resamples, plan.resamples);
    }
}

TEST(Bootstrap, draws_the_rows_of_two_series_together) {
    const Numbers market = autoregression(300, 0, 1);
    Numbers own = autoregression(300, 0, 2);
    for (std::size_t i = 0; i < own.size(); ++i) own[i] = 0.8 * market[i] + 0.1 * own[i];
    const Interval beta = bootstrap(own, market,
                                    [](std::span<const double> a, std::span<const double> b) {
                                        return alpha_beta(a, b, 1).beta;
                                    },
                                    {});
    EXPECT_NEAR(beta.estimate, 0.8, 0.02);
    EXPECT_LT(beta.lower, beta.estimate);
    EXPECT_GT(beta.upper, beta.estimate);
    EXPECT_LT(beta.upper - beta.lower, 0.04);
    EXPECT_THROW(
        (void)bootstrap(own, std::span(market).first(5), [](auto, auto) { return 0.0; }, {}),
        std::invalid_argument);
}

TEST(Bootstrap, repeats_by_seed_and_refuses_plans_that_make_no_sense) {
    const Numbers series = autoregression(100, 0.3, 1);
    BootstrapPlan plan;
    plan.resamples = 100;
    const Interval first = bootstrap(series, mean, plan);
    EXPECT_EQ(first.lower, bootstrap(series, mean, plan).lower);
    plan.seed = 2;
    EXPECT_NE(first.lower, bootstrap(series, mean, plan).lower);
    EXPECT_TRUE(std::isnan(bootstrap({}, mean, plan).lower));
    plan.confidence = 1;
    EXPECT_THROW((void)bootstrap(series, mean, plan), std::invalid_argument);
    plan = {};
    plan.resamples = 0;
    EXPECT_THROW((void)bootstrap(series, mean, plan), std::invalid_argument);
    plan = {};
    plan.block_length = 0.5;
    EXPECT_THROW((void)bootstrap(series, mean, plan), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::tests
