// The fused tick-to-order path over the simulated venue, taken a chunk at a time.
#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/hot/stepped_head.hpp>

namespace sluice::pipeline {

template class SteppedHead<adapters::sim_venue::SimVenue>;

}  // namespace sluice::pipeline
