// What is asked of a running session from outside the stream: halts, resumes, changes of parameters and,
// before the first tick, what the last session has left. Each becomes an event of the stream at the moment at which
// the sequencer takes it.
//
// Threads  One posts (before the engine starts, another one may), the sequencer's takes.
// Bounds   `capacity` events that wait; memory at construction.
// Cost     One relaxed load where nothing waits.
#pragma once

#include <atomic>
#include <cstddef>

#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

class OperatorInbox {
  public:
    explicit OperatorInbox(std::size_t capacity = 4096) : ring_(capacity) {}

    // kHalt, kResume, kParameter or kRestore; its time, and the version of a change, are the sequencer's
    // to give. False when full.
    [[nodiscard]] bool post(const Event& event) noexcept {
        const bool posted = ring_.try_push(event) == core::PushResult::kOk;
        // release: the event is in the ring; pairs with the acquire in take()
        waiting_.store(true, std::memory_order_release);
        return posted;
    }

    [[nodiscard]] bool waiting() const noexcept {
        return waiting_.load(std::memory_order_relaxed);  // relaxed: take() acquires
    }
    // Calls fn(Event&) for each that waits, with `now` as its time.
    template <class Fn>
    void take(StreamTime now, Fn&& fn) noexcept {
        // acquire: pairs with the release in post(); cleared first, so that none is missed
        (void)waiting_.exchange(false, std::memory_order_acquire);
        Event event;
        while (ring_.try_pop(event)) {
            event.set_time(now);
            fn(event);
        }
    }

  private:
    core::SpscRing<Event> ring_;
    std::atomic<bool> waiting_{false};
};

}  // namespace sluice::pipeline
