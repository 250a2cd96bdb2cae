// The tick store, read side: what a folder of day files holds, and whole tables of it.
//
//   <store>/<SYMBOL>/<YYYY-MM-DD>.h5     one file per instrument and exchange-local day
//
// The file format is described in docs/formats/tick-store.md. Files are replaced atomically and
// never changed in place, so any number of readers may work while one writer imports: a reader
// keeps the day it has opened.
//
// Any thread; calls into HDF5 are serialised within the process. Opening a store reads no file;
// catalogue() and days() open each file they list (about 0.4 ms each). Errors: StoreError.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/tick_store/store_error.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::tick_store {

using core::StreamTime;
using pipeline::Date;
using pipeline::TickKind;

struct TableInfo {
    std::uint64_t rows = 0;
    StreamTime first{};              // least time; meaningless without rows
    StreamTime last{};               // greatest time
    std::uint64_t out_of_order = 0;  // rows whose time is before that of the row above
    pipeline::Provenance source;
};

struct DayInfo {
    std::filesystem::path file;
    Date date{};
    pipeline::Instrument instrument;
    std::string generator;  // seed and parameters of generated data, else empty
    std::optional<TableInfo> trades;
    std::optional<TableInfo> quotes;
    bool has_truth = false;

    [[nodiscard]] const std::optional<TableInfo>& table(TickKind kind) const noexcept {
        return kind == TickKind::kTrades ? trades : quotes;
    }
};

// All days of one instrument, oldest first.
struct SymbolInfo {
    pipeline::Instrument instrument;
    std::vector<DayInfo> days;
    std::uint64_t trade_rows = 0;
    std::uint64_t quote_rows = 0;
    StreamTime first{};
    StreamTime last{};
};

class TickStore {
  public:
    // kMissingStore when the folder is not there.
    [[nodiscard]] static TickStore open(const std::filesystem::path& folder);

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    // Symbols in alphabetical order, from the folder names alone.
    [[nodiscard]] std::vector<std::string> symbols() const;
    // Every symbol with at least one day. A damaged file throws.
    [[nodiscard]] std::vector<SymbolInfo> catalogue() const;
    // kUnknownSymbol names the nearest symbol and its dates.
    [[nodiscard]] SymbolInfo describe(std::string_view symbol) const;

    // Whole tables, checksums verified. kUnknownDay when that day or kind is not held.
    [[nodiscard]] pipeline::TradeColumns read_trades(std::string_view symbol, Date date) const;
    [[nodiscard]] pipeline::QuoteColumns read_quotes(std::string_view symbol, Date date) const;
    // The regimes of a generated day in time order; empty for market data.
    [[nodiscard]] std::vector<pipeline::TruthStretch> read_truth(std::string_view symbol,
                                                                 Date date) const;

    // Reads every column of one file and compares its checksum. Returns the bytes read.
    static std::uint64_t verify(const std::filesystem::path& file);

  private:
    explicit TickStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
    [[nodiscard]] std::filesystem::path day_path(std::string_view symbol, Date date,
                                                 const char* kind) const;

    std::filesystem::path folder_;
};

}  // namespace sluice::adapters::tick_store
