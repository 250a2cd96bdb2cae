// What a backtest measures of an equity curve against values that others have published for the same
// returns: empyrical's test-suite. Skipped where the file is not.
#include <sluice/research/performance.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "pipeline/support.hpp"

namespace sluice::tests {
namespace {

using pipeline::PerformanceRecord;
using Json = nlohmann::json;

constexpr double kEightDecimals = 5e-9;

class PublishedPerformance : public testing::Test {
  protected:
    void SetUp() override {
        const auto file = market_data_folder() / "reference/empyrical_expected.json";
        std::ifstream in(file);
        if (!in)
            GTEST_SKIP() << "no published values at " << file
                         << "; name the folder of the market data in SLUICE_DATA";
        published_ = Json::parse(in);
    }

    // The books that these returns make of a million, a row a period.
    [[nodiscard]] PerformanceRecord measured(const std::string& name,
                                             std::int64_t periods_per_year) const {
        research::PerformanceSeries series;
        series.capital = Money::from_units(1'000'000);
        core::Money equity = series.capital;
        for (const Json& percent : published_.at("series_percent").at(name)) {
            equity += Money::from_raw(
                core::mul_div(equity.raw(), std::llround(percent.get<double>() * 1e6), 100'000'000,
                              core::Rounding::kHalfAwayFromZero));
            pipeline::PeriodRow row;
            row.equity = equity;
            series.rows.push_back(row);
            series.period_of_row.push_back(static_cast<std::int64_t>(series.rows.size()));
        }
        pipeline::BacktestSettings settings;
        settings.days_per_year = periods_per_year;
        settings.resamples = 0;
        return research::measure(series, nullptr, settings);
    }

    void expect(const std::string& group, const std::string& name, double measured) const {
        SCOPED_TRACE(group + " of " + name);
        const Json& value = published_.at("expected").at(group).at(name);
        if (value == "inf") {
            EXPECT_EQ(measured, std::numeric_limits<double>::infinity());
        } else {
            EXPECT_NEAR(measured, value.get<double>(), kEightDecimals);
        }
    }

    Json published_;
};

TEST_F(PublishedPerformance, of_weeks_and_months_is_that_of_empyrical) {
    for (const auto& [name, periods] :
         {std::pair{"weekly_returns", 52}, std::pair{"monthly_returns", 12}}) {
        const PerformanceRecord p = measured(name, periods);
        EXPECT_EQ(p.periods.size(), 9U);
        expect("annual_return", name, p.annual_return);
        expect("annual_volatility", name, p.annual_volatility);
        expect("calmar", name, p.calmar);
        expect("sortino_req0", name, p.sortino);
    }
}

TEST_F(PublishedPerformance, of_nothing_but_gains_or_losses_is_that_of_empyrical) {
    const PerformanceRecord gains = measured("positive_returns", 252);
    expect("sharpe_rf0", "positive_returns", gains.sharpe);
    expect("sortino_req0", "positive_returns", gains.sortino);
    expect("max_drawdown", "positive_returns", gains.max_drawdown);
    const PerformanceRecord losses = measured("negative_returns", 252);
    expect("sharpe_rf0", "negative_returns", losses.sharpe);
    expect("sortino_req0", "negative_returns", losses.sortino);
    EXPECT_NEAR(losses.max_drawdown,
                published_.at("expected").at("cum_returns_final_4dp").at("negative_returns"), 5e-5);
    EXPECT_NEAR(losses.max_drawdown, losses.total_return, 1e-12);
}

TEST_F(PublishedPerformance, draws_down_as_empyrical_says) {
    expect("max_drawdown", "zigzag", measured("zigzag", 252).max_drawdown);
    expect("max_drawdown", "simple_benchmark", measured("simple_benchmark", 252).max_drawdown);
}

}  // namespace
}  // namespace sluice::tests
