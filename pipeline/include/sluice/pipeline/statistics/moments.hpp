// Mean, deviation, skewness, kurtosis, autocorrelation, quantiles of a series. Conventions:
// conventions.hpp.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sluice::pipeline::statistics {

// Rows that hold a value.
[[nodiscard]] std::size_t count(std::span<const double> values) noexcept;
[[nodiscard]] double mean(std::span<const double> values) noexcept;
// Over n - lost_degrees; NaN with no more rows than lost degrees.
[[nodiscard]] double variance(std::span<const double> values,
                              std::size_t lost_degrees = 1) noexcept;
[[nodiscard]] double deviation(std::span<const double> values,
                               std::size_t lost_degrees = 1) noexcept;

struct Moments {
    std::size_t count = 0;
    double mean = 0;
    double deviation = 0;  // sample, over n - 1
    double skewness = 0;   // population: m3 / m2^1.5; NaN without variance
    double kurtosis = 0;   // population: m4 / m2^2, not in excess: 3 for a normal; NaN likewise
};
[[nodiscard]] Moments moments(std::span<const double> values) noexcept;

// Sum of (x_t - m)(x_{t+lag} - m) over n, by lag 0 .. lags; the series without its NaN rows.
[[nodiscard]] std::vector<double> autocovariances(std::span<const double> values, std::size_t lags);
// Autocovariance by that at lag 0; NaN without variance or with fewer than lag + 2 values.
[[nodiscard]] double autocorrelation(std::span<const double> values, std::size_t lag);

// By linear interpolation between order statistics (Hyndman and Fan 1996, type 7); `share` within
// [0, 1], else std::invalid_argument. NaN of nothing.
[[nodiscard]] double quantile(std::span<const double> values, double share);
// The same of values that are sorted and without NaN.
[[nodiscard]] double quantile_sorted(std::span<const double> sorted, double share);

// The values without the NaN rows.
[[nodiscard]] std::vector<double> present(std::span<const double> values);

}  // namespace sluice::pipeline::statistics
