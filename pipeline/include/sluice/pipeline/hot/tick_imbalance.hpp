// The imbalance of one instrument's ticks, and how much of it ends a bar. Part of the bar stage; its
// thread only. Constant time per tick, no memory but its own.
//
// M. Lopez de Prado, Advances in Financial Machine Learning (2018), 2.3.2.1. Each tick has a sign,
// that of the last change of price, zero before the first one; the rule goes on over bars and
// sessions. A bar ends when the sum of its signs is as far from zero as E[T] |E[b]| was at its
// start, where E[T] is the exponentially weighted mean of the ticks of the bars before (span 20
// bars) and E[b] that of all signs before (span 20 N ticks). Left alone the two feed back, and bars
// shrink to a tick or never end. So, with N the ticks that the configuration expects: E[T] begins at
// N and stays within N/4 and 4N; the sum has to reach sqrt(E[T]) at least, for which the signs of a
// balanced market take E[T] ticks; and a bar of 4N ticks ends. Hence every bar that no session cuts
// short has between sqrt(N)/2 and 4N ticks.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

class TickImbalance {
  public:
    TickImbalance() noexcept = default;
    explicit TickImbalance(std::int64_t expected_ticks) noexcept
        : least_(static_cast<double>(expected_ticks) / kRange),
          most_(static_cast<double>(expected_ticks) * kRange), bar_most_(expected_ticks * 4),
          sign_weight_(2.0 / (kBarsSpan * static_cast<double>(expected_ticks) + 1.0)),
          expected_ticks_(static_cast<double>(expected_ticks)) {
        start_bar();
    }

    void add(Price price) noexcept {
        if (price != last_ && !last_.is_zero()) sign_ = price > last_ ? 1 : -1;
        last_ = price;
        sum_ += sign_;
        mean_sign_ += sign_weight_ * (static_cast<double>(sign_) - mean_sign_);
    }
    // Ticks that a bar of `ticks` ticks can take at least before it ends; 0: it ends.
    [[nodiscard]] std::int64_t room(std::int64_t ticks) const noexcept {
        const std::int64_t away = sum_ < 0 ? -sum_ : sum_;
        return std::max<std::int64_t>(0, std::min(threshold_ - away, bar_most_ - ticks));
    }
    // A bar of so many ticks has ended by itself, or was cut short and says nothing of its size.
    void end_bar(std::int64_t ticks, bool whole) noexcept {
        if (whole) {
            constexpr double kWeight = 2.0 / (kBarsSpan + 1.0);
            expected_ticks_ += kWeight * (static_cast<double>(ticks) - expected_ticks_);
            expected_ticks_ = std::clamp(expected_ticks_, least_, most_);
        }
        start_bar();
    }
    [[nodiscard]] std::int64_t threshold() const noexcept { return threshold_; }

  private:
    static constexpr double kRange = 4.0;
    static constexpr double kBarsSpan = 20.0;  // of the averages, in bars

    void start_bar() noexcept {
        sum_ = 0;
        const double expected =
            std::max(expected_ticks_ * std::abs(mean_sign_), std::sqrt(expected_ticks_));
        threshold_ = static_cast<std::int64_t>(expected);
        if (static_cast<double>(threshold_) < expected) ++threshold_;
    }

    double least_ = 0;
    double most_ = 0;
    std::int64_t bar_most_ = 0;
    double sign_weight_ = 0;
    double expected_ticks_ = 0;
    double mean_sign_ = 0;
    std::int64_t threshold_ = 0;  // of the open bar
    std::int64_t sum_ = 0;        // of its signs
    int sign_ = 0;                // 0 until a price has changed
    Price last_{};
};

}  // namespace sluice::pipeline
