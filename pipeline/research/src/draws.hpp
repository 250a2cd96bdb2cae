// What the methods draw: the streams of a seed, and draws beside those of core's generator.
#pragma once

#include <cstdint>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/statistics/normal.hpp>

namespace sluice::research {

// Each use draws from a stream of its own, and each proposal from a substream: what one draws does not
// depend on how much the ones before it drew.
enum Stream : std::uint64_t { kUniformPoints, kScrambling, kFilling, kSearch, kRuns, kFallback };

// In (0, 1): never an end, where a logarithm or a quantile would be infinite.
inline double open_uniform(core::Random& random) {
    return (static_cast<double>(random.next() >> 12U) + 0.5) * 0x1p-52;
}

inline double standard_normal(core::Random& random) {
    return pipeline::statistics::normal_quantile(open_uniform(random));
}

}  // namespace sluice::research
