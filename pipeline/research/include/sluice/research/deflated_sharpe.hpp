// What a Sharpe ratio is worth when it is the best of many tried: deflated Sharpe ratio, expected
// maximum, minimum backtest length, number of independent trials.
//
// Ratios per period, kurtosis not in excess, as in sharpe_inference.hpp. `trials` counts independent
// ones and need not be whole: trials of one optimiser resemble each other (effective_trials).
#pragma once

#include <span>

#include <sluice/research/returns_table.hpp>
#include <sluice/research/sharpe_inference.hpp>

namespace sluice::research {

// Of so many independent standard normals (Bailey, Borwein, Lopez de Prado and Zhu 2014, equation
// 4): (1 - g) Z^-1(1 - 1/N) + g Z^-1(1 - 1/(N e)), g Euler's constant. 0 for one trial, never less;
// NaN below one.
[[nodiscard]] double expected_maximum(double trials) noexcept;

// The best ratio to expect of trials without skill, whose ratios scatter by `variance` (V[SR], over
// the trials, n - 1): SR0 = sqrt(variance) expected_maximum(trials).
[[nodiscard]] double expected_best_sharpe(double variance, double trials) noexcept;

// Chance that the true ratio exceeds that (Bailey and Lopez de Prado 2014): PSR against SR0.
[[nodiscard]] double deflated_sharpe(const SharpeSample& sample, double variance,
                                     double trials) noexcept;

// Years of backtest below which the best of so many trials without skill is expected to reach the
// annual ratio `target` (Bailey et al. 2014): (expected_maximum / target)^2, and its upper bound
// 2 ln N / target^2.
[[nodiscard]] double minimum_backtest_years(double trials, double target) noexcept;
[[nodiscard]] double minimum_backtest_years_bound(double trials, double target) noexcept;

// rho + (1 - rho) M of M trials with the average correlation rho (Bailey and Lopez de Prado 2014,
// appendix); rho is clamped to [0, 1].
[[nodiscard]] double effective_trials(double trials, double average_correlation) noexcept;
// Mean over all pairs of columns of their correlation; columns without variance are left out. NaN
// with fewer than two others. Linear in the size of the table: standardised rows are summed.
[[nodiscard]] double average_correlation(const ReturnsTable& returns);

// V[SR] over the columns, n - 1; columns without variance have a ratio of zero.
[[nodiscard]] double sharpe_scatter(const ReturnsTable& returns);

}  // namespace sluice::research
