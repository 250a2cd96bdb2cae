// The segment files of a journal under way: a thread of its own makes the next one before it is
// needed and flushes the last one after, so that the journal's thread never waits for either.
//
// Threads  The owner constructs and destroys; the journal's thread calls the rest. Between the two
//          threads a mutex, off every hot path.
// Bounds   One segment in use, one spare, at most one being flushed: the spare after the next is
//          made only when that one is on the disk, so a loss of power tears two segments at most.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <stop_token>

#include <sluice/adapters/journal/layout.hpp>
#include <sluice/core/thread.hpp>

#include "files.hpp"

namespace sluice::adapters::journal {

class SegmentFiles {
  public:
    // Makes segment 1, on the disk when this returns. Throws JournalError.
    SegmentFiles(std::filesystem::path folder, const SegmentHeader& expected);
    SegmentFiles(const SegmentFiles&) = delete;
    SegmentFiles& operator=(const SegmentFiles&) = delete;
    ~SegmentFiles();

    [[nodiscard]] const FileDescriptor& current() const noexcept { return current_; }
    [[nodiscard]] std::filesystem::path current_path() const {
        return folder_ / segment_name(segment_);
    }
    // Makes the spare the current one. False while there is none: error() says why, 0 for not yet.
    [[nodiscard]] bool advance() noexcept;
    [[nodiscard]] int error() const noexcept { return error_.load(std::memory_order_relaxed); }
    // A finished segment could not be flushed: not what this durability promises, but worth a word.
    [[nodiscard]] int flush_error() const noexcept {
        return flush_error_.load(std::memory_order_relaxed);
    }

    // Ends the thread. Afterwards: cuts the current segment to `bytes`, removes the spare, flushes
    // all of it. Throws JournalError.
    void stop();
    void finish(std::uint64_t bytes);

  private:
    void work(const std::stop_token& stop);
    // None when the disk refused; error() says why.
    [[nodiscard]] FileDescriptor make(std::uint32_t segment);

    std::filesystem::path folder_;
    SegmentHeader expected_;
    // The journal's thread.
    FileDescriptor current_;
    std::uint32_t segment_ = 1;
    // Shared, under the mutex.
    std::mutex mutex_;
    std::condition_variable_any changed_;
    FileDescriptor spare_;
    FileDescriptor finished_;
    std::uint32_t spare_number_ = 2;
    std::atomic<int> error_{0};
    std::atomic<int> flush_error_{0};

    core::PinnedThread thread_;  // last: it uses all of the above
};

}  // namespace sluice::adapters::journal
