// Indicators for which no published values are at hand, against their definitions.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include <sluice/pipeline/hot/indicators/adaptive_averages.hpp>
#include <sluice/pipeline/hot/indicators/correlation.hpp>
#include <sluice/pipeline/hot/indicators/cross_section.hpp>
#include <sluice/pipeline/hot/indicators/microstructure.hpp>
#include <sluice/pipeline/hot/indicators/returns.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>
#include <sluice/pipeline/hot/indicators/strength.hpp>
#include <sluice/pipeline/hot/indicators/volume.hpp>

#include "indicator_support.hpp"

namespace sluice::tests {
namespace {

using namespace pipeline::indicators;

std::vector<Observation> made(std::size_t length, std::uint64_t seed = 9) {
    MadeMarket market{seed};
    std::vector<Observation> out(length);
    for (Observation& now : out) now = market.next();
    return out;
}

TEST(RealisedVolatility, is_the_root_of_the_scaled_sum_of_squared_log_returns) {
    const auto series = made(300);
    RealisedVolatility volatility(20, 252);
    for (std::size_t i = 0; i < series.size(); ++i) {
        volatility.update(series[i].value);
        if (!volatility.ready()) continue;
        double sum = 0;
        for (std::size_t k = i - 19; k <= i; ++k)
            sum += std::pow(std::log(series[k].value / series[k - 1].value), 2);
        ASSERT_NEAR(volatility.value(), std::sqrt(252 * sum / 20), 1e-14);
    }
}

// Of these, squares are not whole and sums of them round.
TEST(Moments, are_nothing_where_a_window_does_not_move) {
    for (const double still : {187.23, 0.1, 7.1, 1e-7, 123456.789}) {
        StandardDeviation deviation(20);
        ZScore z(20);
        PearsonCorrelation both(20);
        PearsonCorrelation one(20);
        for (int i = 0; i < 100; ++i) {
            deviation.update(still);
            z.update(still);
            both.update({still, still});
            one.update({100.0 + i % 7, still});
            if (!deviation.ready()) continue;
            ASSERT_EQ(deviation.value(), 0.0) << still;
            ASSERT_EQ(z.value(), 0.0) << still;
            ASSERT_EQ(both.value(), 0.0) << still;
            ASSERT_EQ(both.slope(), 0.0) << still;
            ASSERT_EQ(one.value(), 0.0) << still;
            ASSERT_EQ(one.slope(), 0.0) << still;
        }
    }
}
TEST(Moments, see_moves_far_below_a_tick) {
    constexpr double kMoved = 187.23 + 1e-10;
    StandardDeviation deviation(20);
    for (int i = 0; i < 40; ++i) deviation.update(i % 2 == 0 ? 187.23 : kMoved);
    EXPECT_NEAR(deviation.value(), (kMoved - 187.23) / 2, 1e-15);
}

TEST(ZScore, is_the_distance_from_the_mean_in_deviations_of_either_kind) {
    ZScore population(4);
    ZScore sample(4, Deviation::kSample);
    for (const double value : {2.0, 4.0, 4.0, 10.0}) {
        population.update(value);
        sample.update(value);
    }
    EXPECT_DOUBLE_EQ(population.mean(), 5.0);
    EXPECT_DOUBLE_EQ(population.deviation(), 3.0);
    EXPECT_DOUBLE_EQ(population.value(), 5.0 / 3.0);
    EXPECT_DOUBLE_EQ(sample.deviation(), std::sqrt(12.0));
}

TEST(CrossSection, scores_the_instruments_that_have_a_value) {
    const double none = std::nan("");
    const std::array<double, 6> values{2, none, 4, 4, none, 10};
    std::array<double, 6> scores{};
    EXPECT_EQ(cross_sectional_z_scores(values, scores), 4U);
    EXPECT_DOUBLE_EQ(scores[0], -1.0);
    EXPECT_TRUE(std::isnan(scores[1]) && std::isnan(scores[4]));
    EXPECT_DOUBLE_EQ(scores[5], 5.0 / 3.0);
}
TEST(CrossSection, of_equal_or_no_values_has_no_scores) {
    const std::array<double, 3> equal{0.1, 0.1, 0.1};
    const std::array<double, 1> none{std::nan("")};
    std::array<double, 3> scores{};
    EXPECT_EQ(cross_sectional_z_scores(equal, scores), 3U);
    EXPECT_EQ(scores, (std::array<double, 3>{0, 0, 0}));
    EXPECT_EQ(cross_sectional_z_scores(none, scores), 0U);
    EXPECT_TRUE(std::isnan(scores[0]));
    EXPECT_EQ(cross_sectional_z_scores({}, scores), 0U);
}

// The four terms of the paper, each alone.
TEST(OrderFlowImbalance, counts_each_side_as_the_paper_does) {
    const BookTop before{100, 5, 101, 7};
    const auto flow = [&](const BookTop& now) { return OrderFlowImbalance::flow(before, now); };
    EXPECT_EQ(flow(before), 0) << "nothing changed";
    EXPECT_EQ(flow({100, 8, 101, 7}), 3) << "the bid grew";
    EXPECT_EQ(flow({100.5, 2, 101, 7}), 2) << "a better bid";
    EXPECT_EQ(flow({99, 9, 101, 7}), -5) << "the bid was taken away";
    EXPECT_EQ(flow({100, 5, 101, 4}), 3) << "the offer shrank";
    EXPECT_EQ(flow({100, 5, 100.5, 4}), -4) << "a better offer";
    EXPECT_EQ(flow({100, 5, 102, 4}), 7) << "the offer was taken away";
}
TEST(OrderFlowImbalance, sums_the_last_changes) {
    const auto series = made(200);
    OrderFlowImbalance imbalance(10);
    for (std::size_t i = 0; i < series.size(); ++i) {
        imbalance.update(series[i].top);
        if (!imbalance.ready()) continue;
        double sum = 0;
        for (std::size_t k = i - 9; k <= i; ++k)
            sum += OrderFlowImbalance::flow(series[k - 1].top, series[k].top);
        ASSERT_DOUBLE_EQ(imbalance.value(), sum);
    }
}

TEST(Microprice, leans_to_the_side_that_is_about_to_give_way) {
    Microprice price;
    price.update({100, 30, 101, 10});
    EXPECT_DOUBLE_EQ(price.value(), 100.75);
    EXPECT_DOUBLE_EQ(price.middle(), 100.5);
    EXPECT_DOUBLE_EQ(price.imbalance(), 0.5);
    price.update({100, 0, 101, 0});
    EXPECT_DOUBLE_EQ(price.value(), 100.5);
    EXPECT_DOUBLE_EQ(price.imbalance(), 0);
}
TEST(Spread, is_given_in_price_and_in_basis_points) {
    Spread spread;
    spread.update({99.5, 1, 100.5, 1});
    EXPECT_DOUBLE_EQ(spread.value(), 1.0);
    EXPECT_DOUBLE_EQ(spread.basis_points(), 100.0);
    spread.update({101, 1, 100, 1});
    EXPECT_DOUBLE_EQ(spread.value(), -1.0) << "a crossed book";
}

TEST(Vidya, moves_by_the_share_of_its_momentum) {
    Vidya average(9, 3);
    for (const double value : {10.0, 11.0, 10.0, 12.0}) average.update(value);
    // Changes +1 -1 +2: momentum 2 / 4; weight 2 / 10; from 10 towards 12.
    EXPECT_DOUBLE_EQ(average.value(), 10 + 0.2 * 0.5 * 2);
    average.update(11);  // changes -1 +2 -1: momentum 0
    EXPECT_DOUBLE_EQ(average.value(), 10.2);
}

TEST(Cmo, of_plain_sums_is_the_net_of_the_changes) {
    Cmo oscillator(3);
    for (const double value : {10.0, 11.0, 10.0, 12.0}) oscillator.update(value);
    EXPECT_DOUBLE_EQ(oscillator.value(), 50.0);
}

TEST(StochasticRsi, is_the_place_of_the_rsi_in_its_window) {
    const auto series = made(400);
    Rsi rsi(14);
    StochasticRsi stochastic(14, 10, 1, 1);
    std::vector<double> past;
    for (const Observation& now : series) {
        rsi.update(now.value);
        stochastic.update(now.value);
        if (rsi.ready()) past.push_back(rsi.value());
        if (!stochastic.ready()) continue;
        const auto [low, high] = std::minmax_element(past.end() - 10, past.end());
        ASSERT_NEAR(stochastic.value(), 100 * (past.back() - *low) / (*high - *low), 1e-12);
    }
    EXPECT_TRUE(stochastic.ready());
}

TEST(ChaikinOscillator, is_the_gap_of_two_averages_of_the_line) {
    const auto series = made(200);
    for (const Seed seed : {Seed::kMean, Seed::kFirst}) {
        ChaikinOscillator oscillator(3, 10, seed);
        AccumulationDistribution line;
        Ema fast(3, seed);
        Ema slow(10, seed);
        for (const Observation& now : series) {
            oscillator.update(now.candle);
            line.update(now.candle);
            fast.update(line.value());
            slow.update(line.value());
            ASSERT_EQ(oscillator.ready(), slow.ready());
            if (slow.ready()) {
                ASSERT_EQ(oscillator.value(), fast.value() - slow.value());
            }
        }
    }
}

double pearson(const std::vector<double>& a, const std::vector<double>& b) {
    const double n = static_cast<double>(a.size());
    const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
    const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
    double both = 0;
    double square_a = 0;
    double square_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        both += (a[i] - mean_a) * (b[i] - mean_b);
        square_a += (a[i] - mean_a) * (a[i] - mean_a);
        square_b += (b[i] - mean_b) * (b[i] - mean_b);
    }
    return both / std::sqrt(square_a * square_b);
}
std::vector<double> ranks(const std::vector<double>& values) {
    std::vector<double> out;
    for (const double value : values) {
        double rank = 0.5;
        for (const double other : values) rank += other < value ? 1 : other == value ? 0.5 : 0;
        out.push_back(rank);
    }
    return out;
}

TEST(Correlations, are_those_of_the_window_and_of_its_ranks_ties_included) {
    MadeMarket market{12};
    PearsonCorrelation plain(30);
    SpearmanCorrelation ranked(30);
    std::vector<double> a;
    std::vector<double> b;
    for (int i = 0; i < 2'000; ++i) {
        const Observation now = market.next();
        // Rounded, so that values repeat.
        const Pair pair{std::round(now.value), std::round(now.reference * 2) / 2};
        plain.update(pair);
        ranked.update(pair);
        a.push_back(pair.value);
        b.push_back(pair.reference);
        if (a.size() < 30) continue;
        const std::vector<double> last_a(a.end() - 30, a.end());
        const std::vector<double> last_b(b.end() - 30, b.end());
        if (std::isnan(pearson(last_a, last_b))) continue;
        ASSERT_NEAR(plain.value(), pearson(last_a, last_b), 1e-9);
        ASSERT_NEAR(ranked.value(), pearson(ranks(last_a), ranks(last_b)), 1e-12);
    }
}

TEST(Correlations, of_a_line_are_one_and_know_its_slope) {
    PearsonCorrelation plain(10);
    SpearmanCorrelation ranked(10);
    for (int i = 0; i < 40; ++i) {
        const double x = i * i % 17;
        plain.update({3 - 2 * x, x});
        ranked.update({3 - 2 * x, x});
    }
    EXPECT_DOUBLE_EQ(plain.value(), -1.0);
    EXPECT_DOUBLE_EQ(plain.slope(), -2.0);
    EXPECT_DOUBLE_EQ(ranked.value(), -1.0);
}

TEST(Obv, begins_where_it_is_told_to) {
    Obv counted;
    Obv zero(ObvStart::kZero);
    for (const Candle& bar : {Candle{1, 1, 1, 1, 100}, Candle{1, 2, 1, 2, 30},
                              Candle{2, 2, 1, 1, 50}, Candle{1, 1, 1, 1, 999}}) {
        counted.update(bar);
        zero.update(bar);
    }
    EXPECT_EQ(counted.value(), 80);
    EXPECT_EQ(zero.value(), -20);
}

}  // namespace
}  // namespace sluice::tests
