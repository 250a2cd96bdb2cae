// Keeping pace with the wall clock, without asking how long anything took: a stop ends a wait that
// would otherwise last for years, and at a high enough speed the same wait is none.
#include <sluice/pipeline/pacer.hpp>

#include <gtest/gtest.h>

#include <thread>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Pacer;

constexpr std::int64_t kYearsOfSeconds = 100'000'000;

TEST(Pacer, is_off_unless_it_has_a_speed) {
    EXPECT_FALSE(Pacer{}.enabled());
    EXPECT_TRUE(Pacer{1.0}.enabled());
}

TEST(Pacer, waits_for_the_wall_clock_until_it_is_stopped) {
    Pacer pacer{1.0};
    std::atomic<bool> stop{false};
    EXPECT_TRUE(pacer.wait_until(at_second(1000), stop)) << "the first event sets the origin";
    // Late enough that a wait that is none has returned before.
    std::jthread stopper{[&stop] {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        stop.store(true);
    }};
    EXPECT_FALSE(pacer.wait_until(at_second(1000 + kYearsOfSeconds), stop));
}

TEST(Pacer, does_not_wait_for_what_is_already_due) {
    Pacer pacer{1.0};
    const std::atomic<bool> go_on{false};
    EXPECT_TRUE(pacer.wait_until(at_second(1000), go_on));
    EXPECT_TRUE(pacer.wait_until(at_second(1000), go_on));
    EXPECT_TRUE(pacer.wait_until(at_second(1000 - kYearsOfSeconds), go_on));
}

TEST(Pacer, lets_stream_time_pass_as_fast_as_it_is_told) {
    Pacer pacer{1e15};
    const std::atomic<bool> go_on{false};
    EXPECT_TRUE(pacer.wait_until(at_second(0), go_on));
    EXPECT_TRUE(pacer.wait_until(at_second(kYearsOfSeconds), go_on));
}

TEST(Pacer, gives_up_at_once_when_it_is_stopped_already) {
    const std::atomic<bool> stopped{true};
    Pacer pacer{1.0};
    EXPECT_FALSE(pacer.wait_until(at_second(0), stopped));
    EXPECT_FALSE(pacer.wait_until(at_second(kYearsOfSeconds), stopped));
}

}  // namespace
}  // namespace sluice::tests
