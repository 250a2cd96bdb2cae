// The placements of the trade path over the simulated venue: compiled once, in this library. Include it
// where run_engine() or a SteppedEngine is used with a SimVenue, or the caller compiles all of it again.
#pragma once

#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/hot/placements.hpp>
#include <sluice/pipeline/hot/stepped_head.hpp>

namespace sluice::pipeline {

extern template PlacementEntry<adapters::sim_venue::SimVenue, HeadRun>
    placement_entry<adapters::sim_venue::SimVenue, HeadRun>(CutMask) noexcept;
extern template class SteppedHead<adapters::sim_venue::SimVenue>;

}  // namespace sluice::pipeline
