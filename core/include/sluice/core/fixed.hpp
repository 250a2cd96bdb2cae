// Price, quantity and money as distinct fixed-point types.
// Any thread; trivially copyable values. Scales and their reasons: docs/decisions/0001-price-scale.
//
//   Price - Price      -> PriceDelta      Price + Price     does not compile
//   Price + PriceDelta -> Price           Quantity * Quantity does not compile
//   Price * Quantity   -> Money (exact: the scales multiply, so no product is ever rounded)
//
// Overflow aborts through overflow_slow(); input is range-checked where it enters.
#pragma once

#include <compare>
#include <cstdint>
#include <type_traits>

#include <sluice/core/overflow.hpp>

namespace sluice::core {

// What Price, PriceDelta and Quantity share: an int64 count of 1/kScale units with a total order.
template <class Derived, std::int64_t kUnitsPerOne>
class Fixed64 {
  public:
    static constexpr std::int64_t kScale = kUnitsPerOne;

    constexpr Fixed64() noexcept = default;
    [[nodiscard]] static constexpr Derived from_raw(std::int64_t raw) noexcept {
        Derived out;
        out.raw_ = raw;
        return out;
    }
    // Whole units, e.g. Quantity::from_units(100) is one hundred shares.
    [[nodiscard]] static constexpr Derived from_units(std::int64_t units) noexcept {
        std::int64_t raw{};
        if (__builtin_mul_overflow(units, kScale, &raw)) [[unlikely]]
            overflow_slow("from_units");
        return from_raw(raw);
    }
    [[nodiscard]] static constexpr Derived max() noexcept { return from_raw(INT64_MAX); }

    [[nodiscard]] constexpr std::int64_t raw() const noexcept { return raw_; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return raw_ == 0; }
    // For indicators, models and display only; never for cash, positions or orders.
    [[nodiscard]] constexpr double to_double() const noexcept {
        return static_cast<double>(raw_) / static_cast<double>(kScale);
    }

    friend constexpr bool operator==(Derived a, Derived b) noexcept { return a.raw() == b.raw(); }
    friend constexpr std::strong_ordering operator<=>(Derived a, Derived b) noexcept {
        return a.raw() <=> b.raw();
    }

  private:
    std::int64_t raw_ = 0;
};

// The difference of two prices, in 1e-9 currency units.
class PriceDelta : public Fixed64<PriceDelta, 1'000'000'000> {
    friend constexpr PriceDelta operator+(PriceDelta a, PriceDelta b) noexcept {
        return from_raw(checked_add(a.raw(), b.raw(), "PriceDelta + PriceDelta"));
    }
    friend constexpr PriceDelta operator-(PriceDelta a, PriceDelta b) noexcept {
        return from_raw(checked_sub(a.raw(), b.raw(), "PriceDelta - PriceDelta"));
    }
    friend constexpr PriceDelta operator-(PriceDelta a) noexcept { return PriceDelta{} - a; }
};

// A price per unit of the instrument, in 1e-9 currency units: +-9.2e9 with nine exact decimals.
class Price : public Fixed64<Price, 1'000'000'000> {
    friend constexpr PriceDelta operator-(Price a, Price b) noexcept {
        return PriceDelta::from_raw(checked_sub(a.raw(), b.raw(), "Price - Price"));
    }
    friend constexpr Price operator+(Price a, PriceDelta b) noexcept {
        return from_raw(checked_add(a.raw(), b.raw(), "Price + PriceDelta"));
    }
    friend constexpr Price operator-(Price a, PriceDelta b) noexcept {
        return from_raw(checked_sub(a.raw(), b.raw(), "Price - PriceDelta"));
    }
};

// An amount of the instrument (shares, contracts, coins) in 1e-8 units, signed: a position's sign
// is its side. +-9.2e10 with eight exact decimals.
class Quantity : public Fixed64<Quantity, 100'000'000> {
  public:
    [[nodiscard]] constexpr Quantity abs() const noexcept { return raw() < 0 ? -*this : *this; }
    constexpr Quantity& operator+=(Quantity b) noexcept { return *this = *this + b; }
    constexpr Quantity& operator-=(Quantity b) noexcept { return *this = *this - b; }

    friend constexpr Quantity operator+(Quantity a, Quantity b) noexcept {
        return from_raw(checked_add(a.raw(), b.raw(), "Quantity + Quantity"));
    }
    friend constexpr Quantity operator-(Quantity a, Quantity b) noexcept {
        return from_raw(checked_sub(a.raw(), b.raw(), "Quantity - Quantity"));
    }
    friend constexpr Quantity operator-(Quantity a) noexcept { return Quantity{} - a; }
};

// Cash, notional and profit in 1e-17 currency units on 128 bits: +-1.7e21 and exact, because
// 1e-17 is the product of the price and the quantity unit.
class Money {
  public:
    static constexpr std::int64_t kScale = Price::kScale * Quantity::kScale;

    constexpr Money() noexcept = default;
    [[nodiscard]] static constexpr Money from_raw(Int128 raw) noexcept {
        Money out;
        out.raw_ = raw;
        return out;
    }
    [[nodiscard]] static constexpr Money from_units(std::int64_t units) noexcept {
        return from_raw(static_cast<Int128>(units) * kScale);
    }
    [[nodiscard]] constexpr Int128 raw() const noexcept { return raw_; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return raw_ == 0; }
    // For display and statistics only.
    [[nodiscard]] constexpr double to_double() const noexcept {
        return static_cast<double>(raw_) / static_cast<double>(kScale);
    }
    [[nodiscard]] constexpr Money abs() const noexcept { return raw_ < 0 ? -*this : *this; }
    constexpr Money& operator+=(Money b) noexcept { return *this = *this + b; }
    constexpr Money& operator-=(Money b) noexcept { return *this = *this - b; }

    friend constexpr bool operator==(Money a, Money b) noexcept { return a.raw_ == b.raw_; }
    friend constexpr std::strong_ordering operator<=>(Money a, Money b) noexcept {
        return a.raw_ < b.raw_   ? std::strong_ordering::less
               : a.raw_ > b.raw_ ? std::strong_ordering::greater
                                 : std::strong_ordering::equal;
    }
    friend constexpr Money operator+(Money a, Money b) noexcept {
        return from_raw(checked_add(a.raw_, b.raw_, "Money + Money"));
    }
    friend constexpr Money operator-(Money a, Money b) noexcept {
        return from_raw(checked_sub(a.raw_, b.raw_, "Money - Money"));
    }
    friend constexpr Money operator-(Money a) noexcept { return Money{} - a; }

  private:
    Int128 raw_ = 0;
};

[[nodiscard]] constexpr Money operator*(Price price, Quantity quantity) noexcept {
    return Money::from_raw(widening_mul(price.raw(), quantity.raw()));
}
[[nodiscard]] constexpr Money operator*(PriceDelta delta, Quantity quantity) noexcept {
    return Money::from_raw(widening_mul(delta.raw(), quantity.raw()));
}

static_assert(sizeof(Price) == 8 && std::is_trivially_copyable_v<Price>);
static_assert(sizeof(PriceDelta) == 8 && std::is_trivially_copyable_v<PriceDelta>);
static_assert(sizeof(Quantity) == 8 && std::is_trivially_copyable_v<Quantity>);
static_assert(sizeof(Money) == 16 && std::is_trivially_copyable_v<Money>);

}  // namespace sluice::core
