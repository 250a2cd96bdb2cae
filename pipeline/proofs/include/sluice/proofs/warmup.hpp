// How far back a strategy's memory reaches: the same ticks begun later, and the number of bars after
// which the position that is wanted is that of the whole run and stays so.
// One thread drives. Cost: (starts + 1) runs. Memory: 24 bytes a bar.
#pragma once

#include <cstdint>
#include <span>

#include <sluice/proofs/lookahead.hpp>

namespace sluice::proofs {

struct WarmupOptions {
    std::uint64_t starts = 8;  // random bars of the first half
    std::uint64_t seed = 1;
    std::size_t timeframe = 0;  // index of the strategy's bars
};

// Of each start, the instrument that takes longest counts.
struct WarmupReport {
    std::uint64_t bars = 0;  // of the timeframe, of the whole run, all instruments
    std::uint64_t starts = 0;
    std::uint64_t settled = 0;     // starts after which all instruments came to agree
    std::uint64_t bars_least = 0;  // until they agree, of the starts that settled
    std::uint64_t bars_median = 0;
    std::uint64_t bars_most = 0;
};

// `run` has the one strategy only. No starts where the tape makes fewer than four bars.
[[nodiscard]] WarmupReport measure_warmup(std::span<const pipeline::Event> tape, const RunOnce& run,
                                          const WarmupOptions& options);

}  // namespace sluice::proofs
