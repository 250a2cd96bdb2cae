// RollingWindow: the last n values, the oldest overwritten first.
// One thread. Memory is taken at construction (copying takes it again); constant time per value.
#pragma once

#include <cstddef>
#include <vector>

#include <sluice/core/overflow.hpp>

namespace sluice::core {

template <class T>
class RollingWindow {
  public:
    explicit RollingWindow(std::size_t capacity) : values_(capacity) {
        if (capacity == 0) broken_invariant_slow("a rolling window must hold at least one value");
    }

    [[nodiscard]] std::size_t capacity() const noexcept { return values_.size(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool full() const noexcept { return size_ == values_.size(); }

    // The place that the next push takes, in [0, capacity).
    [[nodiscard]] std::size_t next_slot() const noexcept { return next_; }
    [[nodiscard]] const T& slot(std::size_t place) const noexcept { return values_[place]; }

    // The value `age` pushes ago, 0 being the newest; age < size().
    [[nodiscard]] const T& at(std::size_t age) const noexcept {
        const std::size_t place = next_ + values_.size() - 1 - age;  // below 2n: no division
        return values_[place < values_.size() ? place : place - values_.size()];
    }
    // The one that the next push overwrites; full() only.
    [[nodiscard]] const T& oldest() const noexcept { return values_[next_]; }

    void push(const T& value) noexcept {
        values_[next_] = value;
        next_ = next_ + 1 == values_.size() ? 0 : next_ + 1;
        if (size_ < values_.size()) ++size_;
    }

  private:
    std::vector<T> values_;
    std::size_t next_ = 0;
    std::size_t size_ = 0;
};

}  // namespace sluice::core
