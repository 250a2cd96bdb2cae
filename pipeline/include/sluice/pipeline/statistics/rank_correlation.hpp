// How well one series orders another.
#pragma once

#include <span>
#include <vector>

namespace sluice::pipeline::statistics {

// Rank of each value, 1 for the smallest; equal values share the mean of the ranks that they take up
// (Kendall and Gibbons, Rank Correlation Methods, 5th ed., 1990, chapter 3). No NaN among them.
[[nodiscard]] std::vector<double> ranks(std::span<const double> values);

// Spearman's rho (C. Spearman, 1904): Pearson's correlation of the ranks, which is what ties ask for.
// -1 to 1; NaN with fewer than two pairs or where one side does not vary. n log n.
// Throws std::invalid_argument when the two are not of one length.
[[nodiscard]] double rank_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace sluice::pipeline::statistics
