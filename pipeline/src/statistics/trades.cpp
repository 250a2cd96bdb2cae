#include <sluice/pipeline/statistics/trades.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::pipeline::statistics {
namespace {

void check_lengths(std::span<const double> moved, std::span<const double> equity) {
    if (moved.size() != equity.size())
        throw std::invalid_argument("notional and equity are of one length");
}

bool usable(double notional, double equity) noexcept { return !std::isnan(notional) && equity > 0; }

}  // namespace

TradeStatistics trade_statistics(std::span<const double> results) noexcept {
    TradeStatistics out;
    Sum wins;
    Sum losses;
    double largest_win = kNothing;
    double largest_loss = kNothing;
    std::size_t winning = 0;
    std::size_t losing = 0;
    for (const double result : results) {
        if (std::isnan(result)) continue;
        ++out.trades;
        winning = result > 0 ? winning + 1 : 0;
        losing = result < 0 ? losing + 1 : 0;
        out.longest_winning = std::max(out.longest_winning, winning);
        out.longest_losing = std::max(out.longest_losing, losing);
        if (result > 0) {
            ++out.won;
            wins.add(result);
            largest_win = std::fmax(largest_win, result);  // fmax and fmin pass over NaN
        } else if (result < 0) {
            ++out.lost;
            losses.add(result);
            largest_loss = std::fmin(largest_loss, result);
        }
    }
    const auto trades = static_cast<double>(out.trades);
    out.win_rate = ratio(static_cast<double>(out.won), trades);
    out.average_win = ratio(wins.value(), static_cast<double>(out.won));
    out.average_loss = ratio(losses.value(), static_cast<double>(out.lost));
    out.payoff = out.average_win / -out.average_loss;
    out.profit_factor = ratio(wins.value(), -losses.value());
    const Moments all = moments(results);
    out.expectancy = all.mean;
    out.largest_win = largest_win;
    out.largest_loss = largest_loss;
    out.quality = all.count < 2 ? kNothing : std::sqrt(trades) * ratio(all.mean, all.deviation);
    return out;
}

double annual_turnover(std::span<const double> traded_notional, std::span<const double> equity,
                       double periods_per_year) {
    check_lengths(traded_notional, equity);
    Sum turned;
    std::size_t rows = 0;
    for (std::size_t i = 0; i < equity.size(); ++i) {
        if (!usable(traded_notional[i], equity[i])) continue;
        turned.add(std::abs(traded_notional[i]) / equity[i]);
        ++rows;
    }
    return rows == 0 ? kNothing : turned.value() * periods_per_year / static_cast<double>(rows);
}

Exposure exposure(std::span<const double> held_notional, std::span<const double> equity) {
    check_lengths(held_notional, equity);
    Sum gross;
    Sum net;
    double highest = 0;
    std::size_t rows = 0;
    std::size_t held = 0;
    for (std::size_t i = 0; i < equity.size(); ++i) {
        if (!usable(held_notional[i], equity[i])) continue;
        const double part = held_notional[i] / equity[i];
        gross.add(std::abs(part));
        net.add(part);
        highest = std::max(highest, std::abs(part));
        ++rows;
        if (part != 0) ++held;
    }
    if (rows == 0) return {kNothing, kNothing, kNothing, kNothing};
    const auto n = static_cast<double>(rows);
    return {gross.value() / n, net.value() / n, highest, static_cast<double>(held) / n};
}

}  // namespace sluice::pipeline::statistics
