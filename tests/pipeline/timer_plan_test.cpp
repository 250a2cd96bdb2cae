// Days and sessions in local time, across changes of daylight saving. The expected moments are
// written in UTC, from the rules of each zone.
#include <sluice/pipeline/timer_plan.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::ClockSettings;
using pipeline::make_timer_plan;
using pipeline::TimerPlan;

constexpr Nanos kHour{3'600 * kSecondNs};

StreamTime utc(int year, unsigned month, unsigned day, int hour, int minute = 0) {
    const std::chrono::sys_days date =
        std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
    return StreamTime{Nanos{date.time_since_epoch()} + std::chrono::hours{hour} +
                      std::chrono::minutes{minute}};
}

ClockSettings new_york() {
    ClockSettings clock;
    clock.session_enabled = true;
    return clock;
}

std::vector<StreamTime> times_of(const TimerPlan& plan, EventKind kind) {
    std::vector<StreamTime> out;
    for (const TimerPlan::Boundary& b : plan.boundaries) {
        if (b.kind == kind) out.push_back(b.time);
    }
    return out;
}
using Times = std::vector<StreamTime>;

TEST(TimerPlan, opens_new_york_an_hour_later_in_utc_once_daylight_saving_ends) {
    // Friday 1 November 2013 is summer time (UTC-4), Monday the 4th is not (UTC-5).
    const auto plan = make_timer_plan(new_york(), utc(2013, 11, 1, 12), utc(2013, 11, 4, 20));
    EXPECT_EQ(times_of(plan, EventKind::kSessionOpen),
              (Times{utc(2013, 10, 31, 13, 30), utc(2013, 11, 1, 13, 30), utc(2013, 11, 4, 14, 30),
                     utc(2013, 11, 5, 14, 30), utc(2013, 11, 6, 14, 30)}));
    EXPECT_EQ(times_of(plan, EventKind::kSessionClose),
              (Times{utc(2013, 10, 31, 20), utc(2013, 11, 1, 20), utc(2013, 11, 4, 21),
                     utc(2013, 11, 5, 21), utc(2013, 11, 6, 21)}));
    EXPECT_EQ(
        times_of(plan, EventKind::kDayStart),
        (Times{utc(2013, 10, 31, 4), utc(2013, 11, 1, 4), utc(2013, 11, 2, 4), utc(2013, 11, 3, 4),
               utc(2013, 11, 4, 5), utc(2013, 11, 5, 5), utc(2013, 11, 6, 5)}));
}

TEST(TimerPlan, opens_new_york_an_hour_earlier_in_utc_once_daylight_saving_begins) {
    const auto plan = make_timer_plan(new_york(), utc(2014, 3, 7, 20), utc(2014, 3, 10, 20));
    const auto opens = times_of(plan, EventKind::kSessionOpen);
    ASSERT_EQ(opens.size(), 5U);
    EXPECT_EQ(opens[1], utc(2014, 3, 7, 14, 30));   // Friday, UTC-5
    EXPECT_EQ(opens[2], utc(2014, 3, 10, 13, 30));  // Monday, UTC-4
}

TEST(TimerPlan, goes_by_the_change_dates_of_its_own_zone) {
    // Frankfurt leaves summer time on 27 October 2013, a week before New York.
    ClockSettings clock = new_york();
    clock.session_zone = "Europe/Berlin";
    clock.session_open = 9 * kHour;
    clock.session_close = 17 * kHour + kHour / 2;
    const auto plan = make_timer_plan(clock, utc(2013, 10, 25, 12), utc(2013, 10, 28, 12));
    const auto opens = times_of(plan, EventKind::kSessionOpen);
    const auto closes = times_of(plan, EventKind::kSessionClose);
    ASSERT_EQ(opens.size(), 5U);
    EXPECT_EQ(opens[1], utc(2013, 10, 25, 7));
    EXPECT_EQ(opens[2], utc(2013, 10, 28, 8));
    EXPECT_EQ(closes[2], utc(2013, 10, 28, 16, 30));
    // The day still goes by New York, where it is summer.
    EXPECT_EQ(times_of(plan, EventKind::kDayStart).at(4), utc(2013, 10, 28, 4));
}

TEST(TimerPlan, takes_a_time_that_a_change_skips_at_the_change) {
    ClockSettings clock;
    clock.day_start = 2 * kHour + kHour / 2;  // 02:30 does not exist on 9 March 2014
    const auto plan = make_timer_plan(clock, utc(2014, 3, 8, 12), utc(2014, 3, 9, 12));
    const auto days = times_of(plan, EventKind::kDayStart);
    ASSERT_EQ(days.size(), 5U);
    EXPECT_EQ(days[1], utc(2014, 3, 8, 7, 30));
    EXPECT_EQ(days[2], utc(2014, 3, 9, 7));  // 02:00 became 03:00
    EXPECT_EQ(days[3], utc(2014, 3, 10, 6, 30));
}

TEST(TimerPlan, takes_a_time_that_occurs_twice_at_its_first) {
    ClockSettings clock;
    clock.day_start = kHour + kHour / 2;  // 01:30 comes twice on 3 November 2013
    const auto plan = make_timer_plan(clock, utc(2013, 11, 3, 0), utc(2013, 11, 3, 12));
    const auto days = times_of(plan, EventKind::kDayStart);
    EXPECT_EQ(std::count(days.begin(), days.end(), utc(2013, 11, 3, 5, 30)), 1);
    EXPECT_EQ(std::count(days.begin(), days.end(), utc(2013, 11, 3, 6, 30)), 0);
}

TEST(TimerPlan, has_no_session_on_weekends) {
    const auto plan = make_timer_plan(new_york(), utc(2013, 10, 1, 0), utc(2013, 10, 31, 0));
    std::size_t sessions = 0;
    for (const StreamTime open : times_of(plan, EventKind::kSessionOpen)) {
        // 09:30 in New York is the same date in UTC. The epoch was a Thursday.
        const auto days = std::chrono::floor<std::chrono::days>(open.time_since_epoch()).count();
        EXPECT_LT((days + 3) % 7, 5) << "days since the epoch: " << days;
        ++sessions;
    }
    EXPECT_EQ(sessions, 25U);  // 30 September to 1 November
    EXPECT_EQ(times_of(plan, EventKind::kSessionClose).size(), sessions);
}

TEST(TimerPlan, has_days_only_where_no_session_is_asked_for) {
    ClockSettings clock;
    clock.session_zone = "No/Such_Zone";  // not read then
    const auto plan = make_timer_plan(clock, utc(2013, 10, 7, 0), utc(2013, 10, 7, 1));
    EXPECT_FALSE(plan.session_enabled);
    EXPECT_TRUE(times_of(plan, EventKind::kSessionOpen).empty());
    EXPECT_FALSE(times_of(plan, EventKind::kDayStart).empty());
}

TEST(TimerPlan, covers_the_run_with_room_on_both_sides_and_is_in_order) {
    const auto from = utc(2013, 10, 7, 13);
    const auto to = utc(2013, 10, 11, 20);
    const auto plan = make_timer_plan(new_york(), from, to);
    EXPECT_LT(plan.boundaries.front().time, from);
    EXPECT_GT(plan.boundaries.back().time, to + 24 * kHour);
    EXPECT_TRUE(std::is_sorted(plan.boundaries.begin(), plan.boundaries.end(),
                               [](const auto& a, const auto& b) { return a.time < b.time; }));
}

TEST(TimerPlan, hands_the_session_over_at_midnight_when_it_lasts_all_day) {
    ClockSettings clock = new_york();
    clock.session_open = Nanos{0};
    clock.session_close = 24 * kHour;
    const auto plan = make_timer_plan(clock, utc(2013, 10, 8, 12), utc(2013, 10, 8, 13));
    std::vector<EventKind> at_midnight;
    for (const TimerPlan::Boundary& b : plan.boundaries) {
        if (b.time == utc(2013, 10, 9, 4) && b.kind != EventKind::kDayStart)
            at_midnight.push_back(b.kind);
    }
    EXPECT_EQ(at_midnight, (std::vector{EventKind::kSessionClose, EventKind::kSessionOpen}));
}

TEST(TimerPlan, refuses_a_zone_that_does_not_exist_and_names_it) {
    for (const bool session : {false, true}) {
        ClockSettings clock;
        clock.session_enabled = session;
        (session ? clock.session_zone : clock.day_zone) = "America/Atlantis";
        try {
            (void)make_timer_plan(clock, utc(2013, 10, 7, 0), utc(2013, 10, 8, 0));
            FAIL() << "there is no such zone";
        } catch (const std::invalid_argument& error) {
            EXPECT_NE(std::string(error.what()).find("America/Atlantis"), std::string::npos);
            EXPECT_NE(std::string(error.what()).find("America/New_York"), std::string::npos)
                << "it shows what a name looks like";
        }
    }
}

}  // namespace
}  // namespace sluice::tests
