// The fused stages and their sequencer as an object that takes its stream a chunk at a time: what runs
// many sets of parameters over one pass of the data. The same code as HeadRun::run() at full speed.
//
// Threads   One at a time; it may be another one for each chunk.
#pragma once

#include <utility>

#include <sluice/pipeline/hot/placements.hpp>

namespace sluice::pipeline {

template <Venue V>
class SteppedHead {
  public:
    SteppedHead(LaneState<V>& state, Timers timers, Admission admission, RunControl& control,
                OnStop on_stop)
        : lane_(state), sequencer_(state.venue, lane_, std::move(timers), std::move(admission),
                                   Pacer{}, control, on_stop) {}
    SteppedHead(const SteppedHead&) = delete;  // the sequencer knows where the lane is
    SteppedHead& operator=(const SteppedHead&) = delete;

    // All that `chunk` holds.
    [[gnu::hot]] void take(MarketSource& chunk) noexcept;
    // The end of the stream; `rest` has no more of it.
    void finish(MarketSource& rest) noexcept;
    // After finish().
    [[nodiscard]] HeadResult result() noexcept;

  private:
    Lane<V, kFused> lane_;
    Sequencer<V, Lane<V, kFused>> sequencer_;
};

template <Venue V>
[[gnu::hot]] void SteppedHead<V>::take(MarketSource& chunk) noexcept {
    sequencer_.take_all(chunk);
}

template <Venue V>
void SteppedHead<V>::finish(MarketSource& rest) noexcept {
    sequencer_.finish(rest);
}

template <Venue V>
HeadResult SteppedHead<V>::result() noexcept {
    return {sequencer_.take_counts(), sequencer_.checksum(),   sequencer_.events(),
            sequencer_.beats(),       sequencer_.first_time(), sequencer_.now()};
}

}  // namespace sluice::pipeline
