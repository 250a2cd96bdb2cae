// First in, first out, of a fixed number of elements. One thread; memory at construction.
#pragma once

#include <bit>
#include <cstddef>
#include <vector>

namespace sluice::core {

template <class T>
class FixedQueue {
  public:
    explicit FixedQueue(std::size_t capacity)
        : slots_(std::bit_ceil(capacity)), mask_(slots_.size() - 1) {}

    [[nodiscard]] bool empty() const noexcept { return head_ == tail_; }
    [[nodiscard]] std::size_t room() const noexcept { return slots_.size() - (tail_ - head_); }
    // Only when room() > 0.
    void push(const T& value) noexcept { slots_[tail_++ & mask_] = value; }
    // Only when not empty().
    [[nodiscard]] const T& front() const noexcept { return slots_[head_ & mask_]; }
    void pop() noexcept { ++head_; }

  private:
    std::vector<T> slots_;
    std::size_t mask_;
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
};

}  // namespace sluice::core
