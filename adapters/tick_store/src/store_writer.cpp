#include <sluice/adapters/tick_store/store_writer.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <openssl/evp.h>

#include "writer_state.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockName = ".writer.lock";

class Day final : public pipeline::DayWriter {
  public:
    explicit Day(DayDraft draft) : draft_(std::move(draft)) {}
    void append(const pipeline::TableChunk& chunk) override { draft_.append(chunk); }
    pipeline::PutOutcome commit(const pipeline::Provenance& source) override {
        return draft_.commit(source);
    }

  private:
    DayDraft draft_;
};

}  // namespace

StoreWriter::State::State(const fs::path& store, WriterOptions writer_options)
    : folder(store), options(writer_options), spill(std::make_shared<SpillFile>(store)) {
    const auto refused = [&store](int error) {
        return StoreError(StoreFault::kNotWritable, store.string(), std::strerror(error),
                          "Choose a folder that may be written to");
    };
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw refused(error.value());
    lock_fd = ::open((folder / kLockName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock_fd < 0) throw refused(errno);
    if (::flock(lock_fd, LOCK_EX | LOCK_NB) == 0) return;
    const int reason = errno;
    ::close(lock_fd);
    if (reason != EWOULDBLOCK) throw refused(reason);
    throw StoreError(StoreFault::kBusy, folder.string(), "another process is writing to this store",
                     "Wait for it to end");
}

StoreWriter::State::~State() { ::close(lock_fd); }

StoreWriter::StoreWriter(const fs::path& folder, WriterOptions options)
    : state_(std::make_shared<State>(folder, options)) {}

StoreWriter::~StoreWriter() = default;

std::string StoreWriter::fingerprint(std::string_view bytes) const {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1)
        throw bad_table(state_->folder.string(), "SHA-256 is not available");
    constexpr const char* kHex = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out.push_back(kHex[digest[i] >> 4U]);
        out.push_back(kHex[digest[i] & 15U]);
    }
    return out;
}

bool StoreWriter::holds(const pipeline::Instrument& instrument, Date date, TableKey key,
                        const std::string& sha256) {
    const fs::path path = state_->folder / folder_of(instrument.symbol) /
                          file_name(pipeline::filing_date(key, date), is_yearly(key));
    std::error_code error;
    if (!fs::exists(path, error)) return false;
    try {
        const DayFile held = DayFile::open(path);
        if (state_->options.on_conflict == OnConflict::kReplace) map_day(path)->verify();
        const TableInfo* table = held.info.table(key);
        return table != nullptr && table->source.sha256 == sha256 &&
               held.info.instrument == instrument;
    } catch (const StoreError&) {
        // put() reads it again and says what is wrong, or replaces it.
        return false;
    }
}

pipeline::PutOutcome StoreWriter::put(const pipeline::Instrument& instrument,
                                      const pipeline::DayTables& day) {
    DayDraft draft(state_, instrument, day.date);
    draft.set_generator(day.generator);
    for (const pipeline::TableChunk& table : day.tables) draft.append(table);
    if (!day.truth.empty()) draft.append(TruthColumns(day.truth));
    return draft.commit(day.source);
}

std::unique_ptr<pipeline::DayWriter> StoreWriter::open_day(const pipeline::Instrument& instrument,
                                                           Date date) {
    return std::make_unique<Day>(DayDraft(state_, instrument, date));
}

std::unique_ptr<LiveDay> StoreWriter::open_live_day(const pipeline::Instrument& instrument,
                                                    Date date) {
    return make_live_day(state_, instrument, date);
}

}  // namespace sluice::adapters::tick_store
