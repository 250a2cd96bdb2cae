// First in, first out, of a fixed number of elements. One thread; memory at construction.
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <memory>
#include <type_traits>

namespace sluice::core {

// Whether memory is written to as it is taken, so that no page faults later, or with its first use: for
// who has many engines at once, no hot thread, and queues that are made for the worst case.
enum class Prefault : bool { kNo, kYes };

template <class T>
class FixedQueue {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>,
                  "slots are raw memory");

  public:
    explicit FixedQueue(std::size_t capacity, Prefault prefault = Prefault::kYes)
        : size_(std::bit_ceil(capacity)), slots_(std::allocator<T>{}.allocate(size_), Free{size_}) {
        if (prefault == Prefault::kYes)
            std::memset(static_cast<void*>(slots_.get()), 0, size_ * sizeof(T));
    }

    [[nodiscard]] bool empty() const noexcept { return head_ == tail_; }
    [[nodiscard]] std::size_t room() const noexcept { return size_ - (tail_ - head_); }
    // Only when room() > 0.
    void push(const T& value) noexcept { slots_.get()[tail_++ & (size_ - 1)] = value; }
    // Only when not empty().
    [[nodiscard]] const T& front() const noexcept { return slots_.get()[head_ & (size_ - 1)]; }
    // An empty queue begins anew with its first slot, which is in the cache.
    void pop() noexcept {
        if (++head_ == tail_) head_ = tail_ = 0;
    }

  private:
    struct Free {
        std::size_t size = 0;
        void operator()(T* slots) const noexcept { std::allocator<T>{}.deallocate(slots, size); }
    };

    std::size_t size_;
    std::unique_ptr<T, Free> slots_;
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
};

}  // namespace sluice::core
