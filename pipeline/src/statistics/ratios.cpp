#include <sluice/pipeline/statistics/ratios.hpp>

#include <cmath>
#include <vector>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/returns.hpp>
#include <sluice/pipeline/statistics/sum.hpp>

namespace sluice::pipeline::statistics {
namespace {

double mean_by_deviation(std::span<const double> values) {
    const Moments all = moments(values);
    return all.count < 2 ? kNothing : ratio(all.mean, all.deviation);
}

double root_mean_square_loss(std::span<const double> excesses) {
    Sum squares;
    for (const double value : excesses)
        if (value < 0) squares.add(value * value);
    const std::size_t rows = count(excesses);
    return rows == 0 ? kNothing : std::sqrt(squares.value() / static_cast<double>(rows));
}

double sortino_of(std::span<const double> excesses, double periods_per_year) {
    if (count(excesses) < 2) return kNothing;
    return ratio(mean(excesses), root_mean_square_loss(excesses)) * std::sqrt(periods_per_year);
}

}  // namespace

double sharpe(std::span<const double> returns, double periods_per_year, double risk_free) {
    return mean_by_deviation(excess(returns, risk_free)) * std::sqrt(periods_per_year);
}

double information_ratio(std::span<const double> returns, std::span<const double> benchmark) {
    return mean_by_deviation(excess(returns, benchmark));
}

double downside_risk(std::span<const double> returns, double periods_per_year, double required) {
    return root_mean_square_loss(excess(returns, required)) * std::sqrt(periods_per_year);
}

double sortino(std::span<const double> returns, double periods_per_year, double required) {
    return sortino_of(excess(returns, required), periods_per_year);
}

double sortino(std::span<const double> returns, double periods_per_year,
               std::span<const double> required) {
    return sortino_of(excess(returns, required), periods_per_year);
}

double omega(std::span<const double> returns, double periods_per_year, double risk_free,
             double required_annual) {
    if (count(returns) < 2 || required_annual <= -1) return kNothing;
    const double threshold = std::pow(1 + required_annual, 1 / periods_per_year) - 1;
    Sum gains;
    Sum losses;
    for (const double r : returns) {
        const double above = r - risk_free - threshold;
        if (above > 0) gains.add(above);
        if (above < 0) losses.add(-above);
    }
    return losses.value() > 0 ? gains.value() / losses.value() : kNothing;
}

double gain_to_pain(std::span<const double> returns) noexcept {
    Sum all;
    Sum losses;
    for (const double r : returns) {
        if (!std::isnan(r)) all.add(r);
        if (r < 0) losses.add(-r);
    }
    return losses.value() > 0 ? all.value() / losses.value() : kNothing;
}

}  // namespace sluice::pipeline::statistics
