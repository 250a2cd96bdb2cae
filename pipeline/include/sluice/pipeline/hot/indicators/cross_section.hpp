// Comparison across instruments at one moment. Not a stream of its own, so no Indicator: it keeps
// nothing between calls.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace sluice::pipeline::indicators {

// Each value's distance from the mean of all in population deviations; 0 where all are the same.
// A NaN stands for an instrument that has no value yet: it is left out and its score is a NaN.
// Two passes, constant time per instrument; scores.size() >= values.size().
// The number of values that counted is returned: with one or two, scores say little.
inline std::size_t cross_sectional_z_scores(std::span<const double> values,
                                            std::span<double> scores) noexcept {
    double sum = 0;
    std::size_t known = 0;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        sum += value;
        ++known;
    }
    const double mean = known > 0 ? sum / static_cast<double>(known) : 0.0;
    double squares = 0;
    for (const double value : values)
        if (!std::isnan(value)) squares += (value - mean) * (value - mean);
    const double deviation = known > 0 ? std::sqrt(squares / static_cast<double>(known)) : 0.0;
    // What is left of equal values is rounding of their mean, not a deviation.
    const double noise = std::abs(mean) * 4 * std::numeric_limits<double>::epsilon();
    for (std::size_t i = 0; i < values.size(); ++i) {
        scores[i] = std::isnan(values[i]) ? std::numeric_limits<double>::quiet_NaN()
                    : deviation > noise   ? (values[i] - mean) / deviation
                                          : 0.0;
    }
    return known;
}

}  // namespace sluice::pipeline::indicators
