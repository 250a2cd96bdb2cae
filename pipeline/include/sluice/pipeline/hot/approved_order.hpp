// An order that passed the risk gate: the only thing the order stage and a gateway accept.
// Its constructor is private to RiskGate, so "nothing reaches a venue unchecked" is held by the
// compiler (tests/pipeline/approved_order_compile_fail.cpp shows the refusal).
#pragma once

#include <cstdint>
#include <type_traits>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

class RiskGate;
class Event;

class ApprovedOrder {
  public:
    [[nodiscard]] constexpr OrderId id() const noexcept { return id_; }
    // Zero for a market order; of a stop the price that sets it off.
    [[nodiscard]] constexpr Price limit() const noexcept { return limit_; }
    // Always positive; the side says which way. For a replacement: the new total quantity.
    [[nodiscard]] constexpr Quantity quantity() const noexcept { return quantity_; }
    [[nodiscard]] constexpr SymbolId symbol() const noexcept {
        return static_cast<SymbolId>(terms_ & 0xFFFFU);
    }
    [[nodiscard]] constexpr Side side() const noexcept { return term<Side>(kSide); }
    [[nodiscard]] constexpr OrderType type() const noexcept { return term<OrderType>(kType); }
    [[nodiscard]] constexpr TimeInForce time_in_force() const noexcept {
        return term<TimeInForce>(kTif);
    }
    [[nodiscard]] constexpr bool is_reduce_only() const noexcept {
        return (term<OrderFlags>(kFlags) & kReduceOnly) != 0;
    }
    [[nodiscard]] constexpr bool is_post_only() const noexcept {
        return (term<OrderFlags>(kFlags) & kPostOnly) != 0;
    }
    [[nodiscard]] constexpr OrderFlags flags() const noexcept {
        return term<OrderFlags>(kFlags) & (kReduceOnly | kPostOnly);
    }
    // In 1/100 %: how far a trailing stop stays behind, or a stop limit's limit lies beyond its price.
    [[nodiscard]] constexpr std::uint16_t distance_bps() const noexcept {
        return static_cast<std::uint16_t>(terms_ >> kDistance & kDistanceMax);
    }
    static constexpr std::uint64_t kDistanceMax = 0x3FFF;

    // True when it replaces the order of the same id instead of opening a new one.
    [[nodiscard]] constexpr bool is_replacement() const noexcept {
        return static_cast<std::uint8_t>(terms_ >> kReplaces) != 0;
    }

  private:
    friend class RiskGate;
    friend class Event;
    constexpr ApprovedOrder() noexcept = default;
    constexpr ApprovedOrder(OrderId id, Price limit, Quantity quantity, SymbolId symbol, Side side,
                            OrderType type, TimeInForce tif, std::uint64_t more = 0) noexcept
        : id_(id), limit_(limit), quantity_(quantity),
          terms_(core::index_of(symbol) | bits(side) << kSide | bits(type) << kType |
                 bits(tif) << kTif | more << kFlags) {}
    // The last two bytes of the terms.
    [[nodiscard]] static constexpr std::uint64_t more(OrderFlags flags,
                                                      std::uint16_t distance_bps) noexcept {
        return flags | (distance_bps & kDistanceMax) << (kDistance - kFlags);
    }
    // Of the order of the same id, with `total` as its new quantity.
    constexpr void make_replacement(Quantity total) noexcept {
        quantity_ = total;
        terms_ |= std::uint64_t{1} << kReplaces;
    }

    static constexpr unsigned kSide = 16;
    static constexpr unsigned kType = 24;
    static constexpr unsigned kTif = 32;
    static constexpr unsigned kReplaces = 40;
    static constexpr unsigned kFlags = 48;
    static constexpr unsigned kDistance = 50;
    template <class Enum>
    [[nodiscard]] static constexpr std::uint64_t bits(Enum value) noexcept {
        static_assert(sizeof(Enum) == 1);
        return static_cast<std::uint8_t>(value);
    }
    template <class Enum>
    [[nodiscard]] constexpr Enum term(unsigned shift) const noexcept {
        return static_cast<Enum>(static_cast<std::uint8_t>(terms_ >> shift));
    }

    OrderId id_ = OrderId::kNone;
    Price limit_;
    Quantity quantity_;
    // Symbol, then a byte each: side, type, time in force, whether it replaces; two bits of flags and
    // fourteen of distance. One word, because an
    // order is copied as soon as it is made, and a word made of pieces would not be there yet.
    std::uint64_t terms_ = core::index_of(core::kNoSymbol);
};

static_assert(sizeof(ApprovedOrder) == 32 && std::is_trivially_copyable_v<ApprovedOrder>);

}  // namespace sluice::pipeline
