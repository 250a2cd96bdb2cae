// Which tables a tick store keeps, what they are called and where they are filed.
// Plain values: any thread.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::pipeline {

using Date = std::chrono::year_month_day;
// "2013-10-07" and back; nothing for a text that is no date.
[[nodiscard]] std::string iso_date(Date date);
[[nodiscard]] std::optional<Date> parse_iso_date(std::string_view text) noexcept;

enum class TableKind : std::uint8_t {
    kTrades,
    kQuotes,
    kLevels,  // order book, by price: the new size of a level
    kOrders,  // order book, by order: what happened to one order
    kBars,
    kQuoteBars,
    kOpenInterest,
    kTruth,  // of generated data only: what the market did
};
inline constexpr std::size_t kTableKindCount = 8;

// Which table of a day: its kind and, for bars, how long one lasts.
struct TableKey {
    TableKind kind = TableKind::kTrades;
    std::int32_t period_s = 0;  // bars and quote bars only

    constexpr TableKey() noexcept = default;
    constexpr TableKey(TableKind k, std::int32_t period = 0) noexcept : kind(k), period_s(period) {}
    // clang-tidy 14 takes the comparison with 0 that this stands for for a pointer's.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    friend constexpr auto operator<=>(const TableKey&, const TableKey&) = default;
};
// "trades", "bars_60s"; the name of the table's group in the store.
[[nodiscard]] std::string table_name(TableKey key);
// The reverse; nothing for a name that is none.
[[nodiscard]] std::optional<TableKey> parse_table_name(std::string_view name) noexcept;

// Bars at least this long are kept by year, all else by day.
inline constexpr std::int32_t kYearlyPeriod_s = 3600;
[[nodiscard]] constexpr bool is_yearly(TableKey key) noexcept {
    return key.period_s >= kYearlyPeriod_s;
}
// The date under which a table is kept: `date` itself, or the first of its year.
[[nodiscard]] constexpr Date filing_date(TableKey key, Date date) noexcept {
    return is_yearly(key) ? Date{date.year(), std::chrono::January, std::chrono::day{1}} : date;
}

// Bits of the `flags` columns. The first two are those of the event (hot/event.hpp).
inline constexpr std::uint8_t kRowSuspicious = 1;   // so marked by the vendor
inline constexpr std::uint8_t kRowBuyer = 4;        // the aggressor bought
inline constexpr std::uint8_t kRowSeller = 8;       // the aggressor sold
inline constexpr std::uint8_t kRowSnapshot = 16;    // part of a snapshot, not an update
inline constexpr std::uint8_t kRowEventEnd = 32;    // last row of one complete venue event
inline constexpr std::uint8_t kRowBadTime = 64;     // the vendor doubts the received time
inline constexpr std::uint8_t kRowGapBefore = 128;  // the vendor knows of a gap before this row

}  // namespace sluice::pipeline
