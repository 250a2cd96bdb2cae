// OrderIndex: from (client, ref) to the place of the order in the books.
//
// Threads   One.
// Bounds    `capacity` orders; the caller holds the count. Twice as many slots at least.
// Cost      As a rule one cache line, and a warm one: the home of a ref is its low bits, so refs that
//           rise one by one are neighbours, and those of the crowd, whose low half is a place, never
//           collide. Refs chosen to collide cost a scan of the slots, never more. Erasing closes the
//           chain behind it. Nothing allocates after construction.
//
// As pipeline::BookIndex, but keyed by two numbers, and spread for refs that clients count up.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <sluice/core/aligned_block.hpp>

namespace sluice::adapters::exchange {

class OrderIndex {
  public:
    static constexpr std::uint32_t kNone = 0;  // never an order's place

    explicit OrderIndex(std::size_t capacity)
        : mask_(std::bit_ceil(2 * capacity) - 1), block_((mask_ + 1) * sizeof(Slot)),
          slots_(static_cast<Slot*>(block_.data())) {}

    // kNone when it is not held.
    [[nodiscard]] std::uint32_t find(std::uint32_t client, std::uint64_t ref) const noexcept {
        return slots_[slot_of(client, ref)].place;
    }
    // It is not held yet.
    void insert(std::uint32_t client, std::uint64_t ref, std::uint32_t place) noexcept {
        slots_[slot_of(client, ref)] = {ref, client, place};
    }
    // It is held.
    void erase(std::uint32_t client, std::uint64_t ref) noexcept {
        std::size_t hole = slot_of(client, ref);
        for (std::size_t i = (hole + 1) & mask_; slots_[i].place != kNone; i = (i + 1) & mask_) {
            // Moves back what would no longer be reached from its home across the hole.
            const std::size_t home = home_of(slots_[i].client, slots_[i].ref);
            if (((i - home) & mask_) < ((i - hole) & mask_)) continue;
            slots_[hole] = slots_[i];
            hole = i;
        }
        slots_[hole].place = kNone;
    }

  private:
    struct Slot {
        std::uint64_t ref;
        std::uint32_t client;
        std::uint32_t place;
    };
    static_assert(sizeof(Slot) == 16);

    [[nodiscard]] std::size_t home_of(std::uint32_t client, std::uint64_t ref) const noexcept {
        return static_cast<std::size_t>(ref + client * std::uint64_t{0x9E37'79B9'7F4A'7C15U}) &
               mask_;
    }
    [[nodiscard]] std::size_t slot_of(std::uint32_t client, std::uint64_t ref) const noexcept {
        std::size_t i = home_of(client, ref);
        while (slots_[i].place != kNone && (slots_[i].ref != ref || slots_[i].client != client))
            i = (i + 1) & mask_;
        return i;
    }

    std::size_t mask_;
    core::AlignedBlock block_;
    Slot* slots_;
};

}  // namespace sluice::adapters::exchange
