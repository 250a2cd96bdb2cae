// How busy the market is, and how much longer a command is on its way for it: the model "linear in the
// last whole interval". Ticks are counted by intervals of venue.load_window from the epoch on; a command
// that is sent in one is as much slower as the ticks of the one before it say, whatever its own has brought
// so far. So the count is complete when it is asked for, in every placement: with stages on other threads
// the venue has by then seen ticks of after the command's sending.
// Sequencer's thread only; constant time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/settings.hpp>

namespace sluice::adapters::sim_venue {

class MarketLoad {
  public:
    // `ahead`: how far behind the newest tick a command may have been sent.
    MarketLoad(const pipeline::VenueSettings& settings, core::Nanos ahead)
        : per_step_(settings.load_latency), step_(settings.load_ticks), most_(settings.load_most),
          window_(settings.load_window) {
        if (is_counted()) intervals_.resize(static_cast<std::size_t>(ahead / window_) + 4);
    }

    [[nodiscard]] bool is_counted() const noexcept { return per_step_.count() > 0; }

    // A tick at the venue's time `now`, which does not go back.
    void count(core::StreamTime now) noexcept {
        const std::int64_t number = number_of(now);
        Interval& interval = at(number);
        if (interval.number != number) interval = {number, 0};
        ++interval.ticks;
    }
    // On top of the latency of a command that is sent then.
    [[nodiscard]] core::Nanos extra(core::StreamTime sent) const noexcept {
        const std::int64_t number = number_of(sent) - 1;
        const Interval& interval = intervals_[index(number)];
        if (interval.number != number) return core::Nanos{0};
        // No product that is beyond the greatest: steps first.
        const std::int64_t steps = interval.ticks / step_;
        return steps > most_ / per_step_ ? most_ : std::min(most_, steps * per_step_);
    }

  private:
    struct Interval {
        std::int64_t number = INT64_MIN;
        std::int64_t ticks = 0;
    };

    [[nodiscard]] std::int64_t number_of(core::StreamTime time) const noexcept {
        const std::int64_t ns = core::ns_since_epoch(time);
        return ns / window_.count() - (ns % window_.count() < 0 ? 1 : 0);
    }
    [[nodiscard]] std::size_t index(std::int64_t number) const noexcept {
        return static_cast<std::size_t>(static_cast<std::uint64_t>(number)) % intervals_.size();
    }
    [[nodiscard]] Interval& at(std::int64_t number) noexcept { return intervals_[index(number)]; }

    core::Nanos per_step_;
    std::int64_t step_;
    core::Nanos most_;
    core::Nanos window_;
    std::vector<Interval> intervals_;  // the last ones, by their numbers
};

}  // namespace sluice::adapters::sim_venue
