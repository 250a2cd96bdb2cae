// Return by risk: Sharpe, Sortino, Omega, information ratio, downside risk. Conventions:
// conventions.hpp.
#pragma once

#include <span>

namespace sluice::pipeline::statistics {

// Mean by sample deviation of returns - risk_free (Sharpe 1994), per period; a year's is
// sqrt(periods_per_year) times it, which holds for returns that do not depend on those before
// (else research/sharpe_inference.hpp, annual_factor).
[[nodiscard]] double sharpe(std::span<const double> returns, double periods_per_year,
                            double risk_free = 0);
// The same of returns - benchmark, not annualised: the information ratio.
[[nodiscard]] double information_ratio(std::span<const double> returns,
                                       std::span<const double> benchmark);

// Root of the mean over all rows of min(r - required, 0)^2, a year's worth (Sortino and Price 1994):
// rows at or above `required` count as zeros.
[[nodiscard]] double downside_risk(std::span<const double> returns, double periods_per_year,
                                   double required = 0);
// Annual mean of r - required by that.
[[nodiscard]] double sortino(std::span<const double> returns, double periods_per_year,
                             double required = 0);
// `required` by row.
[[nodiscard]] double sortino(std::span<const double> returns, double periods_per_year,
                             std::span<const double> required);

// Gains above a threshold by losses below it (Keating and Shadwick 2002). The threshold is
// risk_free plus the period's share of required_annual, (1 + required_annual)^(1/periods) - 1.
// NaN without a loss, and when required_annual <= -1.
[[nodiscard]] double omega(std::span<const double> returns, double periods_per_year,
                           double risk_free = 0, double required_annual = 0);
// Sum of the returns by the sum of the losses' sizes (Schwager's gain to pain); NaN without a loss.
[[nodiscard]] double gain_to_pain(std::span<const double> returns) noexcept;

}  // namespace sluice::pipeline::statistics
