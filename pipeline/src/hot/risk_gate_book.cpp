// The gate's limits over the whole book, and over what leaves within a moment.
#include <sluice/pipeline/hot/risk_gate.hpp>

namespace sluice::pipeline {

bool RiskGate::breaks_book(Proposal p, Exposure e, const Portfolio& portfolio,
                           Block& block) const noexcept {
    const bool buys = p.side == Side::kBuy;
    const WorstCase worst{e.position + e.working_buy + (buys ? p.quantity : Quantity{}),
                          e.position - e.working_sell - (buys ? Quantity{} : p.quantity)};
    const Price price = p.limit > e.mark ? p.limit : e.mark;
    const Quantity size = worst.size();
    const Currencies& rates = portfolio.currencies();
    const Money value = rates.at_most(p.symbol, price * e.size.underlying(size));
    if (limits_.max_concentration_bps > 0) {
        const Money most = share_of(portfolio.equity(), limits_.max_concentration_bps);
        if (value > most) {
            const double equity = portfolio.equity().to_double();
            block = {RefusalReason::kConcentration,
                     equity > 0 ? value.to_double() / equity * 10'000.0 : 0.0,
                     static_cast<double>(limits_.max_concentration_bps)};
            return true;
        }
    }
    if (!limits_.max_gross_notional.is_zero()) {
        const Money gross = e.others->gross + value;
        if (gross > limits_.max_gross_notional) {
            block = {RefusalReason::kGrossNotional, gross.to_double(),
                     limits_.max_gross_notional.to_double()};
            return true;
        }
    }
    if (!limits_.max_net_notional.is_zero()) {
        // In the direction in which the order moves it.
        const Money net = buys ? e.others->net_high +
                                     rates.at_most(p.symbol, price * e.size.underlying(worst.high))
                               : -(e.others->net_low +
                                   rates.at_least(p.symbol, price * e.size.underlying(worst.low)));
        if (net > limits_.max_net_notional) {
            block = {RefusalReason::kNetNotional, net.to_double(),
                     limits_.max_net_notional.to_double()};
            return true;
        }
    }
    return limits_.require_funds && limits_.margin_model != MarginModel::kGross &&
           breaks_margin(worst, value, price, p, e, portfolio, block);
}

bool RiskGate::breaks_margin(const WorstCase& worst, Money value, Price price, const Proposal& p,
                             const Exposure& e, const Portfolio& portfolio,
                             Block& block) const noexcept {
    if (limits_.margin_model == MarginModel::kCash) {
        const bool buys = p.side == Side::kBuy;
        const Quantity size =
            buys ? e.working_buy + p.quantity : -worst.low;  // what is sold and not held
        const Money worth =
            portfolio.currencies().at_most(p.symbol, price * e.size.underlying(size));
        const Money needed = buys ? e.others->open_buys + worth : worth;
        const Money room = buys ? portfolio.cash() : Money{};
        block = {RefusalReason::kMargin, needed.to_double(), room.to_double()};
        return needed > room;
    }
    const Money margin = initial_margin(limits_, *e.others, worst.size(), value);
    if (margin > portfolio.equity()) {
        block = {RefusalReason::kMargin, margin.to_double(), portfolio.equity().to_double()};
        return true;
    }
    if (limits_.margin_model != MarginModel::kLeveraged || limits_.liquidation_distance_bps == 0)
        return false;
    const bool is_long = (worst.high.abs() >= worst.low.abs() ? worst.high : worst.low).raw() > 0;
    const LiquidationDistance distance{portfolio.equity(), e.others->gross, value, is_long,
                                       limits_.maintenance_margin_bps};
    if (!distance.is_below(limits_.liquidation_distance_bps)) return false;
    block = {RefusalReason::kLiquidationDistance, static_cast<double>(distance.bps()),
             static_cast<double>(limits_.liquidation_distance_bps)};
    return true;
}

bool RiskGate::breaks_flow(Proposal p, StreamTime now, Block& block) const noexcept {
    const bool reduces = (p.flags & kReduceOnly) != 0;
    // The legs of two brackets may well be the same.
    if (!reduces && duplicates_.contains({p.symbol, p.side, p.limit, p.quantity}, now))
        [[unlikely]] {
        block = {RefusalReason::kDuplicate, 2, 1};
        return true;
    }
    if (!messages_.has_room(now)) [[unlikely]] {
        const auto most = static_cast<double>(limits_.max_messages_per_second);
        block = {RefusalReason::kMessageRate, most + 1, most};
        return true;
    }
    if (!instrument_messages_.empty() &&
        !instrument_messages_[core::index_of(p.symbol)].has_room(now)) [[unlikely]] {
        const auto most = static_cast<double>(limits_.max_instrument_messages_per_second);
        block = {RefusalReason::kInstrumentMessageRate, most + 1, most};
        return true;
    }
    return false;
}

}  // namespace sluice::pipeline
