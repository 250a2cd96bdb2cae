// T6 risk: what holds new exposure back, and what is done about it then. The part of the risk stage that
// answers halts, the kill switch, a stop, charges, rates and losses; its members, included by risk_stage.hpp.
#pragma once

#include <sluice/pipeline/hot/risk_stage.hpp>

namespace sluice::pipeline {

template <class Out>
void RiskStage::on_halt(SymbolId symbol, HaltReason reason, Out out) noexcept {
    if (!halts_.set(symbol, reason, true)) return;
    gate_.set_halts(halts_.session());
    symbol == core::kNoSymbol ? quotes_.pull_all(desk(out)) : quotes_.pull(symbol, desk(out));
    if (reason == HaltReason::kKill) return kill(out);
    if (reason == HaltReason::kOperator) cancel_entries(symbol, out);
}

template <class Out>
void RiskStage::on_resume(SymbolId symbol, HaltReason reason, Out out) noexcept {
    halts_.set(symbol, reason, false);
    gate_.set_halts(halts_.session());
    if (reason == HaltReason::kKill) flattening_ = false;
    if (reason == HaltReason::kDrawdown) {
        losses_.restart_drawdown(portfolio_.equity(), now_);
        tell_losses(out);
    }
    if (brackets_.enabled()) brackets_.follow_all(desk(out));
    if (symbol != core::kNoSymbol) {
        if (!stopped_ && halts_.session() == 0) pursue(symbol, out);
    } else {
        pursue_all(out);
    }
}

// What was refused meanwhile is still wanted.
template <class Out>
void RiskStage::pursue_all(Out out) noexcept {
    if (stopped_ || halts_.session() != 0) return;
    for (std::size_t i = 0; i < symbols_.size(); ++i) pursue(static_cast<SymbolId>(i), out);
}

// Everything open is cancelled; positions stay, or are closed whatever is wanted meanwhile.
// What closes them comes last, or it would be cancelled with the rest.
template <class Out>
void RiskStage::kill(Out out) noexcept {
    flattening_ = on_kill_ == OnKill::kFlatten;
    if (flattening_) quotes_.leave_all(desk(out));
    cancel_all(out);
    if (!flattening_) return;
    for (std::size_t i = 0; i < symbols_.size(); ++i) pursue(static_cast<SymbolId>(i), out);
}

// Open orders that would make a position larger.
template <class Out>
void RiskStage::cancel_entries(SymbolId symbol, Out out) noexcept {
    open_.for_each([&](OpenOrder& order) {
        const std::int64_t held = portfolio_.position(order.symbol).quantity.raw();
        const bool closes = order.side == Side::kBuy ? held < 0 : held > 0;
        if (!closes && (symbol == core::kNoSymbol || symbol == order.symbol)) cancel(order, out);
    });
}

// Nothing that waited is ordered any more, but for what closes positions.
template <class Out>
void RiskStage::cancel_all(Out out) noexcept {
    if (!flattening_) {
        for (SymbolState& s : symbols_) {
            s.retarget = false;
            s.retry_at = StreamTime::max();
        }
    }
    open_.for_each([&](OpenOrder& order) { cancel(order, out); });
}

template <class Out>
void RiskStage::on_stop(Out out) noexcept {
    stopped_ = true;
    gate_.halt(true);
    quotes_.pull_all(desk(out));
    if (on_stop_ == OnStop::kLeave) return;
    if (on_stop_ == OnStop::kFlatten) return flatten(out);
    cancel_all(out);
}

template <class Out>
void RiskStage::flatten(Out out) noexcept {
    quotes_.leave_all(desk(out));
    for (std::size_t i = 0; i < symbols_.size(); ++i) {
        symbols_[i].wanted = Quantity{};
        symbols_[i].target = Quantity{};
        pursue(static_cast<SymbolId>(i), out);
    }
}

// A charge may be the loss that reaches a limit.
template <class Out>
void RiskStage::on_charge(const Event& event, Out out) noexcept {
    const Charged charged = portfolio_.apply_charge(event.symbol(), event.charge());
    if (!charged.amount.money().is_zero())
        out.emit(Event::charged(now_, cause_, event.symbol(), charged));
    if (portfolio_.equity() <= losses_.floor()) [[unlikely]]
        look_at_losses(out);
}

// A rate may be one as well.
template <class Out>
void RiskStage::on_rate(const Event& event, Out out) noexcept {
    const ExchangeRate& rate = event.rate();
    if (rate.currency < kMaxCurrencies)
        portfolio_.set_rate(static_cast<CurrencyId>(rate.currency), rate.rate);
    if (portfolio_.equity() <= losses_.floor()) [[unlikely]]
        look_at_losses(out);
}

// No new exposure: for the daily loss until the next day starts, for a drawdown until it has
// recovered.
template <class Out>
void RiskStage::look_at_losses(Out out) noexcept {
    const LossLimits::Change change =
        losses_.look(portfolio_.equity(), portfolio_.peak_equity(), now_);
    gate_.set_drawdown(losses_.drawdown(), losses_.window());
    if (change.any()) [[unlikely]]
        on_loss_change(change, out);
}

template <class Out>
void RiskStage::on_loss_change(const LossLimits::Change& change, Out out) noexcept {
    const auto tell = [&](bool happened, IncidentKind kind) {
        if (happened) out.emit(Event::incident(now_, cause_, core::kNoSymbol, kind, {}));
    };
    if (change.daily_loss) gate_.set_daily_loss_breached();
    tell(change.daily_loss, IncidentKind::kDailyLossBreached);
    tell(change.drawdown, IncidentKind::kDrawdownBreached);
    tell(change.window, IncidentKind::kWindowDrawdownBreached);
    tell(change.recovered, IncidentKind::kDrawdownRecovered);
    tell_losses(out);
    if (change.breach()) quotes_.pull_all(desk(out));
    const bool drawdown = change.drawdown || change.window;
    if ((change.daily_loss && on_daily_loss_ == OnDailyLoss::kFlatten) ||
        (drawdown && on_drawdown_ == OnDrawdown::kFlatten))
        return flatten(out);
    if (drawdown) cancel_entries(core::kNoSymbol, out);
    if (change.recovered && !change.breach()) pursue_all(out);
}

// What the next session goes on with, for whoever keeps it.
template <class Out>
void RiskStage::tell_losses(Out out) noexcept {
    if (!keeps_state_) return;
    const auto tell = [&](RiskItem item, Money value, bool breached, std::int64_t day) {
        const RiskMark mark{PackedMoney{value + losses_.carried()}, day, breached ? 1U : 0U, 0};
        out.emit(Event::risk_mark(now_, cause_, EventKind::kRiskMark, item, mark));
    };
    tell(RiskItem::kEquity, portfolio_.equity(), false, 0);
    tell(RiskItem::kDayStart, losses_.day_start(), losses_.daily_breached(), 0);
    if (!losses_.watches_drawdown()) return;
    tell(RiskItem::kPeak, losses_.drawdown().peak, losses_.drawdown().breached, 0);
    tell(RiskItem::kDayPeak, losses_.today_peak(), false, losses_.today());
    tell(RiskItem::kWindow, losses_.window().peak, losses_.window().breached, 0);
}

}  // namespace sluice::pipeline
