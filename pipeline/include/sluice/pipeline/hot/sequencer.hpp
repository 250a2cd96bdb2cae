// T3 sequenced: merges market data, the venue's reports and the clock into the one ordered stream.
// Runs on the thread of the first group; constant time per event, no allocation.
//
// Order: by time. At the same time: what the venue has due, then the clock, then market data in
// the source's order. The stream's time is the latest time seen; a tick that goes back is passed
// on with its own time and the flag kFlagOutOfOrder. Updates of a book's levels are part of the
// stream, but go no further than the venue.
//
// With stages on other threads, commands come back while the sequencer runs ahead. So that the
// result is that of one thread, it lets an event go only when everything that could still cause a
// command to arrive before it has been worked off: a conservative simulation (Chandy and Misra,
// 1979) whose lookahead is the venue's order latency.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/admission.hpp>
#include <sluice/pipeline/hot/tick_run.hpp>
#include <sluice/pipeline/hot/timers.hpp>
#include <sluice/pipeline/hot/venue_port.hpp>
#include <sluice/pipeline/market_source.hpp>
#include <sluice/pipeline/operator_inbox.hpp>
#include <sluice/pipeline/pacer.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// What other threads see of a running engine, and how they stop it.
struct RunControl {
    std::atomic<bool> stop{false};              // set by a signal handler: end in good order
    std::atomic<std::uint64_t> ticks_taken{0};  // from the source, for progress
    std::atomic<std::int64_t> stream_time_ns{0};
    OperatorInbox* inbox = nullptr;  // null: nobody operates this run
    // Live: where the sequencer says that it is alive, by the TSC. Null: nobody watches.
    std::atomic<std::uint64_t>* beat = nullptr;
};

// Lane: what the sequencer feeds.
//   release<kKnown>(Event&)   hand a sequenced event to the first stage
//   kSplit                    whether any stage runs on another thread
//   sync()                    return when all released events are worked off, their commands submitted
//   flat()                    after sync(): no position is held
// A lane may take runs as well: limit_run() says how far one may go, release_run() hands it over or
// says that its ticks have to go one by one.
template <class Lane>
concept RunLane = requires(Lane lane, SymbolId symbol, RunLimits& limits, const TickRun& run) {
    { lane.limit_run(symbol, limits) }
    noexcept;
    { lane.release_run(run) }
    noexcept->std::same_as<bool>;
};

template <Venue V, class Lane>
class Sequencer {
  public:
    Sequencer(V& venue, Lane& lane, Timers timers, Admission admission, Pacer pacer,
              RunControl& control, OnStop on_stop)
        : venue_(venue), lane_(lane), timers_(std::move(timers)), admission_(std::move(admission)),
          pacer_(pacer), control_(control), on_stop_(on_stop) {}

    // Runs the source to its end, or until a stop; always ends the stream with kStop and kEnd.
    [[gnu::hot]] void run(MarketSource& source) noexcept {
        take_all(source);
        finish(source);
    }
    // The same in parts, for a stream of several sources: take_all() for each, then finish() once.
    void take_all(MarketSource& source) noexcept {
        while (take_next(source)) {}
    }
    // Lets what is under way arrive, then stops, lets the answers arrive, and closes the books.
    [[gnu::cold]] void finish(MarketSource& source) noexcept {
        // relaxed: as in take()
        const bool interrupted = control_.stop.load(std::memory_order_relaxed);
        stopping_ = true;
        pacer_ = Pacer{};
        if (!interrupted) drain();
        Event stop = Event::timer(now_, EventKind::kStop);
        release(stop);
        if (interrupted && on_stop_ == OnStop::kFlatten) flatten(source);
        drain();
        Event end = Event::timer(now_, EventKind::kEnd);
        release(end);
        settle();
    }

    [[nodiscard]] AdmissionCounts take_counts() noexcept { return admission_.take_counts(); }
    [[nodiscard]] std::uint64_t checksum() const noexcept { return checksum_.value(); }
    [[nodiscard]] std::uint64_t events() const noexcept { return sequence_; }
    [[nodiscard]] std::uint64_t beats() const noexcept { return beats_; }
    [[nodiscard]] StreamTime first_time() const noexcept { return first_; }
    [[nodiscard]] StreamTime now() const noexcept { return now_; }

  private:
    // Runs are for stages on this thread, at full speed.
    static constexpr bool kTakesRuns = RunVenue<V> && RunLane<Lane> && !Lane::kSplit;

    // What the source has next, as columns where it can. False at its end, or when the run is to stop.
    [[nodiscard]] bool take_next(MarketSource& source) noexcept {
        if constexpr (kTakesRuns) {
            if (!pacer_.enabled()) {
                const TickColumns ticks = source.next_columns();
                if (ticks.size != 0) return take_columns(ticks);
            }
        }
        const auto block = source.next_block();
        if (block.empty()) return false;
        if (sequence_ == 0) start(block.front().time());
        if (!take(block)) return false;
        publish_progress(block.size());
        return true;
    }

    void start(StreamTime first) noexcept {
        first_ = first;
        now_ = first;
        const bool open = timers_.start(first);
        admission_.set_session_open(open);
        Event state =
            Event::timer(first, open ? EventKind::kSessionOpen : EventKind::kSessionClose);
        venue_.on_timer(state);
        release(state);
        take_inbox();
    }

    // False when the run is to stop.
    template <class Block>
    [[nodiscard]] bool take(const Block& block) noexcept {
        // relaxed: the flag stands alone, nothing else is published through it
        if (control_.stop.load(std::memory_order_relaxed) && !stopping_) return false;
        take_inbox();
        if (pacer_.enabled()) return take_paced(block);
        if constexpr (DepthVenue<V>) {
            if (venue_.reads_levels()) return take_deep(block);
        }
        for (Event& event : block) {
            advance(std::max(now_, event.time()));
            take_known(event);
        }
        return true;
    }
    template <class Block>
    SLUICE_NEVER_INLINE bool take_paced(const Block& block) noexcept {
        for (Event& event : block) {
            if (!advance_paced(std::max(now_, event.time()))) return false;
            take_any(event);
        }
        return true;
    }
    // A loop of its own, so that a stream without levels does not ask for them.
    template <class Block>
    SLUICE_NEVER_INLINE bool take_deep(const Block& block) noexcept {
        for (Event& event : block) {
            advance(std::max(now_, event.time()));
            take_any(event);
        }
        return true;
    }
    SLUICE_ALWAYS_INLINE void take_any(Event& event) noexcept {
        if constexpr (DepthVenue<V>) {
            if (event.kind() == EventKind::kLevel) return take_level(event);
        }
        take_known(event);
    }
    // Admitted whatever the session: a book that missed updates would not be the venue's any more.
    void take_level(Event& event) noexcept {
        const bool late = event.time() < now_;
        now_ = std::max(now_, event.time());
        event.place(next_sequence(), late ? kFlagOutOfOrder : std::uint8_t{0});
        checksum_.add_level(event);
        if constexpr (DepthVenue<V>) venue_.on_level(event);
    }

    // By the run, and one by one what ends a run. Where ticks have to go one by one for a while, more
    // of them do before the next attempt.
    [[nodiscard]] SLUICE_NEVER_INLINE bool take_columns(TickColumns ticks) noexcept {
        if (sequence_ == 0) start(ticks.time_of(0));
        const std::size_t count = ticks.size;
        while (ticks.size != 0) {
            const std::size_t at_once = take_run(ticks);
            ticks.drop_front(at_once);
            alone_ = at_once >= kLongRun ? 1 : std::min(2 * alone_, kMostAlone);
            const std::size_t next = std::min(alone_, ticks.size);
            for (std::size_t i = 0; i < next; ++i)
                emplace_event(singles_[i], [&] { return ticks.event(i); });
            if (!take(std::span(singles_.data(), next))) return false;
            ticks.drop_front(next);
        }
        publish_progress(count);
        return true;
    }
    // The ticks up to the first that might do more than move running values; how many they were.
    // While nothing is due, no one else acts: what holds before the first holds for all.
    [[nodiscard]] std::size_t take_run(const TickColumns& ticks) noexcept {
        if (!admission_.admits_runs() || !venue_.ignores_trades(ticks.symbol)) return 0;
        RunLimits limits;
        limits.narrow(now_, due());
        lane_.limit_run(ticks.symbol, limits);
        TickRun run = scan_run(ticks, limits);
        if (run.size < kShortestRun) return 0;
        run.last_sequence = static_cast<Sequence>(sequence_ + run.size);
        if (!lane_.release_run(run)) return 0;
        sequence_ += run.size;
        now_ = run.last_time();
        admission_.count_run(run);
        checksum_.add_run(run);
        return run.size;
    }

    SLUICE_ALWAYS_INLINE void take_known(Event& event) noexcept {
        if (event.kind() == EventKind::kTrade) {
            take_one<EventKind::kTrade>(event);
        } else {
            take_one<EventKind::kQuote>(event);
        }
    }
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void take_one(Event& event) noexcept {
        if (!admission_.template admit<kKnown>(event)) [[unlikely]] {
            if constexpr (kKnown == EventKind::kTrade && HearsClosedPrints<V>) {
                if (admission_.is_off_session(event)) venue_.on_closed_print(event);
            }
            return;
        }
        if (event.time() < now_) [[unlikely]] {
            admission_.count_out_of_order();
            event.place(next_sequence(), kFlagOutOfOrder);
        } else {
            now_ = event.time();
            event.place(next_sequence(), 0);
        }
        checksum_.template add<kKnown>(event);
        venue_.template on_market<kKnown>(event);
        hand_over<kKnown>(event);
    }

    // Everything that is due up to `time`, in order.
    SLUICE_ALWAYS_INLINE void advance(StreamTime time) noexcept {
        settle_until(time);
        if (due() <= time) [[unlikely]]
            catch_up(time);
    }
    SLUICE_NEVER_INLINE void catch_up(StreamTime time) noexcept {
        while (due() <= time) {
            step(due());
            settle_until(time);
        }
    }
    // The same at the pace of the wall clock: each step at its own moment.
    [[nodiscard]] bool advance_paced(StreamTime time) noexcept {
        for (;;) {
            settle();
            const StreamTime next = std::min(due(), time);
            const Pacer::Wait wait = pacer_.wait(next, control_.stop, control_.inbox);
            if (wait == Pacer::Wait::kStopped) return false;
            if (wait == Pacer::Wait::kCalled) {
                take_inbox();
                continue;
            }
            if (due() > time) return true;
            step(due());
        }
    }

    [[nodiscard]] SLUICE_ALWAYS_INLINE StreamTime due() const noexcept {
        return std::min(venue_.next_due(), timers_.next());
    }
    void step(StreamTime time) noexcept {
        now_ = std::max(now_, time);
        if (venue_.next_due() <= timers_.next()) return step_venue();
        Event timer = timers_.pop();
        if (timer.kind() == EventKind::kBeat) {
            ++beats_;
        } else if (is_session(timer.kind())) {
            admission_.set_session_open(timer.kind() == EventKind::kSessionOpen);
            venue_.on_timer(timer);
        }
        release(timer);
    }
    void step_venue() noexcept {
        Event report = venue_.pop_due();
        if (report.kind() == EventKind::kReport) release(report);
    }

    // What the operator asks for, and what an earlier session has left.
    void take_inbox() noexcept {
        if (control_.inbox == nullptr || !control_.inbox->waiting()) return;
        control_.inbox->take(now_, [this](Event& event) {
            if (event.kind() == EventKind::kParameter) return take_change(event);
            release(event);
        });
    }
    // A nanosecond on, after every tick of this moment: so it has a time of its own in the record, and
    // comes at the same place when the run is made again with it as a planned change.
    void take_change(Event& change) noexcept {
        change.set_time(now_ + Nanos{1});
        if (timers_.add(change)) return;
        ParameterChange payload = change.parameter();
        payload.version = timers_.next_version();
        change = Event::parameter(now_, payload);
        release(change);
    }

    SLUICE_NEVER_INLINE void release(Event& event) noexcept {
        event.place(next_sequence(), 0);
        hand_over<EventKind::kNone>(event);
    }
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void hand_over(Event& event) noexcept {
        if constexpr (Lane::kSplit) {
            released_ = std::max(released_, event.time());
            unsettled_ = std::min(unsettled_, released_);
        }
        lane_.template release<kKnown>(event);
    }
    [[nodiscard]] Sequence next_sequence() noexcept { return static_cast<Sequence>(++sequence_); }

    // After this, no command that arrives at or before `time` is still to come.
    SLUICE_ALWAYS_INLINE void settle_until(StreamTime time) noexcept {
        if constexpr (Lane::kSplit) {
            if (unsettled_ != StreamTime::max() && time - unsettled_ >= venue_.order_latency())
                settle();
        }
    }
    void settle() noexcept {
        if constexpr (Lane::kSplit) {
            if (unsettled_ == StreamTime::max()) return;
            lane_.sync();
            unsettled_ = StreamTime::max();
        }
    }

    void publish_progress(std::uint64_t ticks) noexcept {
        ticks_ += ticks;
        // relaxed: read for display only
        control_.ticks_taken.store(ticks_, std::memory_order_relaxed);
        control_.stream_time_ns.store(core::ns_since_epoch(now_), std::memory_order_relaxed);
    }

    void drain() noexcept {
        settle();
        while (venue_.next_due() != StreamTime::max()) {
            now_ = std::max(now_, venue_.next_due());
            step_venue();
            settle();
        }
    }
    // Positions can only be closed against a market, so the market goes on until they are, for at
    // most a minute of its time.
    [[gnu::cold]] void flatten(MarketSource& source) noexcept {
        constexpr Nanos kLongest{60'000'000'000};
        const StreamTime last = now_ + kLongest;
        settle();
        while (!lane_.flat() && now_ < last) {
            const auto block = source.next_block();
            if (block.empty() || !take(block)) return;
            publish_progress(block.size());
            settle();
        }
    }

    static constexpr std::size_t kShortestRun = 4;  // below it, single ticks are as quick
    static constexpr std::size_t kLongRun = 32;
    static constexpr std::size_t kMostAlone = 64;

    V& venue_;
    Lane& lane_;
    Timers timers_;
    Admission admission_;
    Pacer pacer_;
    RunControl& control_;
    OnStop on_stop_;
    StreamChecksum checksum_;
    bool stopping_ = false;
    std::uint64_t sequence_ = 0;
    std::uint64_t beats_ = 0;
    std::uint64_t ticks_ = 0;
    StreamTime first_{};
    StreamTime now_ = StreamTime::min();
    // What the stages take for the stream's time: refused ticks and the venue's own steps move
    // now_ on, but they never see those.
    StreamTime released_ = StreamTime::min();
    StreamTime unsettled_ = StreamTime::max();  // that time at the oldest event not worked off
    std::size_t alone_ = 1;                     // ticks to take one by one after a run
    std::array<Event, kTakesRuns ? kMostAlone : 0> singles_;
};

}  // namespace sluice::pipeline
