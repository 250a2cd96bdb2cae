// The stages one after another in one thread, as pipeline::Lane has them fused, with a probe called
// at the entry of each: for breakdowns and for planted spins. What is gated runs pipeline::Lane.
//
//   Probe   begin(event)         the sequencer has released it
//           entering<K>(event)   stage K is about to take it
//           leaving(event)       the last stage has passed it on
#pragma once

#include <cstddef>

#include <sluice/core/attributes.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/pipeline/hot/lane.hpp>

namespace sluice::bench {

using pipeline::Event;
using pipeline::EventKind;

template <class V, std::size_t kLast, class Probe>
class StagedLane {
  public:
    static constexpr bool kSplit = false;

    StagedLane(pipeline::LaneState<V>& state, Probe& probe) noexcept : s_(state), probe_(probe) {}

    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void release(Event& event) noexcept {
        probe_.begin(event);
        deliver<0, kKnown>(event);
    }
    void let_go() noexcept {}  // nothing is kept back
    std::size_t take_commands() noexcept { return 0; }
    void sync() noexcept {}
    [[nodiscard]] bool flat() const noexcept { return true; }

  private:
    template <std::size_t K>
    struct Next {
        StagedLane& lane;
        template <EventKind kKnown>
        SLUICE_ALWAYS_INLINE void pass(const Event& event) const noexcept {
            lane.template deliver<K, kKnown>(event);
        }
        template <EventKind kKnown = EventKind::kNone>
        SLUICE_NEVER_INLINE void emit(const Event& event) const noexcept {
            lane.template deliver<K, kKnown>(event);
        }
    };
    struct Gateway {
        StagedLane& lane;
        void send(const pipeline::ApprovedOrder& order, pipeline::StreamTime now,
                  pipeline::Sequence cause) noexcept {
            lane.s_.venue.take(Event::approved(now, cause, order));
        }
        void cancel(pipeline::OrderId id, pipeline::SymbolId symbol, pipeline::StreamTime now,
                    pipeline::Sequence cause) noexcept {
            lane.s_.venue.take(Event::cancel(now, cause, symbol, id));
        }
    };

    template <std::size_t K, EventKind kKnown>
    SLUICE_ALWAYS_INLINE void deliver(const Event& event) noexcept {
        if constexpr (K == kLast) {
            probe_.leaving(event);
            finish<kKnown>(event);
        } else {
            probe_.template entering<K>(event);
            enter<K, kKnown>(event);
        }
    }
    template <std::size_t K, EventKind kKnown>
    SLUICE_ALWAYS_INLINE void enter(const Event& event) noexcept {
        const Next<K + 1> next{*this};
        if constexpr (K == 0) {
            s_.stages.bars.template on<kKnown>(event, next);
        } else if constexpr (K == 1) {
            s_.stages.signals.template on<kKnown>(event, next);
        } else if constexpr (K == 2) {
            s_.stages.risk.template on<kKnown>(event, next);
        } else {
            s_.stages.orders.template on<kKnown>(event, next, Gateway{*this});
        }
    }
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void finish(const Event& event) noexcept {
        const EventKind kind = pipeline::kind_of<kKnown>(event);
        if (pipeline::is_market(kind) || kind == EventKind::kBeat || kind == EventKind::kSync)
            return;
        record(event);
    }
    SLUICE_NEVER_INLINE void record(const Event& event) noexcept {
        while (s_.records.try_push(event) != core::PushResult::kOk) {}
    }

    pipeline::LaneState<V>& s_;
    Probe& probe_;
};

// Spins in front of one stage, for every event that reaches it.
struct SpinProbe {
    std::size_t stage;  // 0 to 3, or kAtSequencer
    std::uint64_t ticks;
    static constexpr std::size_t kAtSequencer = 4;

    void begin(const Event&) const noexcept {
        if (stage == kAtSequencer) spin();
    }
    template <std::size_t K>
    void entering(const Event&) const noexcept {
        if (K == stage) spin();
    }
    void leaving(const Event&) const noexcept {}
    void spin() const noexcept {
        const std::uint64_t start = core::Tsc::now();
        while (core::Tsc::now() - start < ticks) {}
    }
};

}  // namespace sluice::bench
