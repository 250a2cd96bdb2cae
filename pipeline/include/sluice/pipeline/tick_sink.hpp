// The port through which recorded ticks enter a store: whole tables, one per instrument, day and
// kind. Importers and the generator call it, a tick store implements it. One thread, off the hot
// path; everything here may allocate and throw.
//
// A day is the exchange's own: the date in the instrument's time zone. Values are raw counts:
// times in ns since the epoch (UTC), prices in 1e-9 and quantities in 1e-8 (docs/formats).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/instrument.hpp>

namespace sluice::pipeline {

using Date = std::chrono::year_month_day;
// "2013-10-07" and back; nothing for a text that is no date.
[[nodiscard]] std::string iso_date(Date date);
[[nodiscard]] std::optional<Date> parse_iso_date(std::string_view text) noexcept;

enum class TickKind : std::uint8_t { kTrades, kQuotes };
[[nodiscard]] constexpr const char* to_string(TickKind kind) noexcept {
    return kind == TickKind::kTrades ? "trades" : "quotes";
}

struct TradeRow {
    std::int64_t time_ns;
    std::int64_t price_raw;     // > 0
    std::int64_t quantity_raw;  // > 0
    std::uint32_t conditions;   // the vendor's bits, unchanged
    std::uint8_t exchange;      // the vendor's letter, 0 when absent
    std::uint8_t flags;         // kFlagSuspicious
};

// Row order is arrival order. All columns have the same length.
struct TradeColumns {
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> price_raw;
    std::vector<std::int64_t> quantity_raw;
    std::vector<std::uint32_t> conditions;
    std::vector<std::uint8_t> exchange;
    std::vector<std::uint8_t> flags;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    void reserve(std::size_t rows) {
        for (auto* column : {&time_ns, &price_raw, &quantity_raw}) column->reserve(rows);
        conditions.reserve(rows);
        exchange.reserve(rows);
        flags.reserve(rows);
    }
    void append(const TradeRow& row) {
        time_ns.push_back(row.time_ns);
        price_raw.push_back(row.price_raw);
        quantity_raw.push_back(row.quantity_raw);
        conditions.push_back(row.conditions);
        exchange.push_back(row.exchange);
        flags.push_back(row.flags);
    }
    friend bool operator==(const TradeColumns&, const TradeColumns&) = default;
};

// A side that the row does not speak of has price 0 and size 0.
struct QuoteRow {
    std::int64_t time_ns;
    std::int64_t bid_raw;       // >= 0
    std::int64_t ask_raw;       // >= 0
    std::int64_t bid_size_raw;  // >= 0
    std::int64_t ask_size_raw;  // >= 0
    std::uint32_t conditions;
    std::uint8_t exchange;
    std::uint8_t flags;
};

struct QuoteColumns {
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> bid_raw;
    std::vector<std::int64_t> ask_raw;
    std::vector<std::int64_t> bid_size_raw;
    std::vector<std::int64_t> ask_size_raw;
    std::vector<std::uint32_t> conditions;
    std::vector<std::uint8_t> exchange;
    std::vector<std::uint8_t> flags;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    void reserve(std::size_t rows) {
        for (auto* column : {&time_ns, &bid_raw, &ask_raw, &bid_size_raw, &ask_size_raw})
            column->reserve(rows);
        conditions.reserve(rows);
        exchange.reserve(rows);
        flags.reserve(rows);
    }
    void append(const QuoteRow& row) {
        time_ns.push_back(row.time_ns);
        bid_raw.push_back(row.bid_raw);
        ask_raw.push_back(row.ask_raw);
        bid_size_raw.push_back(row.bid_size_raw);
        ask_size_raw.push_back(row.ask_size_raw);
        conditions.push_back(row.conditions);
        exchange.push_back(row.exchange);
        flags.push_back(row.flags);
    }
    friend bool operator==(const QuoteColumns&, const QuoteColumns&) = default;
};

// What a generated market did, known because it was made so.
enum class Regime : std::uint8_t { kTrendUp, kTrendDown, kRanging, kVolatile };
inline constexpr std::size_t kRegimeCount = 4;
[[nodiscard]] constexpr const char* to_string(Regime regime) noexcept {
    switch (regime) {
        case Regime::kTrendUp: return "trend-up";
        case Regime::kTrendDown: return "trend-down";
        case Regime::kRanging: return "ranging";
        case Regime::kVolatile: return "volatile";
    }
    return "unknown";
}
struct TruthStretch {
    core::StreamTime start;  // inclusive
    core::StreamTime end;    // exclusive
    Regime regime;
    friend bool operator==(const TruthStretch&, const TruthStretch&) = default;
};

// Where a day's tables come from.
struct Provenance {
    std::string name;        // file name, or the generator's name
    std::string sha256;      // TickSink::fingerprint() of its bytes
    std::uint64_t rows = 0;  // in the source, rejected ones included
    friend bool operator==(const Provenance&, const Provenance&) = default;
};

// One day of one instrument; a null kind is left as the store holds it.
struct DayTables {
    Date date;
    const TradeColumns* trades = nullptr;
    const QuoteColumns* quotes = nullptr;
    std::span<const TruthStretch> truth;  // of generated data only
    std::string generator;                // of generated data only: the seed and its parameters
    Provenance source;
};

enum class PutOutcome : std::uint8_t { kWritten, kUnchanged };

class TickSink {
  public:
    TickSink() = default;
    TickSink(const TickSink&) = delete;
    TickSink& operator=(const TickSink&) = delete;
    virtual ~TickSink() = default;

    // SHA-256 in lower-case hexadecimal: how this sink tells one source from another.
    [[nodiscard]] virtual std::string fingerprint(std::string_view bytes) const = 0;

    // True when this table is already held and came from the source with that fingerprint, so
    // that it need not be decoded again.
    [[nodiscard]] virtual bool holds(const Instrument& instrument, Date date, TickKind kind,
                                     const std::string& sha256) = 0;

    // Stores a day's tables in one atomic step; throws the sink's own typed error.
    virtual PutOutcome put(const Instrument& instrument, const DayTables& day) = 0;
};

}  // namespace sluice::pipeline
