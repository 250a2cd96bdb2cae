// The standard normal distribution.
#pragma once

namespace sluice::pipeline::statistics {

[[nodiscard]] double normal_density(double x) noexcept;
// Relative error of a few 1e-16 in the left tail too.
[[nodiscard]] double normal_cdf(double x) noexcept;
// Its inverse, to a few units in the last place; -inf at 0, +inf at 1, NaN outside [0, 1]. Near 1
// ask for -normal_quantile(1 - share) with the difference computed by the caller: it is exact there.
[[nodiscard]] double normal_quantile(double share) noexcept;

}  // namespace sluice::pipeline::statistics
