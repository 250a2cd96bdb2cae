// An order that passed the risk gate: the only thing the order stage and a gateway accept.
// Its constructor is private to RiskGate, so "nothing reaches a venue unchecked" is held by the
// compiler (tests/pipeline/approved_order_compile_fail.cpp shows the refusal).
#pragma once

#include <type_traits>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

class RiskGate;
class Event;

class ApprovedOrder {
  public:
    [[nodiscard]] constexpr OrderId id() const noexcept { return id_; }
    // Zero for a market order.
    [[nodiscard]] constexpr Price limit() const noexcept { return limit_; }
    // Always positive; the side says which way. For a replacement: the new total quantity.
    [[nodiscard]] constexpr Quantity quantity() const noexcept { return quantity_; }
    [[nodiscard]] constexpr SymbolId symbol() const noexcept { return symbol_; }
    [[nodiscard]] constexpr Side side() const noexcept { return side_; }
    [[nodiscard]] constexpr OrderType type() const noexcept { return type_; }
    [[nodiscard]] constexpr TimeInForce time_in_force() const noexcept { return tif_; }
    // True when it replaces the order of the same id instead of opening a new one.
    [[nodiscard]] constexpr bool is_replacement() const noexcept { return replaces_; }

  private:
    friend class RiskGate;
    friend class Event;
    constexpr ApprovedOrder() noexcept = default;

    OrderId id_ = OrderId::kNone;
    Price limit_;
    Quantity quantity_;
    SymbolId symbol_ = core::kNoSymbol;
    Side side_ = Side::kBuy;
    OrderType type_ = OrderType::kMarket;
    TimeInForce tif_ = TimeInForce::kGtc;
    bool replaces_ = false;
};

static_assert(sizeof(ApprovedOrder) == 32 && std::is_trivially_copyable_v<ApprovedOrder>);

}  // namespace sluice::pipeline
