#include <sluice/research/ledger.hpp>

#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger_head.hpp"
#include "ledger_line.hpp"
#include "ledger_scan.hpp"

namespace sluice::research {
namespace {

constexpr ::mode_t kMode = 0644;

// 0, or the errno of what failed.
int write_all(int file, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const ::ssize_t put = ::write(file, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return errno;
        if (put == 0) return ENOSPC;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return 0;
}

int write_at(int file, std::string_view bytes, ::off_t offset) noexcept {
    while (!bytes.empty()) {
        const ::ssize_t put = ::pwrite(file, bytes.data(), bytes.size(), offset);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return errno;
        if (put == 0) return ENOSPC;
        bytes.remove_prefix(static_cast<std::size_t>(put));
        offset += put;
    }
    return 0;
}

int sync_folder(const std::filesystem::path& of) noexcept {
    const std::filesystem::path folder = of.has_parent_path() ? of.parent_path() : ".";
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return errno;
    const int error = ::fsync(handle) == 0 ? 0 : errno;
    ::close(handle);
    return error;
}

std::uint64_t size_of(int file, const std::filesystem::path& path) {
    struct ::stat status {};
    if (::fstat(file, &status) != 0) throw system_error(errno, path, "cannot be looked at");
    return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

LedgerState read_ledger(const std::filesystem::path& path, const LedgerVisitor& visit) {
    const std::optional<LedgerHead> head = read_head(head_path(path));
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw system_error(errno, path, "cannot be opened");
    try {
        LedgerState state = scan_ledger(file, path, head, visit);
        ::close(file);
        return state;
    } catch (...) {
        ::close(file);
        throw;
    }
}

Ledger::Ledger(const std::filesystem::path& path, core::LocalTime now) : path_(path) {
    try {
        open_files(now);
    } catch (...) {
        if (file_ >= 0) ::close(file_);
        if (head_ >= 0) ::close(head_);
        throw;
    }
}

Ledger::~Ledger() {
    ::close(head_);
    ::close(file_);  // and with it the lock
}

void Ledger::open_files(core::LocalTime now) {
    const std::filesystem::path head_file = head_path(path_);
    // A head that knows of lines has no business without a ledger: none is made for it.
    const std::optional<LedgerHead> known = read_head(head_file);
    const int create = known && known->lines > 0 ? 0 : O_CREAT;
    file_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | create, kMode);
    if (file_ < 0) throw system_error(errno, path_, "cannot be opened");
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) throw system_error(errno, path_, "cannot be locked");
        throw LedgerError(LedgerFault::kLocked, 0,
                          "ledger " + path_.string() +
                              ": another writer has it open; there can be one at a time");
    }
    const std::optional<LedgerHead> head = read_head(head_file);
    state_ = scan_ledger(file_, path_, head, {});

    head_ = ::open(head_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kMode);
    if (head_ < 0) throw system_error(errno, head_file, "cannot be opened");
    if (!head) {  // a new ledger: the head comes first, with all its room
        const std::string slot = head_text(0, no_hash());
        int error = write_at(head_, slot + slot, 0);
        if (error == 0 && ::fsync(head_) != 0) error = errno;
        if (error == 0) error = sync_folder(path_);
        if (error != 0) throw system_error(error, head_file, "cannot be made");
    }
    head_slot_ = head ? (head->slot + 1) % kHeadSlots : 0;
    if (state_.torn_bytes > 0) cut_torn_line();
    if (head && head->lines < state_.lines) write_head();
    if (state_.lines == 0)
        append({now, "ledger", "", 0, R"({"format":")" + std::string(kLedgerFormat) + R"("})"});
}

void Ledger::cut_torn_line() {
    message_ = "ledger " + path_.string() + ": cut off " + std::to_string(state_.torn_bytes) +
               " bytes behind line " + std::to_string(state_.lines) +
               ", the beginning of a line that was never finished";
    if (::ftruncate(file_, static_cast<::off_t>(state_.bytes)) != 0 || ::fdatasync(file_) != 0)
        throw system_error(errno, path_, "a line begun at its end cannot be cut off");
    state_.torn_bytes = 0;
}

void Ledger::append(std::span<const LedgerEntry> entries) {
    if (entries.empty()) return;
    if (broken_)
        throw LedgerError(
            LedgerFault::kDisk, 0,
            "ledger " + path_.string() + ": an earlier error left it in doubt; open it anew");
    std::string text;
    std::string last = state_.last_hash;
    std::uint64_t number = state_.lines;
    for (const LedgerEntry& entry : entries) {
        std::string hash;
        text += ledger_text(++number, entry, last, hash);
        last = std::move(hash);
    }
    check_unchanged();
    write_lines(text);

    for (const LedgerEntry& entry : entries) {
        if (++state_.lines == 1) continue;  // the header
        TrialCount& count = state_.counts[entry.data_key];
        ++count.lines;
        count.trials += entry.trials;
    }
    state_.bytes += text.size();
    state_.last_hash = std::move(last);
    write_head();
}

// The lines are safe already. A head that lags is brought up by the next append or opening.
void Ledger::write_head() noexcept {
    if (write_at(head_, head_text(state_.lines, state_.last_hash),
                 static_cast<::off_t>(head_slot_ * kHeadSlotBytes)) == 0)
        head_slot_ = (head_slot_ + 1) % kHeadSlots;
}

void Ledger::check_unchanged() const {
    if (size_of(file_, path_) == state_.bytes) return;
    throw LedgerError(LedgerFault::kChanged, state_.lines,
                      "ledger " + path_.string() +
                          ": something else wrote to it or cut it behind the writer's back; its "
                          "last line was " +
                          std::to_string(state_.lines));
}

void Ledger::write_lines(std::string_view text) {
    int error = write_all(file_, text);
    if (error != 0) {
        take_back();
        throw system_error(error, path_,
                           "nothing was recorded, the " + std::to_string(state_.lines) +
                               " lines before are whole");
    }
    if (::fdatasync(file_) == 0) return;
    error = errno;
    // What of it reached the disk cannot be known.
    take_back();
    broken_ = true;
    throw system_error(
        error, path_,
        "the disk did not confirm line " + std::to_string(state_.lines + 1) + "; open it anew");
}

void Ledger::take_back() noexcept {
    if (::ftruncate(file_, static_cast<::off_t>(state_.bytes)) != 0) broken_ = true;
}

std::uint64_t Ledger::trials(std::string_view data_key) const noexcept {
    const auto found = state_.counts.find(data_key);
    return found == state_.counts.end() ? 0 : found->second.trials;
}

}  // namespace sluice::research
