// What the risk stage knows of an open order, and of an instrument that it follows a target in.
#pragma once

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
};

struct TargetState {
    Quantity target;
    Quantity working_buy;
    Quantity working_sell;
    bool retarget = false;                    // look again once open orders are gone
    StreamTime retry_at = StreamTime::max();  // look again then: the venue ended an order
    PriceDelta tick;
    Quantity lot;

    [[nodiscard]] Quantity& working(Side side) noexcept {
        return side == Side::kBuy ? working_buy : working_sell;
    }
};

}  // namespace sluice::pipeline
