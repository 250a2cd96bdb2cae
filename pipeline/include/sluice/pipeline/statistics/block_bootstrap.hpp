// Resampling of a series by blocks, so that what one row says about the next survives: the
// stationary bootstrap (Politis and Romano 1994), whose blocks have geometric lengths, and the
// circular one (Politis and Romano 1992), whose blocks have a fixed length. Both wrap around.
//
// Determinism  By seed: the generator is core/random.hpp, resample b has a stream of its own, so
//              that results do not depend on how many are made or in which order.
// Cost         rows x resamples, and the statistic's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace sluice::pipeline::statistics {

enum class BlockScheme { kStationary, kCircular };

struct BootstrapPlan {
    BlockScheme scheme = BlockScheme::kStationary;
    double block_length = 0;  // expected (stationary) or fixed (circular); 0 picks the optimal one
    std::size_t resamples = 2'000;
    double confidence = 0.95;
    std::uint64_t seed = 1;
};

// Row numbers of resample `number` into `rows`: as many as it has room, each below rows.size().
// block_length at least 1, else std::invalid_argument.
void draw_blocks(BlockScheme scheme, double block_length, std::uint64_t seed, std::uint64_t number,
                 std::span<std::uint32_t> rows);

struct Interval {
    double estimate = 0;  // of the series itself
    double lower = 0;     // percentile interval of the resamples
    double upper = 0;
    double standard_error = 0;  // deviation of the resamples
    double block_length = 0;    // used
    std::size_t resamples = 0;  // that gave a number; the others gave NaN
};

using Statistic = std::function<double(std::span<const double>)>;
using PairStatistic = std::function<double(std::span<const double>, std::span<const double>)>;

// The interval of a statistic of one series, or of two whose rows are drawn together (the block
// length is then the longer of their two). NaN rows are drawn like others. An empty series gives what
// the statistic makes of nothing; a plan with a confidence outside (0, 1), no resamples or a block
// shorter than a row is a std::invalid_argument.
[[nodiscard]] Interval bootstrap(std::span<const double> returns, const Statistic& statistic,
                                 const BootstrapPlan& plan = {});
[[nodiscard]] Interval bootstrap(std::span<const double> returns, std::span<const double> benchmark,
                                 const PairStatistic& statistic, const BootstrapPlan& plan = {});

}  // namespace sluice::pipeline::statistics
