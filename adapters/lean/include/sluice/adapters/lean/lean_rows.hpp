// The rows of LEAN's files, decoded in place.
//
//   time     ms since local midnight, of ticks with decimals; hour and daily: yyyymmdd HH:MM
//   trade    time, price, quantity [, exchange, conditions (HEX)] [, suspicious 0/1]
//   quote    time, bid, bid size, ask, ask size [, exchange] [, conditions] [, suspicious]
//            forex and cfd: time, bid, ask
//   bar      time, open, high, low, close, volume
//   quote bar  time, bid O, H, L, C, last bid size, ask O, H, L, C, last ask size
//   interest time, contracts
//
// Prices of equities are integers of 1/10000, all others decimal. An empty field of a side, size or
// volume is 0. A price is held in 1e-9, a quantity in 1e-8. Any thread; no allocation, no exception; about 70 ns a row.
#pragma once

#include <cstdint>
#include <string_view>

#include <sluice/pipeline/tables.hpp>

namespace sluice::adapters::lean {

enum class RowFault : std::uint8_t {
    kOk,
    kRounded,  // no fault: a number was finer than can be held and is rounded half to even
    kTooFewColumns,
    kTooManyColumns,
    kBadTime,      // not milliseconds within a day, or no date and time
    kBadPrice,     // negative, not a decimal, or beyond what a price holds
    kBadQuantity,  // the same of a quantity
    kSizeWithoutPrice,
    kBadExchange,    // longer than kMaxExchange
    kBadConditions,  // not hexadecimal, or wider than 32 bits
    kBadSuspicious,  // neither 0 nor 1
};
[[nodiscard]] const char* describe(RowFault fault) noexcept;

// Exchange names are kept as their first letter; futures have whole words there.
inline constexpr std::size_t kMaxExchange = 16;

// What stands behind a tick's numbers.
enum class TickTail : std::uint8_t { kNone, kSuspicious, kExchange, kExchangeConditions };

struct RowFormat {
    std::int64_t price_scale = 100'000;  // raw units (1e-9) in one unit of the text
    bool dated = false;                  // yyyymmdd HH:MM instead of milliseconds
    bool sizes = true;                   // of quotes
    TickTail tail = TickTail::kExchangeConditions;
};

// One line without its line end. `out` is written on kOk and kRounded only; its time_ns is local, from midnight
// or, when dated, from the epoch as if the wall clock showed UTC.
[[nodiscard]] RowFault parse_row(std::string_view line, const RowFormat& format,
                                 pipeline::TradeRow& out) noexcept;
[[nodiscard]] RowFault parse_row(std::string_view line, const RowFormat& format,
                                 pipeline::QuoteRow& out) noexcept;
[[nodiscard]] RowFault parse_row(std::string_view line, const RowFormat& format,
                                 pipeline::BarRow& out) noexcept;
[[nodiscard]] RowFault parse_row(std::string_view line, const RowFormat& format,
                                 pipeline::QuoteBarRow& out) noexcept;
[[nodiscard]] RowFault parse_row(std::string_view line, const RowFormat& format,
                                 pipeline::OpenInterestRow& out) noexcept;

}  // namespace sluice::adapters::lean
