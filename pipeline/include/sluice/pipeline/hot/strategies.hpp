// The built-in strategies. Each is a state machine over the bars of one instrument:
//
//   bool on_close(Price)   takes the close of a finished bar; true once it is warmed up
//   int stance()           +1 long, 0 flat, -1 short
//
// Prices are summed as exact integers, so no drift builds up and every compiler agrees.
// Memory: a window handed in at construction; constant time per bar.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <sluice/core/overflow.hpp>
#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

template <class S>
concept Strategy = requires(S strategy, const S& view, Price close) {
    { strategy.on_close(close) }
    noexcept;
    { view.stance() }
    noexcept;
};

// The last n closes, oldest overwritten first.
class CloseWindow {
  public:
    explicit CloseWindow(std::span<std::int64_t> storage) noexcept : storage_(storage) {}

    [[nodiscard]] bool full() const noexcept { return count_ == storage_.size(); }
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    // The close `age` bars ago, 0 being the newest; age < count().
    [[nodiscard]] std::int64_t at(std::size_t age) const noexcept {
        const std::size_t n = storage_.size();
        const std::size_t place = next_ + n - 1 - age;  // below 2n: no division needed
        return storage_[place < n ? place : place - n];
    }
    void push(std::int64_t close) noexcept {
        storage_[next_] = close;
        next_ = next_ + 1 == storage_.size() ? 0 : next_ + 1;
        if (count_ < storage_.size()) ++count_;
    }

  private:
    std::span<std::int64_t> storage_;
    std::size_t next_ = 0;
    std::size_t count_ = 0;
};

// Trend following: long when the fast simple moving average crosses above the slow one, short when
// it crosses below, compared as exact fractions. Flat until the first cross.
class TrendFollowing {
  public:
    // `storage` holds `slow` closes; 0 < fast < slow.
    TrendFollowing(std::span<std::int64_t> storage, std::size_t fast) noexcept
        : window_(storage), fast_(fast), fast_length_(static_cast<std::int64_t>(fast)),
          slow_length_(static_cast<std::int64_t>(storage.size())) {}

    bool on_close(Price close) noexcept {
        if (window_.count() >= fast_) sum_fast_ -= window_.at(fast_ - 1);
        if (window_.full()) sum_slow_ -= window_.at(static_cast<std::size_t>(slow_length_) - 1);
        sum_fast_ += close.raw();
        sum_slow_ += close.raw();
        window_.push(close.raw());
        if (!window_.full()) return false;

        const core::Int128 gap = sum_fast_ * slow_length_ - sum_slow_ * fast_length_;
        const int relation = (gap > 0) - (gap < 0);
        if (ready_) {
            if (previous_ <= 0 && relation > 0) stance_ = 1;
            if (previous_ >= 0 && relation < 0) stance_ = -1;
        }
        previous_ = relation;
        ready_ = true;
        return true;
    }
    [[nodiscard]] int stance() const noexcept { return stance_; }

  private:
    CloseWindow window_;
    std::size_t fast_;
    std::int64_t fast_length_;
    std::int64_t slow_length_;
    core::Int128 sum_fast_ = 0;
    core::Int128 sum_slow_ = 0;
    int previous_ = 0;
    int stance_ = 0;
    bool ready_ = false;
};

// Mean reversion on Bollinger bands (J. Bollinger; population deviation): short above the upper
// band, long below the lower one, out again within `exit` deviations of the mean.
class MeanReversion {
  public:
    // `storage` holds `period` closes, period >= 2; 0 <= exit < entry, in standard deviations.
    MeanReversion(std::span<std::int64_t> storage, double entry, double exit) noexcept
        : window_(storage), entry_(entry), exit_(exit) {}

    bool on_close(Price close) noexcept {
        if (window_.count() == 0) base_ = close.raw();
        if (window_.full()) remove(window_.at(window_.count() - 1));
        window_.push(close.raw());
        add(close.raw());
        if (!window_.full()) return false;
        act(z_score(close.raw()));
        return true;
    }
    [[nodiscard]] int stance() const noexcept { return stance_; }

  private:
    // Sums are of distances from a base price, so that their squares stay far inside 128 bits:
    // 512 closes of at most 2^54 give n * sum of squares below 2^127. A close beyond 2^52 (4.5
    // million currency units from the base) moves the base; what is then still too far is pinned.
    static constexpr std::int64_t kRebaseDistance = std::int64_t{1} << 52;
    static constexpr std::int64_t kPinnedDistance = std::int64_t{1} << 54;

    [[nodiscard]] std::int64_t distance(std::int64_t close) const noexcept {
        return std::clamp(close - base_, -kPinnedDistance, kPinnedDistance);
    }
    void add(std::int64_t close) noexcept {
        const std::int64_t d = distance(close);
        if (d > kRebaseDistance || d < -kRebaseDistance) [[unlikely]]
            return rebase_slow();
        sum_ += d;
        sum_squares_ += core::widening_mul(d, d);
    }
    void remove(std::int64_t close) noexcept {
        const std::int64_t d = distance(close);
        sum_ -= d;
        sum_squares_ -= core::widening_mul(d, d);
    }
    // The price has left its base's neighbourhood: sum again around the newest close.
    [[gnu::cold, gnu::noinline]] void rebase_slow() noexcept {
        base_ = window_.at(0);
        sum_ = 0;
        sum_squares_ = 0;
        for (std::size_t age = 0; age < window_.count(); ++age) {
            const std::int64_t d = distance(window_.at(age));
            sum_ += d;
            sum_squares_ += core::widening_mul(d, d);
        }
    }
    [[nodiscard]] double z_score(std::int64_t close) const noexcept {
        const auto n = static_cast<std::int64_t>(window_.count());
        const core::Int128 scaled_variance = n * sum_squares_ - sum_ * sum_;  // n^2 * variance
        if (scaled_variance <= 0) return 0.0;
        const core::Int128 scaled_distance =
            static_cast<core::Int128>(distance(close)) * n - sum_;  // n * (close - mean)
        return static_cast<double>(scaled_distance) /
               std::sqrt(static_cast<double>(scaled_variance));
    }
    void act(double z) noexcept {
        if (z <= -entry_) {
            stance_ = 1;
        } else if (z >= entry_) {
            stance_ = -1;
        } else if ((stance_ > 0 && z >= -exit_) || (stance_ < 0 && z <= exit_)) {
            stance_ = 0;
        }
    }

    CloseWindow window_;
    double entry_;
    double exit_;
    std::int64_t base_ = 0;
    core::Int128 sum_ = 0;
    core::Int128 sum_squares_ = 0;
    int stance_ = 0;
};

static_assert(Strategy<TrendFollowing> && Strategy<MeanReversion>);

}  // namespace sluice::pipeline
