#include <sluice/pipeline/statistics/regression.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/returns.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::pipeline::statistics {
namespace {

struct Pairs {
    std::vector<double> returns;
    std::vector<double> benchmark;
};

Pairs pairs(std::span<const double> returns, std::span<const double> benchmark, Market market) {
    if (returns.size() != benchmark.size())
        throw std::invalid_argument("a series and its benchmark are of one length");
    Pairs out;
    for (std::size_t i = 0; i < returns.size(); ++i) {
        if (std::isnan(returns[i]) || std::isnan(benchmark[i])) continue;
        if (market == Market::kUp && !(benchmark[i] > 0)) continue;
        if (market == Market::kDown && !(benchmark[i] < 0)) continue;
        out.returns.push_back(returns[i]);
        out.benchmark.push_back(benchmark[i]);
    }
    return out;
}

double covariance_sum(std::span<const double> first, std::span<const double> second) {
    const double first_mean = mean(first);
    const double second_mean = mean(second);
    Sum sum;
    for (std::size_t i = 0; i < first.size(); ++i)
        sum.add((first[i] - first_mean) * (second[i] - second_mean));
    return sum.value();
}

}  // namespace

AlphaBeta alpha_beta(std::span<const double> returns, std::span<const double> benchmark,
                     double periods_per_year, double risk_free, Market market) {
    const Pairs rows = pairs(returns, benchmark, market);
    if (rows.returns.size() < 2) return {kNothing, kNothing};
    const std::vector<double> own = excess(rows.returns, risk_free);
    const std::vector<double> other = excess(rows.benchmark, risk_free);
    const double spread = covariance_sum(other, other);
    if (spread == 0) return {kNothing, kNothing};
    const double beta = covariance_sum(own, other) / spread;
    Sum residual;
    for (std::size_t i = 0; i < own.size(); ++i) residual.add(own[i] - beta * other[i]);
    const double alpha = residual.value() / static_cast<double>(own.size());
    return {std::pow(1 + alpha, periods_per_year) - 1, beta};
}

double correlation(std::span<const double> first, std::span<const double> second) {
    const Pairs rows = pairs(first, second, Market::kAll);
    if (rows.returns.size() < 2) return kNothing;
    const double spread = std::sqrt(covariance_sum(rows.returns, rows.returns)) *
                          std::sqrt(covariance_sum(rows.benchmark, rows.benchmark));
    return spread == 0 ? kNothing : covariance_sum(rows.returns, rows.benchmark) / spread;
}

double capture(std::span<const double> returns, std::span<const double> benchmark,
               double periods_per_year, Market market) {
    const Pairs rows = pairs(returns, benchmark, market);
    return ratio(annual_return(rows.returns, periods_per_year),
                 annual_return(rows.benchmark, periods_per_year));
}

double up_down_capture(std::span<const double> returns, std::span<const double> benchmark,
                       double periods_per_year) {
    return ratio(capture(returns, benchmark, periods_per_year, Market::kUp),
                 capture(returns, benchmark, periods_per_year, Market::kDown));
}

double stability(std::span<const double> returns) {
    const std::vector<double> rows = present(returns);
    if (rows.size() < 2) return kNothing;
    std::vector<double> height;
    std::vector<double> time;
    Sum sum;
    for (const double r : rows) {
        sum.add(std::log1p(r));
        height.push_back(sum.value());
        time.push_back(static_cast<double>(time.size()));
    }
    const double r = correlation(time, height);
    return r * r;
}

}  // namespace sluice::pipeline::statistics
