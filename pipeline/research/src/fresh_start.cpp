#include "fresh_start.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::research {
namespace {

constexpr std::size_t kGround = 5;
// Of the depth of the least value below the mean.
constexpr double kSame = 1e-4;

// Ascending values, each once: equal ones are a plain, as where no set trades, and not a valley.
bool reached_ground(const std::vector<double>& values, double sum) {
    if (values.size() < kGround) return false;
    const double depth = sum / static_cast<double>(values.size()) - values.front();
    return depth > 0.0 && std::isfinite(depth) &&
           values[kGround - 1] <= values.front() + kSame * depth;
}

}  // namespace

std::size_t latest_start(const std::vector<Observation>& observations, std::size_t initial) {
    std::size_t start = 0;
    std::vector<double> values;
    double sum = 0.0;
    for (std::size_t i = 0; i < observations.size(); ++i) {
        const Observation& o = observations[i];
        if (!o.feasible()) continue;
        const auto place = std::lower_bound(values.begin(), values.end(), o.value);
        if (place != values.end() && *place == o.value) continue;
        values.insert(place, o.value);
        sum += o.value;
        if (i + 1 - start < 2 * initial || !reached_ground(values, sum)) continue;
        start = i + 1;
        values.clear();
        sum = 0.0;
    }
    return start;
}

}  // namespace sluice::research
