// What the parts of the risk stage may do in it: quote_orders.hpp and brackets.hpp are given this.
// By value, for one event.
#pragma once

#include <algorithm>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/hot/quote_orders.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>
#include <sluice/pipeline/hot/top_of_book.hpp>
#include <sluice/pipeline/hot/working_orders.hpp>

namespace sluice::pipeline {

template <class Stage, class Out>
struct RiskDesk {
    Stage& stage;
    Out out;

    // Of both.
    [[nodiscard]] WorkingOrder* find(OrderId id) const noexcept { return stage.open_.find(id); }
    void cancel(WorkingOrder& order) const noexcept { stage.cancel(order, out); }

    // Of quotes.
    [[nodiscard]] TargetState& state(SymbolId symbol) const noexcept {
        return stage.symbols_[core::index_of(symbol)];
    }
    [[nodiscard]] QuoteLimits limits(SymbolId symbol) const noexcept {
        return {position(symbol).quantity, stage.gate_.max_position(), state(symbol).tick,
                state(symbol).lot};
    }
    [[nodiscard]] const TopOfBook& top(SymbolId symbol) const noexcept {
        return stage.books_[core::index_of(symbol)];
    }
    [[nodiscard]] bool held_back(SymbolId symbol) const noexcept {
        return stage.stopped_ || !stage.gate_.session_open() || stage.halts_.session() != 0 ||
               stage.halts_.of(symbol) != 0 || stage.losses_.holds_back();
    }
    OrderId place(const Proposal& proposal) const noexcept {
        return stage.place_apart(proposal, out, false);
    }
    bool replace(WorkingOrder& order, TimeInForce tif, Price limit) const noexcept {
        return stage.replace(order, tif, limit, out);
    }
    void cancel_open(SymbolId symbol) const noexcept { stage.cancel_open(symbol, out); }

    // Of brackets.
    [[nodiscard]] const Portfolio::Position& position(SymbolId symbol) const noexcept {
        return stage.portfolio_.position(symbol);
    }
    [[nodiscard]] PriceDelta tick(SymbolId symbol) const noexcept { return state(symbol).tick; }
    // What is quoted has no legs.
    [[nodiscard]] bool guards(SymbolId symbol) const noexcept {
        return !stage.quotes_.follows(symbol);
    }
    // The kill switch takes back everything, as does a stop of the session that cancels.
    [[nodiscard]] bool keeps_legs() const noexcept {
        return !stage.halts_.killed() && !(stage.stopped_ && stage.on_stop_ == OnStop::kCancel);
    }
    [[nodiscard]] bool can_send() const noexcept {
        return stage.gate_.session_open() &&
               (stage.halts_.session() & halt_bit(HaltReason::kOrderSession)) == 0;
    }
    OrderId place_leg(const Proposal& proposal) const noexcept {
        return stage.place_apart(proposal, out, true);
    }
    // `total` with what has filled already. A leg takes up no room beside its position.
    bool replace_leg(WorkingOrder& order, Quantity total, Price price) const noexcept {
        Proposal proposal{
            order.symbol, order.side, order.type, TimeInForce::kGtc, total - order.state.filled,
            price};
        proposal.flags = kReduceOnly;
        proposal.distance_bps = order.distance_bps;
        const RiskGate::Verdict verdict = stage.gate_.judge_replacement(
            proposal, total, stage.exposure(order.symbol), stage.portfolio_, stage.now_, order.id);
        if (verdict.approved()) {
            order.state.replace_pending = true;
            out.emit(Event::approved(stage.now_, stage.cause_, verdict.order()));
        } else {
            out.emit(stage.refusal(proposal, verdict));
        }
        return verdict.approved();
    }
    void tell(SymbolId symbol, IncidentKind kind, OrderId order) const noexcept {
        out.emit(Event::incident(stage.now_, stage.cause_, symbol, kind,
                                 {order, position(symbol).quantity}));
    }
    void give_up(SymbolId symbol) const noexcept { state(symbol).target = Quantity{}; }
    void close(SymbolId symbol) const noexcept { stage.pursue(symbol, out); }

    // An order that the venue has ended by itself, not a leg. What it was to close and still is held is
    // not tried again before the next decision, as without brackets.
    void note_end(const WorkingOrder& order) const noexcept {
        if (!order.state.cancel_pending && !position(order.symbol).quantity.is_zero())
            state(order.symbol).retarget = false;
    }
    // A leg, of `side`, has filled: of its position no more is wanted than is left, and what has not
    // filled of the entry goes.
    void end_entry(SymbolId symbol, Side side) const noexcept {
        TargetState& s = state(symbol);
        const Quantity held = position(symbol).quantity;
        s.target = side == Side::kSell ? std::min(s.target, held) : std::max(s.target, held);
        s.retry_at = StreamTime::max();
        if (s.working_buy.is_zero() && s.working_sell.is_zero()) return;
        s.retarget = true;
        cancel_open(symbol);
    }
    // Orders `need` where a leg may fill at any moment: no more than closes at once, and nothing new
    // beside old legs.
    void pursue_guarded(SymbolId symbol, Quantity need) const noexcept {
        TargetState& s = state(symbol);
        const Quantity held = position(symbol).quantity;
        if (held.is_zero() && stage.brackets_.has_legs(symbol, *this)) {
            s.retarget = true;
            return;
        }
        const bool closes = !held.is_zero() && side_of(held) != side_of(need);
        s.retarget = closes && need.abs() > held.abs();
        Proposal proposal = stage.propose(symbol, s.retarget ? -held : need);
        if (closes) proposal.flags = kReduceOnly;
        if (stage.brackets_.gave_up(symbol)) {
            proposal.type = OrderType::kMarket;
            proposal.limit = Price{};
        }
        place(proposal);
    }
};

}  // namespace sluice::pipeline
