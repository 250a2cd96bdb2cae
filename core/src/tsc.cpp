#include <algorithm>
#include <cmath>
#include <ctime>

#include <sluice/core/hot/tsc.hpp>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace sluice::core {

namespace {

std::uint64_t monotonic_ns() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);  // cannot fail with this clock and a valid pointer
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(now.tv_nsec);
}

struct Reading {
    std::uint64_t ticks;
    std::uint64_t ns;
};

// The tightest of several pairs: an interruption between the two reads widens a pair, and the
// widest ones are thrown away.
Reading read_both() noexcept {
    constexpr int kTries = 32;
    Reading best{};
    std::uint64_t best_width = UINT64_MAX;
    for (int i = 0; i < kTries; ++i) {
        const std::uint64_t before = Tsc::now();
        const std::uint64_t ns = monotonic_ns();
        const std::uint64_t width = Tsc::now() - before;
        if (width < best_width) {
            best_width = width;
            best = {.ticks = before + width / 2, .ns = ns};
        }
    }
    return best;
}

}  // namespace

const bool Tsc::is_invariant_ = Tsc::detect_invariant();

// SLUICE_WITHOUT_INVARIANT_TSC: for the tests of what a processor without the counter gets.
bool Tsc::detect_invariant() noexcept {
#if defined(__x86_64__) && !defined(SLUICE_WITHOUT_INVARIANT_TSC)
    constexpr unsigned kPowerLeaf = 0x80000007;
    constexpr unsigned kInvariantTsc = 1U << 8U;
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid(kPowerLeaf, &eax, &ebx, &ecx, &edx) != 0 && (edx & kInvariantTsc) != 0;
#else
    return false;
#endif
}

std::uint64_t Tsc::now_slow() noexcept { return monotonic_ns(); }

TscClock::TscClock(double ticks_per_second) noexcept
    : multiplier_{static_cast<std::uint64_t>(
          std::llround(1e9 / ticks_per_second * static_cast<double>(1ULL << kShift)))},
      ticks_per_second_{ticks_per_second} {}

TscClock TscClock::from_rate(double ticks_per_second) noexcept {
    return TscClock{std::clamp(ticks_per_second, 1e6, 1e12)};
}

TscClock TscClock::calibrate(Nanos window) noexcept {
    if (!Tsc::is_invariant()) {
        return TscClock{1e9};
    }
    const auto wait_ns =
        static_cast<std::uint64_t>(std::max<std::int64_t>(window.count(), 100'000));
    const Reading first = read_both();
    while (monotonic_ns() - first.ns < wait_ns) {}
    const Reading last = read_both();
    return from_rate(static_cast<double>(last.ticks - first.ticks) * 1e9 /
                     static_cast<double>(last.ns - first.ns));
}

}  // namespace sluice::core
