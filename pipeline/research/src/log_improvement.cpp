#include <sluice/research/log_improvement.hpp>

#include <cmath>
#include <numbers>

#include <sluice/pipeline/statistics/normal.hpp>

namespace sluice::research {
namespace {

using pipeline::statistics::normal_cdf;
using pipeline::statistics::normal_density;

const double kLogSqrtTwoPi = 0.5 * std::log(2.0 * std::numbers::pi);
// Below -kFractionFrom the continued fraction takes over; there 60 terms give full precision.
constexpr double kFractionFrom = 3.0;
constexpr int kFractionTerms = 60;

// The Mills ratio (1 - Phi(t))/phi(t) is 1/(t + 1/(t + 2/(t + 3/(t + ...)))). Returns the tail
// q = 1/(t + 2/(t + 3/(...))), so that the ratio is 1/(t + q) and 1 - t times the ratio q/(t + q).
double mills_tail(double t) {
    double below = t;
    for (int k = kFractionTerms; k >= 2; --k) below = t + k / below;
    return 1.0 / below;
}

}  // namespace

ValueAndSlope log_improvement(double z) {
    if (z > -kFractionFrom) {
        const double cdf = normal_cdf(z);
        const double h = normal_density(z) + z * cdf;
        return {std::log(h), cdf / h};
    }
    const double t = -z;
    const double q = mills_tail(t);
    return {-0.5 * t * t - kLogSqrtTwoPi + std::log(q) - std::log(t + q), 1.0 / q};
}

ValueAndSlope log_normal_cdf(double z) {
    if (z > -kFractionFrom) {
        const double cdf = normal_cdf(z);
        return {std::log(cdf), normal_density(z) / cdf};
    }
    const double t = -z;
    const double q = mills_tail(t);
    return {-0.5 * t * t - kLogSqrtTwoPi - std::log(t + q), t + q};
}

}  // namespace sluice::research
