// Drawdowns of the compounded curve, which starts at 1 before the first return. Conventions:
// conventions.hpp.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace sluice::pipeline::statistics {

// One fall below a peak. Points of the curve: 0 is the start, i the value after return i - 1.
struct Drawdown {
    double depth = 0;        // negative; 0 when the curve never fell
    std::size_t peak = 0;    // the last point at the height it fell from
    std::size_t trough = 0;  // the first point at the lowest
    std::optional<std::size_t>
        recovery;            // the first point at that height again; none yet at the end
    std::size_t length = 0;  // periods from the peak to the recovery, or to the end
};

// Below the highest so far, by row: zero or negative.
[[nodiscard]] std::vector<double> drawdowns(std::span<const double> returns);
// The deepest: zero or negative; NaN of nothing.
[[nodiscard]] double max_drawdown(std::span<const double> returns) noexcept;
[[nodiscard]] Drawdown deepest_drawdown(std::span<const double> returns) noexcept;
// Most periods on end that the curve spent below a peak; the recovering period counts.
[[nodiscard]] std::size_t longest_drawdown(std::span<const double> returns) noexcept;
// Mean of the drawdowns by row, and the root of the mean of their squares (Martin's ulcer index).
[[nodiscard]] double mean_drawdown(std::span<const double> returns);
[[nodiscard]] double ulcer_index(std::span<const double> returns);

// Annual return by the depth of the deepest drawdown (Young 1991); NaN without a drawdown.
[[nodiscard]] double calmar(std::span<const double> returns, double periods_per_year) noexcept;
// Total return by that depth; NaN likewise.
[[nodiscard]] double recovery_factor(std::span<const double> returns) noexcept;

}  // namespace sluice::pipeline::statistics
