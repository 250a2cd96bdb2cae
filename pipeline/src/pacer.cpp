#include <sluice/pipeline/pacer.hpp>

#include <algorithm>
#include <thread>

namespace sluice::pipeline {

Pacer::Wait Pacer::wait(core::StreamTime time, const std::atomic<bool>& stop,
                        const OperatorInbox* inbox) noexcept {
    using Clock = std::chrono::steady_clock;
    constexpr core::Nanos kSpin{60'000};  // about what a sleeping wake-up costs
    // So that a stop is seen at once.
    const core::Nanos longest{inbox != nullptr ? 2'000'000 : 20'000'000};

    if (!started_) {
        started_ = true;
        stream_origin_ = time;
        wall_origin_ = Clock::now();
        return stop.load(std::memory_order_relaxed) ? Wait::kStopped : Wait::kDue;
    }
    const double ahead_ns = static_cast<double>((time - stream_origin_).count()) / speed_;
    const auto due = wall_origin_ + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double, std::nano>(ahead_ns));
    for (;;) {
        // relaxed: a flag on its own, nothing is published with it
        if (stop.load(std::memory_order_relaxed)) return Wait::kStopped;
        if (inbox != nullptr && inbox->waiting()) return Wait::kCalled;
        const auto left = std::chrono::duration_cast<core::Nanos>(due - Clock::now());
        if (left.count() <= 0) return Wait::kDue;
        if (left > kSpin) std::this_thread::sleep_for(std::min(left - kSpin, longest));
    }
}

}  // namespace sluice::pipeline
