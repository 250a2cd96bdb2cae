#include <sluice/research/performance.hpp>

#include <algorithm>
#include <cmath>

#include <sluice/pipeline/statistics/block_bootstrap.hpp>
#include <sluice/pipeline/statistics/drawdown.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/ratios.hpp>
#include <sluice/pipeline/statistics/regression.hpp>
#include <sluice/pipeline/statistics/returns.hpp>
#include <sluice/pipeline/statistics/tail.hpp>

namespace sluice::research {
namespace {

namespace st = pipeline::statistics;
using pipeline::BoundedFigure;
using pipeline::PerformanceRecord;

using Series = std::vector<double>;

// The close by period, carried over periods without one; NaN before the first.
void add_benchmark(std::vector<pipeline::PeriodRow>& rows,
                   const std::vector<std::int64_t>& period_of_row,
                   const BenchmarkSeries& benchmark) {
    double before = benchmark.first_open;
    std::size_t next = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        double close = i == 0 ? st::kNothing : rows[i - 1].benchmark;
        for (; next < benchmark.closes.size() && benchmark.closes[next].first <= period_of_row[i];
             ++next)
            close = benchmark.closes[next].second;
        rows[i].benchmark = close;
        rows[i].benchmark_return = st::ratio(close, before) - 1;
        if (!std::isnan(close)) before = close;
    }
}

Series equity_returns(const PerformanceSeries& series) {
    Series equity{series.capital.to_double()};
    for (const pipeline::PeriodRow& row : series.rows) equity.push_back(row.equity.to_double());
    return st::simple_returns(equity);
}

void measure_returns(PerformanceRecord& out, const Series& returns, double risk_free) {
    const double year = out.periods_per_year;
    out.total_return = st::total_return(returns);
    out.annual_return = st::annual_return(returns, year);
    out.annual_volatility = st::annual_volatility(returns, year);
    out.sharpe = st::sharpe(returns, year, risk_free);
    out.sortino = st::sortino(returns, year, risk_free);
    out.calmar = st::calmar(returns, year);
    out.max_drawdown = st::max_drawdown(returns);
    out.max_drawdown_length = st::deepest_drawdown(returns).length;
    out.longest_drawdown = st::longest_drawdown(returns);
    out.mean_drawdown = st::mean_drawdown(returns);
    out.ulcer_index = st::ulcer_index(returns);
    const st::Moments moments = st::moments(returns);
    out.skewness = moments.skewness;
    out.kurtosis = moments.kurtosis;
    out.best_period = st::quantile(returns, 1.0);
    out.worst_period = st::quantile(returns, 0.0);
    const auto won = std::count_if(returns.begin(), returns.end(), [](double r) { return r > 0; });
    out.winning_periods =
        st::ratio(static_cast<double>(won), static_cast<double>(st::count(returns)));
    out.tail_ratio = st::tail_ratio(returns);
    out.value_at_risk = st::value_at_risk(returns);
    out.expected_shortfall = st::expected_shortfall(returns);
}

void measure_benchmark(PerformanceRecord& out, const Series& returns, const Series& benchmark,
                       double risk_free) {
    const st::AlphaBeta line = st::alpha_beta(returns, benchmark, out.periods_per_year, risk_free);
    out.alpha = line.alpha;
    out.beta = line.beta;
    out.correlation = st::correlation(returns, benchmark);
    out.information_ratio =
        st::information_ratio(returns, benchmark) * std::sqrt(out.periods_per_year);
    out.benchmark_return = st::total_return(benchmark);
}

void measure_trades(PerformanceRecord& out, core::Money capital) {
    Series results;
    for (const pipeline::RoundTrip& trip : out.round_trips) {
        const core::Money profit = trip.profit();
        results.push_back(profit.to_double());
        (profit < core::Money{} ? out.lost : out.won) += profit;
    }
    out.trades = st::trade_statistics(results);
    Series traded;
    Series equity{capital.to_double()};  // at the start of each period
    for (const pipeline::PeriodRow& row : out.periods) {
        traded.push_back(row.traded.to_double());
        equity.push_back(row.equity.to_double());
    }
    equity.pop_back();
    out.turnover = st::annual_turnover(traded, equity, out.periods_per_year);
}

void bound(PerformanceRecord& out, const Series& returns, const Series& benchmark, double risk_free,
           const pipeline::BacktestSettings& settings) {
    if (settings.resamples == 0 || returns.size() < 2) return;
    st::BootstrapPlan plan;
    plan.resamples = static_cast<std::size_t>(settings.resamples);
    plan.confidence = settings.confidence;
    plan.seed = static_cast<std::uint64_t>(settings.seed);
    const double year = out.periods_per_year;
    const auto add = [&](const char* name, const st::Interval& found) {
        out.block_length = std::max(out.block_length, found.block_length);
        out.intervals.push_back(
            {name, found.estimate, found.lower, found.upper, found.standard_error});
    };
    const auto of_returns = [&](const char* name, const st::Statistic& statistic) {
        add(name, st::bootstrap(returns, statistic, plan));
    };
    of_returns("annual_return", [&](auto r) { return st::annual_return(r, year); });
    of_returns("annual_volatility", [&](auto r) { return st::annual_volatility(r, year); });
    of_returns("sharpe", [&](auto r) { return st::sharpe(r, year, risk_free); });
    of_returns("sortino", [&](auto r) { return st::sortino(r, year, risk_free); });
    of_returns("max_drawdown", [](auto r) { return st::max_drawdown(r); });
    if (benchmark.empty()) return;
    add("alpha",
        st::bootstrap(
            returns, benchmark,
            [&](auto r, auto b) { return st::alpha_beta(r, b, year, risk_free).alpha; }, plan));
    add("beta",
        st::bootstrap(
            returns, benchmark,
            [&](auto r, auto b) { return st::alpha_beta(r, b, year, risk_free).beta; }, plan));
}

}  // namespace

PerformanceRecord measure(PerformanceSeries series, const BenchmarkSeries* benchmark,
                          const pipeline::BacktestSettings& settings) {
    PerformanceRecord out;
    out.period = settings.period;
    out.risk_free_percent = settings.risk_free_percent;
    out.confidence = settings.confidence;
    out.resamples = static_cast<std::uint64_t>(settings.resamples);
    const auto days_per_year = static_cast<double>(settings.days_per_year);
    const bool daily = settings.period.count() >= pipeline::kNsPerDay;
    out.periods_per_year = daily || series.days == 0
                               ? days_per_year
                               : days_per_year * static_cast<double>(series.rows.size()) /
                                     static_cast<double>(series.days);
    const double risk_free =
        std::pow(1 + settings.risk_free_percent / 100, 1 / out.periods_per_year) - 1;

    const Series returns = equity_returns(series);
    for (std::size_t i = 0; i < series.rows.size(); ++i) {
        series.rows[i].return_rate = returns[i];
        series.rows[i].benchmark = series.rows[i].benchmark_return = st::kNothing;
    }
    Series benchmark_returns;
    if (benchmark != nullptr) {
        out.benchmark = settings.benchmark;
        add_benchmark(series.rows, series.period_of_row, *benchmark);
        for (const pipeline::PeriodRow& row : series.rows)
            benchmark_returns.push_back(row.benchmark_return);
    }
    out.periods = std::move(series.rows);
    out.round_trips = std::move(series.round_trips);
    out.open_profit = series.open_profit;
    out.exposure = series.exposure;
    measure_returns(out, returns, risk_free);
    measure_trades(out, series.capital);
    if (benchmark != nullptr) {
        measure_benchmark(out, returns, benchmark_returns, risk_free);
    } else {
        out.alpha = out.beta = out.correlation = out.information_ratio = out.benchmark_return =
            st::kNothing;
    }
    bound(out, returns, benchmark_returns, risk_free, settings);
    return out;
}

}  // namespace sluice::research
