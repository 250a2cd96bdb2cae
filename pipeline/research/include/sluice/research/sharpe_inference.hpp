// What an observed Sharpe ratio says about the true one.
//
// All ratios are per period of the returns, never annual; kurtosis is not in excess (3 for a
// normal); chances and confidences lie between 0 and 1. Feed SharpeSample from
// pipeline::statistics::moments. NaN in, NaN out.
//
// Two forms are kept. That of 2012 takes the estimator's variance at the observed ratio and divides
// by n - 1; most published numbers are of it. The revised one takes it where the null hypothesis
// lies, divides by n, and knows autocorrelation.
#pragma once

#include <cstddef>
#include <span>

namespace sluice::research {

struct SharpeSample {
    double sharpe = 0;        // mean by sample deviation (n - 1)
    double observations = 0;  // periods
    double skewness = 0;
    double kurtosis = 3;
};
// Of a series without its NaN rows.
[[nodiscard]] SharpeSample sharpe_sample(std::span<const double> returns);

inline constexpr double kConfidence = 0.95;

// Chance that the true ratio exceeds `benchmark` (Bailey and Lopez de Prado 2012, "The Sharpe ratio
// efficient frontier"). NaN when the moments allow no variance.
[[nodiscard]] double probabilistic_sharpe(const SharpeSample& sample, double benchmark) noexcept;
// Periods it takes to be `confidence` sure that it does (the same, section 5); infinite when the
// observed ratio does not exceed the benchmark.
[[nodiscard]] double minimum_track_record(const SharpeSample& sample, double benchmark,
                                          double confidence = kConfidence) noexcept;

// The revised form (Lopez de Prado, Lipton and Zoonekynd 2025, "How to use the Sharpe ratio").
struct ReturnShape {
    double skewness = 0;
    double kurtosis = 3;
    double autocorrelation = 0;  // of a first-order autoregression, within (-1, 1)
};
// Variance of the estimator over so many periods when the true ratio is `sharpe`.
[[nodiscard]] double sharpe_variance(double sharpe, const ReturnShape& shape,
                                     double observations) noexcept;
[[nodiscard]] double probabilistic_sharpe_revised(const SharpeSample& sample, double benchmark,
                                                  double autocorrelation = 0) noexcept;
[[nodiscard]] double minimum_track_record_revised(const SharpeSample& sample, double benchmark,
                                                  double confidence = kConfidence,
                                                  double autocorrelation = 0) noexcept;

// A test of `null` against `alternative` (both ratios) that rejects with chance `alpha` when the
// null is true: chance of not rejecting when the alternative is (beta; its power is 1 - beta).
[[nodiscard]] double missed_discovery(double null, double alternative, const ReturnShape& shape,
                                      double observations, double alpha) noexcept;
// Chance that a rejected null was true, given the share `prior` of true alternatives: before the
// data from the test's alpha and beta, and after it from the ratio observed.
[[nodiscard]] double planned_false_discovery(double prior, double alpha, double beta) noexcept;
[[nodiscard]] double observed_false_discovery(double observed, double null, double alternative,
                                              const ReturnShape& shape, double observations,
                                              double prior) noexcept;

// What a ratio per period is multiplied with for one over `periods` periods (Lo 2002, equation 20):
// q / sqrt(q + 2 sum_{k<q} (q - k) rho_k), from autocorrelations at lags 1, 2, ... (those not given
// are zero); sqrt(q) without any. NaN when they admit no variance.
[[nodiscard]] double annual_factor(std::size_t periods,
                                   std::span<const double> autocorrelations) noexcept;

}  // namespace sluice::research
