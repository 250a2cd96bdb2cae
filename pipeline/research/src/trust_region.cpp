#include "trust_region.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sluice::research {
namespace {

// The constants of the paper.
constexpr double kFirstLength = 0.8;
constexpr double kMostLength = 1.6;
constexpr double kLeastLength = 0x1p-7;
constexpr std::size_t kSuccesses = 3;
constexpr std::size_t kLeastPatience = 4;
constexpr double kImprovement = 1e-3;  // of the best value's size

}  // namespace

TrustRegion::TrustRegion(const std::vector<Observation>& observations, std::size_t initial,
                         std::size_t dimensions)
    : length_{kFirstLength} {
    const std::size_t patience = std::max(kLeastPatience, dimensions);
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const Observation& o = observations[i];
        const bool better = o.feasible() && (!std::isfinite(best) ||
                                             o.value < best - kImprovement * std::abs(best));
        if (i >= initial) report(better, patience);
        if (o.feasible()) best = std::min(best, o.value);
    }
}

void TrustRegion::report(bool success, std::size_t patience) {
    successes_ = success ? successes_ + 1 : 0;
    failures_ = success ? 0 : failures_ + 1;
    if (successes_ >= kSuccesses) {
        length_ = std::min(2.0 * length_, kMostLength);
        successes_ = 0;
    } else if (failures_ >= patience) {
        length_ *= 0.5;
        failures_ = 0;
        if (length_ < kLeastLength) length_ = kFirstLength;
    }
}

Box TrustRegion::box(const Box& whole, const Eigen::VectorXd& centre,
                     const Eigen::VectorXd& log_lengths,
                     const std::vector<bool>& categorical) const {
    const double typical = log_lengths.mean();
    Box out = whole;
    for (Eigen::Index j = 0; j < centre.size(); ++j) {
        if (categorical[static_cast<std::size_t>(j)]) continue;
        const double half = 0.5 * length_ * std::exp(log_lengths(j) - typical);
        out.low(j) = std::max(whole.low(j), centre(j) - half);
        out.high(j) = std::min(whole.high(j), centre(j) + half);
    }
    return out;
}

}  // namespace sluice::research
