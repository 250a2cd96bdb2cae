// The placements of the trade path over the simulated venue: compiled once, in this library. Include it
// where run_engine() is called with a SimVenue, or the caller compiles all sixteen of them again.
#pragma once

#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/hot/placements.hpp>

namespace sluice::pipeline {

extern template PlacementEntry<adapters::sim_venue::SimVenue, HeadRun>
    placement_entry<adapters::sim_venue::SimVenue, HeadRun>(CutMask) noexcept;

}  // namespace sluice::pipeline
