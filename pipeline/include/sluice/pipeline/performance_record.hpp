// How a backtest performed: what its summary and report say beside those of any run. Plain values.
// Ratios follow statistics/conventions.hpp: what cannot be said is NaN, losses are negative returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sluice/pipeline/hot/order_types.hpp>
#include <sluice/pipeline/statistics/trades.hpp>

namespace sluice::pipeline {

// What one order opened and another one closed, first in, first out; of both the part that was matched. Money
// is in the account's currency, at the rate of each fill that closed some of it.
struct RoundTrip {
    StreamTime opened;  // its first fill
    StreamTime closed;  // its last
    SymbolId symbol = core::kNoSymbol;
    Side side = Side::kBuy;  // of the opening order
    Quantity quantity;
    OrderId entry = OrderId::kNone;
    OrderId exit = OrderId::kNone;
    core::Money entry_value;  // price * quantity * multiplier, not negative; as exit_value
    core::Money exit_value;
    core::Money commission;  // its share of both orders' commission

    [[nodiscard]] core::Money profit() const noexcept {
        const core::Money gained = exit_value - entry_value;
        return (side == Side::kBuy ? gained : -gained) - commission;
    }
};

// The books at the end of one period, in the account's currency.
struct PeriodRow {
    StreamTime end;                           // of its last bar, or its last fill
    StreamTime last_bar = StreamTime::min();  // its end; min() when only fills make the period
    core::Money equity;                       // marked at the last closes
    core::Money held;                         // sum of position * multiplier * close, signed
    core::Money traded;                       // sum of price * quantity * multiplier over its fills
    double benchmark = 0;                     // the benchmark's last close; NaN without one
    double return_rate = 0;                   // of the equity, from the row before
    double benchmark_return = 0;
};

// A statistic with the interval that a block bootstrap of the periods gives it.
struct BoundedFigure {
    std::string name;
    double estimate = 0;
    double lower = 0;
    double upper = 0;
    double standard_error = 0;
};

// The same stream and strategy under one set of assumptions about fills.
struct FillCase {
    std::string name;   // pessimistic, expected, optimistic
    std::string fill;   // of market orders: shown, last, next
    std::string queue;  // back or front
    Nanos order_latency{0};
    Nanos response_latency{0};
    double commission_factor = 1;
    std::uint64_t orders = 0;
    std::uint64_t fills = 0;
    core::Money profit;
    core::Money commission;
    double total_return = 0;
    double annual_return = 0;
    double sharpe = 0;
    double max_drawdown = 0;
    double win_rate = 0;
    double profit_factor = 0;
    std::uint64_t round_trips = 0;
    std::string digest;
    std::string folder;
};

struct PerformanceRecord {
    // How it was measured.
    Nanos period{0};
    double periods_per_year = 0;
    double risk_free_percent = 0;  // a year
    std::string benchmark;         // a symbol; empty: none
    double confidence = 0;         // of the intervals
    std::uint64_t resamples = 0;
    double block_length = 0;  // expected, in periods

    std::vector<PeriodRow> periods;
    std::vector<RoundTrip> round_trips;  // in the order of their closing

    // Of the periods' returns.
    double total_return = 0;
    double annual_return = 0;
    double annual_volatility = 0;
    double sharpe = 0;
    double sortino = 0;
    double calmar = 0;
    double max_drawdown = 0;
    std::size_t max_drawdown_length = 0;  // periods, of the deepest
    std::size_t longest_drawdown = 0;     // periods
    double mean_drawdown = 0;
    double ulcer_index = 0;
    double skewness = 0;
    double kurtosis = 0;
    double best_period = 0;
    double worst_period = 0;
    double winning_periods = 0;  // share
    double tail_ratio = 0;
    double value_at_risk = 0;       // 5 %
    double expected_shortfall = 0;  // 5 %
    // Against the benchmark.
    double alpha = 0;
    double beta = 0;
    double correlation = 0;
    double information_ratio = 0;  // a year
    double benchmark_return = 0;   // total
    // Of what was held, over the bars of the shortest timeframe, and traded.
    statistics::Exposure exposure;
    double turnover = 0;  // times the equity, a year
    // Of the round trips, after commission.
    statistics::TradeStatistics trades;
    core::Money won;  // sum of the winning ones; lost is negative
    core::Money lost;
    core::Money open_profit;  // of what is still open, commission of opening it included

    std::vector<BoundedFigure> intervals;
    std::vector<FillCase> cases;  // this run, and those under other assumptions beside it
};

}  // namespace sluice::pipeline
