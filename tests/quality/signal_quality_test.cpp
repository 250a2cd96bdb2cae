// Rank correlation against published numbers, and the quality of signals against numbers by hand.
#include <sluice/pipeline/signal_quality.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/statistics/rank_correlation.hpp>

namespace sluice::tests {
namespace {

using pipeline::QualityRecord;
using pipeline::SignalQuality;
using pipeline::statistics::rank_correlation;
using pipeline::statistics::ranks;

TEST(Ranks, are_shared_by_equal_values) {
    EXPECT_EQ(ranks(std::vector{30.0, 10.0, 20.0}), (std::vector{3.0, 1.0, 2.0}));
    EXPECT_EQ(ranks(std::vector{7.0, 7.0, 1.0, 7.0, 9.0}), (std::vector{3.0, 3.0, 1.0, 3.0, 5.0}));
    EXPECT_TRUE(ranks(std::vector<double>{}).empty());
}

// 1 - 6 sum d^2 / (n (n^2 - 1)) holds without ties: the differences of these ten ranks squared sum to
// 194, so rho is 1 - 1164/990 = -29/165.
TEST(RankCorrelation, is_that_of_spearmans_formula_without_ties) {
    const std::vector<double> a{106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
    const std::vector<double> b{7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
    EXPECT_NEAR(rank_correlation(a, b), -29.0 / 165.0, 1e-15);
}

// Ranks 1.5 1.5 3 4 against 1 2.5 2.5 4: Pearson's r of them is 3.75 / 4.5.
TEST(RankCorrelation, is_pearsons_of_the_shared_ranks_with_ties) {
    EXPECT_NEAR(rank_correlation(std::vector{1.0, 1.0, 2.0, 3.0}, std::vector{1.0, 5.0, 5.0, 9.0}),
                3.75 / 4.5, 1e-15);
}

TEST(RankCorrelation, asks_for_the_order_only) {
    core::Random random(1, 2, 3);
    std::vector<double> a;
    std::vector<double> cubed;
    std::vector<double> b;
    for (int i = 0; i < 500; ++i) {
        a.push_back(random.uniform() - 0.5);
        cubed.push_back(a.back() * a.back() * a.back());
        b.push_back(a.back() + random.uniform());
    }
    EXPECT_EQ(rank_correlation(a, b), rank_correlation(cubed, b));
    EXPECT_DOUBLE_EQ(rank_correlation(a, cubed), 1.0);
    EXPECT_NEAR(rank_correlation(a, b), rank_correlation(b, a), 1e-15);
}

TEST(RankCorrelation, is_none_where_nothing_varies_and_refuses_two_lengths) {
    EXPECT_TRUE(std::isnan(rank_correlation(std::vector{1.0, 1.0}, std::vector{1.0, 2.0})));
    EXPECT_TRUE(std::isnan(rank_correlation(std::vector{1.0}, std::vector{1.0})));
    EXPECT_THROW((void)rank_correlation(std::vector{1.0}, std::vector{1.0, 2.0}),
                 std::invalid_argument);
}

constexpr std::array<std::size_t, 2> kTwo{1, 2};

// Strengths 1 -1 0.5 0 1 over closes 100 101 100 102 103.
//   one bar ahead    ranks 4 1 3 2 against 3 1 4 2: rho = 1 - 6 * 2 / (4 * 15) = 0.8
//   two bars ahead   1 -1 0.5 against 0, 1/101, 3/100: ranks 3 1 2 and 1 2 3: 1 - 6 * 6 / (3 * 8) = -0.5
//   half of 0.8      on the line between them: 1 + 0.4 / 1.3
//   changes          2 + 1.5 + 0.5 + 1 = 5 in four bars
//   gross            1/100 + 1/101 + 0.5 * 2/100
TEST(SignalQuality, is_what_it_is_by_hand) {
    SignalQuality quality(2, 3, kTwo);
    const std::vector<double> strengths{1, -1, 0.5, 0, 1};
    const std::vector<double> closes{100, 101, 100, 102, 103};
    for (std::size_t i = 0; i < closes.size(); ++i) quality.observe(1, 2, strengths[i], closes[i]);
    quality.traded(2, 8'000, 5);
    quality.traded(2, 2'000, 0);
    quality.traded(0, 1, 1);
    const auto records = quality.records();
    ASSERT_EQ(records.size(), 1U) << "cells that saw nothing have no record";
    const QualityRecord& record = records[0];
    EXPECT_EQ(record.strategy, 1U);
    EXPECT_EQ(record.instrument, 2U);
    EXPECT_EQ(record.bars, 5U);
    EXPECT_EQ(record.decided, 3U);
    EXPECT_EQ(record.hits, 3U);
    EXPECT_EQ(record.hit_rate(), 1.0);
    ASSERT_EQ(record.points.size(), 2U);
    EXPECT_EQ(record.points[0].pairs, 4U);
    EXPECT_NEAR(record.points[0].information, 0.8, 1e-12);
    EXPECT_EQ(record.points[1].pairs, 3U);
    EXPECT_NEAR(record.points[1].information, -0.5, 1e-12);
    EXPECT_NEAR(record.half_life, 1 + 0.4 / 1.3, 1e-12);
    EXPECT_NEAR(record.turnover, 1.25, 1e-12);
    const double gross = 0.01 + 1.0 / 101 + 0.01;
    EXPECT_NEAR(record.gross, gross, 1e-12);
    EXPECT_NEAR(record.cost, 5 * 0.0005, 1e-15);
    EXPECT_NEAR(record.cost_share(), 0.0025 / gross, 1e-12);
}

TEST(SignalQuality, has_no_half_life_nor_cost_share_where_there_is_nothing_to_halve_or_to_share) {
    SignalQuality quality(1, 1, kTwo);
    const std::vector<double> closes{100, 101, 100, 102, 103};
    const std::vector<double> strengths{-1, 1, -0.5, -0.2, 0};  // wrong every time
    for (std::size_t i = 0; i < closes.size(); ++i) quality.observe(0, 0, strengths[i], closes[i]);
    const QualityRecord record = quality.records().at(0);
    EXPECT_LT(record.points[0].information, 0);
    EXPECT_TRUE(std::isnan(record.half_life));
    EXPECT_LT(record.gross, 0);
    EXPECT_TRUE(std::isnan(record.cost_share()));
    EXPECT_EQ(record.hit_rate(), 0.0);
}

TEST(SignalQuality, says_of_a_strength_that_never_varies_that_there_is_no_coefficient) {
    SignalQuality quality(1, 1, kTwo);
    for (int i = 0; i < 10; ++i) quality.observe(0, 0, 0.0, 100 + i % 3);
    const QualityRecord record = quality.records().at(0);
    EXPECT_TRUE(std::isnan(record.points[0].information));
    EXPECT_TRUE(std::isnan(record.hit_rate()));
    EXPECT_EQ(record.turnover, 0.0);
}

// A strength of 50 r1 + 20 r2 + 10 r4 in independent returns: its correlation with the sum of the next n
// is what it knows of them over sqrt(3000 n): 50, 80, 80, 80 for n = 1, 5, 20, 60. Ranks of two nearly
// normal series say nearly the same. Half of the first is reached between 5 and 20.
TEST(SignalQuality, finds_how_far_ahead_a_signal_sees) {
    constexpr std::array<std::size_t, 4> kFour{1, 5, 20, 60};
    SignalQuality quality(1, 1, kFour);
    core::Random random(5, 0, 0);
    std::vector<double> returns(4'000);
    for (double& r : returns) r = static_cast<double>(random.bell()) / 2'000;
    double close = 100;
    for (std::size_t i = 0; i + 6 < returns.size(); ++i) {
        close *= 1 + returns[i];
        quality.observe(0, 0, returns[i + 1] * 50 + returns[i + 2] * 20 + returns[i + 4] * 10,
                        close);
    }
    const QualityRecord record = quality.records().at(0);
    EXPECT_NEAR(record.points[0].information, 50 / std::sqrt(3'000.0), 0.03);
    EXPECT_NEAR(record.points[1].information, 80 / std::sqrt(15'000.0), 0.05);
    EXPECT_NEAR(record.points[2].information, 80 / std::sqrt(60'000.0), 0.08);
    EXPECT_NEAR(record.points[3].information, 80 / std::sqrt(180'000.0), 0.12);
    EXPECT_GT(record.half_life, 5);
    EXPECT_LT(record.half_life, 20);
    EXPECT_GT(record.hit_rate(), 0.8);
}

// What is kept of a long run is spread over all of it: its coefficient is near that of every pair.
TEST(SignalQuality, keeps_a_bounded_number_of_pairs_spread_over_the_run) {
    constexpr std::array<std::size_t, 1> kOne{1};
    SignalQuality bounded(1, 1, kOne, 1'000);
    ASSERT_EQ(bounded.pairs_kept_at_most(), 1'000U);
    core::Random random(6, 0, 0);
    std::vector<double> strengths;
    std::vector<double> forward;
    double close = 100;
    double strength = 0;
    for (int i = 0; i < 100'000; ++i) {
        const double moved = (strength * 0.5 + random.uniform() - 0.5) / 1'000;
        if (i != 0) {
            strengths.push_back(strength);
            forward.push_back(moved);
        }
        close *= 1 + moved;
        strength = random.uniform() - 0.5;
        bounded.observe(0, 0, strength, close);
    }
    const QualityRecord record = bounded.records().at(0);
    EXPECT_EQ(record.points[0].pairs, 99'999U);
    EXPECT_NEAR(record.points[0].information, rank_correlation(strengths, forward), 0.1);
    EXPECT_EQ(record.bars, 100'000U);
}

TEST(SignalQuality, shares_its_bound_among_all_it_watches_and_refuses_horizons_out_of_order) {
    constexpr std::array<std::size_t, 2> kWrong{5, 5};
    constexpr std::array<std::size_t, 1> kZero{0};
    EXPECT_EQ(SignalQuality(10, 10, kTwo, 100'000).pairs_kept_at_most(), 500U);
    EXPECT_EQ(SignalQuality(16, 1'024, kTwo, 1'000).pairs_kept_at_most(), 64U);
    EXPECT_THROW(SignalQuality(1, 1, kWrong), std::invalid_argument);
    EXPECT_THROW(SignalQuality(1, 1, kZero), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::tests
