// Times of different clocks do not mix, and nanoseconds survive the way in and out.
#include <sluice/core/time.hpp>

#include <gtest/gtest.h>

#include <ctime>

#include "core/operator_concepts.hpp"

namespace sluice::core {
namespace {

template <class Clock>
concept Readable = requires {
    Clock::now();
};

static_assert(Subtractable<StreamTime, StreamTime> && Subtractable<LocalTime, LocalTime>);
static_assert(!Subtractable<StreamTime, LocalTime> && !Subtractable<LocalTime, StreamTime>);
static_assert(!Comparable<StreamTime, LocalTime> && !Assignable<StreamTime&, LocalTime>);
static_assert(!Subtractable<StreamTime, std::chrono::system_clock::time_point>);
static_assert(!Assignable<StreamTime&, std::int64_t>);
static_assert(!Readable<StreamClock>, "a stage goes by the event's time, it cannot read a clock");

TEST(Time, keeps_every_nanosecond) {
    for (const std::int64_t ns : {INT64_MIN, std::int64_t{-1}, std::int64_t{0},
                                  std::int64_t{1'381'152'600'000'000'001}, INT64_MAX})
        EXPECT_EQ(ns_since_epoch(time_from_ns<StreamTime>(ns)), ns);
    EXPECT_EQ((time_from_ns<StreamTime>(250) - time_from_ns<StreamTime>(100)).count(), 150);
}

TEST(Time, of_the_local_clock_is_the_host_s_utc) {
    const std::time_t before = std::time(nullptr);
    const std::int64_t read = ns_since_epoch(read_local_clock()) / 1'000'000'000;
    const std::time_t after = std::time(nullptr);
    // time() may lag the fine clock by one tick of the kernel.
    EXPECT_GE(read, before - 1);
    EXPECT_LE(read, after + 1);
}

}  // namespace
}  // namespace sluice::core
