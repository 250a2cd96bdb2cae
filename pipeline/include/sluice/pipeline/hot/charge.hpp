// Charges: money that comes or goes without a trade. What an event says of one, what it comes to, and what
// the books made of it. Plain values, any thread.
//
// Amounts are exact; a share of a value is rounded towards zero, once. Values are those of the underlying
// (contract_size.hpp): what a contract pays goes by its multiplier. What an instrument is charged is in the
// currency of its prices.
#pragma once

#include <cstddef>
#include <cstdint>

#include <sluice/core/fixed.hpp>
#include <sluice/core/overflow.hpp>
#include <sluice/pipeline/hot/currencies.hpp>
#include <sluice/pipeline/hot/packed_money.hpp>

namespace sluice::pipeline {

// A journal keeps the numbers of both.
enum class ChargeKind : std::uint8_t { kDividend, kFunding, kBorrow, kInterest, kFee };
inline constexpr std::size_t kChargeKindCount = 5;
[[nodiscard]] const char* to_string(ChargeKind kind) noexcept;

enum class ChargeBasis : std::uint8_t {
    kAmount,  // so much, whatever is held
    kUnit,    // so much for each unit of the underlying; who is short pays it
    kValue,   // a share of the position's value; with a positive rate who is long pays
    kShort,   // a share of a short position's value, which who is short pays
};
inline constexpr std::size_t kChargeBasisCount = 4;

inline constexpr std::int64_t kRateScale = 1'000'000'000;
inline constexpr std::uint16_t kDaysPerYear = 365;  // of a yearly rate, a day's part

// Symbol: the instrument, or none where the whole account is charged.
struct Charge {
    // kAmount: the money, received where positive. kValue, kShort: the rate, in 1/kRateScale.
    PackedMoney value;
    core::Price
        price;  // kUnit: of a unit. kValue, kShort: what the position is valued at; 0: its mark
    ChargeKind kind = ChargeKind::kFee;
    ChargeBasis basis = ChargeBasis::kAmount;
    std::uint16_t parts = 1;                 // so many parts of the rate make up the whole of it
    CurrencyId currency = kAccountCurrency;  // of an amount that is of no instrument
    std::uint8_t unused[3] = {};
    std::uint64_t ingress_ticks = 0;

    [[nodiscard]] std::int64_t rate() const noexcept {
        return static_cast<std::int64_t>(value.money().raw());
    }
};

// What the books have made of it.
struct Charged {
    PackedMoney amount;     // received where positive
    core::Price price;      // as in Charge, with the mark in its place
    std::int64_t rate = 0;  // of kValue and kShort, in 1/kRateScale
    ChargeKind kind = ChargeKind::kFee;
    ChargeBasis basis = ChargeBasis::kAmount;
    std::uint16_t parts = 1;
    CurrencyId currency = kAccountCurrency;  // of the amount
};

static_assert(sizeof(Charge) == 40 && offsetof(Charge, ingress_ticks) == 32);
static_assert(sizeof(Charged) == 40);

// A share of a position's value that is paid: value * rate / (kRateScale * parts), towards zero.
[[nodiscard]] inline core::Money share_of(core::Money value, std::int64_t rate,
                                          std::uint16_t parts) noexcept {
    return core::Money::from_raw(
        core::mul_div(value.raw(), rate, kRateScale * parts, core::Rounding::kTowardZero));
}

// What a charge comes to, of so much of the underlying, valued at `price`.
[[nodiscard]] inline core::Money amount_of(const Charge& charge, core::Price price,
                                           core::Quantity underlying) noexcept {
    switch (charge.basis) {
        case ChargeBasis::kAmount: return charge.value.money();
        case ChargeBasis::kUnit: return price * underlying;
        case ChargeBasis::kShort:
            if (underlying.raw() >= 0) return {};
            return share_of(price * underlying, charge.rate(), charge.parts);
        case ChargeBasis::kValue: break;
    }
    return -share_of(price * underlying, charge.rate(), charge.parts);
}

}  // namespace sluice::pipeline
