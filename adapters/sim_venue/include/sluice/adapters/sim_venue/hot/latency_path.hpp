// How long a message is on its way between the engine and the venue: a constant, or one of recorded
// latencies drawn anew for each message, and a gateway that passes one message an interval, so that a
// burst waits. Messages keep their order. One thread; constant time; the draws are those of the seed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/random.hpp>
#include <sluice/core/time.hpp>

namespace sluice::adapters::sim_venue {

class LatencyPath {
  public:
    // `recorded` empty: always `constant`. `extra` is on top of either; what were negative is 0.
    LatencyPath(core::Nanos constant, const std::vector<core::Nanos>& recorded, core::Nanos extra,
                core::Nanos interval, core::Random random);

    // No message is faster.
    [[nodiscard]] core::Nanos least() const noexcept { return least_; }
    // When a message that leaves at `time` comes out.
    [[nodiscard]] core::StreamTime after(core::StreamTime time) noexcept {
        return varies_ ? after_varying(time, core::Nanos{0}) : time + least_;
    }
    // The same under a load that makes it take so much longer.
    [[nodiscard]] core::StreamTime after(core::StreamTime time, core::Nanos load) noexcept {
        return after_varying(time, load);
    }

  private:
    [[nodiscard]] core::StreamTime after_varying(core::StreamTime time, core::Nanos load) noexcept {
        core::Nanos latency = least_;
        if (!recorded_.empty())
            latency = recorded_[static_cast<std::size_t>(
                random_.below(static_cast<std::int64_t>(recorded_.size())))];
        latency += load;
        last_ = last_ == core::StreamTime::min() ? time + latency
                                                 : std::max(time + latency, last_ + interval_);
        return last_;
    }

    core::Nanos least_;
    core::Nanos interval_;
    bool varies_;
    std::vector<core::Nanos> recorded_;
    core::Random random_;
    core::StreamTime last_ = core::StreamTime::min();
};

}  // namespace sluice::adapters::sim_venue
