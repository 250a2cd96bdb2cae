#include <sluice/pipeline/hot/position_sizer.hpp>

#include <algorithm>
#include <cmath>

#include <sluice/pipeline/hot/indicators/inputs.hpp>

namespace sluice::pipeline {

bool PositionSizer::on_bar(const Event& event) noexcept {
    if (!follows_bars_ || event.timeframe() != timeframe_) return false;
    Movement& m = movements_[core::index_of(event.symbol())];
    const bool could = can_size(m);
    if (event.bar().low.raw() > 0) follow(m, event.bar());
    return !could && can_size(m);
}

// The averages grow with the bars until they are as long as they shall be.
void PositionSizer::follow(Movement& m, const Bar& bar) const noexcept {
    const indicators::Candle candle = indicators::candle_of(bar);
    m.range.update(candle);
    if (m.bars > 0) {
        const double moved = candle.close / m.close - 1;
        m.variance +=
            (moved * moved - m.variance) / static_cast<double>(std::min(m.bars, settings_.period));
    }
    m.close = candle.close;
    ++m.bars;
    if (!m.range.ready()) return;
    const std::int64_t ranges = std::min(m.bars - settings_.period + 1, 8 * settings_.period);
    m.usual += (m.range.value() / candle.close - m.usual) / static_cast<double>(ranges);
}

void PositionSizer::on_fill(SymbolId symbol, Quantity before, const Portfolio& portfolio) noexcept {
    if (trades_.empty() || before.is_zero()) return;
    const Portfolio::Position& position = portfolio.position(symbol);
    const bool is_over =
        position.quantity.is_zero() || (position.quantity.raw() > 0) != (before.raw() > 0);
    if (!is_over) return;
    const Money net = position.realised - position.commission;
    trades_[trade_count_++ % trades_.size()] =
        portfolio.currencies().to_account(symbol, net - booked_[core::index_of(symbol)]);
    booked_[core::index_of(symbol)] = net;
}

double PositionSizer::kelly_share(SymbolId symbol, const Portfolio& portfolio) const noexcept {
    const double least = settings_.risk_min_percent / 100;
    const double most = settings_.risk_max_percent / 100;
    if (trade_count_ < trades_.size()) return std::clamp(settings_.risk_percent / 100, least, most);

    double gained = 0;
    double lost = 0;
    double winners = 0;
    for (const Money& trade : trades_) {
        const double profit = trade.to_double();
        winners += profit > 0 ? 1 : 0;
        (profit > 0 ? gained : lost) += std::abs(profit);
    }
    const auto count = static_cast<double>(trades_.size());
    double share = 0;
    if (winners > 0) {
        // (1 - W) / R: the losers' number falls out
        const double cost = lost / count / (gained / winners);
        share = settings_.kelly_part_percent / 100 * (winners / count - cost);
    }
    const Movement& m = movements_[core::index_of(symbol)];
    const double range = m.range.value() / m.close;
    if (range > m.usual) share *= m.usual / range;
    const double peak = portfolio.peak_equity().to_double();
    const double fall = peak > 0 ? (peak - portfolio.equity().to_double()) / peak : 0;
    share *= std::max(0.0, 1 - fall / (settings_.drawdown_percent / 100));
    return std::clamp(share, least, most);
}

double PositionSizer::stop_distance(SymbolId symbol, double price) const noexcept {
    if (settings_.stop_bps > 0) return price * static_cast<double>(settings_.stop_bps) / 10'000;
    return settings_.stop_atr * movements_[core::index_of(symbol)].range.value();
}

double PositionSizer::units(SymbolId symbol, double price,
                            const Portfolio& portfolio) const noexcept {
    const Currencies& rates = portfolio.currencies();
    const double equity = portfolio.equity().to_double() / portfolio.size(symbol).to_double() /
                          rates.rate(rates.of(symbol)).to_double();
    if (settings_.mode == SizingMode::kVolatility) {
        const double yearly = std::sqrt(movements_[core::index_of(symbol)].variance *
                                        static_cast<double>(settings_.periods_per_year));
        return equity * (settings_.target_volatility_percent / 100) / (yearly * price);
    }
    const double share = settings_.mode == SizingMode::kKelly ? kelly_share(symbol, portfolio)
                                                              : settings_.risk_percent / 100;
    return equity * share / stop_distance(symbol, price);
}

// Where nothing ever moved, units are infinite and the share of the equity is what bounds them.
Quantity PositionSizer::lots_of(double units, std::int64_t lot) const noexcept {
    const double raw = units * static_cast<double>(Quantity::kScale);
    if (!(raw < 9e18)) return Quantity::max();
    return raw > 0 ? Quantity::from_raw(static_cast<std::int64_t>(raw) / lot * lot) : Quantity{};
}

// The most whole lots that, with the commission of one order for them, cost no more than the share of
// the equity.
Quantity PositionSizer::affordable(SymbolId symbol, Price price,
                                   const Portfolio& portfolio) const noexcept {
    const std::int64_t lot = lots_[core::index_of(symbol)];
    const ContractSize& contract = portfolio.size(symbol);
    // equity_percent_e4 counts 1e-4 of a percent: 1e-6 of the equity
    const Money in_account =
        Money::from_raw(core::mul_div(portfolio.equity().raw(), settings_.equity_percent_e4,
                                      1'000'000, core::Rounding::kTowardZero));
    const Money share = portfolio.currencies().to_instrument(symbol, in_account);
    // Money over price is an underlying in raw units, because their scales divide out.
    const auto lots_for = [&](Money money) {
        if (money.raw() <= 0) return Quantity{};
        const Quantity many = Quantity::from_raw(contract.contracts(money.raw() / price.raw()));
        return many == contract.most() ? many : Quantity::from_raw(many.raw() / lot * lot);
    };
    const Quantity size = lots_for(share);
    if (size == contract.most()) return size;
    // The commission of fewer lots is no higher, so these fit.
    return lots_for(share - commission_.charge(price, size, Liquidity::kTaker, contract));
}

Quantity PositionSizer::size_slow(SymbolId symbol, Quantity wanted,
                                  const Portfolio& portfolio) const noexcept {
    if (wanted.is_zero()) return wanted;
    if (waits(symbol)) return {};
    const Price price = portfolio.position(symbol).mark;
    if (price.raw() <= 0) return wanted;
    const ContractSize& contract = portfolio.size(symbol);
    Quantity size = wanted.abs();
    if (by_account_) {
        size = affordable(symbol, price, portfolio);
        if (settings_.mode != SizingMode::kEquity)
            size = std::min(size, lots_of(units(symbol, price.to_double(), portfolio),
                                          lots_[core::index_of(symbol)]));
    }
    if (price * contract.underlying(std::min(size, contract.most())) < settings_.min_notional)
        return {};
    return wanted.raw() < 0 ? -size : size;
}

}  // namespace sluice::pipeline
