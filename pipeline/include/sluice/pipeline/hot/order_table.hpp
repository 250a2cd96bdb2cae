// Open orders by id: fixed memory, constant time.
// Owned by one stage. An id's slot is its low bits; ids are issued in rising order and an id whose
// slot is taken is passed over, so no id is ever reused and lookup is one probe.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

// Record: default-constructible, with a member `OrderId id` that is kNone in a free slot.
template <class Record>
class OrderTable {
  public:
    explicit OrderTable(std::size_t capacity)
        : mask_(std::bit_ceil(capacity) - 1), slots_(mask_ + 1) {}

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size(); }
    [[nodiscard]] bool full() const noexcept { return size_ == slots_.size(); }

    // The next free id after `last`; kNone when the table is full.
    [[nodiscard]] OrderId next_id(OrderId last) const noexcept {
        if (full()) return OrderId::kNone;
        auto candidate = static_cast<std::uint64_t>(last) + 1;
        while (slots_[candidate & mask_].id != OrderId::kNone) ++candidate;
        return static_cast<OrderId>(candidate);
    }

    // Null when the slot is taken, which cannot happen for an id from next_id().
    [[nodiscard]] Record* insert(const Record& record) noexcept {
        Record& slot = slots_[static_cast<std::uint64_t>(record.id) & mask_];
        if (slot.id != OrderId::kNone || record.id == OrderId::kNone) return nullptr;
        slot = record;
        ++size_;
        return &slot;
    }
    // The same, to be filled where it stays: as default-constructed but for its id.
    [[nodiscard]] Record* open(OrderId id) noexcept {
        Record& slot = slots_[static_cast<std::uint64_t>(id) & mask_];
        if (slot.id != OrderId::kNone || id == OrderId::kNone) return nullptr;
        slot.id = id;
        ++size_;
        return &slot;
    }
    [[nodiscard]] Record* find(OrderId id) noexcept {
        Record& slot = slots_[static_cast<std::uint64_t>(id) & mask_];
        return slot.id == id && id != OrderId::kNone ? &slot : nullptr;
    }
    void erase(Record& record) noexcept {
        record = Record{};
        --size_;
    }

    // Calls fn(Record&) for each open order, in slot order; fn may erase the record it is given.
    template <class Fn>
    void for_each(Fn&& fn) noexcept {
        std::size_t left = size_;
        for (std::size_t i = 0; left > 0 && i < slots_.size(); ++i) {
            if (slots_[i].id == OrderId::kNone) continue;
            --left;
            fn(slots_[i]);
        }
    }

  private:
    std::uint64_t mask_;
    std::size_t size_ = 0;
    std::vector<Record> slots_;
};

}  // namespace sluice::pipeline
