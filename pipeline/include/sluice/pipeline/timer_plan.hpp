// Works out the day and session boundaries of a run from the configured time zones, beforehand.
#pragma once

#include <sluice/pipeline/hot/timers.hpp>
#include <sluice/pipeline/session_clock.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// Boundaries from one day before `from` to two days after `to`, by local civil time, so that
// changes of daylight saving are right: a time that a change skips is taken at the change, one
// that occurs twice at its first.
// Sessions are those of the calendar; without one, session_open to session_close on Mondays to
// Fridays. Throws std::invalid_argument when a time zone is not in the IANA database.
[[nodiscard]] TimerPlan make_timer_plan(const ClockSettings& clock, StreamTime from, StreamTime to,
                                        const SessionClock* calendar = nullptr);

}  // namespace sluice::pipeline
