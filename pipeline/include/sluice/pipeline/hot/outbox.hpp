// The commands of the stages on their way to a live venue, or to the comparison with a journal.
// Sequencer's thread only; memory at construction.
#pragma once

#include <cstddef>

#include <sluice/core/hot/fixed_queue.hpp>
#include <sluice/core/overflow.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

class Outbox {
  public:
    // `capacity`: commands that one event can lead to; each open order can have one, and each
    // instrument a new one.
    explicit Outbox(std::size_t capacity) : commands_(capacity) {}

    void take(const Event& command) noexcept {
        if (commands_.room() == 0) [[unlikely]]
            core::overflow_slow("outbox");
        commands_.push(command);
    }
    [[nodiscard]] bool empty() const noexcept { return commands_.empty(); }
    // Only when not empty().
    [[nodiscard]] Event pop() noexcept {
        const Event command = commands_.front();
        commands_.pop();
        return command;
    }

  private:
    core::FixedQueue<Event> commands_;
};

}  // namespace sluice::pipeline
