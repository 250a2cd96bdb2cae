#include <sluice/pipeline/statistics/block_bootstrap.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/statistics/block_length.hpp>
#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>

namespace sluice::pipeline::statistics {
namespace {

constexpr std::uint64_t kBootstrapStream = 0xB007'57A9;

void check(const BootstrapPlan& plan) {
    if (!(plan.confidence > 0 && plan.confidence < 1))
        throw std::invalid_argument("a bootstrap's confidence lies between 0 and 1");
    if (plan.resamples == 0) throw std::invalid_argument("a bootstrap needs resamples");
    if (plan.block_length != 0 && !(plan.block_length >= 1))
        throw std::invalid_argument("a bootstrap's blocks hold at least one row");
}

double chosen_length(const BootstrapPlan& plan, std::span<const double> values) {
    if (plan.block_length != 0) return plan.block_length;
    const BlockLength best = optimal_block_length(values);
    return plan.scheme == BlockScheme::kStationary ? best.stationary : best.circular;
}

Interval summarise(double estimate, std::vector<double> values, double block_length,
                   double confidence) {
    std::erase_if(values, [](double v) { return std::isnan(v); });
    std::sort(values.begin(), values.end());
    const double tail = (1 - confidence) / 2;
    return {estimate,
            quantile_sorted(values, tail),
            quantile_sorted(values, 1 - tail),
            deviation(values),
            block_length,
            values.size()};
}

// `redraw(rows)` builds the resample with those rows and returns its statistic.
template <class Redraw>
Interval run(double estimate, std::size_t rows, double block_length, const BootstrapPlan& plan,
             Redraw&& redraw) {
    std::vector<std::uint32_t> drawn(rows);
    std::vector<double> values;
    values.reserve(plan.resamples);
    for (std::size_t b = 0; b < plan.resamples; ++b) {
        draw_blocks(plan.scheme, block_length, plan.seed, b, drawn);
        values.push_back(redraw(drawn));
    }
    return summarise(estimate, std::move(values), block_length, plan.confidence);
}

void gather(std::span<const double> from, std::span<const std::uint32_t> rows,
            std::vector<double>& to) {
    for (std::size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
}

}  // namespace

void draw_blocks(BlockScheme scheme, double block_length, std::uint64_t seed, std::uint64_t number,
                 std::span<std::uint32_t> rows) {
    if (!(block_length >= 1))
        throw std::invalid_argument("a bootstrap's blocks hold at least one row");
    if (rows.size() > std::numeric_limits<std::uint32_t>::max())
        throw std::invalid_argument("too many rows for a bootstrap");
    if (rows.empty()) return;
    core::Random random(seed, kBootstrapStream, number);
    const auto n = static_cast<std::uint32_t>(rows.size());
    const double stop = 1 / block_length;
    const auto fixed = static_cast<std::size_t>(
        std::min(std::round(block_length), static_cast<double>(rows.size())));
    std::uint32_t row = 0;
    std::size_t left = 0;  // of a circular block
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool fresh =
            scheme == BlockScheme::kStationary ? i == 0 || random.uniform() < stop : left == 0;
        if (fresh) {
            row = static_cast<std::uint32_t>(random.below(n));
            left = fixed;
        } else if (++row == n) {
            row = 0;
        }
        --left;
        rows[i] = row;
    }
}

Interval bootstrap(std::span<const double> returns, const Statistic& statistic,
                   const BootstrapPlan& plan) {
    check(plan);
    std::vector<double> sample(returns.size());
    return run(statistic(returns), returns.size(), chosen_length(plan, returns), plan,
               [&](std::span<const std::uint32_t> rows) {
                   gather(returns, rows, sample);
                   return statistic(sample);
               });
}

Interval bootstrap(std::span<const double> returns, std::span<const double> benchmark,
                   const PairStatistic& statistic, const BootstrapPlan& plan) {
    check(plan);
    if (returns.size() != benchmark.size())
        throw std::invalid_argument("a series and its benchmark are of one length");
    std::vector<double> first(returns.size());
    std::vector<double> second(returns.size());
    const double length = std::max(chosen_length(plan, returns), chosen_length(plan, benchmark));
    return run(statistic(returns, benchmark), returns.size(), length, plan,
               [&](std::span<const std::uint32_t> rows) {
                   gather(returns, rows, first);
                   gather(benchmark, rows, second);
                   return statistic(first, second);
               });
}

}  // namespace sluice::pipeline::statistics
