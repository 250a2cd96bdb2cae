// In a program of its own, whose tsc.cpp finds no invariant counter.
#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include <sluice/core/hot/tsc.hpp>

namespace {

using sluice::core::Tsc;
using sluice::core::TscClock;

// CLOCK_MONOTONIC, by the standard library's way to it.
std::uint64_t steady_ns() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

TEST(TscFallback, reads_the_monotonic_clock_in_nanoseconds) {
    ASSERT_FALSE(Tsc::is_invariant());
    for (int i = 0; i < 1'000; ++i) {
        const std::uint64_t before = steady_ns();
        const std::uint64_t now = Tsc::now();
        const std::uint64_t after = steady_ns();
        ASSERT_LE(before, now);
        ASSERT_LE(now, after);
    }
}

TEST(TscFallback, needs_no_calibration) {
    const TscClock clock = TscClock::calibrate(std::chrono::hours{1});
    EXPECT_EQ(clock.ticks_per_second(), 1e9);
    EXPECT_EQ(clock.to_ns(123'456'789), 123'456'789U);
}

}  // namespace
