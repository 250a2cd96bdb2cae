// The rows of LEAN's equity tick files, decoded in place.
//
//   trade   ms, price, shares, exchange letter, sale conditions (HEX), suspicious 0/1
//   quote   ms, bid, bid shares, ask, ask shares, exchange letter, conditions (HEX), suspicious
//
// ms counts from local midnight of the file's date; prices are integers of 1/10000. A quote row
// speaks of one side or of both: a side with price 0 is not in it. Any thread; no allocation, no
// exception; about 70 ns a row.
#pragma once

#include <cstdint>
#include <string_view>

#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::lean {

enum class RowFault : std::uint8_t {
    kOk,
    kTooFewColumns,
    kTooManyColumns,
    kBadTime,      // not a whole number of milliseconds within a day
    kBadPrice,     // not a decimal, or beyond what a price holds
    kNoPrice,      // a trade's price is zero or negative
    kBadQuantity,  // not a whole number, or beyond what a quantity holds
    kNoQuantity,   // a trade of nothing
    kSizeWithoutPrice,
    kBadExchange,    // longer than one letter
    kBadConditions,  // not hexadecimal, or wider than 32 bits
    kBadSuspicious,  // neither 0 nor 1
};
[[nodiscard]] const char* describe(RowFault fault) noexcept;

// One line without its line end. `out` is written on kOk only; its time_ns counts from local
// midnight.
[[nodiscard]] RowFault parse_trade_row(std::string_view line, pipeline::TradeRow& out) noexcept;
[[nodiscard]] RowFault parse_quote_row(std::string_view line, pipeline::QuoteRow& out) noexcept;

}  // namespace sluice::adapters::lean
