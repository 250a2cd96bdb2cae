// When an exchange is open, in UTC: a SessionCalendar's local week with its holidays, early closes,
// late opens and the changes of its clock. Built once; between() is called at start and at the edge
// of a replay, never per tick. One thread a value. Cost: a few conversions for each day asked for.
//
// Rules. A holiday has no session at all. An early close ends what began before it, pre-market and
// regular; a post-market that follows the regular session at once follows it then as well, and any
// other session of the day stays. A late open cuts off whatever lies before it. A day with an early
// close before its late open is closed between the two.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/local_time.hpp>
#include <sluice/pipeline/reference.hpp>

namespace sluice::pipeline {

struct SessionInterval {
    core::StreamTime open;   // inclusive
    core::StreamTime close;  // exclusive
    SessionPhase phase;
    Date date;  // local, on which it opens
    friend bool operator==(const SessionInterval&, const SessionInterval&) = default;
};

class SessionClock {
  public:
    // Throws ImportError (kBadOption): an unknown time zone, or spans that are empty, overlap or
    // lie outside a day.
    explicit SessionClock(SessionCalendar calendar);

    [[nodiscard]] const SessionCalendar& calendar() const noexcept { return calendar_; }

    // The spans of one local date, exceptions applied, in order of time.
    [[nodiscard]] std::vector<SessionSpan> spans_on(Date date) const;
    // The sessions that overlap [from, to), in order; those of one phase that meet (at midnight) are
    // one. They are whole but for one that never pauses, which begins with the day before `from`
    // and ends with the day after `to`. At most kMaxDays are looked at.
    [[nodiscard]] std::vector<SessionInterval> between(core::StreamTime from,
                                                       core::StreamTime to) const;
    static constexpr std::int64_t kMaxDays = std::int64_t{366} * 200;

  private:
    SessionCalendar calendar_;
};

}  // namespace sluice::pipeline
