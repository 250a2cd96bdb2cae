// What became of the full book updates of a run, by instrument. Plain values: any thread.
#pragma once

#include <cstdint>

#include <sluice/core/ids.hpp>

namespace sluice::pipeline {

struct DepthRecord {
    core::SymbolId symbol = core::kNoSymbol;
    std::uint64_t updates = 0;    // of levels, snapshots' included
    std::uint64_t snapshots = 0;  // that were taken over
    std::uint64_t gaps = 0;       // events that were missing or cut off: nothing is displayed then
    std::uint64_t crossed = 0;    // events after which the best prices met
    std::uint64_t refused = 0;    // updates that cannot be or found no room (venue.book_levels)
    std::uint64_t unready = 0;    // orders that came while the book was not whole
    bool whole_at_end = false;
};

}  // namespace sluice::pipeline
