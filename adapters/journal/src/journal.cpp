#include <sluice/adapters/journal/journal.hpp>

#include <bit>
#include <random>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <unistd.h>

#include <sluice/adapters/journal/journal_error.hpp>
#include <sluice/core/thread.hpp>

#include "files.hpp"
#include "journal_scan.hpp"
#include "journal_writer.hpp"
#include "ring_file.hpp"
#include "segment_files.hpp"
#include "segment_io.hpp"

namespace sluice::adapters::journal {
namespace {

void check(const JournalOptions& options) {
    if (!std::has_single_bit(options.ring_capacity) || options.ring_capacity < 2 ||
        options.ring_capacity > kRingCapacityMax)
        throw std::invalid_argument("Journal: ring_capacity must be a power of two up to 2^24");
    if (options.segment_bytes < kSegmentBytesMin || options.segment_bytes > kSegmentBytesMax ||
        options.segment_bytes % kLineBytes != 0)
        throw std::invalid_argument("Journal: segment_bytes must be a multiple of 64 up to 2^32");
}

std::uint64_t random_id() {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32U | device();
}

FileDescriptor begin_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw failed("make the folder", folder, error.value());
    FileDescriptor lock = lock_folder(folder);
    if (!lock) throw JournalError("the journal is being written", folder, "choose another folder");
    if (std::filesystem::exists(folder / kHeaderFile) ||
        std::filesystem::exists(folder / segment_name(1)))
        throw JournalError("there is a journal already", folder, "choose a new folder");
    return lock;
}

// In the folder meant for it, else beside the segments; says where in `ring_file`.
RingFile make_ring(const std::filesystem::path& folder, const JournalOptions& options,
                   JournalHeader& header) {
    const std::filesystem::path wanted = std::filesystem::absolute(options.ring_folder) /
                                         ("sluice-" + std::to_string(header.journal_id) + ".ring");
    try {
        header.ring_file = wanted.string();
        return RingFile::create(wanted, header.journal_id, options.ring_capacity);
    } catch (const JournalError&) {
        header.ring_file = "ring";
        return RingFile::create(folder / "ring", header.journal_id, options.ring_capacity);
    }
}

// Written, and read back as a replay would.
SegmentHeader write_header_file(const std::filesystem::path& folder, const JournalHeader& header) {
    const std::filesystem::path path = folder / kHeaderFile;
    const std::string json = write_header(header);
    if (read_header(json, path) != header)
        throw JournalError("the session's description is no UTF-8", path,
                           "check the configuration and the symbols");
    write_whole(path, json);
    return expected_header(header, json);
}

}  // namespace

const char* to_string(JournalState state) noexcept {
    switch (state) {
        case JournalState::kWriting: return "writing";
        case JournalState::kFailing: return "failing";
        case JournalState::kClosed: return "closed";
        case JournalState::kGivenUp: return "given_up";
    }
    return "writing";
}

struct Journal::State {
    State(const std::filesystem::path& journal_folder, JournalHeader description,
          const JournalOptions& options)
        : folder(journal_folder), lock(begin_folder(folder)), header(std::move(description)) {
        header.version = kFormatVersion;
        header.durability = options.durability;
        header.segment_bytes = options.segment_bytes;
        header.journal_id = random_id();
        header.ring_file.clear();
        const bool is_process = options.durability == Durability::kProcess;
        if (is_process) ring_file.emplace(make_ring(folder, options, header));
        try {
            begin(options);
        } catch (...) {
            if (is_process) ::unlink((folder / header.ring_file).c_str());
            ::unlink((folder / kHeaderFile).c_str());  // the folder holds no journal
            throw;
        }
    }

    void begin(const JournalOptions& options) {
        const SegmentHeader expected = write_header_file(folder, header);
        if (ring_file)
            ring.emplace(ring_file->slots(), options.ring_capacity);
        else
            ring.emplace(options.ring_capacity);
        files.emplace(folder, expected);
        open_io(options.access);
        writer.emplace(*ring, *files, *io, header, options.idle);
        tap.emplace(*ring, options.durability == Durability::kDisk ? &writer->written() : nullptr);
        thread = core::PinnedThread({.name = "journal", .core = options.core},
                                    [this](const std::stop_token& stop) { writer->run(stop); });
    }

    void open_io(FileAccess wanted) {
        std::string reason = "as asked";
        if (wanted == FileAccess::kAuto) io = make_uring_io(reason);
        access = io ? "io_uring" : "pwrite (" + reason + ")";
        if (!io) io = make_plain_io();
    }

    std::filesystem::path folder;
    FileDescriptor lock;
    JournalHeader header;
    std::string access;
    std::optional<RingFile> ring_file;
    std::optional<core::SpscRing<pipeline::Event>> ring;
    std::optional<SegmentFiles> files;
    std::unique_ptr<SegmentIo> io;
    std::optional<JournalWriter> writer;
    alignas(core::kDestructivePair) std::optional<pipeline::JournalTap> tap;
    alignas(core::kDestructivePair) core::PinnedThread thread;
};

Journal::Journal(const std::filesystem::path& folder, JournalHeader header,
                 const JournalOptions& options) {
    check(options);
    state_ = std::make_unique<State>(folder, std::move(header), options);
}

Journal::~Journal() {
    try {
        close(std::chrono::milliseconds{200});
    } catch (const std::exception&) {
        // As after a crash; recover() mends it.
    }
}

pipeline::JournalTap& Journal::tap() noexcept { return *state_->tap; }

void Journal::close(std::chrono::milliseconds patience) {
    State& state = *state_;
    if (!state.thread.joinable()) return;
    state.writer->set_patience(patience);
    state.thread.request_stop();
    state.thread.join();
    try {
        if (!state.writer->is_drained()) {
            throw JournalError("the journal could not be written to its end (" +
                                   std::to_string(state.tap->records() - written()) +
                                   " records are missing): " + state.writer->message(),
                               state.folder, "recover it when that is mended");
        }
        state.writer->finish();
    } catch (...) {
        state.files->stop();
        state.writer->set_state(JournalState::kGivenUp);
        throw;
    }
    state.writer->set_state(JournalState::kClosed);
    if (state.ring_file) remove_file(state.folder / state.header.ring_file);
    state.lock = FileDescriptor{};
}

JournalState Journal::state() const noexcept { return state_->writer->state(); }
std::string Journal::message() const { return state_->writer->message(); }
std::uint64_t Journal::written() const noexcept {
    return state_->writer->written().load(std::memory_order_acquire);  // pairs with settle()
}
const JournalHeader& Journal::header() const noexcept { return state_->header; }
const std::string& Journal::access() const noexcept { return state_->access; }

}  // namespace sluice::adapters::journal
