#include <sluice/pipeline/hot/risk_stage.hpp>

namespace sluice::pipeline {

void RiskStage::start_day() noexcept {
    losses_.start_day(portfolio_.equity());
    gate_.start_day(portfolio_.equity());
}

void RiskStage::restore(const Event& event) noexcept {
    losses_.restore(event.risk_item(), event.risk_mark(), portfolio_.equity());
    gate_.start_day(losses_.day_start());
    if (losses_.daily_breached()) gate_.set_daily_loss_breached();
    gate_.set_drawdown(losses_.drawdown(), losses_.window());
}

// The mark rounded to the tick away from the market, then moved limit_offset_ticks towards it.
// Zero when there is no mark yet, which the gate refuses.
Price RiskStage::limit_price(SymbolId symbol, Side side) const noexcept {
    const std::int64_t mark = portfolio_.position(symbol).mark.raw();
    const std::int64_t tick = symbols_[core::index_of(symbol)].tick.raw();
    if (mark <= 0) return Price{};
    const std::int64_t down = mark - mark % tick;
    const std::int64_t rounded = side == Side::kBuy || down == mark ? down : down + tick;
    const std::int64_t offset = limit_offset_ticks_ * tick;
    return Price::from_raw(side == Side::kBuy ? rounded + offset : rounded - offset);
}

// After a change of the position or of what may still fill.
void RiskStage::keep_exposed(SymbolId symbol) noexcept {
    if (!exposed_.is_kept()) return;
    const SymbolState& s = symbols_[core::index_of(symbol)];
    exposed_.update(symbol, portfolio_.position(symbol).quantity, s.working_buy, s.working_sell,
                    portfolio_.size(symbol));
}

// After an own order has gone or moved: the best of those that are left.
void RiskStage::look_for_own(SymbolId symbol, Side side) noexcept {
    SymbolState& s = symbols_[core::index_of(symbol)];
    (side == Side::kBuy ? s.own_bid : s.own_ask) = Price{};
    if (s.working(side).is_zero()) return;
    open_.for_each([&](const OpenOrder& order) {
        if (order.symbol == symbol && order.side == side && !order.leg)
            s.add_own(side, order.type, order.limit);
    });
}

Event RiskStage::refusal(const Proposal& proposal,
                         const RiskGate::Verdict& verdict) const noexcept {
    return Event::refusal(now_, cause_, proposal.symbol, verdict.reason(),
                          Refusal{proposal.limit, signed_by(proposal.side, proposal.quantity),
                                  verdict.observed(), verdict.limit()});
}

void RiskStage::track(const ApprovedOrder& order, bool leg) noexcept {
    OpenOrder* opened = open_.open(order.id());
    if (opened == nullptr) core::overflow_slow("open order table: slot taken");
    opened->symbol = order.symbol();
    opened->side = order.side();
    opened->type = order.type();
    opened->limit = order.limit();
    opened->sent = now_;
    opened->state.quantity = order.quantity();
    last_id_ = order.id();
    if (leg) {
        opened->leg = true;
        opened->distance_bps = order.distance_bps();
        return;
    }
    opened->counted = order.quantity();
    SymbolState& s = symbols_[core::index_of(order.symbol())];
    s.working(order.side()) += order.quantity();
    s.add_own(order.side(), order.type(), order.limit());
    keep_exposed(order.symbol());
}

// Brings the symbol's working total in line with what the order may still fill.
void RiskStage::settle(OpenOrder& order, bool done, ExecKind kind) noexcept {
    if (order.leg) [[unlikely]] {
        keep_exposed(order.symbol);
        if (done) open_.erase(order);
        return;
    }
    SymbolState& s = symbols_[core::index_of(order.symbol)];
    const Quantity leaves = done ? Quantity{} : order.state.leaves();
    s.working(order.side) += leaves - order.counted;
    order.counted = leaves;
    keep_exposed(order.symbol);
    if (!done) return;
    if (kind == ExecKind::kExpired && retry_after_.count() > 0 && !s.retarget) {
        s.retry_at = now_ + retry_after_;
        if (s.retry_at < next_retry_) next_retry_ = s.retry_at;
    }
    const SymbolId symbol = order.symbol;
    const Side side = order.side;
    open_.erase(order);
    look_for_own(symbol, side);
}

}  // namespace sluice::pipeline
