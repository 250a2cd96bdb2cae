#include <sluice/adapters/tick_store/tick_store.hpp>

#include <algorithm>
#include <system_error>

#include "day_file.hpp"
#include "nearest.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

template <class Value>
[[nodiscard]] std::vector<Value> copy(const MappedDay& day, const TablePlace& table,
                                      std::size_t column) {
    const Value* values = day.column<Value>(table, column);
    return {values, values + table.rows};
}

// The day, mapped and verified, when it holds the table; `nullptr` table otherwise.
struct OpenTable {
    std::unique_ptr<MappedDay> day;
    const TablePlace* table;
};
[[nodiscard]] OpenTable open_verified(const fs::path& path, const TableSpec& spec) {
    OpenTable out{map_day(path), nullptr};
    out.day->verify();
    out.table = out.day->file().find(spec);
    return out;
}

[[nodiscard]] StoreError unknown_day(const fs::path& path, const char* kind) {
    return {StoreFault::kUnknownDay, path.string(), std::string("holds no ") + kind,
            "See 'sluice data' for what is held"};
}

void add_day(SymbolInfo& symbol, DayInfo day) {
    for (const auto* table : {&day.trades, &day.quotes}) {
        if (!*table || (*table)->rows == 0) continue;
        const bool none_yet = symbol.trade_rows + symbol.quote_rows == 0;
        symbol.first = none_yet ? (*table)->first : std::min(symbol.first, (*table)->first);
        symbol.last = none_yet ? (*table)->last : std::max(symbol.last, (*table)->last);
        (table == &day.trades ? symbol.trade_rows : symbol.quote_rows) += (*table)->rows;
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

SymbolInfo TickStore::describe(std::string_view symbol) const {
    const fs::path folder = folder_ / folder_of(symbol);
    std::error_code error;
    SymbolInfo out;
    if (!symbol.empty() && fs::is_directory(folder, error))
        for (const fs::path& file : day_files(folder)) add_day(out, DayFile::open(file).info);
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
                     "'sluice data' lists all " + std::to_string(held.size()) + " of them");
}

fs::path TickStore::day_path(std::string_view symbol, Date date, const char* kind) const {
    fs::path path = folder_ / folder_of(symbol) / (iso_date(date) + ".h5");
    std::error_code error;
    if (!fs::exists(path, error)) throw unknown_day(path, kind);
    return path;
}

pipeline::TradeColumns TickStore::read_trades(std::string_view symbol, Date date) const {
    const fs::path path = day_path(symbol, date, "trades");
    const auto [day, table] = open_verified(path, trades_spec());
    if (table == nullptr) throw unknown_day(path, "trades");
    return {copy<std::int64_t>(*day, *table, 0), copy<std::int64_t>(*day, *table, 1),
            copy<std::int64_t>(*day, *table, 2), copy<std::uint32_t>(*day, *table, 3),
            copy<std::uint8_t>(*day, *table, 4), copy<std::uint8_t>(*day, *table, 5)};
}

pipeline::QuoteColumns TickStore::read_quotes(std::string_view symbol, Date date) const {
    const fs::path path = day_path(symbol, date, "quotes");
    const auto [day, table] = open_verified(path, quotes_spec());
    if (table == nullptr) throw unknown_day(path, "quotes");
    return {copy<std::int64_t>(*day, *table, 0), copy<std::int64_t>(*day, *table, 1),
            copy<std::int64_t>(*day, *table, 2), copy<std::int64_t>(*day, *table, 3),
            copy<std::int64_t>(*day, *table, 4), copy<std::uint32_t>(*day, *table, 5),
            copy<std::uint8_t>(*day, *table, 6), copy<std::uint8_t>(*day, *table, 7)};
}

std::vector<pipeline::TruthStretch> TickStore::read_truth(std::string_view symbol,
                                                          Date date) const {
    const fs::path path = day_path(symbol, date, "truth");
    const auto [day, table] = open_verified(path, truth_spec());
    std::vector<pipeline::TruthStretch> out;
    if (table == nullptr) return out;
    for (std::size_t i = 0; i < table->rows; ++i) {
        const std::uint8_t regime = day->column<std::uint8_t>(*table, 2)[i];
        if (regime >= pipeline::kRegimeCount)
            throw StoreError(StoreFault::kDamaged, path.string(), "a regime that does not exist",
                             "Generate that day again");
        const auto time = [&, d = day.get(), t = table](std::size_t column) {
            return core::time_from_ns<StreamTime>(d->column<std::int64_t>(*t, column)[i]);
        };
        out.push_back({time(0), time(1), static_cast<pipeline::Regime>(regime)});
    }
    return out;
}

std::uint64_t TickStore::verify(const fs::path& file) { return map_day(file)->verify(); }

}  // namespace sluice::adapters::tick_store
