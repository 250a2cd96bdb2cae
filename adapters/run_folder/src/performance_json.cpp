// The part of the summary that only a backtest has.
#include <cmath>

#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/queue_error.hpp>

#include "summary_tree.hpp"

namespace sluice::adapters::run_folder {
namespace {

using core::to_string;
using pipeline::PerformanceRecord;

Json returns_part(const PerformanceRecord& p) {
    return {{"total_return", number_or_null(p.total_return)},
            {"annual_return", number_or_null(p.annual_return)},
            {"annual_volatility", number_or_null(p.annual_volatility)},
            {"sharpe", number_or_null(p.sharpe)},
            {"sortino", number_or_null(p.sortino)},
            {"calmar", number_or_null(p.calmar)},
            {"max_drawdown", number_or_null(p.max_drawdown)},
            {"max_drawdown_periods", p.max_drawdown_length},
            {"longest_drawdown_periods", p.longest_drawdown},
            {"mean_drawdown", number_or_null(p.mean_drawdown)},
            {"ulcer_index", number_or_null(p.ulcer_index)},
            {"skewness", number_or_null(p.skewness)},
            {"kurtosis", number_or_null(p.kurtosis)},
            {"best_period", number_or_null(p.best_period)},
            {"worst_period", number_or_null(p.worst_period)},
            {"winning_periods", number_or_null(p.winning_periods)},
            {"tail_ratio", number_or_null(p.tail_ratio)},
            {"value_at_risk", number_or_null(p.value_at_risk)},
            {"expected_shortfall", number_or_null(p.expected_shortfall)}};
}

Json benchmark_part(const PerformanceRecord& p) {
    if (p.benchmark.empty()) return nullptr;
    return {{"symbol", p.benchmark},
            {"total_return", number_or_null(p.benchmark_return)},
            {"alpha", number_or_null(p.alpha)},
            {"beta", number_or_null(p.beta)},
            {"correlation", number_or_null(p.correlation)},
            {"information_ratio", number_or_null(p.information_ratio)}};
}

Json trades_part(const PerformanceRecord& p) {
    const auto& t = p.trades;
    return {{"trades", t.trades},
            {"won", t.won},
            {"lost", t.lost},
            {"win_rate", number_or_null(t.win_rate)},
            {"profit_factor", number_or_null(t.profit_factor)},
            {"expectancy", number_or_null(t.expectancy)},
            {"payoff", number_or_null(t.payoff)},
            {"average_win", number_or_null(t.average_win)},
            {"average_loss", number_or_null(t.average_loss)},
            {"largest_win", number_or_null(t.largest_win)},
            {"largest_loss", number_or_null(t.largest_loss)},
            {"longest_winning", t.longest_winning},
            {"longest_losing", t.longest_losing},
            {"quality", number_or_null(t.quality)},
            {"sum_won", to_string(p.won)},
            {"sum_lost", to_string(p.lost)},
            {"profit", to_string(p.won + p.lost)},
            {"open_profit", to_string(p.open_profit)}};
}

Json intervals_part(const PerformanceRecord& p) {
    Json figures = Json::object();
    for (const pipeline::BoundedFigure& f : p.intervals)
        figures[f.name] = {{"estimate", number_or_null(f.estimate)},
                           {"lower", number_or_null(f.lower)},
                           {"upper", number_or_null(f.upper)},
                           {"standard_error", number_or_null(f.standard_error)}};
    return {{"confidence", p.confidence},
            {"resamples", p.resamples},
            {"block_length", number_or_null(p.block_length)},
            {"figures", figures}};
}

Json cases_part(const PerformanceRecord& p) {
    Json rows = Json::array();
    for (const pipeline::FillCase& c : p.cases)
        rows.push_back({{"case", c.name},
                        {"fill", c.fill},
                        {"queue", c.queue},
                        {"queue_error",
                         {{"fills_percent", pipeline::queue_fills_error_percent(c.queue)},
                          {"record", pipeline::kQueueErrorRecord}}},
                        {"order_latency_ns", c.order_latency.count()},
                        {"response_latency_ns", c.response_latency.count()},
                        {"commission_factor", c.commission_factor},
                        {"orders", c.orders},
                        {"fills", c.fills},
                        {"pnl", to_string(c.profit)},
                        {"commission", to_string(c.commission)},
                        {"total_return", number_or_null(c.total_return)},
                        {"annual_return", number_or_null(c.annual_return)},
                        {"sharpe", number_or_null(c.sharpe)},
                        {"max_drawdown", number_or_null(c.max_drawdown)},
                        {"trades", c.round_trips},
                        {"win_rate", number_or_null(c.win_rate)},
                        {"profit_factor", number_or_null(c.profit_factor)},
                        {"digest", c.digest},
                        {"folder", c.folder}});
    return rows;
}

}  // namespace

Json performance_part(const PerformanceRecord& p) {
    return {{"period_ns", p.period.count()},
            {"periods", p.periods.size()},
            {"periods_per_year", p.periods_per_year},
            {"risk_free_percent", p.risk_free_percent},
            {"returns", returns_part(p)},
            {"benchmark", benchmark_part(p)},
            {"exposure",
             {{"gross", number_or_null(p.exposure.gross)},
              {"net", number_or_null(p.exposure.net)},
              {"highest", number_or_null(p.exposure.highest)},
              {"time_in_market", number_or_null(p.exposure.time_in_market)}}},
            {"turnover", number_or_null(p.turnover)},
            {"trades", trades_part(p)},
            {"intervals", intervals_part(p)},
            {"fill_cases", cases_part(p)}};
}

}  // namespace sluice::adapters::run_folder
