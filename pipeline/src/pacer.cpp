#include <sluice/pipeline/pacer.hpp>

#include <algorithm>
#include <thread>

namespace sluice::pipeline {

bool Pacer::wait_until(core::StreamTime time, const std::atomic<bool>& stop) noexcept {
    using Clock = std::chrono::steady_clock;
    constexpr core::Nanos kSpin{60'000};              // about what a sleeping wake-up costs
    constexpr core::Nanos kLongestSleep{20'000'000};  // so that a stop is seen at once

    if (!started_) {
        started_ = true;
        stream_origin_ = time;
        wall_origin_ = Clock::now();
        return !stop.load(std::memory_order_relaxed);
    }
    const double ahead_ns = static_cast<double>((time - stream_origin_).count()) / speed_;
    const auto due = wall_origin_ + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double, std::nano>(ahead_ns));
    for (;;) {
        // relaxed: a flag on its own, nothing is published with it
        if (stop.load(std::memory_order_relaxed)) return false;
        const auto left = std::chrono::duration_cast<core::Nanos>(due - Clock::now());
        if (left.count() <= 0) return true;
        if (left > kSpin) std::this_thread::sleep_for(std::min(left - kSpin, kLongestSleep));
    }
}

}  // namespace sluice::pipeline
