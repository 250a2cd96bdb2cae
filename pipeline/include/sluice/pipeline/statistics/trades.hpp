// Statistics of single trades, and of what is held and moved. Conventions: conventions.hpp.
#pragma once

#include <cstddef>
#include <span>

namespace sluice::pipeline::statistics {

// Of closed trades, each its profit or loss in money or as a return, in the order of their closing.
// A trade of exactly zero is neither won nor lost and ends both streaks; a NaN row is no trade.
struct TradeStatistics {
    std::size_t trades = 0;
    std::size_t won = 0;
    std::size_t lost = 0;
    std::size_t longest_winning = 0;  // trades on end
    std::size_t longest_losing = 0;
    double win_rate = 0;       // won by trades; NaN without trades, as all below
    double average_win = 0;    // NaN without a win
    double average_loss = 0;   // negative; NaN without a loss
    double payoff = 0;         // average win by the size of the average loss; NaN without either
    double profit_factor = 0;  // sum of wins by the size of the sum of losses; inf without a loss
    double expectancy = 0;     // mean of all trades
    double largest_win = 0;    // NaN without a win
    double largest_loss = 0;   // negative; NaN without a loss
    // Root of the number of trades times mean by sample deviation (Tharp's system quality number).
    double quality = 0;
};
[[nodiscard]] TradeStatistics trade_statistics(std::span<const double> results) noexcept;

// Notional traded in each period (its size, both directions) by the equity at the period's start,
// summed, times periods_per_year by rows: 1 means that the equity's worth is traded once a year.
// Rows with equity that is not positive are left out.
[[nodiscard]] double annual_turnover(std::span<const double> traded_notional,
                                     std::span<const double> equity, double periods_per_year);

struct Exposure {
    double gross = 0;           // mean of |held notional| by equity
    double net = 0;             // mean of held notional by equity
    double highest = 0;         // of |held notional| by equity
    double time_in_market = 0;  // share of the rows with something held
};
// Held notional (signed) and equity by row; NaN without rows.
[[nodiscard]] Exposure exposure(std::span<const double> held_notional,
                                std::span<const double> equity);

}  // namespace sluice::pipeline::statistics
