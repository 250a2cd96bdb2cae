// The statistics' values worked out by hand, their conventions at the edges, and what must hold for
// any series.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/drawdown.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/normal.hpp>
#include <sluice/pipeline/statistics/ratios.hpp>
#include <sluice/pipeline/statistics/regression.hpp>
#include <sluice/pipeline/statistics/returns.hpp>
#include <sluice/pipeline/statistics/sum.hpp>
#include <sluice/pipeline/statistics/tail.hpp>
#include <sluice/pipeline/statistics/trades.hpp>

#include "support.hpp"

namespace sluice::tests {
namespace {

using namespace pipeline::statistics;

TEST(Quantile, lies_between_equal_infinities_where_they_are) {
    const std::vector<double> sorted{1, 2, kInfinity, kInfinity};
    EXPECT_EQ(quantile_sorted(sorted, 0.9), kInfinity);
    EXPECT_EQ(quantile_sorted(sorted, 0.5), kInfinity);
    EXPECT_DOUBLE_EQ(quantile_sorted(sorted, 0.1), 1.3);
}

TEST(Sum, loses_nothing_to_rounding) {
    Sum sum;
    for (const double value : {1.0, 1e100, 1.0, -1e100}) sum.add(value);
    EXPECT_EQ(sum.value(), 2);
    Sum tenths;
    for (int i = 0; i < 1'000'000; ++i) tenths.add(0.1);
    EXPECT_DOUBLE_EQ(tenths.value(), 100'000);
    Sum infinite;
    infinite.add(kInfinity);
    infinite.add(1);
    EXPECT_EQ(infinite.value(), kInfinity);
}

TEST(Normal, has_the_tabulated_values) {
    EXPECT_DOUBLE_EQ(normal_cdf(0), 0.5);
    EXPECT_NEAR(normal_cdf(1.959963984540054), 0.975, 1e-15);
    EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
    EXPECT_NEAR(normal_quantile(0.95), 1.6448536269514722, 1e-14);
    EXPECT_NEAR(normal_quantile(0.99), 2.3263478740408408, 1e-14);
    EXPECT_NEAR(normal_quantile(1e-10), -6.361340902404056, 1e-13);
    EXPECT_NEAR(normal_quantile(1e-300), -37.0471, 1e-3);
    EXPECT_EQ(normal_quantile(0.5), 0);
    EXPECT_EQ(normal_quantile(0), -kInfinity);
    EXPECT_EQ(normal_quantile(1), kInfinity);
    EXPECT_TRUE(std::isnan(normal_quantile(-0.1)));
    EXPECT_TRUE(std::isnan(normal_quantile(kNan)));
    EXPECT_NEAR(normal_density(0), 0.3989422804014327, 1e-16);
}

RC_GTEST_PROP(Normal, quantile_inverts_the_distribution, ()) {
    const double share = std::pow(10, -*rc::gen::inRange(1, 3'000) / 10.0) * 0.49;
    RC_ASSERT(std::abs(normal_cdf(normal_quantile(share)) / share - 1) < 1e-11);
    RC_ASSERT(normal_quantile(1 - share) == -normal_quantile(1 - (1 - share)));
}

TEST(Moments, are_those_worked_out_by_hand) {
    const Numbers values{2, kNan, 4, 4, 4, 5, 5, 7, 9};
    EXPECT_EQ(count(values), 8U);
    EXPECT_EQ(mean(values), 5);
    EXPECT_DOUBLE_EQ(variance(values, 0), 4);
    EXPECT_DOUBLE_EQ(variance(values), 32.0 / 7);
    const Moments all = moments(values);
    EXPECT_DOUBLE_EQ(all.deviation, std::sqrt(32.0 / 7));
    EXPECT_DOUBLE_EQ(all.skewness, 42.0 / 8 / 8);
    EXPECT_DOUBLE_EQ(all.kurtosis, 356.0 / 8 / 16);
}

TEST(Moments, of_values_all_equal_have_no_deviation_whatever_the_rounding) {
    for (const double value : {0.1, 0.01, 1e-300, 1e300, -0.3}) {
        const Numbers flat(9, value);
        EXPECT_EQ(mean(flat), value);
        EXPECT_EQ(deviation(flat), 0);
        EXPECT_TRUE(std::isnan(moments(flat).skewness));
        EXPECT_TRUE(std::isnan(moments(flat).kurtosis));
        EXPECT_EQ(sharpe(flat, kDailyPeriods), std::copysign(kInfinity, value));
    }
}

TEST(Quantile, interpolates_between_order_statistics) {
    const Numbers values{3, 1, kNan, 2, 4};
    EXPECT_EQ(quantile(values, 0), 1);
    EXPECT_EQ(quantile(values, 1), 4);
    EXPECT_EQ(quantile(values, 0.5), 2.5);
    EXPECT_DOUBLE_EQ(quantile(values, 0.1), 1.3);
    EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
    EXPECT_THROW((void)quantile(values, 1.1), std::invalid_argument);
    EXPECT_THROW((void)quantile(values, kNan), std::invalid_argument);
}

TEST(Autocorrelation, is_that_worked_out_by_hand) {
    const Numbers values{1, 2, 3, 4};  // off the mean: -1.5 -0.5 0.5 1.5
    EXPECT_DOUBLE_EQ(autocorrelation(values, 1), (0.75 - 0.25 + 0.75) / 5);
    EXPECT_DOUBLE_EQ(autocorrelation(values, 2), (-0.75 - 0.75) / 5);
    EXPECT_TRUE(std::isnan(autocorrelation(values, 3)));
    EXPECT_TRUE(std::isnan(autocorrelation(Numbers(5, 0.1), 1)));
}

TEST(Returns, are_between_prices_and_back) {
    const Numbers prices{100, 110, 99, kNan, 50, 0, 10};
    const Numbers simple = simple_returns(prices);
    ASSERT_EQ(simple.size(), 6U);
    EXPECT_NEAR(simple[0], 0.1, 1e-15);
    EXPECT_NEAR(simple[1], -0.1, 1e-15);
    EXPECT_TRUE(std::isnan(simple[2]));
    EXPECT_TRUE(std::isnan(simple[3]));
    EXPECT_EQ(simple[4], -1);
    EXPECT_TRUE(std::isnan(simple[5]));
    const Numbers logs = log_returns(prices);
    EXPECT_DOUBLE_EQ(logs[0], std::log(1.1));
    EXPECT_TRUE(std::isnan(logs[4]));
    const Numbers back = to_simple(to_log(simple));
    EXPECT_DOUBLE_EQ(back[1], simple[1]);
    EXPECT_EQ(back[4], -1);
    EXPECT_TRUE(simple_returns({}).empty());
    EXPECT_TRUE(simple_returns(Numbers{1}).empty());
    EXPECT_THROW((void)excess(simple, Numbers(5)), std::invalid_argument);
}

TEST(Returns, of_a_year_count_every_period) {
    EXPECT_NEAR(annual_return(Numbers(12, 0.01), kMonthlyPeriods), std::pow(1.01, 12) - 1, 1e-14);
    EXPECT_NEAR(annual_return(Numbers{0.21, kNan}, 1), 0.1, 1e-15);  // two years
    EXPECT_EQ(annual_return(Numbers{0.1, -1.5}, kDailyPeriods), -1);
    EXPECT_DOUBLE_EQ(annual_mean(Numbers{0.01, kNan, 0.03}, 12), 0.24);
    EXPECT_EQ(intraday_periods(252, 23'400, 60), 98'280);
}

TEST(Conventions, nothing_is_said_of_nothing_nor_of_one_value) {
    const Numbers none;
    const Numbers holes{kNan, kNan, kNan};
    const Numbers one{0.01};
    for (const Numbers& rows : {none, holes, one}) {
        for (const double value :
             {annual_volatility(rows, 252), sharpe(rows, 252), sortino(rows, 252), omega(rows, 252),
              deviation(rows), calmar(rows, 252), recovery_factor(rows), gain_to_pain(rows),
              stability(rows), information_ratio(rows, rows), correlation(rows, rows),
              alpha_beta(rows, rows, 252).alpha, alpha_beta(rows, rows, 252).beta,
              value_at_risk_normal(rows), autocorrelation(rows, 1)})
            EXPECT_TRUE(std::isnan(value)) << value;
    }
    for (const Numbers& rows : {none, holes}) {
        for (const double value :
             {mean(rows), quantile(rows, 0.5), downside_risk(rows, 252), value_at_risk(rows),
              expected_shortfall(rows), tail_ratio(rows), trade_statistics(rows).win_rate,
              trade_statistics(rows).expectancy, trade_statistics(rows).profit_factor,
              annual_turnover(rows, rows, 252), exposure(rows, rows).gross})
            EXPECT_TRUE(std::isnan(value)) << value;
    }
    EXPECT_TRUE(std::isnan(annual_return(none, 252)));
    EXPECT_TRUE(std::isnan(max_drawdown(none)));
    EXPECT_EQ(max_drawdown(one), 0);
    EXPECT_TRUE(cumulative_returns(none).empty());
    EXPECT_EQ(deepest_drawdown(none).length, 0U);
    EXPECT_EQ(longest_drawdown(none), 0U);
}

TEST(Conventions, a_ratio_over_zero_is_infinite_or_unknown) {
    EXPECT_EQ(ratio(1, 0), kInfinity);
    EXPECT_EQ(ratio(-1, 0), -kInfinity);
    EXPECT_TRUE(std::isnan(ratio(0, 0)));
    EXPECT_TRUE(std::isnan(ratio(kNan, 0)));
    EXPECT_TRUE(std::isnan(sharpe(Numbers(5), 252)));
    EXPECT_TRUE(std::isnan(sortino(Numbers(5), 252)));
    EXPECT_TRUE(std::isnan(alpha_beta(Numbers{1, 2}, Numbers{3, 3}, 1).beta));
}

TEST(Drawdown, knows_its_peak_trough_recovery_and_length) {
    // The curve: 1, 1.1, 0.99, 1.188, 0.594, 0.8910, 1.188, 1.3068
    const Numbers returns{0.1, -0.1, 0.2, -0.5, 0.5, 1.0 / 3, 0.1};
    const Drawdown deepest = deepest_drawdown(returns);
    EXPECT_DOUBLE_EQ(deepest.depth, -0.5);
    EXPECT_EQ(deepest.peak, 3U);
    EXPECT_EQ(deepest.trough, 4U);
    ASSERT_TRUE(deepest.recovery.has_value());
    EXPECT_GE(*deepest.recovery, 6U);
    EXPECT_EQ(deepest.length, *deepest.recovery - 3);
    EXPECT_EQ(longest_drawdown(returns), deepest.length);
    EXPECT_DOUBLE_EQ(drawdowns(returns)[1], -0.1);

    const Numbers falling{-0.1, -0.1, 0.05};  // from the start, without an end
    EXPECT_EQ(deepest_drawdown(falling).peak, 0U);
    EXPECT_EQ(deepest_drawdown(falling).trough, 2U);
    EXPECT_FALSE(deepest_drawdown(falling).recovery.has_value());
    EXPECT_EQ(deepest_drawdown(falling).length, 3U);
    EXPECT_EQ(longest_drawdown(falling), 3U);

    const Numbers ruin{0.1, -1, 0.5};
    EXPECT_EQ(max_drawdown(ruin), -1);
    EXPECT_DOUBLE_EQ(mean_drawdown(Numbers{-0.1, 0}), -0.1);
    EXPECT_DOUBLE_EQ(ulcer_index(Numbers{0, -0.5}), std::sqrt(0.125));
    EXPECT_DOUBLE_EQ(recovery_factor(Numbers{-0.5, 2}), 1);
}

TEST(Ratios, are_those_worked_out_by_hand) {
    const Numbers returns{0.03, -0.01, 0.02, -0.02, 0.03};
    EXPECT_DOUBLE_EQ(downside_risk(returns, 1), std::sqrt(0.0005 / 5));
    EXPECT_DOUBLE_EQ(sortino(returns, 4), 0.01 / std::sqrt(0.0001) * 2);
    EXPECT_NEAR(omega(returns, 252), 0.08 / 0.03, 1e-12);
    EXPECT_NEAR(gain_to_pain(returns), 0.05 / 0.03, 1e-12);
    EXPECT_NEAR(sharpe(returns, 1, 0.01), 0, 1e-15);
}

TEST(Regression, finds_the_line_it_was_drawn_from) {
    const Numbers market{0.02, -0.01, kNan, 0.03, -0.02, 0.01};
    Numbers own;
    for (const double m : market) own.push_back(0.001 + 1.5 * m);
    own.back() = kNan;
    const AlphaBeta line = alpha_beta(own, market, 12);
    EXPECT_NEAR(line.beta, 1.5, 1e-13);
    EXPECT_NEAR(line.alpha, std::pow(1.001, 12) - 1, 1e-13);
    EXPECT_NEAR(correlation(own, market), 1, 1e-13);
    for (const Market part : {Market::kUp, Market::kDown})
        EXPECT_NEAR(alpha_beta(own, market, 12, 0, part).beta, 1.5, 1e-12);

    // Twice the market's rises, half its falls.
    const Numbers index{0.01, -0.02, 0.03, -0.01};
    const Numbers fund{0.02, -0.01, 0.06, -0.005};
    EXPECT_NEAR(alpha_beta(fund, index, 1, 0, Market::kUp).beta, 2, 1e-12);
    EXPECT_NEAR(alpha_beta(fund, index, 1, 0, Market::kDown).beta, 0.5, 1e-12);
    const double up = capture(fund, index, 1, Market::kUp);
    const double down = capture(fund, index, 1, Market::kDown);
    EXPECT_NEAR(up, (std::sqrt(1.02 * 1.06) - 1) / (std::sqrt(1.01 * 1.03) - 1), 1e-12);
    EXPECT_NEAR(up_down_capture(fund, index, 1), up / down, 1e-12);
    EXPECT_EQ(capture(index, index, 252), 1);
    EXPECT_TRUE(std::isnan(capture(Numbers{0.1}, Numbers{0.1}, 1, Market::kDown)));
    EXPECT_THROW((void)alpha_beta(fund, market, 1), std::invalid_argument);
}

TEST(Stability, is_one_for_a_straight_climb) {
    EXPECT_NEAR(stability(Numbers(20, 0.01)), 1, 1e-12);
    EXPECT_NEAR(stability(Numbers(20, -0.01)), 1, 1e-12);
    EXPECT_TRUE(std::isnan(stability(Numbers(20))));
    EXPECT_LT(stability(Numbers{0.1, -0.1, 0.1, -0.1, 0.1, -0.1}), 0.5);
}

TEST(Tail, takes_the_lowest_returns) {
    Numbers returns(100);
    std::iota(returns.begin(), returns.end(), -50);  // -50 .. 49
    EXPECT_NEAR(value_at_risk(returns), -45.05, 1e-12);
    EXPECT_EQ(expected_shortfall(returns), -48);  // of -50 .. -46
    EXPECT_NEAR(tail_ratio(returns), 44.05 / 45.05, 1e-12);
    EXPECT_THROW((void)value_at_risk(returns, 0), std::invalid_argument);
    EXPECT_THROW((void)expected_shortfall(returns, 1), std::invalid_argument);
    const double spread = deviation(returns);
    EXPECT_NEAR(value_at_risk_normal(returns), -0.5 - 1.6448536269514722 * spread, 1e-10);
    EXPECT_NEAR(expected_shortfall_normal(returns), -0.5 - 2.0627128075074255 * spread, 1e-10);
}

TEST(Tail, modified_value_at_risk_bends_with_skewness) {
    const Numbers symmetric{-2, -1, 0, 1, 2};
    const Numbers falls{-6, 1, 1, 1, 1, 1, 1};
    const Moments all = moments(symmetric);
    const double z = normal_quantile(0.05);
    EXPECT_NEAR(value_at_risk_modified(symmetric),
                all.deviation * (z + (z * z * z - 3 * z) * (all.kurtosis - 3) / 24), 1e-12);
    EXPECT_LT(value_at_risk_modified(falls), value_at_risk_normal(falls));
}

TEST(Trades, are_counted_and_summed) {
    const Numbers results{100, 50, -40, 0, -60, -20, kNan, 70};
    const TradeStatistics t = trade_statistics(results);
    EXPECT_EQ(t.trades, 7U);
    EXPECT_EQ(t.won, 3U);
    EXPECT_EQ(t.lost, 3U);
    EXPECT_EQ(t.longest_winning, 2U);
    EXPECT_EQ(t.longest_losing, 2U);
    EXPECT_DOUBLE_EQ(t.win_rate, 3.0 / 7);
    EXPECT_DOUBLE_EQ(t.average_win, 220.0 / 3);
    EXPECT_EQ(t.average_loss, -40);
    EXPECT_DOUBLE_EQ(t.payoff, 220.0 / 120);
    EXPECT_DOUBLE_EQ(t.profit_factor, 220.0 / 120);
    EXPECT_DOUBLE_EQ(t.expectancy, 100.0 / 7);
    EXPECT_EQ(t.largest_win, 100);
    EXPECT_EQ(t.largest_loss, -60);
    EXPECT_DOUBLE_EQ(t.quality, std::sqrt(7) * mean(results) / deviation(results));
    const TradeStatistics all_won = trade_statistics(Numbers{1, 2});
    EXPECT_EQ(all_won.profit_factor, kInfinity);
    EXPECT_TRUE(std::isnan(all_won.average_loss));
    EXPECT_TRUE(std::isnan(all_won.payoff));
    EXPECT_TRUE(std::isnan(all_won.largest_loss));
}

TEST(Trades, turnover_and_exposure_are_by_equity) {
    const Numbers equity{100, 200, 0, 100};
    const Numbers notional{50, -300, 7, 0};
    EXPECT_DOUBLE_EQ(annual_turnover(notional, equity, 12), (0.5 + 1.5) * 12 / 3);
    const Exposure e = exposure(notional, equity);
    EXPECT_DOUBLE_EQ(e.gross, 2.0 / 3);
    EXPECT_DOUBLE_EQ(e.net, -1.0 / 3);
    EXPECT_EQ(e.highest, 1.5);
    EXPECT_DOUBLE_EQ(e.time_in_market, 2.0 / 3);
    EXPECT_THROW((void)exposure(notional, Numbers(3)), std::invalid_argument);
}

Numbers any_returns() {
    Numbers out;
    for (const int value : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-5'000, 8'000)))
        out.push_back(value / 10'000.0);
    return out;
}

RC_GTEST_PROP(Statistics, hold_for_any_series, ()) {
    const Numbers returns = any_returns();
    RC_PRE(returns.size() >= 3U);
    const auto close = [](double a, double b) {
        return (std::isnan(a) && std::isnan(b)) || a == b ||
               std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
    };
    const double depth = max_drawdown(returns);
    RC_ASSERT(depth <= 0 && depth >= -1);
    RC_ASSERT(close(total_return(returns), cumulative_returns(returns).back()));
    RC_ASSERT(close(total_return(returns),
                    std::expm1(mean(to_log(returns)) * static_cast<double>(returns.size()))));
    RC_ASSERT(close(quantile(drawdowns(returns), 0), depth));
    RC_ASSERT(longest_drawdown(returns) >= deepest_drawdown(returns).length);
    RC_ASSERT(expected_shortfall(returns) <= value_at_risk(returns) + 1e-15);
    // NaN rows change nothing that is not counted in periods.
    Numbers holed;
    for (const double r : returns) holed.insert(holed.end(), {r, kNan});
    RC_ASSERT(close(sharpe(holed, 252), sharpe(returns, 252)));
    RC_ASSERT(close(sortino(holed, 252), sortino(returns, 252)));
    RC_ASSERT(close(omega(holed, 252), omega(returns, 252)));
    RC_ASSERT(close(max_drawdown(holed), depth));
    RC_ASSERT(close(stability(holed), stability(returns)));
    // A Sharpe ratio does not know the unit, and turns with the sign.
    Numbers doubled = returns;
    for (double& r : doubled) r *= -2;
    RC_ASSERT(close(sharpe(doubled, 252), -sharpe(returns, 252)));
    // Against itself: no alpha, beta one.
    const AlphaBeta self = alpha_beta(returns, returns, 252);
    RC_ASSERT(std::isnan(self.beta) == (deviation(returns) == 0));
    RC_ASSERT(std::isnan(self.beta) || close(self.beta, 1));
}

}  // namespace
}  // namespace sluice::tests
