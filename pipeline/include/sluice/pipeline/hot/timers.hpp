// The clock as a source of events: beats at a fixed period, the day and session boundaries of the run,
// worked out beforehand (time zones are not for the hot path), and changes of parameters that were
// planned before it.
// Sequencer's thread only; constant time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

struct TimerPlan {
    struct Boundary {
        StreamTime time;
        EventKind kind = EventKind::kNone;  // kDayStart, kSessionOpen, kSessionClose
    };

    Nanos beat{1'000'000'000};
    bool session_enabled = false;
    std::vector<Boundary> boundaries;  // by time
    std::vector<Event> changes;        // kParameter, by time; those before the start come with it
};

class Timers {
  public:
    explicit Timers(TimerPlan plan) : plan_(std::move(plan)) {}

    // Called once with the time of the first event. Beats fall on multiples of their period since
    // the epoch. True when a session is open at that moment.
    [[nodiscard]] bool start(StreamTime first) noexcept {
        const std::int64_t period = plan_.beat.count();
        const std::int64_t ns = core::ns_since_epoch(first);
        next_beat_ =
            core::time_from_ns<StreamTime>((ns / period + (ns % period > 0 ? 1 : 0)) * period);
        bool open = !plan_.session_enabled;
        start_ = first;
        for (; next_boundary_ < plan_.boundaries.size(); ++next_boundary_) {
            const TimerPlan::Boundary& b = plan_.boundaries[next_boundary_];
            if (b.time > first) break;
            if (b.kind != EventKind::kDayStart) open = b.kind == EventKind::kSessionOpen;
        }
        find_next();
        return open;
    }

    [[nodiscard]] StreamTime next() const noexcept { return next_; }

    // The timer that is due at next(). At the same time a boundary comes first, then changes, then the
    // beat: what a beat closes already has the new parameters.
    [[nodiscard]] Event pop() noexcept {
        const StreamTime time = next_;
        if (next_change_ < plan_.changes.size() && change_time() == time && !boundary_due(time))
            return pop_change(time);
        EventKind kind = EventKind::kBeat;
        if (boundary_due(time)) {
            kind = plan_.boundaries[next_boundary_++].kind;
        } else {
            next_beat_ += plan_.beat;
        }
        find_next();
        return Event::timer(time, kind);
    }

  private:
    [[nodiscard]] bool boundary_due(StreamTime time) const noexcept {
        return next_boundary_ < plan_.boundaries.size() &&
               plan_.boundaries[next_boundary_].time == time;
    }
    [[nodiscard]] StreamTime change_time() const noexcept {
        return std::max(plan_.changes[next_change_].time(), start_);
    }
    [[nodiscard]] Event pop_change(StreamTime time) noexcept {
        const Event change = Event::parameter(time, plan_.changes[next_change_++].parameter());
        find_next();
        return change;
    }
    void find_next() noexcept {
        next_ = next_beat_;
        if (next_boundary_ < plan_.boundaries.size())
            next_ = std::min(next_, plan_.boundaries[next_boundary_].time);
        if (next_change_ < plan_.changes.size()) next_ = std::min(next_, change_time());
    }

    TimerPlan plan_;
    StreamTime next_beat_ = StreamTime::max();
    std::size_t next_boundary_ = 0;
    std::size_t next_change_ = 0;
    StreamTime start_ = StreamTime::min();
    StreamTime next_ = StreamTime::max();
};

}  // namespace sluice::pipeline
