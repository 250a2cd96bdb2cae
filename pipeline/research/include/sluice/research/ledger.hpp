// The ledger: one line for everything ever evaluated on some data, kept for good, because what a
// result is worth depends on how often one looked. Format: docs/formats/ledger.md.
//
// A line carries the SHA-256 of itself and of the line before. Lines that were changed, removed,
// repeated or moved are found and named; the head file beside the ledger (`<path>.head`) knows how
// many lines there are and the last one's hash, so that lines cut off at the end are found too. Who
// rewrites both files consistently is found out only by a hash kept elsewhere: reports print it
// (last_hash).
//
// Durability  append() returns when the lines are on the disk. A crash at any moment loses nothing
//             that append() returned for; it may leave the beginning of a line, which the next
//             writer cuts off and says so. The head may then lag behind the lines, never lead.
// Threads     One writer: a lock on the file (flock) keeps other writers out, in this process and in
//             others. Readers take no lock. A Ledger object belongs to one thread at a time.
// Disk full   The lines of the call are taken back whole. So is a limit on file sizes, given that the
//             program ignores SIGXFSZ; else the signal ends it, which is a crash as above.
// Cost        append: one write, one fdatasync, one small write. open: reads and hashes every line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sluice/core/time.hpp>

namespace sluice::research {

inline constexpr std::string_view kLedgerFormat = "sluice.ledger/1";
// Bytes of a line, its newline included; longer ones are refused and never read.
inline constexpr std::size_t kLedgerLineMax = 1U << 20U;

struct LedgerEntry {
    core::LocalTime time;      // when it was evaluated
    std::string kind;          // "trial", "verdict", ...; not empty
    std::string data_key;      // what it was evaluated on: the data's fingerprint and range
    std::uint64_t trials = 1;  // how many trials the line stands for; 0: none (a verdict)
    std::string body = "{}";   // a JSON object: parameters, results, ...
};

// A line as it was read.
struct LedgerLine {
    std::uint64_t number = 0;  // 1 is the file's own header, of kind "ledger"
    LedgerEntry entry;
    std::string hash;
};

enum class LedgerFault {
    kChanged,   // a line is not what was written, or lines were removed, repeated or moved
    kCutOff,    // lines at the end are gone
    kHead,      // the head file is missing or damaged, or disagrees with the ledger
    kLocked,    // another writer has it
    kDiskFull,  // or a limit on file sizes or a quota
    kDisk,      // another error of the system
    kEntry,     // the entry cannot be a line
};

class LedgerError : public std::runtime_error {
  public:
    LedgerError(LedgerFault fault, std::uint64_t line, const std::string& what)
        : std::runtime_error(what), fault_(fault), line_(line) {}
    [[nodiscard]] LedgerFault fault() const noexcept { return fault_; }
    // The first line concerned; 0 when none is.
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }

  private:
    LedgerFault fault_;
    std::uint64_t line_;
};

struct TrialCount {
    std::uint64_t lines = 0;
    std::uint64_t trials = 0;
};
using TrialCounts = std::map<std::string, TrialCount, std::less<>>;  // by data key

struct LedgerState {
    std::uint64_t lines = 0;       // whole ones, the header included
    std::uint64_t bytes = 0;       // of them
    std::uint64_t torn_bytes = 0;  // of a line begun behind them
    std::string last_hash;         // 64 hexadecimal digits; zeros without lines
    TrialCounts counts;            // the header is none of them
};

using LedgerVisitor = std::function<void(const LedgerLine&)>;

// Reads and verifies every line, also beside a writer; calls `visit` for each in turn, the header
// too. Throws LedgerError at the first fault. A line begun at the end is no fault here.
LedgerState read_ledger(const std::filesystem::path& path, const LedgerVisitor& visit = {});

class Ledger {
  public:
    // Opens to append, and makes the ledger where there is none. Verifies it first: throws
    // LedgerError and leaves the files as they are when it is damaged. `now` goes into the header.
    Ledger(const std::filesystem::path& path, core::LocalTime now);
    ~Ledger();
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    // All or, with LedgerError, none of them. After kDisk the ledger takes nothing more: open anew.
    void append(std::span<const LedgerEntry> entries);
    void append(const LedgerEntry& entry) { append(std::span(&entry, 1)); }

    [[nodiscard]] std::uint64_t lines() const noexcept { return state_.lines; }
    [[nodiscard]] const std::string& last_hash() const noexcept { return state_.last_hash; }
    [[nodiscard]] const TrialCounts& counts() const noexcept { return state_.counts; }
    // Of one data key; 0 when nothing was evaluated on it.
    [[nodiscard]] std::uint64_t trials(std::string_view data_key) const noexcept;
    // What opening had to mend, for the log; empty when nothing.
    [[nodiscard]] const std::string& message() const noexcept { return message_; }

  private:
    void open_files(core::LocalTime now);
    void cut_torn_line();
    void check_unchanged() const;
    void write_lines(std::string_view text);
    void write_head() noexcept;
    void take_back() noexcept;

    std::filesystem::path path_;
    int file_ = -1;
    int head_ = -1;
    unsigned head_slot_ = 0;  // to write next
    bool broken_ = false;
    LedgerState state_;
    std::string message_;
};

}  // namespace sluice::research
