#include <sluice/adapters/lean/lean_rows.hpp>

#include <chrono>
#include <cstddef>

#include <sluice/core/fixed.hpp>

#include "field_cursor.hpp"

namespace sluice::adapters::lean {
namespace {

using Number = FieldCursor::Number;

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kNsPerDay = 86'400'000'000'000;
constexpr std::int64_t kNsPerMinute = 60'000'000'000;

[[nodiscard]] bool parse_hex(std::string_view text, std::uint32_t& out) noexcept {
    if (text.size() > 8) return false;
    std::uint32_t value = 0;
    for (const char c : text) {
        std::uint32_t digit{};
        if (c >= '0' && c <= '9')
            digit = static_cast<std::uint32_t>(c - '0');
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<std::uint32_t>(c - 'A' + 10);
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<std::uint32_t>(c - 'a' + 10);
        else
            return false;
        value = (value << 4U) | digit;
    }
    out = value;
    return true;
}

// Two or more digits at a fixed place.
[[nodiscard]] bool fixed_digits(std::string_view text, unsigned& out) noexcept {
    unsigned value = 0;
    for (const char c : text) {
        const unsigned digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
        if (digit > 9) return false;
        value = value * 10 + digit;
    }
    out = value;
    return true;
}

// "20131007 09:30"
[[nodiscard]] bool parse_stamp(std::string_view text, std::int64_t& out) noexcept {
    unsigned year{};
    unsigned month{};
    unsigned day{};
    unsigned hour{};
    unsigned minute{};
    if (text.size() != 14 || text[8] != ' ' || text[11] != ':' ||
        !fixed_digits(text.substr(0, 4), year) || !fixed_digits(text.substr(4, 2), month) ||
        !fixed_digits(text.substr(6, 2), day) || !fixed_digits(text.substr(9, 2), hour) ||
        !fixed_digits(text.substr(12, 2), minute) || hour > 23 || minute > 59)
        return false;
    // Nanoseconds reach from 1677 to 2262.
    if (year < 1678 || year > 2261) return false;
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(year)},
                                           std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) return false;
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    out = days * kNsPerDay + (std::int64_t{hour} * 60 + minute) * kNsPerMinute;
    return true;
}

[[nodiscard]] RowFault parse_time(FieldCursor& fields, bool dated, std::int64_t& out) noexcept {
    if (!dated) {
        const Number number = fields.number(kNsPerMs, out);
        if (number == Number::kOk && out >= 0 && out < kNsPerDay) return RowFault::kOk;
        return number == Number::kAbsent ? RowFault::kTooFewColumns : RowFault::kBadTime;
    }
    std::string_view text;
    if (!fields.next(text)) return RowFault::kTooFewColumns;
    return parse_stamp(text, out) ? RowFault::kOk : RowFault::kBadTime;
}

[[nodiscard]] RowFault required(FieldCursor& fields, std::int64_t scale, RowFault bad,
                                std::int64_t& out) noexcept {
    const Number number = fields.number(scale, out);
    if (number == Number::kOk && out >= 0) [[likely]]
        return RowFault::kOk;
    return number == Number::kAbsent ? RowFault::kTooFewColumns : bad;
}

// An empty field is 0.
[[nodiscard]] RowFault optional(FieldCursor& fields, std::int64_t scale, RowFault bad,
                                std::int64_t& out) noexcept {
    const Number number = fields.number(scale, out);
    if (number == Number::kOk && out >= 0) [[likely]]
        return RowFault::kOk;
    if (number == Number::kEmpty) {
        out = 0;
        return RowFault::kOk;
    }
    return number == Number::kAbsent ? RowFault::kTooFewColumns : bad;
}

template <class Row>
[[nodiscard]] RowFault parse_suspicious(FieldCursor& fields, Row& row) noexcept {
    std::string_view text;
    if (!fields.next(text)) return RowFault::kTooFewColumns;
    if (text != "0" && text != "1") return RowFault::kBadSuspicious;
    row.flags = text == "1" ? pipeline::kRowSuspicious : std::uint8_t{0};
    return RowFault::kOk;
}

// exchange, conditions, suspicious: as much of it as the kind has.
template <class Row>
[[nodiscard]] RowFault parse_tail(FieldCursor& fields, TickTail tail, Row& row) noexcept {
    if (tail == TickTail::kExchange || tail == TickTail::kExchangeConditions) {
        std::string_view exchange;
        if (!fields.next(exchange)) return RowFault::kTooFewColumns;
        if (exchange.size() > kMaxExchange) return RowFault::kBadExchange;
        row.exchange = exchange.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(exchange[0]);
    }
    if (tail == TickTail::kExchangeConditions) {
        std::string_view conditions;
        if (!fields.next(conditions)) return RowFault::kTooFewColumns;
        if (!parse_hex(conditions, row.conditions)) return RowFault::kBadConditions;
    }
    if (tail != TickTail::kNone)
        if (const RowFault fault = parse_suspicious(fields, row); fault != RowFault::kOk)
            return fault;
    return RowFault::kOk;
}

[[nodiscard]] RowFault parse_side(FieldCursor& fields, const RowFormat& format, std::int64_t& price,
                                  std::int64_t& size) noexcept {
    if (const RowFault fault = optional(fields, format.price_scale, RowFault::kBadPrice, price);
        fault != RowFault::kOk)
        return fault;
    if (!format.sizes) return RowFault::kOk;
    if (const RowFault fault =
            optional(fields, core::Quantity::kScale, RowFault::kBadQuantity, size);
        fault != RowFault::kOk)
        return fault;
    return price == 0 && size != 0 ? RowFault::kSizeWithoutPrice : RowFault::kOk;
}

// Open, high, low, close.
template <std::size_t kCount>
[[nodiscard]] RowFault parse_prices(FieldCursor& fields, std::int64_t scale, bool may_be_empty,
                                    std::int64_t* const (&out)[kCount]) noexcept {
    for (std::int64_t* const price : out) {
        const RowFault fault = may_be_empty ? optional(fields, scale, RowFault::kBadPrice, *price)
                                            : required(fields, scale, RowFault::kBadPrice, *price);
        if (fault != RowFault::kOk) return fault;
    }
    return RowFault::kOk;
}

template <class Row>
[[nodiscard]] RowFault finish(const FieldCursor& fields, const Row& row, Row& out) noexcept {
    if (!fields.exhausted()) return RowFault::kTooManyColumns;
    out = row;
    return fields.rounded() ? RowFault::kRounded : RowFault::kOk;
}

}  // namespace

const char* describe(RowFault fault) noexcept {
    switch (fault) {
        case RowFault::kOk: return "ok";
        case RowFault::kRounded: return "a number was rounded";
        case RowFault::kTooFewColumns: return "too few columns";
        case RowFault::kTooManyColumns: return "too many columns";
        case RowFault::kBadTime:
            return "time is neither milliseconds within a day nor, of hours and days, like "
                   "20131007 09:30";
        case RowFault::kBadPrice: return "price is negative, not a number, or cannot be held";
        case RowFault::kBadQuantity: return "quantity is negative, not a number, or cannot be held";
        case RowFault::kSizeWithoutPrice: return "a side has a size but no price";
        case RowFault::kBadExchange: return "exchange is longer than 16 letters";
        case RowFault::kBadConditions: return "conditions are not hexadecimal of up to 32 bits";
        case RowFault::kBadSuspicious: return "the suspicious mark is neither 0 nor 1";
    }
    return "unknown";
}

RowFault parse_row(std::string_view line, const RowFormat& format,
                   pipeline::TradeRow& out) noexcept {
    FieldCursor fields(line);
    pipeline::TradeRow row{};
    if (const RowFault fault = parse_time(fields, format.dated, row.time_ns);
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault =
            required(fields, format.price_scale, RowFault::kBadPrice, row.price_raw);
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault =
            required(fields, core::Quantity::kScale, RowFault::kBadQuantity, row.quantity_raw);
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault = parse_tail(fields, format.tail, row); fault != RowFault::kOk)
        return fault;
    return finish(fields, row, out);
}

RowFault parse_row(std::string_view line, const RowFormat& format,
                   pipeline::QuoteRow& out) noexcept {
    FieldCursor fields(line);
    pipeline::QuoteRow row{};
    if (const RowFault fault = parse_time(fields, format.dated, row.time_ns);
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault = parse_side(fields, format, row.bid_raw, row.bid_size_raw);
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault = parse_side(fields, format, row.ask_raw, row.ask_size_raw);
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault = parse_tail(fields, format.tail, row); fault != RowFault::kOk)
        return fault;
    return finish(fields, row, out);
}

RowFault parse_row(std::string_view line, const RowFormat& format, pipeline::BarRow& out) noexcept {
    FieldCursor fields(line);
    pipeline::BarRow row{};
    if (const RowFault fault = parse_time(fields, format.dated, row.time_ns);
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault =
            parse_prices(fields, format.price_scale, false,
                         {&row.open_raw, &row.high_raw, &row.low_raw, &row.close_raw});
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault =
            optional(fields, core::Quantity::kScale, RowFault::kBadQuantity, row.volume_raw);
        fault != RowFault::kOk)
        return fault;
    return finish(fields, row, out);
}

RowFault parse_row(std::string_view line, const RowFormat& format,
                   pipeline::QuoteBarRow& out) noexcept {
    FieldCursor fields(line);
    pipeline::QuoteBarRow row{};
    if (const RowFault fault = parse_time(fields, format.dated, row.time_ns);
        fault != RowFault::kOk)
        return fault;
    struct Side {
        std::int64_t* prices[4];
        std::int64_t* size;
    };
    const Side sides[] = {
        {{&row.bid_open_raw, &row.bid_high_raw, &row.bid_low_raw, &row.bid_close_raw},
         &row.bid_size_raw},
        {{&row.ask_open_raw, &row.ask_high_raw, &row.ask_low_raw, &row.ask_close_raw},
         &row.ask_size_raw}};
    for (const Side& side : sides) {
        if (const RowFault fault = parse_prices(fields, format.price_scale, true, side.prices);
            fault != RowFault::kOk)
            return fault;
        if (const RowFault fault =
                optional(fields, core::Quantity::kScale, RowFault::kBadQuantity, *side.size);
            fault != RowFault::kOk)
            return fault;
    }
    return finish(fields, row, out);
}

RowFault parse_row(std::string_view line, const RowFormat& format,
                   pipeline::OpenInterestRow& out) noexcept {
    FieldCursor fields(line);
    pipeline::OpenInterestRow row{};
    if (const RowFault fault = parse_time(fields, format.dated, row.time_ns);
        fault != RowFault::kOk)
        return fault;
    if (const RowFault fault =
            required(fields, core::Quantity::kScale, RowFault::kBadQuantity, row.open_interest_raw);
        fault != RowFault::kOk)
        return fault;
    return finish(fields, row, out);
}

}  // namespace sluice::adapters::lean
