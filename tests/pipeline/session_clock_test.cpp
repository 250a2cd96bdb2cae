#include <sluice/pipeline/session_clock.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;
using pipeline::SessionCalendar;
using pipeline::SessionClock;
using pipeline::SessionInterval;
using pipeline::SessionPhase;
using pipeline::SessionSpan;

constexpr std::int32_t at(int hour, int minute = 0) { return (hour * 60 + minute) * 60; }

// As the vendor's database has US equities, with the days that are asked below.
SessionCalendar us_equities() {
    SessionCalendar out;
    out.name = "equity-usa";
    out.time_zone = "America/New_York";
    for (std::size_t day = 1; day <= 5; ++day)
        out.week[day] = {{SessionPhase::kPreMarket, at(4), at(9, 30)},
                         {SessionPhase::kRegular, at(9, 30), at(16)},
                         {SessionPhase::kPostMarket, at(16), at(20)}};
    out.holidays = {2012y / 10 / 29, 2012y / 10 / 30};
    out.early_closes = {{2015y / 12 / 24, at(13)}};
    return out;
}

// Round the clock but for a break, in two phases, as index futures have it.
SessionCalendar futures() {
    SessionCalendar out;
    out.name = "future-cme-ES";
    out.time_zone = "America/New_York";
    out.week[0] = {{SessionPhase::kPreMarket, at(18), at(24)}};
    for (std::size_t day = 1; day <= 5; ++day) {
        out.week[day] = {{SessionPhase::kPreMarket, 0, at(9, 30)},
                         {SessionPhase::kRegular, at(9, 30), at(17)},
                         {SessionPhase::kPostMarket, at(18), at(24)}};
    }
    out.week[5].pop_back();
    out.early_closes = {{2010y / 4 / 2, at(9, 15)}, {2012y / 1 / 16, at(11, 30)}};
    out.late_opens = {{2009y / 1 / 20, at(5)}, {2012y / 1 / 16, at(18)}};
    return out;
}

core::StreamTime utc(std::chrono::year_month_day date, int hour, int minute = 0) {
    return core::time_from_ns<core::StreamTime>(
        std::chrono::nanoseconds{std::chrono::sys_days{date}.time_since_epoch()}.count() +
        std::int64_t{at(hour, minute)} * 1'000'000'000);
}
std::vector<SessionInterval> day_of(const SessionClock& clock, std::chrono::year_month_day date) {
    return clock.between(utc(date, 4), utc(date, 28));
}

TEST(SessionClock, ends_the_regular_session_of_a_half_day_at_one_in_new_york) {
    const SessionClock clock(us_equities());
    const auto half = day_of(clock, 2015y / 12 / 24);
    ASSERT_EQ(half.size(), 3U);
    EXPECT_EQ(half[1].phase, SessionPhase::kRegular);
    EXPECT_EQ(half[1].open, utc(2015y / 12 / 24, 14, 30));
    EXPECT_EQ(half[1].close, utc(2015y / 12 / 24, 18));  // 13:00 EST
    EXPECT_EQ(half[2].phase, SessionPhase::kPostMarket);
    EXPECT_EQ(half[2].open, half[1].close) << "trading after hours begins at once";
    const auto full = day_of(clock, 2015y / 12 / 23);
    EXPECT_EQ(full[1].close, utc(2015y / 12 / 23, 21));
}

TEST(SessionClock, moves_with_daylight_saving_time) {
    const SessionClock clock(us_equities());
    // The clocks went back on Sunday, 2013-11-03.
    EXPECT_EQ(day_of(clock, 2013y / 11 / 1)[1].open, utc(2013y / 11 / 1, 13, 30));
    EXPECT_EQ(day_of(clock, 2013y / 11 / 4)[1].open, utc(2013y / 11 / 4, 14, 30));
    EXPECT_EQ(day_of(clock, 2014y / 3 / 7)[1].open, utc(2014y / 3 / 7, 14, 30));
    EXPECT_EQ(day_of(clock, 2014y / 3 / 10)[1].open, utc(2014y / 3 / 10, 13, 30));
}

TEST(SessionClock, has_no_session_on_a_holiday_nor_a_weekend) {
    const SessionClock clock(us_equities());
    // The hurricane's Monday and Tuesday, after a weekend.
    EXPECT_TRUE(clock.between(utc(2012y / 10 / 27, 4), utc(2012y / 10 / 31, 7)).empty());
    EXPECT_EQ(day_of(clock, 2012y / 10 / 31).size(), 3U);
}

TEST(SessionClock, joins_sessions_that_meet_at_midnight) {
    SessionCalendar calendar;
    calendar.time_zone = "America/New_York";
    for (auto& day : calendar.week) day = {{SessionPhase::kRegular, 0, at(24)}};
    const SessionClock clock(calendar);
    const auto sessions = clock.between(utc(2013y / 10 / 30, 12), utc(2013y / 11 / 6, 12));
    ASSERT_EQ(sessions.size(), 1U);
    EXPECT_LT(sessions[0].open, utc(2013y / 10 / 30, 12));
    EXPECT_GE(sessions[0].close, utc(2013y / 11 / 6, 12));
}

TEST(SessionClock, closes_between_an_early_close_and_a_late_open) {
    const SessionClock clock(futures());
    EXPECT_EQ(clock.spans_on(2012y / 1 / 16),
              (std::vector<SessionSpan>{{SessionPhase::kPreMarket, 0, at(9, 30)},
                                        {SessionPhase::kRegular, at(9, 30), at(11, 30)},
                                        {SessionPhase::kPostMarket, at(18), at(24)}}));
    // An early close before the regular session leaves none of it.
    EXPECT_EQ(clock.spans_on(2010y / 4 / 2),
              (std::vector<SessionSpan>{{SessionPhase::kPreMarket, 0, at(9, 15)}}));
    EXPECT_EQ(clock.spans_on(2009y / 1 / 20).front(),
              (SessionSpan{SessionPhase::kPreMarket, at(5), at(9, 30)}));
}

TEST(SessionClock, refuses_a_calendar_that_is_none) {
    auto bad = us_equities();
    bad.time_zone = "Mars/Olympus";
    EXPECT_THROW(SessionClock{bad}, pipeline::ImportError);
    bad = us_equities();
    bad.week[1][1].open_s = at(9);
    EXPECT_THROW(SessionClock{bad}, pipeline::ImportError);
    bad = us_equities();
    bad.week[1][2].close_s = at(24) + 1;
    EXPECT_THROW(SessionClock{bad}, pipeline::ImportError);
}

RC_GTEST_PROP(SessionClock, gives_the_sessions_of_a_range_as_those_of_a_wider_one, ()) {
    const SessionClock clock(*rc::gen::arbitrary<bool>() ? us_equities() : futures());
    const auto first = utc(2012y / 1 / 1, 0);
    const core::Nanos minute{60'000'000'000};
    const auto from = first + minute * *rc::gen::inRange<std::int64_t>(0, 1'000'000);
    const auto to = from + minute * *rc::gen::inRange<std::int64_t>(1, 20'000);
    std::vector<SessionInterval> expected;
    for (const SessionInterval& s : clock.between(from - minute * 20'000, to + minute * 20'000))
        if (s.close > from && s.open < to) expected.push_back(s);
    RC_ASSERT(clock.between(from, to) == expected);
}

}  // namespace
}  // namespace sluice::tests
