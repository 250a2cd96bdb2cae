// What a CSV file's columns mean: given in code, or read from a TOML file.
//
//   kind = "bars"                  # trades, quotes, bars, quote_bars, open_interest
//   period = "1m"                  # of bars
//   delimiter = ","                # one character, or "tab"
//   header = true
//   time_format = "iso"            # or ns, us, ms, s (since the epoch), or like "%Y%m%d %H:%M:%S"
//   time_zone = "UTC"              # of times that carry no offset themselves
//   time_marks = "end"             # of bars: which end of the period the time is
//   [columns]                      # a name of the header, or "#2" for the second column
//   time = "timestamp_utc"
//   [constants]                    # the same for every row
//   volume = "0"
//
// A column that is not mapped is looked for under its own name. Start-up code, one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::adapters::csv {

enum class TimeFormat : std::uint8_t {
    kNanoseconds,  // since the epoch, UTC; so are the next three, which may have decimals
    kMicroseconds,
    kMilliseconds,
    kSeconds,
    kIso8601,  // 2013-10-07T13:30:00.123456789Z; a space for the T, an offset like -04:00 for
               // the Z, and up to nine decimals are accepted; without either it is local
    kPattern,  // %Y %y %m %d %b %H %I %p %M %S %f (up to nine decimals) %z %%, other text as it is
};
enum class TimeMarks : std::uint8_t { kStart, kEnd };

enum class CsvField : std::uint8_t {
    kTime,
    kPrice,
    kQuantity,
    kSide,      // of the aggressor: b, buy, bid, s, sell, ask in any case, or empty
    kExchange,  // its first letter is kept
    kBid,
    kAsk,
    kBidSize,
    kAskSize,
    kOpen,
    kHigh,
    kLow,
    kClose,
    kVolume,
    kBidOpen,
    kBidHigh,
    kBidLow,
    kBidClose,
    kAskOpen,
    kAskHigh,
    kAskLow,
    kAskClose,
    kOpenInterest,
};
inline constexpr std::size_t kCsvFieldCount = 23;
[[nodiscard]] const char* to_string(CsvField field) noexcept;

struct FieldUse {
    CsvField field;
    bool required;
};
// The columns of a kind, the time first; empty for a kind that is not read from CSV.
[[nodiscard]] std::span<const FieldUse> fields_of(pipeline::TableKind kind) noexcept;

struct CsvMapping {
    pipeline::TableKey key;
    char delimiter = ',';
    bool header = true;
    TimeFormat time_format = TimeFormat::kIso8601;
    std::string time_pattern;  // kPattern only
    std::string time_zone = "UTC";
    TimeMarks time_marks = TimeMarks::kStart;
    std::array<std::string, kCsvFieldCount> columns;    // empty: the field's own name
    std::array<std::string, kCsvFieldCount> constants;  // empty: none

    [[nodiscard]] std::string& column(CsvField field) noexcept {
        return columns[static_cast<std::size_t>(field)];
    }
    [[nodiscard]] const std::string& column(CsvField field) const noexcept {
        return columns[static_cast<std::size_t>(field)];
    }
    [[nodiscard]] const std::string& constant(CsvField field) const noexcept {
        return constants[static_cast<std::size_t>(field)];
    }
    friend bool operator==(const CsvMapping&, const CsvMapping&) = default;
};

// Both throw core::config::ConfigError with every fault found, each with its line and its remedy.
[[nodiscard]] CsvMapping load_mapping(const std::filesystem::path& file);
[[nodiscard]] CsvMapping parse_mapping(std::string_view toml, std::string_view name);
// A mapping file with every key, its meaning and its default.
[[nodiscard]] std::string documented_mapping();

}  // namespace sluice::adapters::csv
