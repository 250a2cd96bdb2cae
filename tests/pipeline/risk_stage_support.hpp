// A risk stage on a bench: events in by short calls, what it emits kept.
#pragma once

#include <memory>
#include <stdexcept>

#include <sluice/pipeline/hot/risk_stage.hpp>

#include "trade_path_support.hpp"

namespace sluice::tests::trade_path {

[[nodiscard]] inline SymbolId symbol_id(std::size_t index) { return static_cast<SymbolId>(index); }

class RiskStageBench : public testing::Test {
  protected:
    RiskStageBench() {
        settings_.risk = wide_limits();
        settings_.account.capital = Money::from_units(1'000'000);
        settings_.report.equity_every = Nanos{60 * kSecond};
    }

    void start(std::size_t symbols = 1) { start(instruments(symbols)); }
    void start(const InstrumentTable& table) {
        stage_ = std::make_unique<RiskStage>(settings_, table);
        out_.clear();
    }
    RiskStage& stage() { return *stage_; }

    Event send(const Event& made) {
        Event event = made;
        if (is_sequenced(event.kind())) event.place(static_cast<Sequence>(++sequence_), 0);
        stage_->on<EventKind::kNone>(event, CapturingOutput{out_});
        return event;
    }
    Event trade(std::int64_t ns, std::int64_t price_cents, SymbolId symbol = kSymbol) {
        return send(Event::trade(at(ns), symbol, {cents(price_cents), qty(1), 0, 0, 0}));
    }
    void quote(std::int64_t ns, std::int64_t bid_cents, std::int64_t ask_cents) {
        send(
            Event::quote(at(ns), kSymbol, {cents(bid_cents), cents(ask_cents), qty(1), qty(1), 0}));
    }
    void timer(std::int64_t ns, EventKind kind) { send(Event::timer(at(ns), kind)); }
    void beat(std::int64_t ns) { timer(ns, EventKind::kBeat); }
    void intend(std::int64_t ns, std::int64_t target, SymbolId symbol = kSymbol) {
        Event cause = Event::timer(at(ns), EventKind::kBeat);
        cause.place(static_cast<Sequence>(sequence_), 0);
        send(Event::intent(cause, symbol, {qty(target), 1.0}));
    }
    void report(std::int64_t ns, const ApprovedOrder& order, ExecKind kind,
                RejectReason reason = RejectReason::kNone) {
        send(Event::report(at(ns), order.symbol(), kind, reason, {order.id(), {}, {}, {}}));
    }
    void fill(std::int64_t ns, const ApprovedOrder& order, std::int64_t quantity,
              std::int64_t price_cents, std::int64_t commission_cents = 0) {
        send(Event::report(at(ns), order.symbol(), ExecKind::kFill, RejectReason::kNone,
                           {order.id(), cents(price_cents), qty(quantity),
                            PackedMoney{cents(commission_cents) * qty(1)}}));
    }
    void replaced(std::int64_t ns, const ApprovedOrder& order) {
        send(Event::report(at(ns), order.symbol(), ExecKind::kReplaced, RejectReason::kNone,
                           {order.id(), order.limit(), order.quantity(), {}}));
    }

    // The one event of that kind emitted since the last clear().
    [[nodiscard]] Event only(EventKind kind) const {
        const auto events = out_.emitted_of(kind);
        EXPECT_EQ(events.size(), 1U) << "kind " << static_cast<int>(kind);
        if (events.empty()) throw std::logic_error("no such event was emitted");
        return events.front();
    }
    // The order that this intent leads to at once.
    ApprovedOrder order_for(std::int64_t ns, std::int64_t target) {
        const std::size_t before = out_.emitted_of(EventKind::kApproved).size();
        intend(ns, target);
        const auto orders = out_.emitted_of(EventKind::kApproved);
        if (orders.size() != before + 1) throw std::logic_error("the intent led to no order");
        return orders.back().approved();
    }

    Settings settings_;
    Captured out_;

  private:
    std::unique_ptr<RiskStage> stage_;
    std::uint64_t sequence_ = 0;
};

}  // namespace sluice::tests::trade_path
