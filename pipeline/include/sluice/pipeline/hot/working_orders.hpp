// What the risk stage knows of an open order, and of an instrument that it follows a target in.
#pragma once

#include <algorithm>
#include <cstdint>

#include <sluice/pipeline/hot/order_state.hpp>
#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

struct WorkingOrder {
    OrderId id = OrderId::kNone;
    SymbolId symbol = core::kNoSymbol;
    Side side = Side::kBuy;
    OrderType type = OrderType::kMarket;
    Price limit;
    Quantity counted;  // in its symbol's working total: what may still fill, at worst
    StreamTime sent;   // or last repriced
    OrderState state;
    // A protective order: kept by brackets.hpp, in no working total, since it never opens anything.
    bool leg = false;
    std::uint16_t distance_bps = 0;
};

struct TargetState {
    Quantity wanted;  // by the last intent, before sizing
    Quantity target;
    Quantity working_buy;
    Quantity working_sell;
    bool retarget = false;                    // look again once open orders are gone
    StreamTime retry_at = StreamTime::max();  // look again then: the venue ended an order
    PriceDelta tick;
    Quantity lot;
    // Own orders as they could meet: the highest buy and the lowest sell, zero for none. One at the
    // market is at the end of the scale.
    Price own_bid;
    Price own_ask;

    void add_own(Side side, OrderType type, Price limit) noexcept {
        const bool market = type == OrderType::kMarket;
        if (side == Side::kBuy) {
            own_bid = std::max(own_bid, market ? Price::max() : limit);
        } else {
            const Price price = market ? Price::from_raw(1) : limit;
            own_ask = own_ask.is_zero() ? price : std::min(own_ask, price);
        }
    }
    [[nodiscard]] Quantity& working(Side side) noexcept {
        return side == Side::kBuy ? working_buy : working_sell;
    }
};

}  // namespace sluice::pipeline
