// The stages on one thread, as the fused placement runs them, with a watcher beside them: for the
// proofs, which need to see more than a recorder does. Gives the decisions of the engine's own lane.
// One thread; not for the hot path. Sequencer and JournalSequencer take it for their lane.
//
// Watcher:
//   sequenced(event, portfolio)   a sequenced event is about to go through the stages
//   ordered(event, stages)        the gate has approved: books and strategies as it was then
//   sent(command)                 a command leaves for the venue
//   recorded(event)               what the recorder would see, in its order
#pragma once

#include <sluice/pipeline/hot/bar_stage.hpp>
#include <sluice/pipeline/hot/order_stage.hpp>
#include <sluice/pipeline/hot/risk_stage.hpp>
#include <sluice/pipeline/hot/signal_stage.hpp>
#include <sluice/pipeline/hot/venue_port.hpp>

namespace sluice::proofs {

template <class Signals>
struct ObservedStages {
    ObservedStages(const pipeline::Settings& settings, const pipeline::InstrumentTable& instruments,
                   Signals the_signals)
        : bars(settings.bars, instruments), signals(std::move(the_signals)),
          risk(settings, instruments),
          orders(static_cast<std::size_t>(settings.execution.max_open_orders)) {}

    pipeline::BarStage bars;
    Signals signals;
    pipeline::RiskStage risk;
    pipeline::OrderStage orders;
};

template <pipeline::CommandTarget V, class Signals, class Watcher>
class ObservedLane {
    using Event = pipeline::Event;
    using EventKind = pipeline::EventKind;

  public:
    static constexpr bool kSplit = false;

    // All outlive the lane.
    ObservedLane(ObservedStages<Signals>& stages, V& venue, Watcher& watcher) noexcept
        : stages_(stages), venue_(venue), watcher_(watcher) {}

    template <EventKind kKnown>
    void release(Event& event) noexcept {
        watcher_.sequenced(event, stages_.risk.portfolio());
        deliver<0, kKnown>(event);
    }
    void let_go() noexcept {}
    void sync() noexcept {}
    std::size_t take_commands() noexcept { return 0; }
    [[nodiscard]] bool flat() const noexcept {
        for (const auto& position : stages_.risk.portfolio().positions())
            if (!position.quantity.is_zero()) return false;
        return true;
    }

  private:
    template <std::size_t K>
    struct Next {
        ObservedLane& lane;
        template <EventKind kKnown>
        void pass(const Event& event) const noexcept {
            lane.template deliver<K, kKnown>(event);
        }
        template <EventKind kKnown = EventKind::kNone>
        void emit(const Event& event) const noexcept {
            lane.template deliver<K, kKnown>(event);
        }
    };
    struct ToVenue {
        ObservedLane& lane;
        void send(const pipeline::ApprovedOrder& order, pipeline::StreamTime now,
                  pipeline::Sequence cause) noexcept {
            lane.send(Event::approved(now, cause, order));
        }
        void cancel(pipeline::OrderId id, pipeline::SymbolId symbol, pipeline::StreamTime now,
                    pipeline::Sequence cause) noexcept {
            lane.send(Event::cancel(now, cause, symbol, id));
        }
    };
    void send(const Event& command) noexcept {
        watcher_.sent(command);
        venue_.take(command);
    }

    template <std::size_t K, EventKind kKnown>
    void deliver(const Event& event) noexcept {
        const Next<K + 1> next{*this};
        if constexpr (K == 0) {
            stages_.bars.template on<kKnown>(event, next);
        } else if constexpr (K == 1) {
            stages_.signals.template on<kKnown>(event, next);
        } else if constexpr (K == 2) {
            stages_.risk.template on<kKnown>(event, next);
        } else if constexpr (K == 3) {
            if (event.kind() == EventKind::kApproved) watcher_.ordered(event, stages_);
            stages_.orders.template on<kKnown>(event, next, ToVenue{*this});
        } else {
            switch (event.kind()) {
                case EventKind::kTrade:
                case EventKind::kQuote:
                case EventKind::kBeat:
                case EventKind::kSync: break;
                default: watcher_.recorded(event);
            }
        }
    }

    ObservedStages<Signals>& stages_;
    V& venue_;
    Watcher& watcher_;
};

}  // namespace sluice::proofs
