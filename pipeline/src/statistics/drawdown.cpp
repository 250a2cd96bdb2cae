#include <sluice/pipeline/statistics/drawdown.hpp>

#include <algorithm>
#include <cmath>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/returns.hpp>

namespace sluice::pipeline::statistics {
namespace {

// Calls visit(point, drawdown, peak point) for each return.
template <class Visit>
void walk(std::span<const double> returns, Visit&& visit) {
    double wealth = 1;
    double highest = 1;
    std::size_t peak = 0;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        if (!std::isnan(returns[i])) wealth *= 1 + returns[i];
        const std::size_t fell_from = peak;
        if (wealth >= highest) {
            highest = wealth;
            peak = i + 1;
        }
        visit(i + 1, wealth >= highest ? 0.0 : wealth / highest - 1, fell_from);
    }
}

}  // namespace

std::vector<double> drawdowns(std::span<const double> returns) {
    std::vector<double> out;
    out.reserve(returns.size());
    walk(returns, [&](std::size_t, double below, std::size_t) { out.push_back(below); });
    return out;
}

double max_drawdown(std::span<const double> returns) noexcept {
    if (returns.empty()) return kNothing;
    return deepest_drawdown(returns).depth;
}

Drawdown deepest_drawdown(std::span<const double> returns) noexcept {
    Drawdown deepest;
    bool inside = false;  // still below the peak of the deepest
    walk(returns, [&](std::size_t point, double below, std::size_t peak) {
        if (inside && below == 0) {
            deepest.recovery = point;
            deepest.length = point - deepest.peak;
            inside = false;
        }
        if (below < deepest.depth) {
            deepest = {below, peak, point, std::nullopt, 0};
            inside = true;
        }
    });
    if (inside) deepest.length = returns.size() - deepest.peak;
    return deepest;
}

std::size_t longest_drawdown(std::span<const double> returns) noexcept {
    std::size_t longest = 0;
    bool below_before = false;
    walk(returns, [&](std::size_t point, double below, std::size_t peak) {
        if (below < 0 || below_before) longest = std::max(longest, point - peak);
        below_before = below < 0;
    });
    return longest;
}

double mean_drawdown(std::span<const double> returns) { return mean(drawdowns(returns)); }

double ulcer_index(std::span<const double> returns) {
    std::vector<double> below = drawdowns(returns);
    for (double& depth : below) depth *= depth;
    return std::sqrt(mean(below));
}

double calmar(std::span<const double> returns, double periods_per_year) noexcept {
    const double depth = max_drawdown(returns);
    return depth < 0 ? annual_return(returns, periods_per_year) / -depth : kNothing;
}

double recovery_factor(std::span<const double> returns) noexcept {
    const double depth = max_drawdown(returns);
    return depth < 0 ? total_return(returns) / -depth : kNothing;
}

}  // namespace sluice::pipeline::statistics
