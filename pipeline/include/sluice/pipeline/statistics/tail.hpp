// The ends of a distribution: value at risk, expected shortfall, tail ratio. Losses are negative
// returns. Conventions: conventions.hpp.
#pragma once

#include <span>

namespace sluice::pipeline::statistics {

inline constexpr double kTailShare = 0.05;

// Historical: the quantile at `share` of the returns. `share` within (0, 1), else
// std::invalid_argument, here and below.
[[nodiscard]] double value_at_risk(std::span<const double> returns, double share = kTailShare);
// Mean of the lowest returns: of 1 + floor(share (n - 1)) rows.
[[nodiscard]] double expected_shortfall(std::span<const double> returns, double share = kTailShare);
// Of a normal distribution with the mean and sample deviation of the returns.
[[nodiscard]] double value_at_risk_normal(std::span<const double> returns,
                                          double share = kTailShare);
[[nodiscard]] double expected_shortfall_normal(std::span<const double> returns,
                                               double share = kTailShare);
// The normal's quantile corrected by skewness and kurtosis (Cornish and Fisher 1937; Favre and
// Galeano 2002). Sound for mild skewness only.
[[nodiscard]] double value_at_risk_modified(std::span<const double> returns,
                                            double share = kTailShare);
// Size of the 95 % quantile by that of the 5 % quantile.
[[nodiscard]] double tail_ratio(std::span<const double> returns);

}  // namespace sluice::pipeline::statistics
