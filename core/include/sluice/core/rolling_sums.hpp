// RollingSums: sums over the last n items that neither drift nor keep a shock.
// One thread; constant time and memory per item, no allocation, no data-dependent branch.
//
// Two measures against drift. The sums are double-doubles, so that adding an item and taking it
// away again leaves almost nothing behind. And beside the running sums a fresh set is added up from
// zero; after each n items it holds exactly the items of the window and takes the running sums'
// place. So no rounding lives longer than 2n items, and neither does an infinity or a NaN.
#pragma once

#include <array>
#include <cstddef>

#include <sluice/core/double_double.hpp>

namespace sluice::core {

template <std::size_t N>
class RollingSums {
  public:
    // Term is double, or DoubleDouble for products that are to be summed exactly.
    template <class Term>
    using Terms = std::array<Term, N>;

    explicit RollingSums(std::size_t period) noexcept : period_(period) {}

    // Whether n items have come; the sums mean nothing before.
    [[nodiscard]] bool full() const noexcept { return full_; }

    template <class Term>
    void fill(const Terms<Term>& entering) noexcept {
        refresh(entering);
    }
    // Once full: `leaving` are the terms that entered n items ago.
    template <class Term>
    void replace(const Terms<Term>& leaving, const Terms<Term>& entering) noexcept {
        replace(leaving, entering, entering);
    }
    // Where the running sums move by other terms than those that add up to them, as weighted ones do.
    template <class Term>
    void replace(const Terms<Term>& leaving, const Terms<Term>& entering,
                 const Terms<Term>& fresh) noexcept {
        for (std::size_t i = 0; i < N; ++i) add(running_[i], difference(entering[i], leaving[i]));
        refresh(fresh);
    }

    [[nodiscard]] DoubleDouble exact(std::size_t i) const noexcept {
        return two_sum(running_[i].high, running_[i].low);
    }
    [[nodiscard]] double operator[](std::size_t i) const noexcept { return running_[i].value(); }
    // Items since the sums were last refreshed, in [0, n).
    [[nodiscard]] std::size_t block_position() const noexcept { return in_block_; }

  private:
    [[nodiscard]] static DoubleDouble difference(double a, double b) noexcept {
        return two_sum(a, -b);
    }
    [[nodiscard]] static DoubleDouble difference(DoubleDouble a, DoubleDouble b) noexcept {
        const DoubleDouble high = two_sum(a.high, -b.high);
        return {high.high, high.low + (a.low - b.low)};
    }
    [[nodiscard]] static DoubleDouble widened(double a) noexcept { return {a, 0}; }
    [[nodiscard]] static DoubleDouble widened(DoubleDouble a) noexcept { return a; }
    // What the high part cannot take goes to the low one, which is not brought back: a refresh comes
    // long before it matters. So one update waits for the one before by a single addition.
    static void add(DoubleDouble& sum, DoubleDouble term) noexcept {
        const DoubleDouble high = two_sum(sum.high, term.high);
        sum.high = high.high;
        sum.low += high.low + term.low;
    }

    template <class Term>
    void refresh(const Terms<Term>& terms) noexcept {
        for (std::size_t i = 0; i < N; ++i) add(fresh_[i], widened(terms[i]));
        if (++in_block_ < period_) return;
        running_ = fresh_;
        fresh_ = {};
        in_block_ = 0;
        full_ = true;
    }

    std::array<DoubleDouble, N> running_{};
    std::array<DoubleDouble, N> fresh_{};
    std::size_t period_;
    std::size_t in_block_ = 0;
    bool full_ = false;
};

}  // namespace sluice::core
