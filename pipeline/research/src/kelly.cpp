#include <sluice/research/kelly.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::research {

using pipeline::statistics::kNothing;
using pipeline::statistics::Sum;

namespace {

// Derivative of the expected growth: falls as f rises.
double slope_of_growth(std::span<const double> outcomes, std::span<const double> chances,
                       double fraction) noexcept {
    Sum sum;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        sum.add(chances[i] * outcomes[i] / (1 + fraction * outcomes[i]));
    return sum.value();
}

// L of matrix = L L', in place of its lower triangle.
void decompose(std::vector<double>& matrix, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double left = matrix[i * n + j];
            for (std::size_t k = 0; k < j; ++k) left -= matrix[i * n + k] * matrix[j * n + k];
            if (i != j) {
                matrix[i * n + j] = left / matrix[j * n + j];
            } else if (left > 0) {
                matrix[i * n + i] = std::sqrt(left);
            } else {
                throw std::invalid_argument("the covariance is not positive definite");
            }
        }
    }
}

}  // namespace

double kelly_binary(double win, double payoff) noexcept {
    if (!(win >= 0 && win <= 1) || !(payoff > 0)) return kNothing;
    return std::max(0.0, win - (1 - win) / payoff);
}

double growth_binary(double win, double payoff, double fraction) noexcept {
    if (!(win >= 0 && win <= 1) || !(payoff > 0)) return kNothing;
    // A side that cannot come adds nothing, also where its logarithm is infinite.
    const double won = win > 0 ? win * std::log1p(payoff * fraction) : 0;
    const double lost = win < 1 ? (1 - win) * std::log1p(-fraction) : 0;
    return won + lost;
}

double kelly_discrete(std::span<const double> outcomes, std::span<const double> chances) {
    if (outcomes.empty() || outcomes.size() != chances.size())
        throw std::invalid_argument("every outcome has a chance");
    if (!(slope_of_growth(outcomes, chances, 0) > 0)) return 0;
    double worst = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (chances[i] > 0) worst = std::min(worst, outcomes[i]);
    if (worst == 0) return std::numeric_limits<double>::infinity();
    double low = 0;
    double high = -1 / worst;  // here the worst outcome takes everything
    while (true) {
        const double middle = std::midpoint(low, high);
        if (middle == low || middle == high) return low;
        (slope_of_growth(outcomes, chances, middle) > 0 ? low : high) = middle;
    }
}

double kelly_continuous(double mean, double deviation, double rate) noexcept {
    if (!(deviation > 0)) return kNothing;
    return std::max(0.0, (mean - rate) / (deviation * deviation));
}

double growth_continuous(double mean, double deviation, double rate, double fraction) noexcept {
    return rate + fraction * (mean - rate) - fraction * fraction * deviation * deviation / 2;
}

double growth_kept(double part) noexcept { return part * (2 - part); }

double chance_of_falling_to(double share, double part) noexcept {
    if (!(share > 0 && share <= 1) || !(part > 0)) return kNothing;
    return std::pow(share, std::max(0.0, 2 / part - 1));
}

std::vector<double> kelly_assets(std::span<const double> covariance,
                                 std::span<const double> excess_means) {
    const std::size_t n = excess_means.size();
    if (n == 0 || covariance.size() != n * n)
        throw std::invalid_argument("the covariance has a row and a column for each asset");
    std::vector<double> lower(covariance.begin(), covariance.end());
    decompose(lower, n);
    std::vector<double> out(excess_means.begin(), excess_means.end());
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < i; ++k) out[i] -= lower[i * n + k] * out[k];
        out[i] /= lower[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t k = i + 1; k < n; ++k) out[i] -= lower[k * n + i] * out[k];
        out[i] /= lower[i * n + i];
    }
    return out;
}

double risk_per_trade(double win_rate, double payoff) noexcept {
    const double whole = kelly_binary(win_rate, payoff);
    if (std::isnan(whole)) return kNothing;
    // Where wins and losses balance, rounding alone may leave an edge of a few 1e-17.
    constexpr double kNoEdge = 1e-12;
    return whole <= kNoEdge ? 0 : std::clamp(kKellyPart * whole, kRiskMin, kRiskMax);
}

double bet_size(double chance) noexcept {
    if (!(chance >= 0 && chance <= 1)) return kNothing;
    if (chance == 0 || chance == 1) return chance == 0 ? -1 : 1;
    // 2 Z(z) - 1 = erf(z / sqrt 2), without cancellation near one half.
    return std::erf((chance - 0.5) / std::sqrt(chance * (1 - chance)) / std::numbers::sqrt2);
}

}  // namespace sluice::research
