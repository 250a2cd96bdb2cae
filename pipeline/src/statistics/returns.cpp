#include <sluice/pipeline/statistics/returns.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>

namespace sluice::pipeline::statistics {

std::vector<double> simple_returns(std::span<const double> prices) {
    std::vector<double> out;
    for (std::size_t i = 1; i < prices.size(); ++i)
        out.push_back(prices[i - 1] > 0 ? prices[i] / prices[i - 1] - 1 : kNothing);
    return out;
}

std::vector<double> log_returns(std::span<const double> prices) {
    std::vector<double> out;
    for (std::size_t i = 1; i < prices.size(); ++i) {
        const bool known = prices[i - 1] > 0 && prices[i] > 0;
        out.push_back(known ? std::log(prices[i] / prices[i - 1]) : kNothing);
    }
    return out;
}

std::vector<double> to_log(std::span<const double> returns) {
    std::vector<double> out;
    out.reserve(returns.size());
    for (const double r : returns) out.push_back(std::log1p(r));
    return out;
}

std::vector<double> to_simple(std::span<const double> log_returns) {
    std::vector<double> out;
    out.reserve(log_returns.size());
    for (const double r : log_returns) out.push_back(std::expm1(r));
    return out;
}

std::vector<double> excess(std::span<const double> returns, std::span<const double> other) {
    if (returns.size() != other.size())
        throw std::invalid_argument("two series of different length have no excess");
    std::vector<double> out(returns.begin(), returns.end());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] -= other[i];
    return out;
}

std::vector<double> excess(std::span<const double> returns, double rate) {
    std::vector<double> out(returns.begin(), returns.end());
    for (double& r : out) r -= rate;
    return out;
}

std::vector<double> cumulative_returns(std::span<const double> returns) {
    std::vector<double> out;
    out.reserve(returns.size());
    double wealth = 1;
    for (const double r : returns) {
        if (!std::isnan(r)) wealth *= 1 + r;
        out.push_back(wealth - 1);
    }
    return out;
}

double total_return(std::span<const double> returns) noexcept {
    if (returns.empty()) return kNothing;
    double wealth = 1;
    for (const double r : returns)
        if (!std::isnan(r)) wealth *= 1 + r;
    return wealth - 1;
}

double annual_return(std::span<const double> returns, double periods_per_year) noexcept {
    if (returns.empty()) return kNothing;
    const double wealth = 1 + total_return(returns);
    if (wealth <= 0) return -1;
    return std::pow(wealth, periods_per_year / static_cast<double>(returns.size())) - 1;
}

double annual_mean(std::span<const double> returns, double periods_per_year) noexcept {
    return mean(returns) * periods_per_year;
}

double annual_volatility(std::span<const double> returns, double periods_per_year) noexcept {
    return deviation(returns) * std::sqrt(periods_per_year);
}

}  // namespace sluice::pipeline::statistics
