// The whole tick-to-order path over the simulated venue, in every placement.
#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/hot/placements.hpp>

namespace sluice::pipeline {

static_assert(Venue<adapters::sim_venue::SimVenue>);

template PlacementEntry<adapters::sim_venue::SimVenue, HeadRun>
    placement_entry<adapters::sim_venue::SimVenue, HeadRun>(CutMask) noexcept;

}  // namespace sluice::pipeline
