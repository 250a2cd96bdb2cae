// Returns: between prices, compounded, a year's worth, and their volatility. Conventions:
// conventions.hpp.
#pragma once

#include <span>
#include <vector>

namespace sluice::pipeline::statistics {

// p_t / p_{t-1} - 1 and its logarithm's difference: one row fewer than prices; NaN where a price is
// NaN or the earlier one is not positive (log: either).
[[nodiscard]] std::vector<double> simple_returns(std::span<const double> prices);
[[nodiscard]] std::vector<double> log_returns(std::span<const double> prices);
// log(1 + r) and back, row by row.
[[nodiscard]] std::vector<double> to_log(std::span<const double> returns);
[[nodiscard]] std::vector<double> to_simple(std::span<const double> log_returns);
// returns - other, row by row; returns - rate. NaN where either is.
[[nodiscard]] std::vector<double> excess(std::span<const double> returns,
                                         std::span<const double> other);
[[nodiscard]] std::vector<double> excess(std::span<const double> returns, double rate);

// Compounded from the start to each row, as a return: prod(1 + r) - 1.
[[nodiscard]] std::vector<double> cumulative_returns(std::span<const double> returns);
// The last of them; NaN of nothing.
[[nodiscard]] double total_return(std::span<const double> returns) noexcept;

// Compound annual growth: (1 + total)^(periods_per_year / rows) - 1; NaN of nothing, -1 after a loss
// of everything (or more).
[[nodiscard]] double annual_return(std::span<const double> returns,
                                   double periods_per_year) noexcept;
// The mean times periods_per_year: what a Sharpe ratio's numerator is.
[[nodiscard]] double annual_mean(std::span<const double> returns, double periods_per_year) noexcept;
// Sample deviation times sqrt(periods_per_year); NaN with fewer than two rows.
[[nodiscard]] double annual_volatility(std::span<const double> returns,
                                       double periods_per_year) noexcept;

}  // namespace sluice::pipeline::statistics
