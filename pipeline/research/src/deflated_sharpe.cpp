#include <sluice/research/deflated_sharpe.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/normal.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::research {

namespace statistics = pipeline::statistics;

namespace {

// Mean and sum of squares about it, by column, in two passes over the rows.
struct ColumnMoments {
    std::vector<double> mean;
    std::vector<double> squares;
    std::vector<bool> constant;
};

ColumnMoments column_moments(const ReturnsTable& returns) {
    const std::size_t columns = returns.columns();
    ColumnMoments out{std::vector<double>(columns), std::vector<double>(columns),
                      std::vector<bool>(columns, true)};
    if (returns.rows() == 0) return out;
    std::vector<statistics::Sum> sums(columns);
    for (std::size_t t = 0; t < returns.rows(); ++t) {
        const auto row = returns.row(t);
        for (std::size_t k = 0; k < columns; ++k) {
            sums[k].add(row[k]);
            if (row[k] != returns.row(0)[k]) out.constant[k] = false;
        }
    }
    for (std::size_t k = 0; k < columns; ++k)
        out.mean[k] = sums[k].value() / static_cast<double>(returns.rows());
    for (std::size_t t = 0; t < returns.rows(); ++t) {
        const auto row = returns.row(t);
        for (std::size_t k = 0; k < columns; ++k) {
            const double off = row[k] - out.mean[k];
            out.squares[k] += off * off;
        }
    }
    return out;
}

}  // namespace

double expected_maximum(double trials) noexcept {
    if (!(trials >= 1)) return statistics::kNothing;
    if (trials == 1) return 0;
    // Z^-1(1 - p) as -Z^-1(p): no digits of p are lost.
    const double first = -statistics::normal_quantile(1 / trials);
    const double second = -statistics::normal_quantile(1 / (trials * std::numbers::e));
    return std::max(0.0, (1 - std::numbers::egamma) * first + std::numbers::egamma * second);
}

double expected_best_sharpe(double variance, double trials) noexcept {
    return std::sqrt(variance) * expected_maximum(trials);
}

double deflated_sharpe(const SharpeSample& sample, double variance, double trials) noexcept {
    return probabilistic_sharpe(sample, expected_best_sharpe(variance, trials));
}

double minimum_backtest_years(double trials, double target) noexcept {
    const double ratio = expected_maximum(trials) / target;
    return ratio * ratio;
}

double minimum_backtest_years_bound(double trials, double target) noexcept {
    return 2 * std::log(trials) / (target * target);
}

double effective_trials(double trials, double average_correlation) noexcept {
    const double rho = std::clamp(average_correlation, 0.0, 1.0);
    return rho + (1 - rho) * trials;
}

double average_correlation(const ReturnsTable& returns) {
    // With z the standardised returns: sum over pairs of correlations = (sum_t (sum_k z)^2 - M) / 2.
    const ColumnMoments moments = column_moments(returns);
    std::size_t moving = 0;
    std::vector<double> scale(returns.columns());
    for (std::size_t k = 0; k < scale.size(); ++k) {
        if (moments.constant[k] || !(moments.squares[k] > 0)) continue;
        scale[k] = 1 / std::sqrt(moments.squares[k]);
        ++moving;
    }
    if (moving < 2) return statistics::kNothing;
    statistics::Sum squares;
    for (std::size_t t = 0; t < returns.rows(); ++t) {
        const auto row = returns.row(t);
        double together = 0;
        for (std::size_t k = 0; k < scale.size(); ++k)
            together += (row[k] - moments.mean[k]) * scale[k];
        squares.add(together * together);
    }
    const auto m = static_cast<double>(moving);
    return (squares.value() - m) / (m * (m - 1));
}

double sharpe_scatter(const ReturnsTable& returns) {
    const ColumnMoments moments = column_moments(returns);
    std::vector<double> sharpes(returns.columns());
    for (std::size_t k = 0; k < sharpes.size(); ++k) {
        if (moments.constant[k] || !(moments.squares[k] > 0)) continue;
        sharpes[k] = moments.mean[k] /
                     std::sqrt(moments.squares[k] / static_cast<double>(returns.rows() - 1));
    }
    return statistics::variance(sharpes);
}

}  // namespace sluice::research
