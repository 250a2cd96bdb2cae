// The wall clock that is made of the counter, beside the host's own. Each reading lies between two of the
// host's clock, and what a busy machine takes in between widens the bounds: nothing here depends on it.
#include <algorithm>
#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include <sluice/core/hot/local_tsc_clock.hpp>

namespace {

using sluice::core::LocalTime;
using sluice::core::LocalTscClock;
using sluice::core::read_local_clock;
using sluice::core::Tsc;
using sluice::core::TscClock;

TEST(LocalTscClock, agrees_with_the_hosts_clock) {
    const TscClock rate = TscClock::calibrate();
    const LocalTime start = read_local_clock();
    LocalTscClock clock{rate};
    // An interruption while it reads the host's clock shifts it by as much, until it reads it again.
    std::chrono::nanoseconds widest = read_local_clock() - start;
    for (int i = 0; i < 10'000; ++i) {
        const LocalTime before = read_local_clock();
        const LocalTime now = clock.at(Tsc::now());
        const LocalTime after = read_local_clock();
        widest = std::max(widest, after - before);
        // One percent for the calibration on a disturbed machine.
        const auto allowed = widest + (after - start) / 100;
        ASSERT_GE(now, before - allowed);
        ASSERT_LE(now, after + allowed);
    }
}

TEST(LocalTscClock, never_goes_back) {
    LocalTscClock clock{TscClock::calibrate()};
    LocalTime last = LocalTime::min();
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t ticks = Tsc::now();
        // A stamp of another core may be the later one, and is shown first.
        const LocalTime ahead = clock.at(ticks + 500);
        const LocalTime now = clock.at(ticks);
        ASSERT_GE(ahead, last);
        ASSERT_GE(now, ahead);
        last = now;
    }
}

TEST(LocalTscClock, takes_a_stamp_from_before_it_was_made) {
    const TscClock rate = TscClock::calibrate();
    const LocalTime before = read_local_clock();
    const std::uint64_t ticks = Tsc::now();
    LocalTscClock clock{rate};
    const LocalTime after = read_local_clock();
    const LocalTime then = clock.at(ticks);
    EXPECT_LE(then, after);
    EXPECT_GE(then, before - 2 * (after - before)) << "one width for the rate, one for the anchor";
}

TEST(LocalTscClock, reads_the_hosts_clock_again_before_a_wrong_rate_adds_up) {
    // By this rate the counter's time runs a thousand times too fast or more.
    LocalTscClock clock{TscClock::from_rate(1e6)};
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{20};
    while (std::chrono::steady_clock::now() < end) {
        const LocalTime now = clock.at(Tsc::now());
        ASSERT_LE(now, read_local_clock() + std::chrono::seconds{1});
    }
}

}  // namespace
