// Holds the stream back to the wall clock, at a chosen speed. Off by default: full speed.
// Sequencer's thread only.
#pragma once

#include <atomic>
#include <chrono>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/operator_inbox.hpp>

namespace sluice::pipeline {

class Pacer {
  public:
    Pacer() noexcept = default;
    // `speed` seconds of stream time pass per second; speed > 0.
    explicit Pacer(double speed) noexcept : speed_(speed) {}

    [[nodiscard]] bool enabled() const noexcept { return speed_ > 0; }

    // Waits until the wall clock has caught up with `time`; the first call sets the origin.
    // Sleeps while far away and spins for the last stretch. False once `stop` is set.
    [[nodiscard]] bool wait_until(core::StreamTime time, const std::atomic<bool>& stop) noexcept {
        return wait(time, stop, nullptr) == Wait::kDue;
    }
    // The same, which also ends, within 2 ms, when something waits in `inbox`.
    enum class Wait : std::uint8_t { kDue, kStopped, kCalled };
    [[nodiscard]] Wait wait(core::StreamTime time, const std::atomic<bool>& stop,
                            const OperatorInbox* inbox) noexcept;

  private:
    double speed_ = 0;
    bool started_ = false;
    core::StreamTime stream_origin_{};
    std::chrono::steady_clock::time_point wall_origin_{};
};

}  // namespace sluice::pipeline
