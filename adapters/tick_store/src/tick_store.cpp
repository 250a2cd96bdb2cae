#include <sluice/adapters/tick_store/tick_store.hpp>

#include <algorithm>
#include <system_error>

#include "day_file.hpp"
#include "nearest.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

[[nodiscard]] StoreError unknown_day(const fs::path& folder, Date date, const std::string& table) {
    return {StoreFault::kUnknownDay, (folder / iso_date(date)).string(), "holds no " + table,
            "See 'sluice data ls' for what is held"};
}

// The files that hold `key` of that date: one, or the parts of a day that is being recorded.
[[nodiscard]] std::vector<fs::path> files_of(const fs::path& folder, Date date, TableKey key) {
    std::vector<fs::path> out;
    std::error_code error;
    if (!fs::is_directory(folder, error)) return out;
    for (FileName& name : day_files(folder))
        if (name.date == pipeline::filing_date(key, date) && name.yearly == is_yearly(key))
            out.push_back(std::move(name.path));
    return out;
}

// Adds the rows of one file's table to `columns`, checksums verified; false when it has none.
template <class Columns>
bool add_file(const fs::path& path, TableKey key, Columns& columns) {
    const auto day = map_day(path);
    day->verify();
    const TablePlace* table = day->file().find(key);
    if (table == nullptr) return false;
    std::size_t i = 0;
    Columns::each(columns, [&](const char*, auto& column, bool) {
        const std::size_t index = i++;
        if (!table->columns[index].present) return;
        const std::size_t before = column.size();
        column.resize(before + table->rows);
        day->copy(*table, index, std::as_writable_bytes(std::span(column).subspan(before)));
    });
    return true;
}

template <class Columns>
[[nodiscard]] bool read_day(const fs::path& folder, Date date, TableKey key, Columns& columns) {
    bool any = false;
    for (const fs::path& path : files_of(folder, date, key)) any |= add_file(path, key, columns);
    return any;
}

void add_day(SymbolInfo& symbol, DayInfo day) {
    for (const TableInfo& table : day.tables) {
        if (table.rows == 0) continue;
        const bool none_yet = symbol.rows.empty();
        symbol.first = none_yet ? table.first : std::min(symbol.first, table.first);
        symbol.last = none_yet ? table.last : std::max(symbol.last, table.last);
        symbol.rows[table.key] += table.rows;
    }
    symbol.instrument = day.instrument;
    symbol.days.push_back(std::move(day));
}

}  // namespace

TickStore TickStore::open(const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
        throw StoreError(StoreFault::kMissingStore, folder.string(), "no such store",
                         "Make one with 'sluice generate' or 'sluice import'");
    return TickStore(folder);
}

std::vector<std::string> TickStore::symbols() const {
    std::vector<std::string> out;
    std::error_code error;
    for (fs::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error))
        if (it->is_directory(error) && !day_files(it->path()).empty())
            out.push_back(symbol_of(it->path().filename().string()));
    if (error)
        throw StoreError(StoreFault::kUnreadable, folder_.string(), error.message(),
                         "Check the path and its permissions");
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<SymbolInfo> TickStore::catalogue() const {
    std::vector<SymbolInfo> out;
    for (const std::string& symbol : symbols()) out.push_back(describe(symbol));
    return out;
}

std::vector<fs::path> TickStore::files(std::string_view symbol) const {
    std::vector<fs::path> out;
    const fs::path folder = folder_ / folder_of(symbol);
    std::error_code error;
    if (symbol.empty() || !fs::is_directory(folder, error)) return out;
    for (FileName& name : day_files(folder)) out.push_back(std::move(name.path));
    return out;
}

DayInfo TickStore::describe_file(const fs::path& file) { return DayFile::open(file).info; }

SymbolInfo TickStore::describe(std::string_view symbol) const {
    const fs::path folder = folder_ / folder_of(symbol);
    std::error_code error;
    SymbolInfo out;
    if (!symbol.empty() && fs::is_directory(folder, error))
        for (const FileName& name : day_files(folder)) {
            DayInfo day = DayFile::open(name.path).info;
            day.part = name.part;
            add_day(out, std::move(day));
        }
    if (!out.days.empty()) return out;

    const std::string what = "no symbol '" + std::string(symbol) + "'";
    const std::vector<std::string> held = symbols();
    if (held.empty())
        throw StoreError(StoreFault::kUnknownSymbol, folder_.string(),
                         what + "; the store is empty",
                         "Fill it with 'sluice generate' or 'sluice import'");
    const SymbolInfo near = describe(nearest(symbol, held));
    throw StoreError(StoreFault::kUnknownSymbol, folder_.string(),
                     what + "; the nearest held is '" + near.instrument.symbol + "', " +
                         iso_date(near.days.front().date) + " to " +
                         iso_date(near.days.back().date),
                     "'sluice data ls' lists all " + std::to_string(held.size()) + " of them");
}

template <class Columns>
Columns TickStore::read(std::string_view symbol, Date date, std::int32_t period_s) const {
    const TableKey key{Columns::kKind, period_s};
    const fs::path folder = folder_ / folder_of(symbol);
    Columns out;
    if (!read_day(folder, date, key, out)) throw unknown_day(folder, date, table_name(key));
    return out;
}
template <class Columns>
Columns TickStore::read_file(const fs::path& file, std::int32_t period_s) {
    const TableKey key{Columns::kKind, period_s};
    Columns out;
    if (!add_file(file, key, out))
        throw StoreError(StoreFault::kUnknownDay, file.string(), "holds no " + table_name(key),
                         "See 'sluice data info' for what is held");
    return out;
}

#define SLUICE_INSTANTIATE(Columns)                                                         \
    template pipeline::Columns TickStore::read(std::string_view, Date, std::int32_t) const; \
    template pipeline::Columns TickStore::read_file(const fs::path&, std::int32_t)
SLUICE_INSTANTIATE(TradeColumns);
SLUICE_INSTANTIATE(QuoteColumns);
SLUICE_INSTANTIATE(LevelColumns);
SLUICE_INSTANTIATE(OrderColumns);
SLUICE_INSTANTIATE(BarColumns);
SLUICE_INSTANTIATE(QuoteBarColumns);
SLUICE_INSTANTIATE(OpenInterestColumns);
#undef SLUICE_INSTANTIATE

std::vector<pipeline::TruthStretch> TickStore::read_truth(std::string_view symbol,
                                                          Date date) const {
    const fs::path folder = folder_ / folder_of(symbol);
    if (files_of(folder, date, TableKind::kTruth).empty()) throw unknown_day(folder, date, "day");
    TruthColumns truth;
    std::vector<pipeline::TruthStretch> out;
    if (!read_day(folder, date, TableKind::kTruth, truth)) return out;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        if (truth.regime[i] >= pipeline::kTrueRegimeCount)
            throw StoreError(StoreFault::kDamaged, (folder / iso_date(date)).string(),
                             "a regime that does not exist", "Generate that day again");
        out.push_back({core::time_from_ns<StreamTime>(truth.start[i]),
                       core::time_from_ns<StreamTime>(truth.end[i]),
                       static_cast<pipeline::TrueRegime>(truth.regime[i])});
    }
    return out;
}

std::uint64_t TickStore::verify(const fs::path& file) { return map_day(file)->verify(); }

}  // namespace sluice::adapters::tick_store
