// The ring of a journal in memory that outlives the process: a shared mapping of a file, a page
// about itself, then the slots as core::SpscRing lays them out.
//
//      0  magic       8  "SLUJRNG1"
//      8  journal id  8
//     16  capacity    8  slots, a power of two
//     24  crc         4  CRC32C of bytes 0..23; the rest of the page is 0
//   4096  slots      64  each: the event; at 56 the lap, record number / capacity
//
// Set-up, recovery. On tmpfs the pages are never written back, so that no write to them ever waits
// for a write-protected page; on a disk's file system it may, for microseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::adapters::journal {

inline constexpr std::size_t kRingPage = 4096;
inline constexpr std::uint64_t kRingCapacityMax = std::uint64_t{1} << 24U;

class RingFile {
  public:
    // Creates `path`, which must not exist. Throws JournalError.
    static RingFile create(const std::filesystem::path& path, std::uint64_t journal_id,
                           std::size_t capacity);
    // For recovery, read-only. Throws JournalError when it is no ring of this journal.
    static RingFile open(const std::filesystem::path& path, std::uint64_t journal_id);

    RingFile(RingFile&& other) noexcept;
    RingFile& operator=(RingFile&& other) = delete;
    RingFile(const RingFile&) = delete;
    RingFile& operator=(const RingFile&) = delete;
    ~RingFile();  // unmaps; the file stays

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] std::span<std::byte> slots() const noexcept {
        return {memory_ + kRingPage, capacity_ * sizeof(pipeline::Event)};
    }
    // Whether the slot of that record holds it, whole.
    [[nodiscard]] bool holds(std::uint64_t record) const noexcept;
    // Whether the slot was used again since: a record lost when it stands nowhere else.
    [[nodiscard]] bool is_past(std::uint64_t record) const noexcept;
    [[nodiscard]] pipeline::Event event(std::uint64_t record) const noexcept;

  private:
    RingFile(std::byte* memory, std::size_t capacity) noexcept
        : memory_(memory), capacity_(capacity) {}
    [[nodiscard]] std::uint32_t lap_of(std::uint64_t record) const noexcept;

    std::byte* memory_;
    std::size_t capacity_;
};

}  // namespace sluice::adapters::journal
