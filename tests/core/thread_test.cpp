// PinnedThread, the cores it may use, and the idle strategies.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <sluice/core/idle.hpp>
#include <sluice/core/thread.hpp>

namespace {

using namespace sluice::core;

void run_until_stopped(std::stop_token stop) {
    Idler idler{IdleStrategy::kBackoff};
    while (!stop.stop_requested()) {
        idler.idle(0);
    }
}

std::string name_of_this_thread() {
    std::array<char, 16> text{};
    pthread_getname_np(pthread_self(), text.data(), text.size());
    return text.data();
}

TEST(PinnedThread, carries_its_name_cut_to_what_the_kernel_keeps) {
    std::string name;
    PinnedThread thread{{.name = "a-name-too-long-for-the-kernel", .core = {}},
                        [&](std::stop_token) { name = name_of_this_thread(); }};
    thread.join();
    EXPECT_EQ(name, "a-name-too-long");
}

TEST(PinnedThread, runs_on_the_core_it_asked_for) {
    const std::size_t core = available_cores().back();
    int ran_on = -1;
    PinnedThread thread{{.name = "pinned", .core = core},
                        [&](std::stop_token) { ran_on = sched_getcpu(); }};
    EXPECT_EQ(thread.pin_result(), PinResult::kPinned);
    thread.join();
    EXPECT_EQ(ran_on, static_cast<int>(core));
}

TEST(PinnedThread, reports_a_core_that_does_not_exist_and_runs_all_the_same) {
    for (const std::size_t core : {std::size_t{CPU_SETSIZE} - 1, std::size_t{1'000'000}}) {
        bool has_run = false;
        PinnedThread thread{{.name = "nowhere", .core = core},
                            [&](std::stop_token) { has_run = true; }};
        EXPECT_EQ(thread.pin_result(), PinResult::kNotAvailable);
        thread.join();
        EXPECT_TRUE(has_run);
    }
}

TEST(PinnedThread, hands_the_exception_of_its_body_to_join_once) {
    PinnedThread thread{{.name = "throws", .core = {}},
                        [](std::stop_token) { throw std::runtime_error{"feed gone"}; }};
    try {
        thread.join();
        FAIL() << "join() swallowed the exception";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "feed gone");
    }
    EXPECT_TRUE(thread.has_ended());
    EXPECT_NO_THROW(thread.join());
}

TEST(PinnedThread, stops_and_joins_when_destroyed) {
    std::atomic<bool> has_left{false};
    {
        PinnedThread thread{{.name = "loop", .core = {}}, [&](std::stop_token stop) {
                                run_until_stopped(std::move(stop));
                                has_left = true;
                            }};
        EXPECT_TRUE(thread.joinable());
        EXPECT_FALSE(thread.has_ended());
    }
    EXPECT_TRUE(has_left);
}

TEST(PinnedThread, dropping_a_thread_that_threw_does_not_throw) {
    PinnedThread thread{{.name = "throws", .core = {}},
                        [](std::stop_token) { throw std::runtime_error{"unseen"}; }};
}

TEST(PinnedThread, keeps_running_when_moved_and_stops_the_one_it_replaces) {
    std::atomic<int> ended{0};
    const auto body = [&](std::stop_token stop) {
        run_until_stopped(std::move(stop));
        ++ended;
    };
    PinnedThread first{{.name = "one", .core = {}}, body};
    PinnedThread second{{.name = "two", .core = {}}, body};
    second = std::move(first);
    EXPECT_EQ(ended, 1);
    EXPECT_FALSE(second.has_ended());
    second.request_stop();
    second.join();
    EXPECT_EQ(ended, 2);
}

TEST(PinnedThread, none_is_harmless) {
    PinnedThread none;
    EXPECT_FALSE(none.joinable());
    EXPECT_TRUE(none.has_ended());
    none.request_stop();
    none.join();
}

TEST(Cores, available_ones_follow_the_affinity_mask) {
    cpu_set_t before;
    ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
    const auto cores = available_cores();
    ASSERT_FALSE(cores.empty());
    EXPECT_TRUE(std::is_sorted(cores.begin(), cores.end()));
    EXPECT_GE(usable_core_count(), 1U);
    EXPECT_LE(usable_core_count(), cores.size());

    ASSERT_EQ(pin_this_thread(cores.back()), PinResult::kPinned);
    EXPECT_EQ(available_cores(), std::vector<std::size_t>{cores.back()});
    EXPECT_EQ(usable_core_count(), 1U);
    ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(Idler, strategies_are_found_by_their_names_alone) {
    for (const auto strategy : {IdleStrategy::kSpin, IdleStrategy::kSpinPause, IdleStrategy::kYield,
                                IdleStrategy::kBackoff}) {
        EXPECT_EQ(idle_strategy_from(to_string(strategy)), strategy);
    }
    EXPECT_EQ(idle_strategy_from("Spin"), std::nullopt);
    EXPECT_EQ(idle_strategy_from("spin "), std::nullopt);
    EXPECT_EQ(idle_strategy_from(""), std::nullopt);
}

TEST(Idler, backoff_climbs_to_its_sleep_and_work_brings_it_down) {
    Idler idler{IdleStrategy::kBackoff};
    constexpr std::uint32_t kSleeping = Idler::kPauseRounds + Idler::kYieldRounds;
    for (std::uint32_t round = 0; round < kSleeping + 2; ++round) {
        EXPECT_EQ(idler.rounds(), std::min(round, kSleeping));
        idler.idle(0);
    }
    idler.idle(3);
    EXPECT_EQ(idler.rounds(), 0U);
    idler.idle(0);
    idler.reset();
    EXPECT_EQ(idler.rounds(), 0U);
}

TEST(Idler, every_strategy_returns) {
    for (const auto strategy :
         {IdleStrategy::kSpin, IdleStrategy::kSpinPause, IdleStrategy::kYield}) {
        Idler idler{strategy};
        idler.idle(0);
        idler.idle(1);
        EXPECT_EQ(idler.strategy(), strategy);
    }
}

}  // namespace
