#include <sluice/pipeline/hot/quote_orders.hpp>

#include <sluice/core/overflow.hpp>

namespace sluice::pipeline {
namespace {

[[nodiscard]] std::int64_t down_to(std::int64_t price, std::int64_t tick) noexcept {
    const std::int64_t rest = price % tick;
    return price - (rest < 0 ? rest + tick : rest);
}

}  // namespace

QuotePrices quote_prices(const QuoteIntent& wanted, Quantity position, PriceDelta tick) noexcept {
    // An inventory beyond a thousand quotes moves the price no further.
    constexpr std::int64_t kMostSizes = 1'000;
    const core::Int128 most = static_cast<core::Int128>(wanted.skew.raw()) * kMostSizes;
    const core::Int128 shift = std::clamp<core::Int128>(
        core::widening_mul(wanted.skew.raw(), position.raw()) / wanted.size.raw(), -most, most);
    const core::Int128 reservation = wanted.mid.raw() - shift;
    const core::Int128 half = wanted.half_spread.raw();
    constexpr core::Int128 kHighest = INT64_MAX / 2;
    const auto bid =
        static_cast<std::int64_t>(std::clamp<core::Int128>(reservation - half, 0, kHighest));
    const auto ask =
        static_cast<std::int64_t>(std::clamp<core::Int128>(reservation + half, 0, kHighest));
    return {Price::from_raw(down_to(bid, tick.raw())), Price::from_raw(-down_to(-ask, tick.raw()))};
}

QuoteSide quote_side(const QuoteIntent& wanted, Side side, const QuoteLimits& limits,
                     const TopOfBook& top) noexcept {
    if (wanted.size.is_zero() || !top.two_sided()) return {};
    const bool buys = side == Side::kBuy;
    const QuotePrices prices = quote_prices(wanted, limits.position, limits.tick);
    const Price price = buys ? std::min(prices.bid, top.ask - limits.tick)
                             : std::max(prices.ask, top.bid + limits.tick);
    const Quantity room = buys ? limits.most - limits.position : limits.most + limits.position;
    const std::int64_t quantity = std::min(wanted.size, room).raw();
    if (price.raw() <= 0 || quantity < limits.lot.raw()) return {};
    return {price, Quantity::from_raw(quantity - quantity % limits.lot.raw())};
}

}  // namespace sluice::pipeline
