// A series against its benchmark: alpha, beta, capture, and against time: stability. Rows count
// where both have a value. Conventions: conventions.hpp.
#pragma once

#include <span>

namespace sluice::pipeline::statistics {

struct AlphaBeta {
    double alpha;  // annual, compounded
    double beta;
};

// Rows to take by the benchmark's return: all, those above zero, those below.
enum class Market { kAll, kUp, kDown };

// beta = cov(returns, benchmark) / var(benchmark) of the excess over risk_free (Jensen 1968);
// alpha = (1 + mean(excess - beta * benchmark's excess))^periods_per_year - 1. NaN with fewer than
// two rows or a benchmark that does not move. The benchmark's plain return decides on up and down.
[[nodiscard]] AlphaBeta alpha_beta(std::span<const double> returns,
                                   std::span<const double> benchmark, double periods_per_year,
                                   double risk_free = 0, Market market = Market::kAll);

// Pearson's; NaN with fewer than two rows or without variance.
[[nodiscard]] double correlation(std::span<const double> first, std::span<const double> second);

// Annual return by the benchmark's over the rows taken; NaN without rows. Up/down capture is
// up by down.
[[nodiscard]] double capture(std::span<const double> returns, std::span<const double> benchmark,
                             double periods_per_year, Market market = Market::kAll);
[[nodiscard]] double up_down_capture(std::span<const double> returns,
                                     std::span<const double> benchmark, double periods_per_year);

// R squared of a straight line through the compounded log returns: 1 is a straight climb or fall.
// NaN with fewer than two rows, or when the curve does not move.
[[nodiscard]] double stability(std::span<const double> returns);

}  // namespace sluice::pipeline::statistics
