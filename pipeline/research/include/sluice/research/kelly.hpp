// How much to stake: the growth-optimal (Kelly) fraction, what a part of it keeps, and how sure one
// has to be (Thorp 2006, "The Kelly criterion in blackjack, sports betting, and the stock market").
//
// Fractions are of the capital; growth is the expected change of its logarithm per bet or per period.
// Stakes never go below zero: without an edge the answer is 0. Inputs out of range: NaN.
#pragma once

#include <span>
#include <vector>

namespace sluice::research {

// A bet won with chance `win` that pays `payoff` times the stake, else the stake is lost:
// f = p - (1 - p) / b. `win` within [0, 1], payoff positive.
[[nodiscard]] double kelly_binary(double win, double payoff) noexcept;
// p ln(1 + b f) + (1 - p) ln(1 - f).
[[nodiscard]] double growth_binary(double win, double payoff, double fraction) noexcept;

// Outcomes by return on the stake, with their chances (which sum to 1): the root of
// sum p x / (1 + f x) = 0, to the last bit but a few. 0 when the mean is not positive; infinite when
// no outcome loses. std::invalid_argument when sizes differ or there is none.
[[nodiscard]] double kelly_discrete(std::span<const double> outcomes,
                                    std::span<const double> chances);

// Returns with drift `mean` and deviation `deviation`, riskless rate `rate`:
// f = (mean - rate) / deviation^2.
[[nodiscard]] double kelly_continuous(double mean, double deviation, double rate) noexcept;
// rate + f (mean - rate) - f^2 deviation^2 / 2.
[[nodiscard]] double growth_continuous(double mean, double deviation, double rate,
                                       double fraction) noexcept;
// The part of the excess growth that staking `part` of the Kelly fraction keeps: c (2 - c).
[[nodiscard]] double growth_kept(double part) noexcept;
// Chance that the capital ever falls to `share` of what it is, at `part` of the Kelly fraction:
// share^(2 / part - 1); 1 from twice Kelly on. share within (0, 1], part positive.
[[nodiscard]] double chance_of_falling_to(double share, double part) noexcept;

// Several assets at once: Sigma^-1 excess, Sigma the covariance of returns, row after row.
// std::invalid_argument when sizes do not fit or Sigma is not positive definite. May hold negatives:
// short positions.
[[nodiscard]] std::vector<double> kelly_assets(std::span<const double> covariance,
                                               std::span<const double> excess_means);

// The share of capital to risk on a trade: a quarter of W - (1 - W) / R (win rate W, average win by
// average loss R), within [kRiskMin, kRiskMax]; 0 without an edge.
inline constexpr double kKellyPart = 0.25;
inline constexpr double kRiskMin = 0.005;
inline constexpr double kRiskMax = 0.02;
[[nodiscard]] double risk_per_trade(double win_rate, double payoff) noexcept;

// Size of a bet from the chance of being right, within [-1, 1] (Lopez de Prado 2018, chapter 10):
// 2 Z((p - 1/2) / sqrt(p (1 - p))) - 1.
[[nodiscard]] double bet_size(double chance) noexcept;

}  // namespace sluice::research
