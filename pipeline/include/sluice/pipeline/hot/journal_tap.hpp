// The hot end of the journal: one copy of an event's line into a ring.
// Sequencer's thread only. The other end of the ring, and what `safe` counts, is the journal's
// thread (adapters/journal).
//
// An order may leave once safe() covers its record: at once when nothing was asked for, when the
// record has reached memory that outlives the process, or when it has reached the disk.
#pragma once

#include <atomic>
#include <cstdint>

#include <sluice/core/attributes.hpp>
#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

class JournalTap {
  public:
    // `durable`: how many records are on the disk, null when orders need not wait for it.
    JournalTap(core::SpscRing<Event>& ring, const std::atomic<std::uint64_t>* durable) noexcept
        : ring_(ring), durable_(durable) {}

    // False when the ring is full: the record has not been made.
    [[nodiscard]] SLUICE_ALWAYS_INLINE bool record(const Event& event) noexcept {
        if (ring_.try_push(event) != core::PushResult::kOk) [[unlikely]]
            return false;
        ++records_;
        return true;
    }
    // Records made so far; the number of the last one.
    [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
    // Whether an order whose record has this number may leave.
    [[nodiscard]] bool safe(std::uint64_t record) const noexcept {
        // acquire: pairs with the journal's release after its flush
        return durable_ == nullptr || durable_->load(std::memory_order_acquire) >= record;
    }

    // How full the ring is, from 0 to 1; a little behind.
    [[nodiscard]] double backlog() const noexcept {
        return static_cast<double>(ring_.size_approx()) / static_cast<double>(ring_.capacity());
    }

  private:
    core::SpscRing<Event>& ring_;
    const std::atomic<std::uint64_t>* durable_;
    std::uint64_t records_ = 0;
};

}  // namespace sluice::pipeline
