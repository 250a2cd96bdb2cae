#include <sluice/pipeline/timer_plan.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

#include <date/tz.h>

namespace sluice::pipeline {

namespace {

const date::time_zone& find_zone(const std::string& name) {
    try {
        return *date::locate_zone(name);
    } catch (const std::runtime_error&) {
        throw std::invalid_argument("time zone '" + name +
                                    "' is not known; use an IANA name such as America/New_York, "
                                    "and have tzdata installed");
    }
}

StreamTime at_local_time(const date::time_zone& zone, date::local_days day, Nanos time_of_day) {
    const auto system =
        zone.to_sys(date::local_time<Nanos>{day} + time_of_day, date::choose::earliest);
    return StreamTime{system.time_since_epoch()};
}

date::local_days local_day(const date::time_zone& zone, StreamTime time) {
    const date::sys_time<Nanos> system{time.time_since_epoch()};
    return date::floor<date::days>(zone.to_local(system));
}

// Calls fn(day) for each civil day of the zone around [from, to].
template <class Fn>
void for_each_day(const date::time_zone& zone, StreamTime from, StreamTime to, Fn&& fn) {
    const date::local_days last = local_day(zone, to) + date::days{2};
    for (date::local_days day = local_day(zone, from) - date::days{1}; day <= last;
         day += date::days{1}) {
        fn(day);
    }
}

// Phases that follow each other at once are one session.
void add_sessions(const SessionClock& calendar, bool extended, StreamTime from, StreamTime to,
                  std::vector<TimerPlan::Boundary>& out) {
    const Nanos day{86'400'000'000'000};
    StreamTime open = StreamTime::min();
    StreamTime close = StreamTime::min();
    const auto flush = [&] {
        if (open == close) return;
        out.push_back({open, EventKind::kSessionOpen});
        out.push_back({close, EventKind::kSessionClose});
    };
    for (const SessionInterval& session : calendar.between(from - day, to + 2 * day)) {
        if (!extended && session.phase != SessionPhase::kRegular) continue;
        if (session.open != close) {
            flush();
            open = session.open;
        }
        close = session.close;
    }
    flush();
}

}  // namespace

TimerPlan make_timer_plan(const ClockSettings& clock, StreamTime from, StreamTime to,
                          const SessionClock* calendar) {
    TimerPlan plan;
    plan.beat = clock.beat;
    plan.session_enabled = clock.session_enabled;
    const date::time_zone& day_zone = find_zone(clock.day_zone);
    for_each_day(day_zone, from, to, [&](date::local_days day) {
        plan.boundaries.push_back(
            {at_local_time(day_zone, day, clock.day_start), EventKind::kDayStart});
    });
    if (clock.session_enabled && calendar != nullptr) {
        add_sessions(*calendar, clock.session_extended, from, to, plan.boundaries);
    } else if (clock.session_enabled) {
        const date::time_zone& zone = find_zone(clock.session_zone);
        for_each_day(zone, from, to, [&](date::local_days day) {
            const date::weekday weekday{day};
            if (weekday == date::Saturday || weekday == date::Sunday) return;
            plan.boundaries.push_back(
                {at_local_time(zone, day, clock.session_open), EventKind::kSessionOpen});
            plan.boundaries.push_back(
                {at_local_time(zone, day, clock.session_close), EventKind::kSessionClose});
        });
    }
    std::stable_sort(plan.boundaries.begin(), plan.boundaries.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    return plan;
}

}  // namespace sluice::pipeline
