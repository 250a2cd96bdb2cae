// The journal's thread: packs what stands in the ring into lines, a batch at a time, seals each and
// hands the batch to the file. A slot goes back to the ring only when its record, and all before it,
// are in the file: until then nothing depends on this thread's memory. The last line of a batch is
// written as full as it is, and the next batch begins another: no line is written twice.
//
// Threads  run() is the thread; the rest is for the owner before and after, or atomic.
// Bounds   8 batches of at most 4096 lines under way; with flushes one, so that what gathers
//          meanwhile makes the next group.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>

#include <sluice/adapters/journal/journal.hpp>
#include <sluice/adapters/journal/packed_line.hpp>
#include <sluice/core/cache_line.hpp>
#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/pipeline/hot/event.hpp>

#include "segment_files.hpp"
#include "segment_io.hpp"

namespace sluice::adapters::journal {

class JournalWriter {
  public:
    JournalWriter(core::SpscRing<pipeline::Event>& ring, SegmentFiles& files, SegmentIo& io,
                  const JournalHeader& header, core::IdleStrategy idle);

    // Until a stop is requested and the ring is empty, or nothing moved for the patience. Never
    // throws.
    void run(const std::stop_token& stop) noexcept;
    void set_patience(std::chrono::milliseconds patience) noexcept { patience_ = patience; }

    // After run(): whether all is in the file; writes the end and cuts the file there. Throws
    // JournalError.
    [[nodiscard]] bool is_drained() noexcept {
        return batches_begun_ == batches_done_ && ring_.peek() == nullptr;
    }
    void finish();

    [[nodiscard]] const std::atomic<std::uint64_t>& written() const noexcept { return written_; }
    [[nodiscard]] JournalState state() const noexcept {
        return state_.load(std::memory_order_relaxed);  // a report: no pairing
    }
    void set_state(JournalState state) noexcept {
        state_.store(state, std::memory_order_relaxed);  // a report: no pairing
    }
    [[nodiscard]] std::string message() const;

  private:
    using Clock = std::chrono::steady_clock;
    enum class Progress : std::uint8_t { kUnderWay, kDone, kFailed };
    struct Batch {
        SegmentWrite write;
        std::uint32_t records;
        Progress progress;
    };

    [[nodiscard]] std::size_t do_work() noexcept;
    [[nodiscard]] std::size_t collect() noexcept;
    void settle() noexcept;
    void repeat_failed() noexcept;
    [[nodiscard]] std::size_t begin_batch() noexcept;
    [[nodiscard]] std::size_t pack_line(std::size_t skip, std::byte* line) noexcept;
    [[nodiscard]] bool has_room() noexcept;
    void fail(int error, const char* doing) noexcept;
    void recovered() noexcept;

    core::SpscRing<pipeline::Event>& ring_;
    SegmentFiles& files_;
    SegmentIo& io_;
    const std::uint64_t journal_id_;
    const std::uint64_t segment_lines_;
    const bool flushes_;
    core::IdleStrategy idle_;
    std::chrono::milliseconds patience_{2000};

    // The thread's own. Batch b lies in slot and buffer b % kBuffers.
    LinePacker packer_;
    std::array<Batch, kBuffers> batches_{};
    std::uint64_t batches_begun_ = 0;
    std::uint64_t batches_done_ = 0;  // in order, without a gap
    std::size_t under_way_ = 0;       // records packed and not given back to the ring
    std::uint64_t next_ = 0;          // number of the next record to pack
    std::uint64_t next_line_ = 0;     // and of the line for it
    std::uint64_t within_ = 0;        // that line's place in the segment
    bool advanced_ = false;           // the next segment is there, but not written to yet
    std::size_t failed_ = 0;          // batches to repeat
    Clock::time_point repeat_at_{};
    int last_error_ = 0;

    std::atomic<JournalState> state_{JournalState::kWriting};
    mutable std::mutex message_mutex_;
    std::string message_;
    // Read by the sequencer's thread before each order, when orders wait for the disk.
    alignas(core::kDestructivePair) std::atomic<std::uint64_t> written_{0};
};

}  // namespace sluice::adapters::journal
