// Events for the recorder that one sequenced event led to, kept back in their order until its command
// has left. Of one thread; a bar's way to an order makes three, what does not fit goes at once.
#pragma once

#include <array>
#include <cstddef>

#include <sluice/core/hot/ring_slot.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

class HeldRecords {
  public:
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] bool full() const noexcept { return size_ == kMost; }
    // Only when not full().
    void hold(const Event& event) noexcept {
        core::copy_words<sizeof event>(reinterpret_cast<std::byte*>(&events_[size_++]),
                                       reinterpret_cast<const std::byte*>(&event));
    }
    // Hands all of them to `take`, first come first.
    template <class Take>
    void let_go(Take&& take) noexcept {
        for (std::size_t i = 0; i < size_; ++i) take(events_[i]);
        size_ = 0;
    }

  private:
    static constexpr std::size_t kMost = 8;

    std::array<Event, kMost> events_;
    std::size_t size_ = 0;
};

}  // namespace sluice::pipeline
