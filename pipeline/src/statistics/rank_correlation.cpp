#include <sluice/pipeline/statistics/rank_correlation.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace sluice::pipeline::statistics {

std::vector<double> ranks(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> out(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first + 1;
        while (end < order.size() && !(values[order[first]] < values[order[end]])) ++end;
        // Ranks first + 1 to end.
        const double shared = static_cast<double>(first + 1 + end) / 2;
        for (std::size_t i = first; i < end; ++i) out[order[i]] = shared;
        first = end;
    }
    return out;
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size())
        throw std::invalid_argument("rank correlation: two series of different lengths");
    if (a.size() < 2) return std::numeric_limits<double>::quiet_NaN();
    const std::vector<double> x = ranks(a);
    const std::vector<double> y = ranks(b);
    // Ranks are multiples of a half and their mean is known: sums are exact up to 10^5 pairs.
    const double mean = static_cast<double>(a.size() + 1) / 2;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
        xy += (x[i] - mean) * (y[i] - mean);
    }
    if (!(xx > 0) || !(yy > 0)) return std::numeric_limits<double>::quiet_NaN();
    return xy / (std::sqrt(xx) * std::sqrt(yy));
}

}  // namespace sluice::pipeline::statistics
