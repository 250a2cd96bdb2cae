#include <sluice/adapters/tick_store/store_writer.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <openssl/evp.h>

#include "day_file.hpp"
#include "table_views.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockName = ".writer.lock";
constexpr std::size_t kMaxSymbol = 64;

[[nodiscard]] std::string name_of(const pipeline::Instrument& instrument, Date date) {
    return instrument.symbol + " " + iso_date(date);
}

// Same source and same values as the file has.
[[nodiscard]] bool same_table(const DayFile& held, const TableView& table) {
    const TablePlace* place = held.find(*table.spec);
    if (place == nullptr || place->rows != table.rows) return false;
    for (std::size_t i = 0; i < table.spec->columns.size(); ++i)
        if (checksum_of(table.bytes(i)) != place->checksums[i]) return false;
    if (table.spec == &truth_spec()) return true;
    const auto& info = table.spec == &trades_spec() ? held.info.trades : held.info.quotes;
    return info->source.sha256 == table.info.source.sha256;
}

void refuse_other_source(const DayFile& held, const TableView& table) {
    if (table.spec == &truth_spec() || held.find(*table.spec) == nullptr) return;
    const auto& info = table.spec == &trades_spec() ? held.info.trades : held.info.quotes;
    if (info->source.sha256 == table.info.source.sha256)
        throw StoreError(StoreFault::kConflict, held.info.file.string(),
                         std::string("holds ") + table.spec->name + " of the same source '" +
                             info->source.name + "' with other values",
                         "It was imported with other options: use those, or --replace");
    throw StoreError(StoreFault::kConflict, held.info.file.string(),
                     std::string("holds ") + table.spec->name + " from '" + info->source.name +
                         "' (sha256 " + info->source.sha256.substr(0, 12) + "), not from '" +
                         table.info.source.name + "' (sha256 " +
                         table.info.source.sha256.substr(0, 12) + ")",
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
    throw differs("the tick or lot size", "another", "one");
}

// One of the symbol's days other than that of `path`, if any.
[[nodiscard]] std::optional<fs::path> any_other_day(const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path.parent_path(), error)) return std::nullopt;
    for (const fs::path& file : day_files(path.parent_path()))
        if (file != path) return file;
    return std::nullopt;
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

}  // namespace

StoreWriter::StoreWriter(const fs::path& folder, OnConflict on_conflict)
    : folder_(folder), on_conflict_(on_conflict) {
    const auto refused = [&folder](int error) {
        return StoreError(StoreFault::kNotWritable, folder.string(), std::strerror(error),
                          "Choose a folder that may be written to");
    };
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw refused(error.value());
    lock_fd_ = ::open((folder / kLockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock_fd_ < 0) throw refused(errno);
    if (::flock(lock_fd_, LOCK_EX | LOCK_NB) == 0) return;
    const int reason = errno;
    ::close(lock_fd_);
    if (reason != EWOULDBLOCK) throw refused(reason);
    throw StoreError(StoreFault::kBusy, folder.string(), "another process is writing to this store",
                     "Wait for it to end");
}

StoreWriter::~StoreWriter() { ::close(lock_fd_); }

std::string StoreWriter::fingerprint(std::string_view bytes) const {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1)
        throw bad_table(folder_.string(), "SHA-256 is not available");
    constexpr const char* kHex = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out.push_back(kHex[digest[i] >> 4U]);
        out.push_back(kHex[digest[i] & 15U]);
    }
    return out;
}

bool StoreWriter::holds(const pipeline::Instrument& instrument, Date date, TickKind kind,
                        const std::string& sha256) {
    const fs::path path = folder_ / folder_of(instrument.symbol) / (iso_date(date) + ".h5");
    std::error_code error;
    if (!fs::exists(path, error)) return false;
    try {
        const DayFile held = DayFile::open(path);
        const auto& table = held.info.table(kind);
        return table && table->source.sha256 == sha256 && held.info.instrument == instrument;
    } catch (const StoreError&) {
        // put() reads it again and says what is wrong, or replaces it.
        return false;
    }
}

pipeline::PutOutcome StoreWriter::put(const pipeline::Instrument& instrument,
                                      const pipeline::DayTables& day) {
    const std::string where = name_of(instrument, day.date);
    if (instrument.symbol.empty() || instrument.symbol.size() > kMaxSymbol)
        throw bad_table(where, "the symbol is empty or longer than 64 characters");
    if (!day.date.ok()) throw bad_table(where, "not a date");
    if (day.trades == nullptr && day.quotes == nullptr)
        throw bad_table(where, "neither trades nor quotes");

    const TruthColumns truth(day.truth);
    std::vector<TableView> tables = views_of(day, truth, where);
    const fs::path path = folder_ / folder_of(instrument.symbol) / (iso_date(day.date) + ".h5");
    if (const auto other = any_other_day(path))
        require_same_instrument(instrument, DayFile::open(*other));
    const std::optional<DayFile> held = open_held(path, on_conflict_);
    if (held) {
        const bool same_instrument = held->info.instrument == instrument;
        std::erase_if(tables, [&held, same_instrument](const TableView& table) {
            return same_instrument && same_table(*held, table);
        });
        if (tables.empty()) return pipeline::PutOutcome::kUnchanged;
        if (on_conflict_ == OnConflict::kRefuse)
            for (const TableView& table : tables) refuse_other_source(*held, table);
        require_same_instrument(instrument, *held);
    }
    DayInfo info;
    info.date = day.date;
    info.instrument = instrument;
    info.generator = day.generator;
    replace_day(path, info, tables, held ? &*held : nullptr);
    return pipeline::PutOutcome::kWritten;
}

}  // namespace sluice::adapters::tick_store
