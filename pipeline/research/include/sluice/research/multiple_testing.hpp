// Is the best of many strategies better than the benchmark, or only the luckiest? White's reality
// check (2000) and Hansen's test for superior predictive ability (2005), by stationary bootstrap.
//
// The table holds excesses over the benchmark: a row per period, a column per strategy; n rows.
//
//   reality check   V = max_k sqrt(n) mean_k; resampled: max_k sqrt(n) (mean*_k - mean_k)
//   SPA             T = max(0, max_k sqrt(n) mean_k / w_k); resampled means are recentred by
//                   max(mean, 0) (lower p), by the mean where it is not far below zero, that is
//                   mean >= -sqrt(w^2 / n 2 ln ln n) (consistent p), by the mean always (upper p),
//                   and divided by w_k too: a strategy counts by its own noise
//   w_k^2           g_0 + 2 sum_i kappa(n, i) g_i, the variance of sqrt(n) mean under the stationary
//                   bootstrap with restart chance q: kappa = (n-i)/n (1-q)^i + i/n (1-q)^(n-i)
//   p               share of resamples strictly above the statistic
//
// Some public code divides by w only to recentre: its p-values are those of another test.
// A column that does not move has w = 0: it joins the reality check and is left out of the SPA
// unless its mean is positive, which makes T infinite and p zero.
//
// Cost  rows x columns x resamples multiply-adds, and rows^2 / 2 x columns for w (lags at which kappa
//       is below 1e-18 are skipped).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/research/returns_table.hpp>

namespace sluice::research {

struct SuperiorityReport {
    double reality_statistic = 0;  // V
    double reality_p = 0;
    double spa_statistic = 0;  // T
    double spa_p_lower = 0;
    double spa_p_consistent = 0;  // the one to go by
    double spa_p_upper = 0;
    std::size_t best = 0;       // column with the highest mean
    std::vector<double> omega;  // w by column
    double restart_chance = 0;  // q used
    std::size_t resamples = 0;
};

struct SuperiorityPlan {
    double block_length = 0;  // expected; 0: the longest optimal one of the columns
    std::size_t resamples = 1'000;
    std::uint64_t seed = 1;
};

// With blocks drawn by seed. At least two rows and one resample, else std::invalid_argument.
[[nodiscard]] SuperiorityReport test_superiority(const ReturnsTable& excesses,
                                                 const SuperiorityPlan& plan = {});

// With given row numbers, resample after resample of as many as the table has rows; q in (0, 1].
[[nodiscard]] SuperiorityReport test_superiority(const ReturnsTable& excesses,
                                                 std::span<const std::uint32_t> rows,
                                                 double restart_chance);

}  // namespace sluice::research
