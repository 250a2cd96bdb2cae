// Start-up half of the simulated venue: takes all memory before the first event.
#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>

namespace sluice::adapters::sim_venue {

namespace {

// Each open order can have a few commands and reports under way; beyond that the venue would be
// asked to hold more than the engine can have sent.
constexpr std::size_t kInFlightPerOrder = 64;

}  // namespace

SimVenue::SimVenue(const pipeline::Settings& settings, const pipeline::InstrumentTable& instruments)
    : order_latency_(settings.venue.order_latency),
      response_latency_(settings.venue.response_latency),
      queue_at_back_(settings.venue.queue == pipeline::QueueModel::kBack),
      commission_(settings.venue),
      first_(instruments.size(), kNone),
      books_(instruments.size()),
      resting_(static_cast<std::size_t>(settings.execution.max_open_orders)),
      commands_(resting_.size() * kInFlightPerOrder),
      reports_(resting_.size() * kInFlightPerOrder) {
    free_.reserve(resting_.size());
    for (std::size_t i = resting_.size(); i > 0; --i)
        free_.push_back(static_cast<std::uint32_t>(i - 1));
}

}  // namespace sluice::adapters::sim_venue
