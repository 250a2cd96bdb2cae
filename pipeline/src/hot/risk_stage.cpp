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

Proposal RiskStage::propose(SymbolId symbol, Quantity need) const noexcept {
    const Side side = side_of(need);
    const bool limit_order = order_type_ == OrderType::kLimit;
    return Proposal{symbol, side,       order_type_,
                    tif_,   need.abs(), limit_order ? limit_price(symbol, side) : Price{}};
}

// With sizing by equity the most whole lots that, with the commission of one order for them, cost no
// more than the share of the equity at the mark; else, and without a mark, what was wanted.
Quantity RiskStage::sized(SymbolId symbol, Quantity wanted) const noexcept {
    const Price mark = portfolio_.position(symbol).mark;
    if (equity_percent_e4_ == 0 || wanted.is_zero() || mark.raw() <= 0) return wanted;
    // equity_percent_e4_ counts 1e-4 of a percent: 1e-6 of the equity
    const Money share = Money::from_raw(core::mul_div(portfolio_.equity().raw(), equity_percent_e4_,
                                                      1'000'000, core::Rounding::kTowardZero));
    const std::int64_t lot = symbols_[core::index_of(symbol)].lot.raw();
    // Money over price is a quantity in raw units, because their scales divide out.
    const auto lots_for = [&](Money money) {
        if (money.raw() <= 0) return Quantity{};
        const core::Int128 units = money.raw() / mark.raw() / lot * lot;
        return units > INT64_MAX ? Quantity::max()
                                 : Quantity::from_raw(static_cast<std::int64_t>(units));
    };
    Quantity size = lots_for(share);
    // The commission of fewer lots is no higher, so these fit.
    if (size != Quantity::max()) size = lots_for(share - commission_.charge(mark, size));
    return wanted.raw() < 0 ? -size : size;
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

Exposure RiskStage::exposure(SymbolId symbol) noexcept {
    const SymbolState& s = symbols_[core::index_of(symbol)];
    const Portfolio::Position& p = portfolio_.position(symbol);
    return Exposure{p.quantity, s.working_buy, s.working_sell,   s.lot,
                    p.mark,     open_.size(),  open_.capacity(), halts_.of(symbol),
                    s.own_bid,  s.own_ask,     others(symbol)};
}

// Null where no limit asks for it. What has left the book leaves the list.
const BookExposure* RiskStage::others(SymbolId symbol) noexcept {
    if (!gate_.looks_at_book()) return nullptr;
    others_ = BookExposure{};
    const bool gross_only = gate_.needs_gross_only();
    for (std::size_t i = 0; i < exposed_count_;) {
        SymbolState& s = symbols_[core::index_of(exposed_[i])];
        const Portfolio::Position& p = portfolio_.position(exposed_[i]);
        if (p.quantity.is_zero() && s.working_buy.is_zero() && s.working_sell.is_zero()) {
            s.exposed = false;
            exposed_[i] = exposed_[--exposed_count_];
            continue;
        }
        const WorstCase worst{p.quantity + s.working_buy, p.quantity - s.working_sell};
        if (exposed_[i] != symbol) {
            if (gross_only) {
                others_.gross += p.mark * worst.size();
            } else {
                others_.add(worst, s.working_buy, p.mark);
            }
        }
        ++i;
    }
    return &others_;
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
    if (gate_.looks_at_book() && !s.exposed) {
        s.exposed = true;
        exposed_[exposed_count_++] = order.symbol();  // each instrument once
    }
}

// Brings the symbol's working total in line with what the order may still fill.
void RiskStage::settle(OpenOrder& order, bool done, ExecKind kind) noexcept {
    if (order.leg) [[unlikely]] {
        if (done) open_.erase(order);
        return;
    }
    SymbolState& s = symbols_[core::index_of(order.symbol)];
    const Quantity leaves = done ? Quantity{} : order.state.leaves();
    s.working(order.side) += leaves - order.counted;
    order.counted = leaves;
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
