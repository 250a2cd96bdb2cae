// RollingExtreme: the largest or smallest of the last n values, and how long ago it was.
// One thread. A queue of those values that a later one has not beaten (D. Lemire, "Streaming
// maximum-minimum filter using no more than three comparisons per element", 2006): each value is
// taken in and out once, so an update is amortised constant, at worst n steps. Memory is taken at
// construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <sluice/core/overflow.hpp>

namespace sluice::core {

// `Beats` says whether its first argument is strictly better; of equal ones the newest counts.
template <class Beats>
class RollingExtreme {
  public:
    explicit RollingExtreme(std::size_t period) : queue_(period) {
        if (period == 0) broken_invariant_slow("a rolling extreme needs at least one value");
    }

    void push(double value) noexcept {
        if (count_ > 0 && queue_[head_].number + queue_.size() <= pushed_) {
            head_ = next(head_);
            --count_;
        }
        while (count_ > 0 && !Beats{}(queue_[last_].value, value)) {
            last_ = last_ == 0 ? queue_.size() - 1 : last_ - 1;
            --count_;
        }
        last_ = count_ == 0 ? head_ : next(last_);
        queue_[last_] = {value, pushed_++};
        ++count_;
    }

    // After `period` pushes; before, of the values so far (at least one).
    [[nodiscard]] bool full() const noexcept { return pushed_ >= queue_.size(); }
    [[nodiscard]] double value() const noexcept { return queue_[head_].value; }
    // Pushes since then, 0 for the newest value.
    [[nodiscard]] std::size_t age() const noexcept {
        return static_cast<std::size_t>(pushed_ - 1 - queue_[head_].number);
    }

  private:
    struct Entry {
        double value = 0;
        std::uint64_t number = 0;
    };
    [[nodiscard]] std::size_t next(std::size_t place) const noexcept {
        return place + 1 == queue_.size() ? 0 : place + 1;
    }

    std::vector<Entry> queue_;
    std::size_t head_ = 0;
    std::size_t last_ = 0;
    std::size_t count_ = 0;
    std::uint64_t pushed_ = 0;
};

using RollingMax = RollingExtreme<std::greater<>>;
using RollingMin = RollingExtreme<std::less<>>;

}  // namespace sluice::core
