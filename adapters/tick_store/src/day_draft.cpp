// One day: its tables gathered, compared with what is held, written.
#include <algorithm>
#include <system_error>
#include <utility>

#include "writer_state.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxSymbol = 64;

// Same source and same values as the file has.
[[nodiscard]] bool same_table(const DayFile& held, const TableBuilder& table) {
    const TablePlace* place = held.find(table.key());
    if (place == nullptr || place->rows != table.rows()) return false;
    for (std::size_t i = 0; i < table.spec().size(); ++i) {
        if (place->columns[i].present != table.present(i)) return false;
        if (table.present(i) && table.column(i).checksum() != place->columns[i].checksum)
            return false;
    }
    const TableInfo* info = held.info.table(table.key());
    return info == nullptr || info->source.sha256 == table.info().source.sha256;
}

void refuse_other_source(const DayFile& held, const TableBuilder& table) {
    const TableInfo* info = held.info.table(table.key());
    if (info == nullptr) return;
    const pipeline::Provenance& mine = table.info().source;
    const std::string what = "holds " + table_name(table.key());
    if (info->source.sha256 == mine.sha256)
        throw StoreError(StoreFault::kConflict, held.info.file.string(),
                         what + " of the same source '" + info->source.name + "' with other values",
                         "It was imported with other options: use those, or --replace");
    throw StoreError(StoreFault::kConflict, held.info.file.string(),
                     what + " from '" + info->source.name + "' (sha256 " +
                         info->source.sha256.substr(0, 12) + "), not from '" + mine.name +
                         "' (sha256 " + mine.sha256.substr(0, 12) + ")",
                     "Import with --replace to take the new one");
}

void require_same_instrument(const pipeline::Instrument& mine, const DayFile& held) {
    const pipeline::Instrument& theirs = held.info.instrument;
    if (mine == theirs) return;
    const auto differs = [&](const char* what, const std::string& here, const std::string& there) {
        return StoreError(StoreFault::kInstrumentDiffers, held.info.file.string(),
                          std::string(what) + " is " + there + " there and " + here + " here",
                          "Use another symbol or another store");
    };
    if (mine.generated != theirs.generated)
        throw differs("the data", mine.generated ? "generated" : "a market's",
                      theirs.generated ? "generated" : "a market's");
    if (mine.currency != theirs.currency)
        throw differs("the currency", mine.currency, theirs.currency);
    if (mine.time_zone != theirs.time_zone)
        throw differs("the time zone", mine.time_zone, theirs.time_zone);
    if (mine.asset_class != theirs.asset_class)
        throw differs("the asset class", to_string(mine.asset_class),
                      to_string(theirs.asset_class));
    throw differs("the tick size, lot size or multiplier", "another", "one");
}

// The day as it is held; a file that cannot be read is worth nothing and may be replaced.
[[nodiscard]] std::optional<DayFile> open_held(const fs::path& path, OnConflict on_conflict) {
    std::error_code error;
    if (!fs::exists(path, error)) return std::nullopt;
    try {
        return DayFile::open(path);
    } catch (const StoreError&) {
        if (on_conflict == OnConflict::kRefuse) throw;
        return std::nullopt;
    }
}

// Whether the values are those that the file's checksums promise. Asked only where a damaged day
// may be replaced: what its header says of it is then not enough.
[[nodiscard]] bool is_whole(const fs::path& path) {
    try {
        map_day(path)->verify();
        return true;
    } catch (const StoreError&) {
        return false;
    }
}

}  // namespace

fs::path StoreWriter::State::prepare(const pipeline::Instrument& instrument, Date date) {
    const std::string where = instrument.symbol + " " + iso_date(date);
    if (instrument.symbol.empty() || instrument.symbol.size() > kMaxSymbol)
        throw bad_table(where, "the symbol is empty or longer than 64 characters");
    if (!date.ok()) throw bad_table(where, "not a date");
    fs::path out = folder / folder_of(instrument.symbol);
    std::error_code error;
    fs::create_directories(out, error);
    if (error) throw write_failed(out, error.value());
    remove_leftovers(out);
    // Any one of the others will do: they agree with each other.
    for (const FileName& name : day_files(out)) {
        if (name.date == date) continue;
        require_same_instrument(instrument, DayFile::open(name.path));
        break;
    }
    return out;
}

std::string DayDraft::where() const { return instrument_.symbol + " " + iso_date(date_); }

DayInfo DayDraft::info() const {
    DayInfo out;
    out.date = date_;
    out.instrument = instrument_;
    out.generator = generator_;
    out.compression = state_->options.compression;
    return out;
}

TableBuilder& DayDraft::table(TableKey key) {
    for (const auto& table : tables_) {
        if (table->key() == key) return *table;
        if (is_yearly(table->key()) != is_yearly(key))
            throw bad_table(where(), "bars of an hour and more beside tables of a day");
    }
    if (is_yearly(key) && pipeline::filing_date(key, date_) != date_)
        throw bad_table(where(), "bars of an hour and more are kept under the first of January");
    return **tables_.insert(
        std::upper_bound(tables_.begin(), tables_.end(), key,
                         [](TableKey k, const auto& other) { return k < other->key(); }),
        std::make_unique<TableBuilder>(key, state_->spill));
}

void DayDraft::append(const pipeline::TableChunk& chunk) {
    table(chunk.key()).append(chunk, where());
}
void DayDraft::append(const TruthColumns& truth) {
    table(TableKind::kTruth).append(truth, where());
}

pipeline::PutOutcome DayDraft::commit(const pipeline::Provenance& source) {
    if (tables_.empty()) throw bad_table(where(), "no table");
    for (const auto& table : tables_) table->set_source(source);
    const fs::path folder = state_->prepare(instrument_, date_);
    const bool yearly = is_yearly(tables_.front()->key());
    const fs::path path = folder / file_name(date_, yearly);
    std::error_code error;
    if (const fs::path part = folder / file_name(date_, yearly, 1); fs::exists(part, error))
        throw StoreError(StoreFault::kConflict, part.string(),
                         "that day is being recorded, or its recording was cut off",
                         "End the recording first, or remove its parts");
    const OnConflict on_conflict = state_->options.on_conflict;
    const std::optional<DayFile> held = open_held(path, on_conflict);
    if (held) {
        const bool same_instrument = held->info.instrument == instrument_ &&
                                     (on_conflict == OnConflict::kRefuse || is_whole(path));
        std::erase_if(tables_, [&held, same_instrument](const auto& table) {
            return same_instrument && same_table(*held, *table);
        });
        if (tables_.empty()) return pipeline::PutOutcome::kUnchanged;
        if (on_conflict == OnConflict::kRefuse)
            for (const auto& table : tables_) refuse_other_source(*held, *table);
        require_same_instrument(instrument_, *held);
    }
    write_day_file(path, info(), tables_, held ? &*held : nullptr);
    return pipeline::PutOutcome::kWritten;
}

void DayDraft::write_as(const fs::path& path, const pipeline::Provenance& source) {
    for (const auto& table : tables_) table->set_source(source);
    write_day_file(path, info(), tables_, nullptr);
}

}  // namespace sluice::adapters::tick_store
