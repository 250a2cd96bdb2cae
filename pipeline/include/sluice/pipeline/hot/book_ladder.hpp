// BookLadder: one side of an order book, its price levels in order of price, the best one last.
//
// Threads   One.
// Bounds    `capacity` levels, given at construction; insert() on a full ladder is refused.
// Cost      Best level: one load. Finding a level d places from the best: log2(d) probes of one
//           array of prices. Inserting or erasing moves the levels on the shorter side of it, so
//           both ends are cheap and the middle of n levels moves n/2 entries (16 bytes at most).
//
//   keys_  [ . . | worst ... second best | best | . . ]     room at both ends: 2 x capacity
//                ^ head_                          ^ head_ + size_
//
// A flat array, because a market works within a few levels of its best price, where it costs
// nothing, and because prices may lie anywhere: an array indexed by price would have no bound.
// A key grows as a price gets better: the price of a bid, its complement for an ask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <sluice/core/aligned_block.hpp>
#include <sluice/core/capacity.hpp>
#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

template <class Payload>
class BookLadder {
    static_assert(std::is_trivially_copyable_v<Payload> && sizeof(Payload) <= 8);

  public:
    static constexpr std::size_t kCapacityMax = std::size_t{1} << 28U;

    // Takes and touches the memory; std::invalid_argument for a capacity beyond 1..kCapacityMax.
    BookLadder(Side side, std::size_t capacity)
        : flip_(side == Side::kBuy ? 0 : -1), capacity_(checked(capacity)), room_(2 * capacity_),
          keys_block_(room_ * sizeof(std::int64_t)), payloads_block_(room_ * sizeof(Payload)),
          keys_(static_cast<std::int64_t*>(keys_block_.data())),
          payloads_(static_cast<Payload*>(payloads_block_.data())) {
        clear();
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] bool full() const noexcept { return size_ == capacity_; }

    // The n-th best, from 0; n < size().
    [[nodiscard]] std::int64_t price_raw(std::size_t n) const noexcept {
        return keys_[head_ + size_ - 1 - n] ^ flip_;
    }
    [[nodiscard]] Payload& payload(std::size_t n) noexcept {
        return payloads_[head_ + size_ - 1 - n];
    }
    [[nodiscard]] const Payload& payload(std::size_t n) const noexcept {
        return payloads_[head_ + size_ - 1 - n];
    }

    // Where a price stands, or would: an index for the functions below, valid until the next
    // insert, erase or clear.
    struct Place {
        std::size_t index;
        bool found;
    };
    [[nodiscard, gnu::hot]] Place find(std::int64_t price_raw) const noexcept {
        const std::int64_t key = price_raw ^ flip_;
        const std::int64_t* const keys = keys_ + head_;
        // Doubling steps from the best, then halving: all at or after `high` are >= key.
        std::size_t high = size_;
        std::size_t step = 1;
        while (step <= high && keys[high - step] >= key) {
            high -= step;
            step *= 2;
        }
        std::size_t low = step <= high ? high - step + 1 : 0;
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            if (keys[middle] >= key)
                high = middle;
            else
                low = middle + 1;
        }
        return {low, low < size_ && keys[low] == key};
    }
    // place.found only.
    [[nodiscard]] Payload& at(Place place) noexcept { return payloads_[head_ + place.index]; }
    [[nodiscard]] const Payload& at(Place place) const noexcept {
        return payloads_[head_ + place.index];
    }

    // False when full. `place` is find(price_raw), not found.
    [[nodiscard, gnu::hot]] bool insert(Place place, std::int64_t price_raw,
                                        Payload value) noexcept {
        if (full()) [[unlikely]]
            return false;
        const std::size_t better = size_ - place.index;
        if (better <= place.index) {
            if (head_ + size_ == room_) [[unlikely]]
                centre_slow();
            move(head_ + place.index, head_ + place.index + 1, better);
        } else {
            if (head_ == 0) [[unlikely]]
                centre_slow();
            move(head_, head_ - 1, place.index);
            --head_;
        }
        ++size_;
        keys_[head_ + place.index] = price_raw ^ flip_;
        payloads_[head_ + place.index] = value;
        return true;
    }
    // place.found only.
    [[gnu::hot]] void erase(Place place) noexcept {
        const std::size_t better = size_ - place.index - 1;
        if (better <= place.index) {
            move(head_ + place.index + 1, head_ + place.index, better);
        } else {
            move(head_, head_ + 1, place.index);
            ++head_;
        }
        --size_;
    }
    // Another price for a level that keeps its place among the others; false, and nothing has changed,
    // where it would not. place.found only.
    [[nodiscard, gnu::hot]] bool move_price(Place place, std::int64_t price_raw) noexcept {
        const std::int64_t key = price_raw ^ flip_;
        std::int64_t* const level = keys_ + head_ + place.index;
        if (place.index + 1 < size_ && level[1] <= key) return false;
        if (place.index > 0 && level[-1] >= key) return false;
        *level = key;
        return true;
    }
    void clear() noexcept {
        head_ = capacity_;
        size_ = 0;
    }

  private:
    [[nodiscard]] static std::size_t checked(std::size_t capacity) {
        if (capacity == 0 || capacity > kCapacityMax)
            core::refuse_capacity_slow("BookLadder: capacity must be 1..2^28 levels");
        return capacity;
    }
    void move(std::size_t from, std::size_t to, std::size_t count) noexcept {
        if (count == 0) return;
        std::memmove(keys_ + to, keys_ + from, count * sizeof(std::int64_t));
        std::memmove(payloads_ + to, payloads_ + from, count * sizeof(Payload));
    }
    // An end of the room was reached: half of what is free goes to either side, so that the next
    // time is at least capacity / 2 inserts away.
    [[gnu::cold, gnu::noinline]] void centre_slow() noexcept {
        const std::size_t head = (room_ - size_) / 2;
        move(head_, head, size_);
        head_ = head;
    }

    std::int64_t flip_;
    std::size_t capacity_;
    std::size_t room_;
    core::AlignedBlock keys_block_;
    core::AlignedBlock payloads_block_;
    std::int64_t* keys_;
    Payload* payloads_;
    std::size_t head_ = 0;
    std::size_t size_ = 0;
};

}  // namespace sluice::pipeline
