// What a backtest measures: periods, marks, benchmark, intervals, and assumptions about fills.
#include <sluice/research/performance.hpp>

#include <cmath>

#include <gtest/gtest.h>

#include "pipeline/support.hpp"

namespace sluice::tests {
namespace {

using pipeline::FillRecord;
using pipeline::PerformanceRecord;
using pipeline::Settings;
using pipeline::Side;
using research::BenchmarkWatch;
using research::PerformanceWatch;

struct NoRows final : pipeline::RowSink {
    void take(const pipeline::OrderRecord&) noexcept override {}
    void take(const FillRecord&) noexcept override { ++fills; }
    void take(const pipeline::RefusalRecord&) noexcept override {}
    void take(const pipeline::IncidentRecord&) noexcept override {}
    void take(const pipeline::EquityPoint&) noexcept override {}
    void take(const pipeline::IntentRecord&) noexcept override {}
    void take(const pipeline::ParameterRecord&) noexcept override {}
    void take(const pipeline::RegimeRecord&) noexcept override {}
    void take(const pipeline::ChargeRecord&) noexcept override {}
    void take(const pipeline::RateRecord&) noexcept override {}
    int fills = 0;
};

// Hours from 2013-10-07 00:00 UTC.
constexpr std::int64_t kBegin_s = 1'381'104'000;
StreamTime at_hour(double hour) {
    return at_ns((kBegin_s + static_cast<std::int64_t>(hour * 3'600)) * kSecondNs);
}

class Performance : public testing::Test {
  protected:
    Performance() {
        settings_.account.capital = money("1000");
        settings_.clock.day_zone = "UTC";
        settings_.bars.timeframes = {Nanos{60 * kMinuteNs}, Nanos{kMinuteNs}};
        settings_.backtest.resamples = 0;
    }
    void begin() {
        pipeline::InstrumentTable table = instruments(2);
        if (foreign_) table[0].currency = "EUR";
        watch_ = std::make_unique<PerformanceWatch>(settings_, table, rows_);
        benchmark_ = std::make_unique<BenchmarkWatch>(settings_, symbol(1));
    }
    void bar(double end_hour, std::size_t instrument, std::string_view close,
             std::uint8_t timeframe = 1) {
        const Event event = bar_at(at_hour(end_hour), instrument, timeframe, price(close));
        watch_->take(event);
        benchmark_->take(event);
    }
    void fill(double hour, Side side, std::string_view size, std::string_view at,
              std::string_view commission = "0", std::size_t instrument = 0) {
        FillRecord f;
        f.time = at_hour(hour);
        f.order = static_cast<OrderId>(++order_);
        f.symbol = symbol(instrument);
        f.side = side;
        f.quantity = quantity(size);
        f.price = price(at);
        f.commission = money(commission);
        static_cast<pipeline::RowSink&>(*watch_).take(f);
    }
    [[nodiscard]] PerformanceRecord measured(bool against = false) {
        settings_.backtest.benchmark = against ? "S1" : "";
        return research::measure(watch_->finish(), against ? &benchmark_->series() : nullptr,
                                 settings_.backtest);
    }

    Settings settings_;
    NoRows rows_;
    bool foreign_ = false;  // the first instrument is in euros
    std::unique_ptr<PerformanceWatch> watch_;
    std::unique_ptr<BenchmarkWatch> benchmark_;
    std::uint64_t order_ = 0;
};

TEST_F(Performance, has_a_row_for_each_day_of_the_account_with_a_bar) {
    settings_.clock.day_zone = "America/New_York";  // the day starts at 04:00 UTC
    begin();
    bar(15, 0, "10");
    bar(27, 0, "11");    // 23:00 in New York
    bar(28, 0, "12");    // covers what came before midnight
    bar(28.5, 0, "13");  // the next day
    bar(100, 0, "14");   // days without a bar have no row
    const PerformanceRecord p = measured();
    EXPECT_EQ(p.periods.size(), 3U);
    EXPECT_EQ(p.periods_per_year, 252);
}

TEST_F(Performance, marks_what_is_held_at_each_days_last_close) {
    begin();
    bar(10, 0, "100");
    fill(10.5, Side::kBuy, "5", "101", "1");
    bar(11, 0, "102");
    bar(20, 0, "110");
    bar(34, 0, "99");
    fill(35, Side::kSell, "5", "100", "1");
    bar(58, 0, "120");
    const PerformanceRecord p = measured();
    ASSERT_EQ(p.periods.size(), 3U);
    EXPECT_EQ(p.periods[0].equity, money("1044"));  // 1000 + 5 * 9 - 1
    EXPECT_EQ(p.periods[1].equity, money("993"));   // 1000 - 5 - 2
    EXPECT_EQ(p.periods[2].equity, money("993"));
    EXPECT_DOUBLE_EQ(p.periods[0].return_rate, 1044.0 / 1000 - 1);
    EXPECT_DOUBLE_EQ(p.periods[1].return_rate, 993.0 / 1044 - 1);
    EXPECT_NEAR(p.total_return, -0.007, 1e-15);
    EXPECT_DOUBLE_EQ(p.max_drawdown, 993.0 / 1044 - 1);
    EXPECT_EQ(p.longest_drawdown, 2U);
    EXPECT_EQ(p.trades.trades, 1U);
    EXPECT_EQ(p.lost, money("-7"));
    EXPECT_TRUE(p.open_profit.is_zero());
    EXPECT_EQ(p.periods[0].traded, money("505"));
    EXPECT_DOUBLE_EQ(p.turnover, (505.0 / 1000 + 500.0 / 1044) * 252 / 3);
    EXPECT_EQ(rows_.fills, 2);  // rows have gone on
}

TEST_F(Performance, a_fill_before_a_days_first_bar_belongs_to_that_day) {
    begin();
    bar(20, 0, "100");
    fill(24.5, Side::kBuy, "1", "105", "2");
    bar(25, 0, "103");
    const PerformanceRecord p = measured();
    ASSERT_EQ(p.periods.size(), 2U);
    EXPECT_EQ(p.periods[0].equity, money("1000"));
    EXPECT_EQ(p.periods[1].equity, money("996"));
    EXPECT_EQ(p.open_profit, money("-4"));
}

TEST_F(Performance, exposure_is_of_what_was_held_from_bar_to_bar) {
    begin();
    bar(1, 0, "100");
    fill(1.5, Side::kBuy, "5", "100");
    bar(2, 0, "100");
    bar(3, 0, "100");
    fill(3.5, Side::kSell, "10", "100");  // five short
    bar(4, 0, "100");
    const PerformanceRecord p = measured();
    // Held into the bars that end at 2 and 3: five; into the one at 4 and after it: five short.
    EXPECT_DOUBLE_EQ(p.exposure.gross, 0.5);
    EXPECT_DOUBLE_EQ(p.exposure.net, 0.0);
    EXPECT_DOUBLE_EQ(p.exposure.highest, 0.5);
    EXPECT_DOUBLE_EQ(p.exposure.time_in_market, 1.0);
}

TEST_F(Performance, of_the_benchmark_itself_has_a_beta_of_one_and_no_alpha) {
    begin();
    const char* closes[] = {"100", "104", "99", "107", "103"};
    bar(0.5, 1, "100");
    fill(0.6, Side::kBuy, "10", "100", "0", 1);
    for (int day = 0; day < 5; ++day) bar(24 * day + 20, 1, closes[day]);
    const PerformanceRecord p = measured(true);
    EXPECT_EQ(p.benchmark, "S1");
    EXPECT_NEAR(p.benchmark_return, 0.03, 1e-15);
    EXPECT_NEAR(p.beta, 1.0, 1e-12);
    EXPECT_NEAR(p.alpha, 0.0, 1e-12);
    EXPECT_DOUBLE_EQ(p.periods[1].benchmark_return, 104.0 / 100 - 1);
}

// Bought at 100 EUR when one was worth 2 USD, sold at 110 when it was 1.5: the round trip is at the rate of its
// end, and the day before it at that of the day.
TEST_F(Performance, of_several_currencies_is_in_that_of_the_account) {
    settings_.account.rates = {"EUR=2"};
    foreign_ = true;
    begin();
    bar(0.5, 0, "100");
    fill(0.6, Side::kBuy, "4", "100", "1");
    bar(20, 0, "105");  // 4 * 105 - 401 = 19 EUR
    watch_->take(pipeline::RateRecord{at_hour(21), 1, "EUR", price("1.5"), 1});
    bar(22, 0, "105");
    fill(44, Side::kSell, "2", "110", "1");
    bar(45, 0, "110");
    const PerformanceRecord p = measured();
    ASSERT_EQ(p.periods.size(), 2U);
    EXPECT_EQ(p.periods[0].equity, money("1028.5"));
    EXPECT_EQ(p.periods[0].held, money("630"));
    EXPECT_EQ(p.periods[0].traded, money("800"));
    EXPECT_EQ(p.periods[1].equity, money("1057"));  // 4 * 110 - 402 = 38 EUR
    ASSERT_EQ(p.round_trips.size(), 1U);
    EXPECT_EQ(p.round_trips[0].entry_value, money("300"));
    EXPECT_EQ(p.round_trips[0].profit(), money("27.75"));  // (20 - 1 - 0.5) * 1.5
    EXPECT_EQ(p.open_profit, money("29.25"));              // (20 - 0.5) * 1.5
}

// At midnight a rate comes before the bar that ends there, and counts with it; on a day without a market it makes
// no period, but for the last, where it has moved the equity.
TEST_F(Performance, has_no_period_for_a_rate_alone) {
    settings_.account.rates = {"EUR=2"};
    foreign_ = true;
    begin();
    const auto rate = [&](double hour, const char* is) {
        watch_->take(pipeline::RateRecord{at_hour(hour), 1, "EUR", price(is), 1});
    };
    bar(0.5, 0, "100");
    fill(0.6, Side::kBuy, "4", "100", "1");
    rate(24, "1.5");
    bar(24, 0, "105");  // 19 EUR
    rate(60, "1.2");
    bar(80, 0, "105");
    rate(100, "1.4");
    const PerformanceRecord p = measured();
    ASSERT_EQ(p.periods.size(), 3U);
    EXPECT_EQ(p.periods[0].last_bar, at_hour(24));
    EXPECT_EQ(p.periods[0].equity, money("1028.5"));
    EXPECT_EQ(p.periods[1].last_bar, at_hour(80));
    EXPECT_EQ(p.periods[1].equity, money("1022.8"));
    EXPECT_EQ(p.periods[2].equity, money("1026.6"));
}

TEST_F(Performance, shorter_periods_count_as_many_a_year_as_there_are_days_times_those_of_a_day) {
    settings_.backtest.period = Nanos{60 * kMinuteNs};
    begin();
    for (int day = 0; day < 2; ++day)
        for (int hour = 10; hour < 14; ++hour) bar(24 * day + hour, 0, "100");
    const PerformanceRecord p = measured();
    EXPECT_EQ(p.periods.size(), 8U);
    EXPECT_DOUBLE_EQ(p.periods_per_year, 252 * 4);
}

TEST_F(Performance, intervals_hold_the_estimate_and_are_the_same_again) {
    settings_.backtest.resamples = 200;
    std::vector<PerformanceRecord> twice;
    for (int i = 0; i < 2; ++i) {
        begin();
        bar(0.5, 0, "100");
        fill(0.6, Side::kBuy, "9", "100");
        for (int day = 0; day < 40; ++day)
            bar(24 * day + 20, 0, std::to_string(100 + (day * 7) % 11));
        twice.push_back(measured());
    }
    ASSERT_EQ(twice[0].intervals.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        const pipeline::BoundedFigure& f = twice[0].intervals[i];
        EXPECT_LE(f.lower, f.upper) << f.name;
        EXPECT_EQ(f.lower, twice[1].intervals[i].lower) << f.name;
    }
    EXPECT_EQ(twice[0].intervals[2].name, "sharpe");
    EXPECT_DOUBLE_EQ(twice[0].intervals[2].estimate, twice[0].sharpe);
}

TEST_F(Performance, of_nothing_says_nothing) {
    begin();
    const PerformanceRecord p = measured();
    EXPECT_TRUE(p.periods.empty());
    EXPECT_TRUE(std::isnan(p.sharpe));
    EXPECT_TRUE(std::isnan(p.trades.win_rate));
}

TEST(Assumptions, are_worse_or_better_than_the_settings_by_the_factors_of_the_configuration) {
    Settings settings;
    settings.venue.commission_per_unit = money("0.01");
    settings.venue.commission_minimum = money("1");
    const Settings worse = under(research::Assumptions::kPessimistic, settings);
    EXPECT_EQ(worse.venue.queue, pipeline::QueueModel::kBack);
    EXPECT_EQ(worse.venue.order_latency, Nanos{1'000'000});
    EXPECT_EQ(worse.venue.commission_per_unit, money("0.015"));
    EXPECT_EQ(worse.venue.commission_minimum, money("1.5"));
    const Settings better = under(research::Assumptions::kOptimistic, settings);
    EXPECT_EQ(better.venue.queue, pipeline::QueueModel::kFront);
    EXPECT_EQ(better.venue.response_latency, Nanos{62'500});
    EXPECT_EQ(better.venue.commission_per_unit, money("0.01"));
    const Settings same = under(research::Assumptions::kExpected, settings);
    EXPECT_EQ(same.venue.order_latency, settings.venue.order_latency);
}

}  // namespace
}  // namespace sluice::tests
