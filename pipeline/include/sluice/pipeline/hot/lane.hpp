// The stage graph and where its stages run. One instantiation per placement: inside a group the
// next stage is an inlined call, at a cut it is a ring.
//
//   group 0: sequencer, venue, stages up to the first cut     run_head()
//   group of stage K: the stages from cut K to the next       run_group<K>()
//
// Every event that reaches the end is offered to the recorder's ring, which never drops.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

#include <sluice/core/attributes.hpp>
#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/pipeline/hot/held_records.hpp>
#include <sluice/pipeline/hot/lane_state.hpp>
#include <sluice/pipeline/hot/sequencer.hpp>

namespace sluice::pipeline {

// kLast: the stages that run, all of them but in benchmarks, which take the stages one by one.
template <CommandTarget V, CutMask kCuts, std::size_t kLast = kStageCount>
class Lane {
  public:
    static constexpr bool kSplit = kCuts != kFused;
    // Live, a feed has stamped each event already, and each command carries its cause's stamp.
    static constexpr bool kLive = !Venue<V>;

    explicit Lane(LaneState<V>& state) noexcept : s_(state), idler_(state.idle) {}

    // Group 0's whole life.
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void release(Event& event) noexcept {
        if constexpr (kLive) cause_ingress_ = event.ingress_ticks();
        if (sample<kKnown>(event)) [[unlikely]] {
            release_sampled(event);
        } else {
            deliver<0, kKnown>(event);
        }
        // Live, the sequencer sends the command first.
        if constexpr (!kLive) let_go();
    }
    // The records kept back go to the recorder.
    SLUICE_ALWAYS_INLINE void let_go() noexcept {
        if (!held_.empty()) [[unlikely]]
            let_go_slow();
    }

    // The ticks that are sampled go by themselves. Those of a run come so fast that fewer of them do.
    void limit_run(SymbolId symbol, RunLimits& limits) const noexcept {
        limits.narrow(StreamTime::min(), bar_end_);
        limits.most = std::min(limits.most, (until_sample_ - 1) * kRunSampleRarer);
        if constexpr (kLast > 0) s_.stages.bars.limit_run(symbol, limits);
    }
    // False, and nothing has happened, when a stage needs its ticks one by one.
    [[nodiscard]] bool release_run(const TickRun& run) noexcept {
        static_assert(!kSplit, "a run is for stages on one thread");
        if (kLast > 0 && !s_.stages.bars.bears(run)) return false;
        if (kLast > 2 && !s_.stages.risk.bears(run)) return false;
        const std::uint64_t ticks = run_rest_ + run.size;
        until_sample_ -= std::min(ticks / kRunSampleRarer, until_sample_ - 1);
        run_rest_ = ticks % kRunSampleRarer;
        ingress_ = 0;
        order_ingress_ = 0;
        if constexpr (kLast > 0) s_.stages.bars.on_run(run);
        if constexpr (kLast > 2) s_.stages.risk.on_run(run);
        return true;
    }

    // Commands that came back from other threads go to their target; how many did.
    std::size_t take_commands() noexcept {
        if constexpr (kSplit) return take_commands_slow();
        return 0;
    }

    void sync() noexcept {
        if constexpr (kSplit) {
            deliver<0, EventKind::kNone>(Event::timer(StreamTime{}, EventKind::kSync));
            ++syncs_;
            // acquire: pairs with the release in finish(); what the last group did is visible
            while (s_.synced.load(std::memory_order_acquire) != syncs_) {
                idler_.idle(take_commands());
            }
            idler_.reset();
            take_commands();
        }
    }

    [[nodiscard]] core::IdleStrategy idle_strategy() const noexcept { return s_.idle; }
    // How full the fullest ring of the first group is, from 0 to 1; a little behind.
    [[nodiscard]] double backlog() const noexcept {
        double most = 0;
        for (const auto& ring : s_.rings) {
            if (ring != nullptr)
                most = std::max(most, static_cast<double>(ring->size_approx()) /
                                          static_cast<double>(ring->capacity()));
        }
        return most;
    }
    // After sync().
    [[nodiscard]] std::size_t open_orders() const noexcept { return s_.stages.risk.open_orders(); }
    [[nodiscard]] bool flat() const noexcept {
        for (const Portfolio::Position& p : s_.stages.risk.portfolio().positions()) {
            if (!p.quantity.is_zero()) return false;
        }
        return true;
    }

    // The life of the group that starts at stage K: until kEnd has passed through it.
    template <std::size_t K>
    [[gnu::hot]] void run_group() noexcept {
        EventRing& ring = *s_.rings[K];
        Event event;
        for (bool running = true; running;) {
            if (!ring.try_pop(event)) {
                idler_.idle(0);
                continue;
            }
            idler_.reset();
            if (is_sequenced(event.kind())) begin(event);
            enter<K, EventKind::kNone>(event);
            // After kEnd come the bars and samples it led to, then a last kSync.
            if (event.kind() == EventKind::kEnd) ended_ = true;
            running = !(ended_ && event.kind() == EventKind::kSync);
        }
    }

  private:
    // What stage K is given to hand events on with.
    template <std::size_t K>
    struct Next {
        Lane& lane;
        template <EventKind kKnown>
        SLUICE_ALWAYS_INLINE void pass(const Event& event) const noexcept {
            lane.template deliver<K, kKnown>(event);
        }
        template <EventKind kKnown = EventKind::kNone>
        SLUICE_NEVER_INLINE void emit(const Event& event) const noexcept {
            lane.template deliver<K, kKnown>(event);
        }
    };

    // Sends approved orders straight to the venue, or back to the sequencer's thread.
    struct DirectGateway {
        Lane& lane;
        void send(const ApprovedOrder& order, StreamTime now, Sequence cause) noexcept {
            lane.dispatch(Event::approved(now, cause, order));
            lane.stamp_order();
        }
        void cancel(OrderId id, SymbolId symbol, StreamTime now, Sequence cause) noexcept {
            lane.dispatch(Event::cancel(now, cause, symbol, id));
        }
    };

    // Hands an event to stage K: through the ring where there is a cut, else by a call.
    template <std::size_t K, EventKind kKnown>
    SLUICE_ALWAYS_INLINE void deliver(const Event& event) noexcept {
        if constexpr (K == kLast) {
            finish<kKnown>(event);
        } else if constexpr ((kCuts >> K & 1U) != 0) {
            push_to_group<K>(event);
        } else {
            enter<K, kKnown>(event);
        }
    }

    template <std::size_t K, EventKind kKnown>
    SLUICE_ALWAYS_INLINE void enter(const Event& event) noexcept {
        if constexpr (kKnown == EventKind::kNone) {
            if (ingress_ != 0) [[unlikely]]
                trace<K>(event);
        }
        const Next<K + 1> next{*this};
        if constexpr (K == 0) {
            s_.stages.bars.template on<kKnown>(event, next);
        } else if constexpr (K == 1) {
            s_.stages.signals.template on<kKnown>(event, next);
        } else if constexpr (K == 2) {
            s_.stages.risk.template on<kKnown>(event, next);
        } else {
            s_.stages.orders.template on<kKnown>(event, next, DirectGateway{*this});
        }
    }

    template <std::size_t K>
    void push_to_group(const Event& event) noexcept {
        EventRing& ring = *s_.rings[K];
        if (ring.try_push(event) == core::PushResult::kOk) [[likely]]
            return;
        // Full: the first group must keep taking commands, or two full rings would wait for
        // each other.
        constexpr bool kFirstGroup = (kCuts & ((1U << K) - 1U)) == 0;
        while (ring.try_push(event) != core::PushResult::kOk) {
            std::size_t work = 0;
            if constexpr (kFirstGroup) work = take_commands();
            idler_.idle(work);
        }
        idler_.reset();
    }
    void push(EventRing& ring, const Event& event) noexcept {
        while (ring.try_push(event) != core::PushResult::kOk) idler_.idle(0);
        idler_.reset();
    }

    // To the target, or back to the sequencer's thread, which knows it.
    void dispatch(Event&& command) noexcept {
        command.stamp_ingress(cause_ingress_);
        if constexpr (kSplit) {
            push(*s_.commands, command);
        } else {
            s_.venue.take(command);
        }
    }

    std::size_t take_commands_slow() noexcept {
        std::size_t taken = 0;
        Event command;
        while (s_.commands->try_pop(command)) {
            ++taken;
            s_.venue.take(command);
        }
        return taken;
    }

    // The end of the graph.
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void finish(const Event& event) noexcept {
        switch (kind_of<kKnown>(event)) {
            case EventKind::kTrade:
            case EventKind::kQuote:
            case EventKind::kBeat: break;
            case EventKind::kSync:
                // release: publishes the commands and the stages' state to sync()
                s_.synced.store(++seen_syncs_, std::memory_order_release);
                break;
            default: record(event); break;
        }
    }

    // Fused, a command leaves before the records of what led to it: a store to a line that the
    // recorder's thread has read would hold up the command's own behind it.
    SLUICE_NEVER_INLINE void record(const Event& event) noexcept {
        if constexpr (kSplit) {
            push(s_.records, event);
        } else {
            if (held_.full()) [[unlikely]]
                let_go_slow();
            held_.hold(event);
        }
    }
    SLUICE_NEVER_INLINE void let_go_slow() noexcept {
        held_.let_go([this](const Event& event) {
            while (s_.records.try_push(event) != core::PushResult::kOk) wait_for_recorder();
            idler_.reset();
        });
    }
    [[gnu::cold, gnu::noinline]] void wait_for_recorder() noexcept {
        if (s_.take_records != nullptr) {
            s_.take_records(s_.records_taker);
        } else {
            idler_.idle(0);
        }
    }

    // One event in so many is sampled: the stages take the time of it. Most orders come from the
    // first event past the end of a bar: those are counted apart and sampled more rarely, because a
    // sampled order is a slow one; but for a replay they are stamped, so that the two ends of each
    // order's way are known. Live, the feed has stamped them.
    template <EventKind kKnown>
    [[nodiscard]] SLUICE_ALWAYS_INLINE bool sample(Event& event) noexcept {
        ingress_ = 0;
        order_ingress_ = 0;
        const bool bar_ends = event.time() >= bar_end_;
        if (--until_sample_ != 0 && !bar_ends) [[likely]]
            return false;
        if (kind_of<kKnown>(event) == EventKind::kReport) {
            until_sample_ = 1;  // a report has no room for a stamp: the next event is taken
            return false;
        }
        return bar_ends ? sample_bar_end(event) : stamp(event, kFlagSampled);
    }
    SLUICE_NEVER_INLINE bool sample_bar_end(Event& event) noexcept {
        next_bar_end(event.time());
        if (until_sample_ == 0) until_sample_ = 1;  // the next event's turn
        const bool is_sampled = --until_bar_sample_ == 0;
        if (is_sampled) until_bar_sample_ = kBarSampleRarer * s_.sample_every;
        return (is_sampled || !kLive) && stamp(event, is_sampled ? kFlagSampled : 0);
    }
    void next_bar_end(StreamTime time) noexcept {
        bar_end_ += s_.shortest_bar;
        if (time >= bar_end_) [[unlikely]]
            bar_end_ = time - time.time_since_epoch() % s_.shortest_bar + s_.shortest_bar;
    }
    // Only on this way through the stages is the time taken at each: the straight line of the
    // others has no trace of it.
    SLUICE_NEVER_INLINE void release_sampled(const Event& event) noexcept {
        deliver<0, EventKind::kNone>(event);
    }
    // Whether it is sampled now.
    SLUICE_NEVER_INLINE bool stamp(Event& event, std::uint8_t sampled) noexcept {
        if (sampled != 0) until_sample_ = s_.sample_every;
        // A halt's flags are its reason, what is restored has them for its item.
        const bool has_flags = event.kind() != EventKind::kHalt &&
                               event.kind() != EventKind::kResume &&
                               event.kind() != EventKind::kRestore;
        if (!kLive || cause_ingress_ == 0) {
            event.stamp_ingress(core::Tsc::now());
            if (has_flags) event.place(event.sequence(), kOwnStamp);
        }
        if (has_flags) event.place(event.sequence(), sampled);
        begin(event);
        return ingress_ != 0;
    }
    void begin(const Event& event) noexcept {
        const std::uint64_t stamp = event.ingress_ticks();
        const unsigned flags = event.flags();
        ingress_ = (flags & kFlagSampled) != 0 ? stamp : 0;
        order_ingress_ = (flags & (kFlagSampled | kOwnStamp)) != 0 ? stamp : 0;
        cause_ingress_ = (flags & kOwnStamp) != 0 ? 0 : stamp;
    }
    template <std::size_t K>
    SLUICE_NEVER_INLINE void trace(const Event& event) noexcept {
        if (!is_sequenced(event.kind())) return;
        s_.trace.stage_entry[K].since_ingress.record(core::Tsc::now() - ingress_);
    }
    void stamp_order() noexcept {
        if (order_ingress_ != 0) [[unlikely]]
            s_.trace.tick_to_order.record(core::Tsc::now() - order_ingress_);
    }

    // A flag of a stamped event: its stamp was taken here, not where a datagram arrived.
    static constexpr std::uint8_t kOwnStamp = 32;
    // Of the first events past a bar's end, so that fewer than one order in a hundred is sampled.
    static constexpr std::uint64_t kBarSampleRarer = 4;
    // A sample costs as much as a hundred ticks of a run, and a run ends at it.
    static constexpr std::uint64_t kRunSampleRarer = 16;

    LaneState<V>& s_;
    core::Idler idler_;
    HeldRecords held_;                 // fused only
    std::uint64_t ingress_ = 0;        // of the sequenced event at work; 0: not sampled
    std::uint64_t order_ingress_ = 0;  // the same, also where only an order's way is timed
    std::uint64_t cause_ingress_ = 0;  // the same, sampled or not
    std::uint64_t until_sample_ = 1;
    std::uint64_t run_rest_ = 0;  // ticks of runs that do not make up one of the others yet
    std::uint64_t until_bar_sample_ = 1;
    StreamTime bar_end_ = StreamTime::min();
    std::uint64_t syncs_ = 0;       // first group: markers sent
    std::uint64_t seen_syncs_ = 0;  // last group: markers that reached the end
    bool ended_ = false;
};

}  // namespace sluice::pipeline
