// Stored bars and quotes for `sluice indicator`.
#include <stdexcept>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/core/config/units.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/data_verbs.hpp>

#include "indicator_input.hpp"

namespace sluice::tools {

namespace {

using adapters::tick_store::DayInfo;
using adapters::tick_store::SymbolInfo;
using adapters::tick_store::TableInfo;
using adapters::tick_store::TickStore;
using core::Price;
using core::Quantity;
using pipeline::IndicatorInput;
using pipeline::Observation;
using pipeline::TableKey;
using pipeline::TableKind;

// "1m" for 60; the spelling that --timeframe takes.
std::string timeframe_name(std::int32_t period_s) {
    return core::config::format_duration(period_s * core::config::kNanosPerSecond);
}

// One table of one symbol, a file at a time.
template <class Columns>
class TableRows {
  public:
    TableRows(const StoredRows& wanted, std::string symbol, const SymbolInfo& info, TableKey key)
        : symbol_(std::move(symbol)), key_(key), from_(wanted.from), to_(wanted.to) {
        for (const DayInfo& day : info.days) {
            const TableInfo* table = day.table(key);
            if (table != nullptr && table->rows > 0 && table->first < to_ && table->last >= from_)
                files_.push_back(day.file);
        }
    }
    // Moves to the next row in the range; false at the end.
    [[nodiscard]] bool next() {
        for (;;) {
            if (++at_ < columns_.size()) {
                if (time() >= from_ && time() < to_) return true;
                continue;
            }
            if (file_ == files_.size()) return false;
            columns_ = TickStore::read_file<Columns>(files_[file_++], key_.period_s);
            at_ = ~std::size_t{0};
        }
    }
    [[nodiscard]] core::StreamTime time() const {
        return core::time_from_ns<core::StreamTime>(columns_.time_ns[at_]);
    }
    [[nodiscard]] const Columns& columns() const { return columns_; }
    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] std::string place() const {
        return symbol_ + ", " + table_name(key_) + " at " + iso_time(time());
    }

  private:
    std::string symbol_;
    TableKey key_;
    core::StreamTime from_;
    core::StreamTime to_;
    std::vector<std::filesystem::path> files_;
    std::size_t file_ = 0;
    Columns columns_;
    std::size_t at_ = ~std::size_t{0};
};

double price(std::int64_t raw) { return Price::from_raw(raw).to_double(); }
double quantity(std::int64_t raw) { return Quantity::from_raw(raw).to_double(); }

class BarRows final : public IndicatorRows {
  public:
    explicit BarRows(TableRows<pipeline::BarColumns> rows) : rows_(std::move(rows)) {}

    bool next(std::string& time, Observation& now) override {
        if (!rows_.next()) return false;
        const pipeline::BarColumns& c = rows_.columns();
        const std::size_t i = rows_.at();
        now.candle = {price(c.open_raw[i]), price(c.high_raw[i]), price(c.low_raw[i]),
                      price(c.close_raw[i]), quantity(c.volume_raw[i])};
        now.value = now.candle.close;
        time = iso_time(rows_.time());
        return true;
    }
    [[nodiscard]] std::string place() const override { return rows_.place(); }

  private:
    TableRows<pipeline::BarColumns> rows_;
};

// Closes of two symbols, of the bars that both have.
class PairRows final : public IndicatorRows {
  public:
    PairRows(TableRows<pipeline::BarColumns> value, TableRows<pipeline::BarColumns> reference)
        : value_(std::move(value)), reference_(std::move(reference)) {}

    bool next(std::string& time, Observation& now) override {
        if (!value_.next() || !reference_.next()) return false;
        while (value_.time() != reference_.time())
            if (!(value_.time() < reference_.time() ? value_ : reference_).next()) return false;
        now.value = price(value_.columns().close_raw[value_.at()]);
        now.reference = price(reference_.columns().close_raw[reference_.at()]);
        time = iso_time(value_.time());
        return true;
    }
    [[nodiscard]] std::string place() const override { return value_.place(); }

  private:
    TableRows<pipeline::BarColumns> value_;
    TableRows<pipeline::BarColumns> reference_;
};

// Quotes that have both sides.
class QuoteRows final : public IndicatorRows {
  public:
    explicit QuoteRows(TableRows<pipeline::QuoteColumns> rows) : rows_(std::move(rows)) {}

    bool next(std::string& time, Observation& now) override {
        do {
            if (!rows_.next()) return false;
        } while (rows_.columns().bid_raw[rows_.at()] == 0 ||
                 rows_.columns().ask_raw[rows_.at()] == 0);
        const pipeline::QuoteColumns& c = rows_.columns();
        const std::size_t i = rows_.at();
        now.top = {price(c.bid_raw[i]), quantity(c.bid_size_raw[i]), price(c.ask_raw[i]),
                   quantity(c.ask_size_raw[i])};
        time = iso_time(rows_.time());
        return true;
    }
    [[nodiscard]] std::string place() const override { return rows_.place(); }

  private:
    TableRows<pipeline::QuoteColumns> rows_;
};

std::string held_timeframes(const SymbolInfo& info) {
    std::string out;
    for (const auto& [key, rows] : info.rows)
        if (key.kind == TableKind::kBars)
            out += (out.empty() ? "" : ", ") + timeframe_name(key.period_s);
    return out;
}

// The bars asked for, or the only ones there are.
TableKey bars_of(const SymbolInfo& info, const StoredRows& wanted) {
    const std::string symbol = info.instrument.symbol;
    const std::string held = held_timeframes(info);
    if (held.empty())
        throw std::runtime_error(symbol + " has no bars in " + wanted.store +
                                 "; import some, or give bars as CSV on standard input");
    if (wanted.timeframe.empty()) {
        if (held.find(',') != std::string::npos)
            throw UsageError("--timeframe: " + symbol + " has bars of " + held + "; name one");
        for (const auto& [key, rows] : info.rows)
            if (key.kind == TableKind::kBars) return key;
    }
    const auto duration = core::config::parse_duration(wanted.timeframe);
    if (!duration.ok() || duration.value <= 0 ||
        duration.value % core::config::kNanosPerSecond != 0)
        throw UsageError("--timeframe: '" + wanted.timeframe +
                         "' is no timeframe; write 1m, 5m, 1h or 1d");
    const TableKey key{TableKind::kBars,
                       static_cast<std::int32_t>(duration.value / core::config::kNanosPerSecond)};
    if (info.rows_of(key) == 0)
        throw std::runtime_error(symbol + " has no bars of " + wanted.timeframe + " in " +
                                 wanted.store + "; it has " + held);
    return key;
}

}  // namespace

std::unique_ptr<IndicatorRows> stored_rows(const StoredRows& wanted,
                                           const pipeline::IndicatorSpec& spec) {
    if (wanted.from >= wanted.to)
        throw UsageError("--from must be before --to, which is exclusive");
    const TickStore store = TickStore::open(wanted.store);
    const SymbolInfo info = store.describe(wanted.symbol);
    if (spec.input == IndicatorInput::kBookTop) {
        const TableKey quotes{TableKind::kQuotes};
        if (info.rows_of(quotes) == 0)
            throw std::runtime_error(wanted.symbol + " has no quotes in " + wanted.store +
                                     ", and " + spec.name + " is computed from them");
        return std::make_unique<QuoteRows>(
            TableRows<pipeline::QuoteColumns>(wanted, wanted.symbol, info, quotes));
    }
    TableRows<pipeline::BarColumns> bars(wanted, wanted.symbol, info, bars_of(info, wanted));
    if (spec.input != IndicatorInput::kPair) return std::make_unique<BarRows>(std::move(bars));
    if (wanted.reference.empty())
        throw UsageError(spec.name + " compares two series: name the second with --reference");
    const SymbolInfo other = store.describe(wanted.reference);
    StoredRows same = wanted;
    same.timeframe = timeframe_name(bars_of(info, wanted).period_s);
    return std::make_unique<PairRows>(
        std::move(bars),
        TableRows<pipeline::BarColumns>(wanted, wanted.reference, other, bars_of(other, same)));
}

}  // namespace sluice::tools
