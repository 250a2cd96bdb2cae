// The clock as a source of events: beats at a fixed period, the day and session boundaries of the run,
// worked out beforehand (time zones are not for the hot path), charges and rates of currencies, and changes of
// parameters, those that
// were planned before it and those that an operator asks for while it runs. Changes are numbered as they enter
// the stream: their versions.
// Sequencer's thread only; constant time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/hot/fixed_queue.hpp>
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
    // kParameter, by time; those before the start come with it. Versions are given on the way.
    std::vector<Event> changes;
    // kCharge and kRate, by time. Charges before the start are left out; of the rates before it each
    // currency's last comes with it.
    std::vector<Event> charges;
};

class Timers {
  public:
    explicit Timers(TimerPlan plan) : plan_(std::move(plan)) {}

    // A change to come at its time, which is no earlier than that of the one added before. False when
    // too many wait.
    [[nodiscard]] bool add(const Event& change) noexcept {
        if (added_.room() == 0) return false;
        added_.push(change);
        find_next();
        return true;
    }
    // The number of a change that enters the stream now.
    [[nodiscard]] std::uint32_t next_version() noexcept { return ++version_; }

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
        start_charges(first);
        find_next();
        return open;
    }

    [[nodiscard]] StreamTime next() const noexcept { return next_; }

    // The timer that is due at next(). At the same time a boundary comes first, then charges and rates,
    // then changes, then the beat: what a beat closes already has the new parameters.
    [[nodiscard]] Event pop() noexcept {
        const StreamTime time = next_;
        if (!boundary_due(time)) {
            if (next_charge_ < plan_.charges.size() && plan_.charges[next_charge_].time() == time)
                return pop_charge();
            if (next_change_ < plan_.changes.size() && change_time() == time)
                return pop_change(time, plan_.changes[next_change_++]);
            if (!added_.empty() && added_.front().time() <= time) {
                const Event change = added_.front();
                added_.pop();
                return pop_change(time, change);
            }
        }
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
    [[nodiscard]] Event pop_change(StreamTime time, const Event& from) noexcept {
        ParameterChange change = from.parameter();
        change.version = next_version();
        find_next();
        return Event::parameter(time, change);
    }
    [[nodiscard]] Event pop_charge() noexcept {
        const Event charge = plan_.charges[next_charge_++];
        find_next();
        return charge;
    }
    // What was planned before the start: rates move up to where the others begin.
    void start_charges(StreamTime first) noexcept {
        std::vector<Event>& planned = plan_.charges;
        while (next_charge_ < planned.size() && planned[next_charge_].time() < first)
            ++next_charge_;
        std::uint64_t seen = 0;  // by currency
        for (std::size_t i = next_charge_; i-- > 0;) {
            if (planned[i].kind() != EventKind::kRate) continue;
            const std::uint64_t currency = std::uint64_t{1} << planned[i].rate().currency;
            if ((seen & currency) != 0) continue;
            seen |= currency;
            planned[--next_charge_] = planned[i];
            planned[next_charge_].set_time(first);
        }
    }
    void find_next() noexcept {
        next_ = next_beat_;
        if (next_charge_ < plan_.charges.size())
            next_ = std::min(next_, plan_.charges[next_charge_].time());
        if (next_boundary_ < plan_.boundaries.size())
            next_ = std::min(next_, plan_.boundaries[next_boundary_].time);
        if (next_change_ < plan_.changes.size()) next_ = std::min(next_, change_time());
        if (!added_.empty()) next_ = std::min(next_, added_.front().time());
    }

    static constexpr std::size_t kMostAdded = 64;

    TimerPlan plan_;
    StreamTime next_beat_ = StreamTime::max();
    std::size_t next_boundary_ = 0;
    std::size_t next_change_ = 0;
    std::size_t next_charge_ = 0;
    core::FixedQueue<Event> added_{kMostAdded};  // in the order of their times
    std::uint32_t version_ = 0;                  // of the last change
    StreamTime start_ = StreamTime::min();
    StreamTime next_ = StreamTime::max();
};

}  // namespace sluice::pipeline
