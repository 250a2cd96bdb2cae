// T6 risk, the gate: its limits, one after the other. Inlined where an order is judged on its way out, so
// that neither the proposal nor the order waits for words on their way to memory and back.
#pragma once

#include <algorithm>
#include <optional>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>

namespace sluice::pipeline {

namespace detail {

// Would the order, wholly filled, only bring the position closer to zero?
// One that is reduce-only does, whatever else is open: the venue never fills more of it.
[[nodiscard]] SLUICE_ALWAYS_INLINE bool only_reduces(const Proposal& p,
                                                     const Exposure& e) noexcept {
    if ((p.flags & kReduceOnly) != 0)
        return p.side == Side::kSell ? p.quantity <= e.position : p.quantity <= -e.position;
    if (e.position.raw() > 0)
        return p.side == Side::kSell && p.quantity + e.working_sell <= e.position;
    if (e.position.raw() < 0)
        return p.side == Side::kBuy && p.quantity + e.working_buy <= -e.position;
    return false;
}

// The position's size if this order and all open ones of its side filled.
[[nodiscard]] SLUICE_ALWAYS_INLINE Quantity worst_position(const Proposal& p,
                                                           const Exposure& e) noexcept {
    return p.side == Side::kBuy ? (e.position + e.working_buy + p.quantity).abs()
                                : (e.position - e.working_sell - p.quantity).abs();
}

// Its size at worst, whichever side fills.
[[nodiscard]] SLUICE_ALWAYS_INLINE Quantity worst_size(const Proposal& p,
                                                       const Exposure& e) noexcept {
    const Quantity other = p.side == Side::kBuy ? (e.position - e.working_sell).abs()
                                                : (e.position + e.working_buy).abs();
    return std::max(worst_position(p, e), other);
}

// |limit - mark| in hundredths of a percent of the mark.
[[nodiscard]] inline double distance_bps(const Proposal& p, Price mark) noexcept {
    const double distance = (p.limit - mark).to_double();
    return (distance < 0 ? -distance : distance) / mark.to_double() * 10'000.0;
}

[[nodiscard]] SLUICE_ALWAYS_INLINE bool beyond_distance(const Proposal& p, Price mark,
                                                        std::int64_t limit_bps) noexcept {
    const std::int64_t distance = (p.limit - mark).raw();
    const core::Int128 magnitude = distance < 0 ? -core::Int128{distance} : core::Int128{distance};
    return magnitude * 10'000 > core::widening_mul(mark.raw(), limit_bps);
}

// Does it meet an open order of ours?
[[nodiscard]] SLUICE_ALWAYS_INLINE bool meets(const Proposal& p, Price other) noexcept {
    return !other.is_zero() && (p.type == OrderType::kMarket ||
                                (p.side == Side::kBuy ? p.limit >= other : p.limit <= other));
}

}  // namespace detail

// False when a limit is broken: refuse(reason, observed, limit) is asked for that `false` with the first
// one, the two numbers as functions.
template <class Refuse>
SLUICE_ALWAYS_INLINE bool RiskGate::passes(const Proposal& p, const Exposure& e,
                                           const Portfolio& portfolio, StreamTime now, OrderId id,
                                           Refuse refuse) const noexcept {
    const auto of = [](auto value) {
        return [value] {
            if constexpr (requires { value.to_double(); }) {
                return value.to_double();
            } else {
                return static_cast<double>(value);
            }
        };
    };
    const bool reducing = detail::only_reduces(p, e);
    if (holds_back_ || e.paused != 0) [[unlikely]] {
        if ((halts_ & halt_bit(HaltReason::kKill)) != 0 &&
            !(reducing && limits_.on_kill == OnKill::kFlatten))
            return refuse(RefusalReason::kEmergencyStop, of(1), of(0));
        if (Block block{}; !reducing && is_blocked(e.paused, portfolio.equity(), block))
            return refuse(block.reason, of(block.observed), of(block.limit));
    }
    if (!session_open_) [[unlikely]]
        return refuse(RefusalReason::kOutsideSession, of(0), of(1));
    if (p.quantity.raw() <= 0 || p.quantity.raw() % e.lot.raw() != 0) [[unlikely]]
        return refuse(RefusalReason::kBadQuantity, of(p.quantity), of(e.lot));
    if (e.mark.raw() <= 0 || p.limit.raw() < 0 ||
        (p.type != OrderType::kMarket && p.limit.is_zero())) [[unlikely]]
        return refuse(RefusalReason::kNoMarketPrice, of(e.mark), of(0));
    // A reduce-only order is a leg of a bracket, or closes beside one: the position has passed these limits, and
    // without it would stay as it is. A leg is as far away as the market has moved since.
    const bool closes = reducing && (p.flags & kReduceOnly) != 0;
    if (!closes && p.quantity > limits_.max_order_quantity) [[unlikely]]
        return refuse(RefusalReason::kMaxOrderQuantity, of(p.quantity),
                      of(limits_.max_order_quantity));
    if (p.type == OrderType::kLimit && (p.flags & kReduceOnly) == 0 &&
        detail::beyond_distance(p, e.mark, limits_.max_price_distance_bps)) [[unlikely]]
        return refuse(
            RefusalReason::kPriceDistance, [&] { return detail::distance_bps(p, e.mark); },
            of(limits_.max_price_distance_bps));

    const Price worst_price = p.limit > e.mark ? p.limit : e.mark;
    const Currencies& rates = portfolio.currencies();
    const Money notional = rates.at_most(p.symbol, worst_price * e.size.underlying(p.quantity));
    if (!closes && notional > limits_.max_order_notional) [[unlikely]]
        return refuse(RefusalReason::kMaxOrderNotional, of(notional),
                      of(limits_.max_order_notional));
    const Quantity position = detail::worst_position(p, e);
    if (!reducing && position > limits_.max_position) [[unlikely]]
        return refuse(RefusalReason::kMaxPosition, of(position), of(limits_.max_position));
    if (limits_.require_funds && limits_.margin_model == MarginModel::kGross && !reducing) {
        // Gross: every position, this one as it would become, at the market; no leverage.
        const Money other =
            e.others != nullptr
                ? e.others->gross
                : portfolio.gross_exposure() -
                      rates.at_most(p.symbol, e.mark * e.size.underlying(e.position.abs()));
        const Money needed =
            other +
            rates.at_most(p.symbol, worst_price * e.size.underlying(detail::worst_size(p, e)));
        if (needed > portfolio.equity()) [[unlikely]]
            return refuse(RefusalReason::kInsufficientFunds, of(needed), of(portfolio.equity()));
    }
    if (limits_book_ && e.others != nullptr && !reducing) {
        if (Block block{}; breaks_book(p, e, portfolio, block)) [[unlikely]]
            return refuse(block.reason, of(block.observed), of(block.limit));
    }
    // A stop's price is not one that it stands at, and a bracket cancels what is left of its entry.
    const Price other = p.side == Side::kBuy ? e.own_ask : e.own_bid;
    if (limits_.prevent_self_trade && (p.flags & kReduceOnly) == 0 && detail::meets(p, other))
        [[unlikely]]
        return refuse(RefusalReason::kSelfTrade, of(p.limit), of(other));
    if (limits_flow_) {
        if (Block block{}; breaks_flow(p, now, block)) [[unlikely]]
            return refuse(block.reason, of(block.observed), of(block.limit));
    }
    if (id == OrderId::kNone) [[unlikely]]
        return refuse(RefusalReason::kTooManyOpenOrders, of(e.open_orders + 1),
                      of(e.order_capacity));
    if (!orders_.has_room(now)) [[unlikely]]
        return refuse(RefusalReason::kOrderRate, of(limits_.max_orders_per_second + 1),
                      of(limits_.max_orders_per_second));
    return true;
}

SLUICE_ALWAYS_INLINE std::optional<ApprovedOrder> RiskGate::approve(const Proposal& proposal,
                                                                    const Exposure& exposure,
                                                                    const Portfolio& portfolio,
                                                                    StreamTime now,
                                                                    OrderId id) const noexcept {
    const auto refuse = [](RefusalReason, const auto&, const auto&) { return false; };
    if (!passes(proposal, exposure, portfolio, now, id, refuse)) [[unlikely]]
        return std::nullopt;
    return order_of(proposal, id);
}

}  // namespace sluice::pipeline
