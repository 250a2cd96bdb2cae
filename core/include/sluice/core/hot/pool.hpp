#pragma once
// Pool<T>: a fixed number of T, handed out by index.
//
// Threads   One. Two threads that share objects pass handles through a ring.
// Bounds    The capacity given at construction; an empty pool answers kNone, it never grows.
// Cost      allocate() and release() touch one slot: a free list threads through the links.
//
//   links_   [ 3 | used | used | 5 | used | end ]     first_free_ = 0 -> 3 -> 5 -> end
//   items_   [ . |  T   |  T   | . |  T   |  .  ]
//
// Handles are indices, half as wide as pointers, the same in every run and in every replay, and
// safe to write to a journal. The last slot released is the next allocated: it is still in cache.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <type_traits>

#include <sluice/core/capacity.hpp>

namespace sluice::core {

/// Place of an object in its pool. kNone is never an object.
enum class PoolHandle : std::uint32_t { kNone = std::numeric_limits<std::uint32_t>::max() };

enum class [[nodiscard]] ReleaseResult : std::uint8_t{
    kOk,
    kNotAllocated,  ///< released before, never allocated, or out of range; nothing was changed
};

template <typename T>
class Pool {
    static_assert(std::is_nothrow_default_constructible_v<T> &&
                      std::is_nothrow_move_assignable_v<T>,
                  "a slot is reset by assigning T{}");

  public:
    static constexpr std::size_t kCapacityMax = std::numeric_limits<std::uint32_t>::max() - 2;

    /// Takes and touches the memory for `capacity` objects, 1..kCapacityMax, else
    /// std::invalid_argument. Slots are first handed out in the order 0, 1, 2, ...
    explicit Pool(std::size_t capacity)
        : capacity_{checked(capacity)}, items_{std::make_unique<T[]>(capacity)},
          links_{std::make_unique<std::uint32_t[]>(capacity)} {
        for (std::uint32_t i = 0; i < capacity_; ++i) {
            links_[i] = i + 1 < capacity_ ? i + 1 : kEnd;
        }
    }

    /// A slot holding T{}, or PoolHandle::kNone when all are in use.
    [[nodiscard, gnu::hot]] PoolHandle allocate() noexcept {
        if (first_free_ == kEnd) [[unlikely]] {
            return PoolHandle::kNone;
        }
        const std::uint32_t index = first_free_;
        first_free_ = links_[index];
        links_[index] = kUsed;
        items_[index] = T{};
        ++size_;
        return PoolHandle{index};
    }

    /// Gives the slot back. A second release of the same handle is detected and refused.
    [[gnu::hot]] ReleaseResult release(PoolHandle handle) noexcept {
        if (!contains(handle)) [[unlikely]] {
            return ReleaseResult::kNotAllocated;
        }
        const auto index = static_cast<std::uint32_t>(handle);
        links_[index] = first_free_;
        first_free_ = index;
        --size_;
        return ReleaseResult::kOk;
    }

    /// Whether `handle` names an object in use.
    [[nodiscard]] bool contains(PoolHandle handle) const noexcept {
        const auto index = static_cast<std::uint32_t>(handle);
        return index < capacity_ && links_[index] == kUsed;
    }

    /// The object. Precondition: contains(handle), checked in debug builds.
    [[nodiscard]] T& operator[](PoolHandle handle) noexcept {
        assert(contains(handle));
        return items_[static_cast<std::uint32_t>(handle)];
    }
    [[nodiscard]] const T& operator[](PoolHandle handle) const noexcept {
        assert(contains(handle));
        return items_[static_cast<std::uint32_t>(handle)];
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool is_exhausted() const noexcept { return first_free_ == kEnd; }

  private:
    static constexpr std::uint32_t kEnd = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t kUsed = kEnd - 1;

    static std::uint32_t checked(std::size_t capacity) {
        if (capacity == 0 || capacity > kCapacityMax) {
            refuse_capacity_slow("Pool: capacity must be 1..2^32-3");
        }
        return static_cast<std::uint32_t>(capacity);
    }

    std::uint32_t capacity_;
    std::uint32_t first_free_ = 0;
    std::uint32_t size_ = 0;
    std::unique_ptr<T[]> items_;
    std::unique_ptr<std::uint32_t[]> links_;  // next free index, kEnd, or kUsed
};

}  // namespace sluice::core
