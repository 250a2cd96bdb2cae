#include <sluice/adapters/sim_venue/hot/latency_path.hpp>

namespace sluice::adapters::sim_venue {

using core::Nanos;

LatencyPath::LatencyPath(Nanos constant, const std::vector<Nanos>& recorded, Nanos extra,
                         Nanos interval, core::Random random)
    : least_(std::max(Nanos{0}, constant + extra)), interval_(interval),
      varies_(!recorded.empty() || interval.count() > 0), recorded_(recorded), random_(random) {
    if (recorded_.empty()) return;
    for (Nanos& latency : recorded_) latency = std::max(Nanos{0}, latency + extra);
    least_ = *std::min_element(recorded_.begin(), recorded_.end());
}

}  // namespace sluice::adapters::sim_venue
