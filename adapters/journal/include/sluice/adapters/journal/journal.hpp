// The journal of a session under way: its folder, its ring, and the thread between the two.
//
// Threads   tap() is the sequencer's; everything else belongs to the owner, or is an atomic read.
//           The journal's own thread writes; another makes the next segment file ahead of time.
// Cost      On the hot path one copy of a line (perf/journal.md). Memory: the ring (64 bytes a
//           record) and 2 MiB of buffers, all taken at construction.
// Bounds    A ring that is full makes tap().record() say so; nothing in it is ever dropped. A disk
//           that refuses is tried again every 50 ms; meanwhile records stay in the ring.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <sluice/adapters/journal/journal_header.hpp>
#include <sluice/adapters/journal/layout.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/pipeline/hot/journal_tap.hpp>

namespace sluice::adapters::journal {

enum class JournalState : std::uint8_t {
    kWriting,
    kFailing,  // the disk refuses: message() says how; nothing is lost yet
    kClosed,
    kGivenUp,  // closed while the disk refused: records are missing from the file
};
[[nodiscard]] const char* to_string(JournalState state) noexcept;

enum class FileAccess : std::uint8_t {
    kAuto,   // io_uring, or pwrite where the host refuses it
    kPlain,  // pwrite
};

struct JournalOptions {
    Durability durability = Durability::kAsync;
    std::size_t ring_capacity = 65'536;                  // records; a power of two up to 2^24
    std::uint64_t segment_bytes = kSegmentBytesDefault;  // a multiple of 64 up to 4 GiB
    core::IdleStrategy idle = core::IdleStrategy::kBackoff;
    std::optional<std::size_t> core;  // of the journal's thread
    FileAccess access = FileAccess::kAuto;
    // Where kProcess puts its ring: tmpfs, so that no page of it is ever written back. When it
    // cannot be there it lies in the journal's folder.
    std::filesystem::path ring_folder = "/dev/shm";
};

class Journal {
  public:
    // Begins a journal in `folder`, which is made and must not hold one. `header`: what the caller
    // knows; the journal adds its own fields. The header and segment 1 are on the disk when this
    // returns. Throws JournalError; std::invalid_argument for options out of bounds.
    Journal(const std::filesystem::path& folder, JournalHeader header,
            const JournalOptions& options);
    // As close() with 200 ms of patience; what went wrong is dropped.
    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // The hot end; the sequencer's thread only.
    [[nodiscard]] pipeline::JournalTap& tap() noexcept;

    // Writes what the ring holds and the end, and gives everything back. The sequencer's thread has
    // stopped before. Throws JournalError when the disk has refused for `patience`: then the
    // journal has no end, and recover() mends it as after a crash. Harmless when repeated.
    void close(std::chrono::milliseconds patience = std::chrono::seconds{2});

    // Any thread.
    [[nodiscard]] JournalState state() const noexcept;
    [[nodiscard]] std::string message() const;  // of the last trouble; empty when there was none
    [[nodiscard]] std::uint64_t written() const noexcept;  // records handed to the file system
    [[nodiscard]] const JournalHeader& header() const noexcept;
    // "io_uring", or "pwrite" and why.
    [[nodiscard]] const std::string& access() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sluice::adapters::journal
