// T6 risk: what becomes of orders that are open: cancelled, repriced, replaced; and the clock's beat, which
// looks at them. Members of the risk stage, included by risk_stage.hpp.
#pragma once

#include <sluice/pipeline/hot/risk_stage.hpp>

namespace sluice::pipeline {

template <class Out>
void RiskStage::cancel_open(SymbolId symbol, Out out) noexcept {
    open_.for_each([&](OpenOrder& order) {
        if (order.symbol == symbol && !order.leg) cancel(order, out);
    });
}

template <class Out>
void RiskStage::cancel(OpenOrder& order, Out out) noexcept {
    if (order.state.cancel_pending) return;
    order.state.cancel_pending = true;
    gate_.count_cancel(order.symbol, now_);
    out.emit(Event::cancel(now_, cause_, order.symbol, order.id));
}

template <class Out>
void RiskStage::on_beat(Out out) noexcept {
    if (losses_.watches_drawdown()) look_at_losses(out);
    if (now_ >= next_equity_) sample_equity(out);
    if (reprice_after_.count() > 0 && open_.size() > 0) {
        open_.for_each([&](OpenOrder& order) { reprice(order, out); });
    }
    brackets_.on_beat(desk(out));
    if (now_ < next_retry_) return;
    next_retry_ = StreamTime::max();
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
        if (symbols_[i].retry_at <= now_) {
            pursue(static_cast<SymbolId>(i), out);
        } else if (symbols_[i].retry_at < next_retry_) {
            next_retry_ = symbols_[i].retry_at;
        }
    }
}

// A resting limit order that the market has left behind gets new terms, through the gate.
template <class Out>
void RiskStage::reprice(OpenOrder& order, Out out) noexcept {
    if (order.type != OrderType::kLimit || order.leg || !order.state.accepted ||
        order.state.cancel_pending || order.state.replace_pending ||
        now_ - order.sent < reprice_after_ || quotes_.follows(order.symbol))
        return;
    const Price limit = limit_price(order.symbol, order.side);
    if (limit != order.limit) (void)replace(order, time_in_force(order.symbol), limit, out);
}

// The same order at another price. False when the gate refused it.
template <class Out>
bool RiskStage::replace(OpenOrder& order, TimeInForce tif, Price limit, Out out) noexcept {
    order.sent = now_;
    Exposure without = exposure(order.symbol);
    (order.side == Side::kBuy ? without.working_buy : without.working_sell) -= order.counted;
    const Proposal proposal{order.symbol, order.side, order.type, tif, order.state.leaves(), limit};
    const RiskGate::Verdict verdict = gate_.judge_replacement(proposal, order.state.quantity,
                                                              without, portfolio_, now_, order.id);
    if (verdict.approved()) {
        order.state.replace_pending = true;
        symbols_[core::index_of(order.symbol)].add_own(order.side, order.type, limit);
        out.emit(Event::approved(now_, cause_, verdict.order()));
    } else {
        out.emit(refusal(proposal, verdict));
    }
    return verdict.approved();
}

}  // namespace sluice::pipeline
