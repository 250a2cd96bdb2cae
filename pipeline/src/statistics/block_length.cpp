#include <sluice/pipeline/statistics/block_length.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <sluice/pipeline/statistics/moments.hpp>

namespace sluice::pipeline::statistics {
namespace {

// The lag beyond which `run` autocorrelations on end are insignificant; 0: none is significant.
std::size_t reach(const std::vector<double>& covariances, std::size_t run, std::size_t lags,
                  double threshold) {
    std::size_t last = 0;   // significant so far
    std::size_t quiet = 0;  // insignificant ones on end
    for (std::size_t lag = 1; lag <= lags; ++lag) {
        if (std::abs(covariances[lag] / covariances[0]) >= threshold) {
            last = lag;
            quiet = 0;
        } else if (++quiet == run) {
            break;
        }
    }
    return last;
}

// Flat to one half, then falling to zero at one.
double flat_top(double t) { return t <= 0.5 ? 1 : std::max(0.0, 2 * (1 - t)); }

}  // namespace

BlockLength optimal_block_length(std::span<const double> values) {
    constexpr double kSignificance = 2;  // the paper's c
    const std::size_t rows = count(values);
    if (rows < 4) return {};
    const auto n = static_cast<double>(rows);
    const auto run = static_cast<std::size_t>(std::max(5.0, std::ceil(std::sqrt(std::log10(n)))));
    const std::size_t lags =
        std::min(rows - 2, static_cast<std::size_t>(std::ceil(std::sqrt(n))) + run);
    const std::vector<double> covariances = autocovariances(values, lags);
    if (!(covariances[0] > 0) || !(variance(values) > 0)) return {};

    const double threshold = kSignificance * std::sqrt(std::log10(n) / n);
    const std::size_t width = std::min(2 * reach(covariances, run, lags, threshold), lags);
    double spectrum = covariances[0];  // at frequency zero
    double slope = 0;                  // sum of lambda(k / M) |k| R(k)
    for (std::size_t lag = 1; lag <= width; ++lag) {
        const auto k = static_cast<double>(lag);
        const double weight = flat_top(k / static_cast<double>(width));
        spectrum += 2 * weight * covariances[lag];
        slope += 2 * weight * k * covariances[lag];
    }
    const double highest = std::max(1.0, std::min(std::ceil(3 * std::sqrt(n)), std::ceil(n / 3)));
    const auto length = [&](double scale) {
        const double squared = 2 * slope * slope / (scale * spectrum * spectrum);
        const double blocks = std::cbrt(squared * n);
        return std::isnan(blocks) ? 1.0 : std::clamp(blocks, 1.0, highest);
    };
    return {length(2.0), length(4.0 / 3.0)};
}

}  // namespace sluice::pipeline::statistics
