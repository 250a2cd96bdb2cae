#include <sluice/pipeline/statistics/normal.hpp>

#include <cmath>
#include <limits>
#include <numbers>

namespace sluice::pipeline::statistics {

double normal_density(double x) noexcept {
    constexpr double kScale = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
    return kScale * std::exp(-0.5 * x * x);
}

double normal_cdf(double x) noexcept { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_quantile(double share) noexcept {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (!(share >= 0 && share <= 1)) return std::numeric_limits<double>::quiet_NaN();
    if (share == 0) return -kInfinity;
    if (share == 1) return kInfinity;
    if (share > 0.5) return -normal_quantile(1 - share);  // the difference is exact
    if (share == 0.5) return 0;
    // Abramowitz and Stegun 26.2.23, good to 4.5e-4; each step of Halley's method on the tail's
    // own cdf then triples the correct digits.
    const double t = std::sqrt(-2 * std::log(share));
    double x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                         (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
    for (int step = 0; step < 3; ++step) {
        const double density = normal_density(x);
        if (density == 0) break;  // a share among the denormals
        const double off = (normal_cdf(x) - share) / density;
        x -= off / (1 + 0.5 * x * off);
    }
    return x;
}

}  // namespace sluice::pipeline::statistics
