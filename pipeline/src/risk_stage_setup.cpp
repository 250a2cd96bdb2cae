// Start-up half of the risk stage: takes all memory before the first event.
#include <sluice/pipeline/hot/risk_stage.hpp>

#include <algorithm>
#include <utility>

#include <sluice/pipeline/currency_table.hpp>

namespace sluice::pipeline {

namespace {

BookSums sums_for(const RiskSettings& s) {
    if (s.margin_model == MarginModel::kCash || s.margin_model == MarginModel::kFutures)
        return BookSums::kAll;
    return s.max_net_notional.is_zero() ? BookSums::kGross : BookSums::kNets;
}

}  // namespace

Portfolio::Portfolio(Money capital, const InstrumentTable& instruments, Currencies currencies)
    : Portfolio(capital, instruments.size()) {
    sizes_ = contract_sizes_of(instruments);
    currencies_ = std::move(currencies);
    books_.resize(currencies_.size());
    charges_.resize(instruments.size() + currencies_.size());
}

RiskGate::RiskGate(const RiskSettings& settings, std::size_t instruments)
    : page_(settings), limits_(page_.get()),
      looks_at_book_(settings.max_concentration_bps > 0 || !settings.max_gross_notional.is_zero() ||
                     !settings.max_net_notional.is_zero() || settings.require_funds),
      book_sums_(sums_for(settings)),
      limits_book_(settings.max_concentration_bps > 0 || !settings.max_gross_notional.is_zero() ||
                   !settings.max_net_notional.is_zero() ||
                   (settings.require_funds && settings.margin_model != MarginModel::kGross)),
      limits_flow_(settings.duplicate_window.count() > 0 || settings.max_messages_per_second > 0 ||
                   settings.max_instrument_messages_per_second > 0),
      orders_(static_cast<std::size_t>(settings.max_orders_per_second)),
      messages_(static_cast<std::size_t>(settings.max_messages_per_second)),
      duplicates_(settings.duplicate_window, settings.max_orders_per_second) {
    if (settings.max_instrument_messages_per_second > 0)
        instrument_messages_.assign(
            instruments,
            MessageRate{static_cast<std::size_t>(settings.max_instrument_messages_per_second)});
}

LossLimits::LossLimits(const RiskSettings& limits, Money capital)
    : page_(AccountLimits{limits, capital}), limits_(page_.get().risk), session_peak_(capital),
      days_(limits.window_drawdown_bps > 0 ? static_cast<std::size_t>(limits.drawdown_window_days)
                                           : 1) {
    drawdown_.limited = limits_.max_drawdown_bps > 0;
    window_.limited = limits_.window_drawdown_bps > 0;
    start_day(capital);
    restart_drawdown(capital, StreamTime::min());
}

namespace {

bool quotes_anything(const Settings& settings) {
    const auto& strategies = settings.signals.strategies;
    return std::any_of(strategies.begin(), strategies.end(), [](const StrategySettings& s) {
        return s.kind == StrategyKind::kMarketMaking;
    });
}

}  // namespace

RiskStage::RiskStage(const Settings& settings, const InstrumentTable& instruments)
    : from_mid_(settings.bars.price == BarPrice::kMid),
      keeps_books_(from_mid_ || quotes_anything(settings)),
      order_type_(settings.execution.order_type), tif_(settings.execution.time_in_force),
      limit_offset_ticks_(settings.execution.limit_offset_ticks),
      reprice_after_(settings.execution.reprice_after),
      retry_after_(settings.execution.retry_after), equity_every_(settings.report.equity_every),
      on_stop_(settings.engine.on_stop), on_daily_loss_(settings.risk.on_daily_loss),
      on_drawdown_(settings.risk.on_drawdown), on_kill_(settings.risk.on_kill),
      keeps_state_(!settings.report.state_folder.empty()),
      losses_(settings.risk, settings.account.capital), halts_(instruments.size()),
      portfolio_(settings.account.capital, instruments,
                 currencies_of(settings.account, instruments)),
      sizer_(settings, instruments), gate_(settings.risk, instruments.size()),
      open_(static_cast<std::size_t>(settings.execution.max_open_orders)),
      symbols_(instruments.size()), exposed_(gate_.looks_at_book() ? instruments.size() : 0),
      books_(keeps_books_ ? instruments.size() : 0), quotes_(instruments.size()),
      brackets_(settings.bracket, instruments.size()) {
    for (std::size_t i = 0; i < instruments.size(); ++i) {
        check_contract(instruments[i], settings.risk.max_position);
        symbols_[i].tick = instruments[i].tick_size;
        symbols_[i].lot = instruments[i].lot_size;
    }
    gate_.set_session_open(!settings.clock.session_enabled);
    start_day();
}

}  // namespace sluice::pipeline
