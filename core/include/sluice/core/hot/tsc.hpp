#pragma once
// Time stamps for measuring: the processor's invariant counter where there is one, else the
// kernel's monotonic clock with the same interface.
//
// Threads   Any. A TscClock is immutable once calibrated; stamps of different cores compare.
// Cost      Tsc::now() 16 ns on the virtual machine of perf/ring.md (less on bare metal), the
//           fallback 28 ns. Stamp the ends of a path, not every hop of every event.
// Bounds    Durations up to 2^63 ns. The counter is read without a fence: neighbouring
//           instructions may move across it by some nanoseconds.
//
// Ticks measure latency. They never become an event's time and never influence a decision.

#include <chrono>
#include <cstdint>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace sluice::core {

struct Tsc {
    /// Ticks since some fixed moment. Valid from main() on.
    [[gnu::hot, nodiscard]] static std::uint64_t now() noexcept {
#if defined(__x86_64__)
        if (is_invariant_) [[likely]] {
            return __rdtsc();
        }
#endif
        return now_slow();
    }

    /// Whether now() reads the processor's counter: x86 whose CPUID promises that it runs at one
    /// rate in every power state.
    [[nodiscard]] static bool is_invariant() noexcept { return is_invariant_; }

  private:
    static bool detect_invariant() noexcept;
    [[gnu::cold]] static std::uint64_t now_slow() noexcept;  // CLOCK_MONOTONIC in ns

    static const bool is_invariant_;
};

/// Ticks to nanoseconds by one multiplication and a shift. Made once at start-up.
class TscClock {
  public:
    using Nanos = std::chrono::nanoseconds;

    /// Compares ticks with CLOCK_MONOTONIC for `window`, spinning. The default is good to about
    /// 10 parts per million; without an invariant counter ticks are nanoseconds and it returns
    /// at once.
    static TscClock calibrate(Nanos window = std::chrono::milliseconds{4}) noexcept;

    /// A clock of a stated rate, for tests and for recordings made elsewhere. `ticks_per_second`
    /// is 1e6 to 1e12; others are clamped to that.
    static TscClock from_rate(double ticks_per_second) noexcept;

    /// Nanoseconds in `ticks`, rounded down.
    [[gnu::hot, nodiscard]] std::uint64_t to_ns(std::uint64_t ticks) const noexcept {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::uint64_t>((Wide{ticks} * multiplier_) >> kShift);
    }
    /// From `start` to `end`; 0 when `end` is earlier, as stamps of two cores may be by a few ticks.
    [[gnu::hot, nodiscard]] std::uint64_t ns_between(std::uint64_t start,
                                                     std::uint64_t end) const noexcept {
        return end > start ? to_ns(end - start) : 0;
    }
    [[nodiscard]] double ticks_per_second() const noexcept { return ticks_per_second_; }

  private:
    // 32 fractional bits: a rate of 2.3 GHz is held to 5 parts in 10^10.
    static constexpr unsigned kShift = 32;
    explicit TscClock(double ticks_per_second) noexcept;

    std::uint64_t multiplier_;
    double ticks_per_second_;
};

}  // namespace sluice::core
