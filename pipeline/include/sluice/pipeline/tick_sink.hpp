// The port through which recorded market data enters a store: tables by instrument, day and kind,
// whole or bit by bit. Importers and the generator call it, a tick store implements it. One thread,
// off the hot path; everything here may allocate and throw.
//
// A day is the exchange's own: the date in the instrument's time zone. Bars of an hour and more are
// kept by year, under the first of January.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/tables.hpp>

namespace sluice::pipeline {

// What a generated market did, known because it was made so.
enum class TrueRegime : std::uint8_t { kTrendUp, kTrendDown, kRanging, kVolatile };
inline constexpr std::size_t kTrueRegimeCount = 4;
[[nodiscard]] constexpr const char* to_string(TrueRegime regime) noexcept {
    switch (regime) {
        case TrueRegime::kTrendUp: return "trend-up";
        case TrueRegime::kTrendDown: return "trend-down";
        case TrueRegime::kRanging: return "ranging";
        case TrueRegime::kVolatile: return "volatile";
    }
    return "unknown";
}
struct TruthStretch {
    core::StreamTime start;  // inclusive
    core::StreamTime end;    // exclusive
    TrueRegime regime;
    friend bool operator==(const TruthStretch&, const TruthStretch&) = default;
};

// Where a day's tables come from.
struct Provenance {
    std::string name;        // file name, or the generator's name
    std::string sha256;      // TickSink::fingerprint() of its bytes
    std::uint64_t rows = 0;  // in the source, rejected ones included
    friend bool operator==(const Provenance&, const Provenance&) = default;
};

// Some rows of one table, borrowed from the caller.
//     writer->append({trades});    writer->append({bars, 60});
class TableChunk {
  public:
    using Columns = std::variant<const TradeColumns*, const QuoteColumns*, const LevelColumns*,
                                 const OrderColumns*, const BarColumns*, const QuoteBarColumns*,
                                 const OpenInterestColumns*>;

    template <class OneKind>
    TableChunk(const OneKind& columns, std::int32_t period_s = 0)
        : key_{OneKind::kKind, period_s}, columns_(&columns) {}

    [[nodiscard]] TableKey key() const noexcept { return key_; }
    [[nodiscard]] const Columns& columns() const noexcept { return columns_; }
    // A variant of pointers is never without a value, so nothing is thrown.
    // NOLINTNEXTLINE(bugprone-exception-escape)
    [[nodiscard]] std::size_t size() const noexcept {
        return std::visit([](const auto* c) { return c->size(); }, columns_);
    }

  private:
    TableKey key_;
    Columns columns_;
};

// One day of one instrument, whole; kinds that are not given are left as the store holds them.
struct DayTables {
    Date date;
    std::vector<TableChunk> tables;
    std::span<const TruthStretch> truth;  // of generated data only
    std::string generator;                // of generated data only: the seed and its parameters
    Provenance source;
};

enum class PutOutcome : std::uint8_t { kWritten, kUnchanged };

// One day that is filled bit by bit, in bounded memory. Destroyed without commit(), it leaves the
// store as it was.
class DayWriter {
  public:
    DayWriter() = default;
    DayWriter(const DayWriter&) = delete;
    DayWriter& operator=(const DayWriter&) = delete;
    virtual ~DayWriter() = default;

    // Adds rows to the end of their table; the chunk may be reused at once.
    virtual void append(const TableChunk& chunk) = 0;
    // Stores the day in one atomic step. Once only.
    virtual PutOutcome commit(const Provenance& source) = 0;
};

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
    [[nodiscard]] virtual bool holds(const Instrument& instrument, Date date, TableKey key,
                                     const std::string& sha256) = 0;

    // Stores a day's tables in one atomic step; throws the sink's own typed error.
    virtual PutOutcome put(const Instrument& instrument, const DayTables& day) = 0;

    // Any number of days may be open at a time.
    [[nodiscard]] virtual std::unique_ptr<DayWriter> open_day(const Instrument& instrument,
                                                              Date date) = 0;
};

}  // namespace sluice::pipeline
