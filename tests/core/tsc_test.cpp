#include <chrono>
#include <cstdint>
#include <limits>
#include <thread>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/core/hot/tsc.hpp>

namespace {

using sluice::core::Tsc;
using sluice::core::TscClock;

TEST(Tsc, never_runs_backwards_on_one_thread) {
    std::uint64_t last = Tsc::now();
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t now = Tsc::now();
        ASSERT_GE(now, last);
        last = now;
    }
}

TEST(TscClock, converts_at_the_stated_rate) {
    const TscClock clock = TscClock::from_rate(2e9);
    EXPECT_EQ(clock.to_ns(0), 0U);
    EXPECT_EQ(clock.to_ns(2), 1U);
    EXPECT_EQ(clock.to_ns(3), 1U);
    EXPECT_EQ(clock.to_ns(2'000'000'000), 1'000'000'000U);
}

TEST(TscClock, treats_stamps_in_the_wrong_order_as_no_time) {
    const TscClock clock = TscClock::from_rate(1e9);
    EXPECT_EQ(clock.ns_between(100, 90), 0U);
    EXPECT_EQ(clock.ns_between(90, 100), 10U);
}

TEST(TscClock, clamps_impossible_rates) {
    EXPECT_EQ(TscClock::from_rate(0).ticks_per_second(), 1e6);
    EXPECT_EQ(TscClock::from_rate(1e15).ticks_per_second(), 1e12);
}

TEST(TscClock, calibrated_agrees_with_the_monotonic_clock) {
    const TscClock clock = TscClock::calibrate();
    EXPECT_GT(clock.ticks_per_second(), 0);
    // The span between two stamps is bracketed by spans of the other clock, so this holds however
    // long either thread is held up; one percent covers the calibration of a disturbed machine.
    using Steady = std::chrono::steady_clock;
    const auto outer_start = Steady::now();
    const std::uint64_t start = Tsc::now();
    const auto inner_start = Steady::now();
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    const auto inner_end = Steady::now();
    const std::uint64_t end = Tsc::now();
    const auto outer_end = Steady::now();
    const auto ns = static_cast<double>(clock.ns_between(start, end));
    using Nanos = std::chrono::duration<double, std::nano>;
    EXPECT_GE(ns * 1.01, Nanos{inner_end - inner_start}.count());
    EXPECT_LE(ns * 0.99, Nanos{outer_end - outer_start}.count());
}

RC_GTEST_PROP(TscClock, conversion_is_within_a_nanosecond_or_a_billionth, (std::uint64_t ticks)) {
    const auto hertz = *rc::gen::inRange<std::uint64_t>(1'000'000'000, 6'000'000'000);
    const auto rate = static_cast<double>(hertz);
    ticks >>= 4U;
    const auto exact = static_cast<long double>(ticks) * 1e9L / static_cast<long double>(rate);
    const auto ns = static_cast<long double>(TscClock::from_rate(rate).to_ns(ticks));
    RC_ASSERT(ns <= exact * (1 + 1e-9L) + 1);
    RC_ASSERT(ns >= exact * (1 - 1e-9L) - 1);
}

}  // namespace
