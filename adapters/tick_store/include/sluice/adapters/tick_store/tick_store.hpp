// The tick store, read side: what a folder of day files holds, and whole tables of it.
//
//   <store>/<SYMBOL>/<YYYY-MM-DD>.h5         one file per instrument and exchange-local day
//   <store>/<SYMBOL>/<YYYY>.h5               bars of an hour and more, by year
//   <store>/<SYMBOL>/<YYYY-MM-DD>.0001.h5    parts of a day that is being recorded
//
// The file format is described in docs/formats/tick-store.md. Files are replaced atomically and
// never changed in place, so any number of readers may work while one writer imports or records: a
// reader keeps what it has opened.
//
// Any thread; calls into HDF5 are serialised within the process. Opening a store reads no file;
// catalogue() and describe() open each file they list (about 0.4 ms each). Errors: StoreError.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/tick_store/store_error.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/tables.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::tick_store {

using core::StreamTime;
using pipeline::Date;
using pipeline::TableKey;
using pipeline::TableKind;

enum class Compression : std::uint8_t {
    kNone,    // read at the speed of memory
    kPacked,  // a fifth of the size; see docs/formats/tick-store.md
};

struct TableInfo {
    TableKey key;
    std::uint64_t rows = 0;
    StreamTime first{};              // least time; meaningless without rows
    StreamTime last{};               // greatest time
    std::uint64_t out_of_order = 0;  // rows whose time is before that of the row above
    pipeline::Provenance source;
};

// One file of the store.
struct DayInfo {
    std::filesystem::path file;
    Date date{};        // the first of January for a file of a year
    unsigned part = 0;  // from 1: a part of a day that is being recorded
    pipeline::Instrument instrument;
    Compression compression = Compression::kNone;
    std::string generator;          // seed and parameters of generated data, else empty
    std::vector<TableInfo> tables;  // by key; the truth is not among them
    bool has_truth = false;

    // Null when the file has no such table.
    [[nodiscard]] const TableInfo* table(TableKey key) const noexcept {
        for (const TableInfo& info : tables)
            if (info.key == key) return &info;
        return nullptr;
    }
};

// All files of one instrument, oldest first.
struct SymbolInfo {
    pipeline::Instrument instrument;
    std::vector<DayInfo> days;
    std::map<TableKey, std::uint64_t> rows;
    StreamTime first{};
    StreamTime last{};

    [[nodiscard]] std::uint64_t rows_of(TableKey key) const {
        const auto found = rows.find(key);
        return found == rows.end() ? 0 : found->second;
    }
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

    // The files of one symbol, oldest first, none for one that is not held; and what one of them says of itself.
    [[nodiscard]] std::vector<std::filesystem::path> files(std::string_view symbol) const;
    [[nodiscard]] static DayInfo describe_file(const std::filesystem::path& file);

    // A whole table, checksums verified; of a day in parts, all parts in order. kUnknownDay when
    // that day or table is not held. Columns: those of pipeline/tables.hpp; `period_s` of bars.
    template <class Columns>
    [[nodiscard]] Columns read(std::string_view symbol, Date date, std::int32_t period_s = 0) const;
    // The same of one file; kUnknownDay when it has no such table.
    template <class Columns>
    [[nodiscard]] static Columns read_file(const std::filesystem::path& file,
                                           std::int32_t period_s = 0);
    // The regimes of a generated day in time order; empty for market data.
    [[nodiscard]] std::vector<pipeline::TruthStretch> read_truth(std::string_view symbol,
                                                                 Date date) const;

    // Reads every column of one file and compares its checksum. Returns the bytes of the columns.
    static std::uint64_t verify(const std::filesystem::path& file);

  private:
    explicit TickStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    std::filesystem::path folder_;
};

}  // namespace sluice::adapters::tick_store
