#include <sluice/pipeline/hot/quote_orders.hpp>

#include <sluice/core/overflow.hpp>

namespace sluice::pipeline {
namespace {

[[nodiscard]] std::int64_t down_to(std::int64_t price, std::int64_t tick) noexcept {
    const std::int64_t rest = price % tick;
    return price - (rest < 0 ? rest + tick : rest);
}
[[nodiscard]] std::int64_t up_to(std::int64_t price, std::int64_t tick) noexcept {
    return -down_to(-price, tick);
}

}  // namespace

QuotePrices quote_prices(const QuoteIntent& wanted, Quantity position, PriceDelta tick) noexcept {
    // An inventory beyond a thousand quotes moves the price no further.
    constexpr std::int64_t kMostSizes = 1'000;
    const core::Int128 skew =
        static_cast<core::Int128>(wanted.half_spread.raw()) * wanted.skew_permille / 1'000;
    const core::Int128 most = skew * kMostSizes;
    const core::Int128 held =
        std::clamp<core::Int128>(position.raw(), -core::widening_mul(wanted.size.raw(), kMostSizes),
                                 core::widening_mul(wanted.size.raw(), kMostSizes));
    const core::Int128 shift =
        std::clamp<core::Int128>(skew * held / wanted.size.raw(), -most, most);
    const core::Int128 reservation = wanted.mid.raw() - shift;
    const core::Int128 half = wanted.half_spread.raw();
    constexpr core::Int128 kHighest = INT64_MAX / 2;
    const auto bid =
        static_cast<std::int64_t>(std::clamp<core::Int128>(reservation - half, 0, kHighest));
    const auto ask =
        static_cast<std::int64_t>(std::clamp<core::Int128>(reservation + half, 0, kHighest));
    return {Price::from_raw(down_to(bid, tick.raw())), Price::from_raw(up_to(ask, tick.raw()))};
}

QuoteSide quote_side(const QuoteIntent& wanted, Side side, const QuoteLimits& limits,
                     const TopOfBook& top) noexcept {
    const bool no_quotes = top.bid.is_zero() && top.ask.is_zero();
    if (wanted.size.is_zero() || !(top.two_sided() || no_quotes)) return {};
    const bool buys = side == Side::kBuy;
    const Price best_bid = no_quotes ? wanted.mid : top.bid;
    const Price best_ask = no_quotes ? wanted.mid : top.ask;
    const QuotePrices prices = quote_prices(wanted, limits.position, limits.tick);
    const std::int64_t tick = limits.tick.raw();
    const Price price =
        Price::from_raw(buys ? down_to(std::min(prices.bid.raw(), best_ask.raw() - tick), tick)
                             : up_to(std::max(prices.ask.raw(), best_bid.raw() + tick), tick));
    const Quantity most = std::min(wanted.most, limits.most);
    const Quantity room = buys ? most - limits.position : most + limits.position;
    const std::int64_t quantity = std::min(wanted.size, room).raw();
    if (price.raw() <= 0 || quantity < limits.lot.raw()) return {};
    return {price, Quantity::from_raw(quantity - quantity % limits.lot.raw())};
}

QuoteSide apart(const QuoteSide& wanted, Side side, const WorkingOrder* own,
                const QuoteOrder& other, PriceDelta tick) noexcept {
    if (wanted.quantity.is_zero() || other.order == nullptr) return wanted;
    const bool buys = side == Side::kBuy;
    const Price nearest = other.nearest();
    if (buys ? wanted.price < nearest : wanted.price > nearest) return wanted;
    if (other.waits()) return own == nullptr ? QuoteSide{} : QuoteSide{own->limit, wanted.quantity};
    const Price price = buys ? nearest - tick : nearest + tick;
    return price.raw() <= 0 ? QuoteSide{} : QuoteSide{price, wanted.quantity};
}

QuoteStep quote_step(const QuoteSide& wanted, const WorkingOrder* open,
                     PriceDelta least_move) noexcept {
    if (open == nullptr) return wanted.quantity.is_zero() ? QuoteStep::kNothing : QuoteStep::kPlace;
    const OrderState& state = open->state;
    if (state.cancel_pending) return QuoteStep::kNothing;
    if (state.leaves() > wanted.quantity) return QuoteStep::kCancel;  // none wanted: neither
    if (state.replace_pending || !state.accepted) return QuoteStep::kNothing;
    const PriceDelta move = wanted.price - open->limit;
    return std::max(move, -move) < least_move ? QuoteStep::kNothing : QuoteStep::kReplace;
}

}  // namespace sluice::pipeline
