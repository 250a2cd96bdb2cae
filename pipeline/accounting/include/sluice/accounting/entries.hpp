// What an account is made of: the entries that change it, as plain values.
// Exact fixed point throughout; an amount is in the currency that stands beside it.
#pragma once

#include <compare>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <sluice/core/fixed.hpp>

namespace sluice::accounting {

using core::Money;
using core::Price;
using core::Quantity;

// An entry that cannot be booked: an unknown currency's rate, an absurd size, a split by zero. The
// account is as it was before the entry.
class AccountError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Which part of a position a sale closes: a share of the whole at its average cost, or the oldest lot.
enum class CostMethod : std::uint8_t { kAverage, kFifo };

// What an instrument's prices mean.
struct InstrumentTerms {
    std::string currency;         // of its prices
    std::int64_t multiplier = 1;  // currency units a point and contract,
    std::int64_t part = 1;        // over this: a tenth is 1 over 10
    // Of a currency pair: what one unit of it delivers. A fill then exchanges cash for cash.
    std::string delivers{};
};

// Whom a result is owed to, beside its instrument; any of them may be empty.
struct Origin {
    std::string strategy;
    std::string regime;
    std::string parameters;  // their version
    // NOLINTNEXTLINE(modernize-use-nullptr)
    friend auto operator<=>(const Origin&, const Origin&) = default;
};

struct Fill {
    Quantity quantity;  // signed: bought is positive
    Price price;
    Money commission{};                 // a cost is positive
    std::string commission_currency{};  // empty: that of the instrument's prices
    Origin origin{};
};

enum class ChargeKind : std::uint8_t { kFunding, kBorrow, kInterest, kFee };
[[nodiscard]] const char* to_string(ChargeKind kind) noexcept;

// Money that comes or goes without a trade: a perpetual's funding, the cost of a borrowed share,
// interest, a fee. Positive is received.
struct Charge {
    ChargeKind kind = ChargeKind::kFee;
    Money amount;
    std::string currency;
    std::string instrument{};  // empty: of the account as a whole
    Origin origin{};
};

// A share of a position's value that is charged: a perpetual's funding, which with a positive rate who is
// long pays to who is short, and the cost of borrowing, which is of short positions alone. Rounded towards
// zero, once for the whole position.
struct ShareCharge {
    ChargeKind kind = ChargeKind::kFunding;  // or kBorrow
    Price rate;                              // of the value
    std::int64_t parts = 1;  // over this: a day's part of a yearly rate is one over 365
    Price price{};           // what the position is valued at; zero: its mark
};

// New units for old ones: 7 for 1 is {7, 1}.
struct Split {
    std::int64_t units = 1;
    std::int64_t for_units = 1;
    // Where it is above zero, what is left beside whole units is paid out at this price.
    Price cash_in_lieu{};
};

}  // namespace sluice::accounting
