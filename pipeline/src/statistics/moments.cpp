#include <sluice/pipeline/statistics/moments.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::pipeline::statistics {
namespace {

struct Scan {
    std::size_t count = 0;
    double mean = kNothing;
    bool constant = false;  // every value the same
};

Scan scan(std::span<const double> values) noexcept {
    Scan out;
    Sum sum;
    double first = 0;
    out.constant = true;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        if (out.count++ == 0) first = value;
        if (value != first) out.constant = false;
        sum.add(value);
    }
    if (out.count == 0) {
        out.constant = false;
    } else {
        out.mean = out.constant ? first : sum.value() / static_cast<double>(out.count);
    }
    return out;
}

// Sum of (x - centre)^power, power 2 to 4.
double central(std::span<const double> values, double centre, int power) noexcept {
    Sum sum;
    for (const double value : values) {
        if (std::isnan(value)) continue;
        const double off = value - centre;
        const double square = off * off;
        sum.add(power == 2 ? square : power == 3 ? square * off : square * square);
    }
    return sum.value();
}

}  // namespace

std::size_t count(std::span<const double> values) noexcept {
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](double v) { return !std::isnan(v); }));
}

double mean(std::span<const double> values) noexcept { return scan(values).mean; }

double variance(std::span<const double> values, std::size_t lost_degrees) noexcept {
    const Scan all = scan(values);
    if (all.count <= lost_degrees) return kNothing;
    if (all.constant) return 0;
    return central(values, all.mean, 2) / static_cast<double>(all.count - lost_degrees);
}

double deviation(std::span<const double> values, std::size_t lost_degrees) noexcept {
    return std::sqrt(variance(values, lost_degrees));
}

Moments moments(std::span<const double> values) noexcept {
    const Scan all = scan(values);
    Moments out{all.count, all.mean, kNothing, kNothing, kNothing};
    if (all.count < 2) return out;
    if (all.constant) {
        out.deviation = 0;
        return out;
    }
    const auto n = static_cast<double>(all.count);
    const double m2 = central(values, all.mean, 2) / n;
    out.deviation = std::sqrt(m2 * n / (n - 1));
    out.skewness = central(values, all.mean, 3) / n / (m2 * std::sqrt(m2));
    out.kurtosis = central(values, all.mean, 4) / n / (m2 * m2);
    return out;
}

std::vector<double> autocovariances(std::span<const double> values, std::size_t lags) {
    const std::vector<double> rows = present(values);
    const double centre = mean(rows);
    std::vector<double> out(lags + 1, kNothing);
    for (std::size_t lag = 0; lag < out.size() && lag < rows.size(); ++lag) {
        Sum sum;
        for (std::size_t i = lag; i < rows.size(); ++i)
            sum.add((rows[i] - centre) * (rows[i - lag] - centre));
        out[lag] = sum.value() / static_cast<double>(rows.size());
    }
    return out;
}

double autocorrelation(std::span<const double> values, std::size_t lag) {
    const std::vector<double> rows = present(values);
    if (rows.size() < lag + 2) return kNothing;
    const double centre = mean(rows);
    Sum across;
    Sum own;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        own.add((rows[i] - centre) * (rows[i] - centre));
        if (i >= lag) across.add((rows[i] - centre) * (rows[i - lag] - centre));
    }
    return own.value() == 0 ? kNothing : across.value() / own.value();
}

double quantile_sorted(std::span<const double> sorted, double share) {
    if (!(share >= 0 && share <= 1))
        throw std::invalid_argument("a quantile's share lies within 0 and 1");
    if (sorted.empty()) return kNothing;
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    if (below + 1 >= sorted.size()) return sorted.back();
    const double part = place - static_cast<double>(below);
    // Also keeps an infinite neighbour out, and the difference of two of them.
    if (part == 0 || sorted[below] == sorted[below + 1]) return sorted[below];
    return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

double quantile(std::span<const double> values, double share) {
    std::vector<double> rows = present(values);
    std::sort(rows.begin(), rows.end());
    return quantile_sorted(rows, share);
}

std::vector<double> present(std::span<const double> values) {
    std::vector<double> out;
    out.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(out),
                 [](double v) { return !std::isnan(v); });
    return out;
}

}  // namespace sluice::pipeline::statistics
