// T3 sequenced, live: what arrives from feed, order session and clock becomes the one stream, in
// the order in which it is taken here; the journal keeps that order, and a replay of it gives the
// same commands. Runs on the thread of the first group, which is also the edge: it polls sockets.
//
// One round: reports, market data, commands from other threads, what may leave, the clock. Constant
// time per event, no allocation; the system calls are those of the sockets.
//
//   feed ─────┐                                            ┌─▶ journal (every event, every command)
//   session ──┼─▶ number, record, release ─▶ stages ─▶ outbox ─▶ recorded? ─▶ session
//   clock ────┘
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <sluice/core/attributes.hpp>
#include <sluice/core/hot/fixed_queue.hpp>
#include <sluice/core/hot/local_tsc_clock.hpp>
#include <sluice/pipeline/hot/live_publisher.hpp>
#include <sluice/pipeline/hot/live_run.hpp>
#include <sluice/pipeline/hot/order_table.hpp>
#include <sluice/pipeline/hot/outbox.hpp>

namespace sluice::pipeline {

template <class Lane>
class LiveSequencer {
  public:
    LiveSequencer(Outbox& outbox, Lane& lane, LiveRun& run)
        : outbox_(outbox), lane_(lane), run_(run), clock_(run.tsc),
          check_every_(ticks_of(Nanos{20'000})), publisher_(run), grace_(run.times.clock_grace),
          waiting_(run.waiting), sent_(run.sent), recording_(run.journal != nullptr) {}

    // Until control.stop is set or the exchange ends the session; always ends the stream with kStop
    // and kEnd.
    [[gnu::hot]] void run() noexcept {
        start();
        core::Idler idler{lane_.idle_strategy()};
        while (running()) {
            const std::uint64_t now = core::Tsc::now();
            const std::size_t work = round(now);
            if (work == 0 || now >= next_check_) check(now, work);
            idler.idle(work);
        }
        finish();
    }

  private:
    // How far a tick's time may be ahead of the local clock, and how long entries halt after one
    // that was further.
    static constexpr Nanos kAheadMost{1'000'000'000};
    static constexpr Nanos kAheadHalt{1'000'000'000};
    static constexpr Nanos kJournalWait{500'000'000};
    static constexpr std::uint64_t kNever = UINT64_MAX;  // a record that was not made

    [[nodiscard]] std::uint64_t ticks_of(Nanos time) const noexcept {
        return static_cast<std::uint64_t>(run_.tsc.ticks_per_second() * 1e-9 *
                                          static_cast<double>(time.count()));
    }
    [[nodiscard]] StreamTime local_time(std::uint64_t ticks) noexcept {
        return core::time_from_ns<StreamTime>(core::ns_since_epoch(clock_.at(ticks)));
    }

    void start() noexcept {
        const StreamTime clock = local_time(core::Tsc::now());
        now_ = clock - grace_;
        latest_ = clock + kAheadMost;
        run_.result.first = now_;
        const bool open = run_.timers.start(now_);
        run_.admission.set_session_open(open);
        Event state = Event::timer(now_, open ? EventKind::kSessionOpen : EventKind::kSessionClose);
        release(state);
        take_inbox();
        check(core::Tsc::now(), 0);
    }
    [[nodiscard]] bool running() const noexcept {
        // relaxed: the flag stands alone, nothing else is published through it
        return !run_.control.stop.load(std::memory_order_relaxed) &&
               run_.feed.state() != FeedState::kEnded;
    }

    SLUICE_ALWAYS_INLINE std::size_t round(std::uint64_t now) noexcept {
        std::size_t work = 0;
        for (const Event& report : run_.session.poll(now)) {
            take_report(report, now);
            ++work;
        }
        const auto block = run_.feed.poll(now);
        if (!block.empty()) take_block(block);
        work += block.size();
        work += lane_.take_commands();
        if (!outbox_.empty() || !waiting_.empty()) work += send(false);
        return work;
    }

    void take_block(std::span<Event> block) noexcept {
        measure_delay(block.front());
        for (Event& event : block) {
            if (event.kind() == EventKind::kTrade) {
                take_tick<EventKind::kTrade>(event);
            } else {
                take_tick<EventKind::kQuote>(event);
            }
            if (!outbox_.empty()) (void)send(false);
            lane_.let_go();
        }
        tally_.ticks += block.size();
    }
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void take_tick(Event& event) noexcept {
        if (event.time() > latest_) [[unlikely]]
            return refuse_time_slow(event);
        if (run_.timers.next() <= event.time()) [[unlikely]]
            run_timers(event.time(), event.ingress_ticks());
        if (!run_.admission.template admit<kKnown>(event)) return;
        if (event.time() < now_) {
            run_.admission.count_out_of_order();
            event.place(next_sequence(), kFlagOutOfOrder);
        } else {
            now_ = event.time();
            event.place(next_sequence(), 0);
        }
        checksum_.template add<kKnown>(event);
        record(event);
        lane_.template release<kKnown>(event);
    }
    // Its time would carry the stream's, and with it every timer, into the future.
    [[gnu::cold, gnu::noinline]] void refuse_time_slow(const Event& event) noexcept {
        run_.admission.refuse_time_slow(event);
        ahead_until_ = core::Tsc::now() + ticks_of(kAheadHalt);
    }
    void measure_delay(const Event& event) noexcept {
        if (event.ingress_ticks() == 0) return;
        const std::int64_t delay = core::ns_since_epoch(clock_.at(event.ingress_ticks())) -
                                   core::ns_since_epoch(event.time());
        tally_.feed_delay = delay;
        if (delay >= 0) return run_.recent.feed_delay.record(static_cast<std::uint64_t>(delay));
        ++run_.recent.feed_ahead;
        run_.recent.feed_ahead_max = std::max(run_.recent.feed_ahead_max, -delay);
    }

    // A fill of an order that is not ours may name no instrument.
    [[nodiscard]] ContractSize size_of(SymbolId symbol) const noexcept {
        const std::size_t index = core::index_of(symbol);
        return index < run_.sizes.size() ? run_.sizes[index] : ContractSize{};
    }

    SLUICE_NEVER_INLINE void take_report(const Event& arrived, std::uint64_t now) noexcept {
        const StreamTime time = std::min(arrived.time(), latest_);  // a report is never refused
        if (run_.timers.next() <= time) run_timers(time);
        now_ = std::max(now_, time);
        Report report = arrived.report();
        if (arrived.exec_kind() == ExecKind::kFill)
            report.commission = PackedMoney{run_.commission.charge(
                report.price, report.quantity, Liquidity::kTaker, size_of(arrived.symbol()))};
        if (SentOrder* sent = sent_.find(report.order); sent != nullptr) {
            // It may have left after this round began.
            run_.recent.acknowledge.record(now > sent->at ? now - sent->at : 0);
            sent_.erase(*sent);
        }
        ++tally_.reports;
        Event event = Event::report(time, arrived.symbol(), arrived.exec_kind(),
                                    arrived.reject_reason(), report);
        release(event);
        (void)send(false);
    }

    // `stamp`: of the datagram that brings them forward, 0 when the clock does.
    SLUICE_NEVER_INLINE void run_timers(StreamTime until, std::uint64_t stamp = 0) noexcept {
        while (run_.timers.next() <= until) {
            Event timer = run_.timers.pop();
            timer.stamp_ingress(stamp);
            now_ = std::max(now_, timer.time());
            if (timer.kind() == EventKind::kBeat) {
                ++run_.result.beats;
            } else if (is_session(timer.kind())) {
                run_.admission.set_session_open(timer.kind() == EventKind::kSessionOpen);
            }
            release(timer);
        }
        (void)send(false);
    }

    SLUICE_NEVER_INLINE void release(Event& event) noexcept {
        event.place(next_sequence(), 0);
        record(event);
        lane_.template release<EventKind::kNone>(event);
    }
    [[nodiscard]] Sequence next_sequence() noexcept { return static_cast<Sequence>(++sequence_); }

    SLUICE_ALWAYS_INLINE void record(const Event& event) noexcept {
        if (recording_ && !run_.journal->record(event)) [[unlikely]]
            record_slow(event);
    }
    // Nothing is released that is not recorded: the ring is waited for, but not for long. A disk that
    // hangs must not make the session deaf; then entries stay halted and what is open can still be
    // cancelled.
    [[gnu::cold, gnu::noinline]] void record_slow(const Event& event) noexcept {
        ++run_.live.journal_waits;
        const std::uint64_t until = core::Tsc::now() + ticks_of(kJournalWait);
        core::Idler idler{core::IdleStrategy::kBackoff};
        while (!run_.journal->record(event)) {
            if (journal_failed() || core::Tsc::now() >= until) return give_up_recording();
            idler.idle(0);
        }
    }
    void give_up_recording() noexcept {
        recording_ = false;
        run_.live.journal_failed = true;
    }

    // Records what the stages ask for and lets go what may leave; how many commands moved. When
    // records are no longer made, or at the end (`last`), what has not become safe does not leave:
    // only a cancel does, which adds no risk.
    std::size_t send(bool last) noexcept {
        std::size_t moved = 0;
        do {
            while (!outbox_.empty()) {
                const Event command = outbox_.pop();
                record(command);
                waiting_.push({command, recording_ ? run_.journal->records() : kNever});
                ++moved;
            }
            while (!waiting_.empty()) {
                const WaitingCommand front = waiting_.front();
                const bool is_safe = safe(front.record);
                if (!is_safe && recording_ && !last) break;
                waiting_.pop();
                if (is_safe || front.command.kind() == EventKind::kCancel) {
                    transmit(front.command);
                } else {
                    refuse_order(front.command.approved(), RejectReason::kVenueUnreachable);
                }
            }
        } while (!outbox_.empty());  // what could not be sent came back as a report
        lane_.let_go();              // after what leaves, so as not to hold it up
        return moved;
    }
    [[nodiscard]] bool safe(std::uint64_t record) const noexcept {
        return run_.journal == nullptr || (record != kNever && run_.journal->safe(record));
    }

    void transmit(const Event& command) noexcept {
        if (command.kind() == EventKind::kCancel) {
            if (!run_.session.cancel(command.cancel().order, command.symbol()))
                refuse(command.symbol(), command.cancel().order, ExecKind::kCancelRejected,
                       run_.session.last_refusal());
            return;
        }
        const ApprovedOrder& order = command.approved();
        if (!run_.session.submit(order)) {
            refuse_order(order, run_.session.last_refusal());
            return;
        }
        const std::uint64_t now = core::Tsc::now();
        if (command.ingress_ticks() != 0)
            run_.recent.tick_to_order.record(now - std::min(now, command.ingress_ticks()));
        (void)sent_.insert({order.id(), now});  // a slot still in use goes unmeasured
        ++tally_.orders;
    }
    // It did not leave: the stages learn of that as of any other refusal.
    [[gnu::cold, gnu::noinline]] void refuse_order(const ApprovedOrder& order,
                                                   RejectReason reason) noexcept {
        refuse(order.symbol(), order.id(),
               order.is_replacement() ? ExecKind::kReplaceRejected : ExecKind::kRejected, reason);
    }
    [[gnu::cold, gnu::noinline]] void refuse(SymbolId symbol, OrderId id, ExecKind kind,
                                             RejectReason reason) noexcept {
        ++run_.live.refused;
        Event event = Event::report(now_, symbol, kind, reason, {id, Price{}, Quantity{}, {}});
        release(event);
    }

    // What is not per event: the clock, halts, what other threads see.
    SLUICE_NEVER_INLINE void check(std::uint64_t now, std::size_t work) noexcept {
        next_check_ = now + check_every_;
        const StreamTime clock = local_time(now);
        latest_ = clock + kAheadMost;
        const StreamTime local = clock - grace_;
        if (run_.timers.next() <= local) run_timers(local);
        take_inbox();
        say_alive(now);
        const FeedState feed = run_.feed.state();
        hold(HaltReason::kFeed, feed != FeedState::kLive || now < ahead_until_);
        // Reports that are lost leave positions unknown: that does not mend itself.
        hold(HaltReason::kOrderSession,
             run_.session.state() != SessionState::kUp || run_.session.counts().lost != 0);
        hold(HaltReason::kOverload, is_crowded(HaltReason::kOverload, lane_.backlog()));
        if (run_.journal != nullptr) {
            if (recording_ && journal_failed()) give_up_recording();
            const bool crowded = is_crowded(HaltReason::kJournal, run_.journal->backlog());
            hold(HaltReason::kJournal, crowded || !recording_);
        }
        publisher_.look(now, clock, work == 0, tally_);
    }
    void say_alive(std::uint64_t now) noexcept {
        if (run_.control.beat != nullptr)
            run_.control.beat->store(now, std::memory_order_relaxed);  // relaxed: stands alone
    }
    // What the operator asks for, and what an earlier session has left.
    void take_inbox() noexcept {
        if (run_.control.inbox == nullptr || !run_.control.inbox->waiting()) return;
        run_.control.inbox->take(now_, [this](Event& event) {
            if (event.kind() == EventKind::kHalt)
                ++run_.live.halts[static_cast<std::size_t>(event.halt_reason())];
            if (event.kind() == EventKind::kParameter) {
                ParameterChange change = event.parameter();
                change.version = run_.timers.next_version();
                event = Event::parameter(now_, change);
            }
            release(event);
            (void)send(false);
        });
    }
    // From three quarters on, until a quarter.
    [[nodiscard]] bool is_crowded(HaltReason reason, double backlog) const noexcept {
        return backlog > (held_[static_cast<std::size_t>(reason)] ? 0.25 : 0.75);
    }
    [[nodiscard]] bool journal_failed() const noexcept {
        // acquire: pairs with the journal's release when it gives up
        return run_.journal_failed->load(std::memory_order_acquire);
    }
    void hold(HaltReason reason, bool on) noexcept {
        bool& held = held_[static_cast<std::size_t>(reason)];
        if (held == on) return;
        held = on;
        if (on) ++run_.live.halts[static_cast<std::size_t>(reason)];
        Event event = Event::halt(now_, on ? EventKind::kHalt : EventKind::kResume, reason);
        release(event);
        (void)send(false);
    }

    // Stops new exposure, waits for the answers, and closes the books.
    [[gnu::cold]] void finish() noexcept {
        Event stop = Event::timer(now_, EventKind::kStop);
        release(stop);
        (void)send(false);
        const std::uint64_t until = core::Tsc::now() + ticks_of(run_.times.stop_timeout);
        core::Idler idler{core::IdleStrategy::kBackoff};
        while (run_.on_stop != OnStop::kLeave && !settled()) {
            const std::uint64_t now = core::Tsc::now();
            if (now >= until) break;
            say_alive(now);
            const std::size_t work = round(now);
            run_timers(local_time(now) - grace_);
            idler.idle(work);
        }
        while (recording_ && !waiting_.empty() && core::Tsc::now() < until) {
            say_alive(core::Tsc::now());
            (void)send(false);
            idler.idle(0);
            if (journal_failed()) give_up_recording();
        }
        do {  // what is refused now ends its order, so this comes to an end
            lane_.sync();
            (void)send(true);
        } while (!outbox_.empty() || !waiting_.empty());
        lane_.sync();
        run_.live.unanswered = lane_.open_orders();
        run_.session.log_out();
        Event end = Event::timer(now_, EventKind::kEnd);
        release(end);
        lane_.let_go();
        lane_.sync();
        run_.result.counts = run_.admission.take_counts();
        run_.result.checksum = checksum_.value();
        run_.result.events = sequence_;
        run_.result.last = now_;
        run_.live.feed = run_.feed.counts();
        run_.live.session = run_.session.counts();
        const std::uint64_t now = core::Tsc::now();
        publisher_.finish(now, local_time(now), tally_);
    }
    [[nodiscard]] bool settled() noexcept {
        lane_.sync();
        return waiting_.empty() && outbox_.empty() && lane_.open_orders() == 0 &&
               (run_.on_stop != OnStop::kFlatten || lane_.flat());
    }

    Outbox& outbox_;
    Lane& lane_;
    LiveRun& run_;
    core::LocalTscClock clock_;
    std::uint64_t check_every_;
    LivePublisher publisher_;
    Nanos grace_;
    core::FixedQueue<WaitingCommand>& waiting_;  // for the journal
    OrderTable<SentOrder>& sent_;
    bool recording_;
    StreamChecksum checksum_;
    std::array<bool, kHaltReasonCount> held_{};
    std::uint64_t sequence_ = 0;
    LiveTally tally_;
    std::uint64_t next_check_ = 0;
    std::uint64_t ahead_until_ = 0;
    StreamTime latest_ = StreamTime::max();  // that an event's time may have
    StreamTime now_ = StreamTime::min();
};

template <CommandTarget V, CutMask kCuts>
[[gnu::hot]] void LiveRun::run(LaneState<V>& state, LiveRun& head) noexcept {
    Lane<V, kCuts> lane{state};
    LiveSequencer<Lane<V, kCuts>> sequencer{state.venue, lane, head};
    sequencer.run();
}

}  // namespace sluice::pipeline
