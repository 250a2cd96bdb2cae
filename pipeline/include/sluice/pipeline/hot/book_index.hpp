// BookIndex: from a venue's order id to the place of the order in its book.
//
// Threads   One.
// Bounds    `capacity` ids; twice as many slots, so a probe chain is short. The caller holds the
//           count (it owns the orders) and never inserts more.
// Cost      One multiplication and, as a rule, one cache line. Erasing closes the chain behind it,
//           so nothing is left to slow later probes. Ids chosen to collide cost a scan of the
//           slots, never more.
//
// Open addressing with linear probes: std::unordered_map allocates for each order and follows a
// pointer for each look-up; bench/book_bench.cpp has it as the baseline.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <sluice/core/aligned_block.hpp>

namespace sluice::pipeline {

class BookIndex {
  public:
    static constexpr std::uint32_t kNone = 0;  // never an order's place

    // Takes and touches the memory; 1 <= capacity <= 2^30, checked by the book.
    explicit BookIndex(std::size_t capacity)
        : mask_(std::bit_ceil(2 * capacity) - 1),
          shift_(static_cast<unsigned>(64 - std::countr_one(mask_))),
          block_((mask_ + 1) * sizeof(Slot)), slots_(static_cast<Slot*>(block_.data())) {}

    // kNone when the id is not held.
    [[nodiscard, gnu::hot]] std::uint32_t find(std::int64_t id) const noexcept {
        return slots_[slot_of(id)].place;
    }
    // A slot for insert() and erase(): the id's own, or the free one where it belongs. Valid until
    // the next insert, erase or clear.
    [[nodiscard, gnu::hot]] std::size_t slot_of(std::int64_t id) const noexcept {
        std::size_t i = home(id);
        while (slots_[i].place != kNone && slots_[i].id != id) i = (i + 1) & mask_;
        return i;
    }
    [[nodiscard]] std::uint32_t place_in(std::size_t slot) const noexcept {
        return slots_[slot].place;
    }
    void insert(std::size_t slot, std::int64_t id, std::uint32_t place) noexcept {
        slots_[slot] = {id, place, 0};
    }
    [[gnu::hot]] void erase(std::size_t slot) noexcept {
        std::size_t hole = slot;
        for (std::size_t i = (slot + 1) & mask_; slots_[i].place != kNone; i = (i + 1) & mask_) {
            // Moves back what would no longer be reached from its home across the hole.
            if (((i - home(slots_[i].id)) & mask_) < ((i - hole) & mask_)) continue;
            slots_[hole] = slots_[i];
            hole = i;
        }
        slots_[hole].place = kNone;
    }
    // Starts loading the line that find(id) will read.
    void prefetch(std::int64_t id) const noexcept { __builtin_prefetch(&slots_[home(id)]); }
    // Touches every slot.
    void clear() noexcept { std::memset(block_.data(), 0, (mask_ + 1) * sizeof(Slot)); }

  private:
    struct Slot {
        std::int64_t id;
        std::uint32_t place;
        std::uint32_t unused;
    };
    static_assert(sizeof(Slot) == 16);

    // The high bits of a product with 2^64 / golden ratio: rising ids are spread evenly.
    [[nodiscard]] std::size_t home(std::int64_t id) const noexcept {
        return static_cast<std::size_t>((static_cast<std::uint64_t>(id) * 0x9E37'79B9'7F4A'7C15U) >>
                                        shift_);
    }

    std::size_t mask_;
    unsigned shift_;
    core::AlignedBlock block_;
    Slot* slots_;
};

}  // namespace sluice::pipeline
