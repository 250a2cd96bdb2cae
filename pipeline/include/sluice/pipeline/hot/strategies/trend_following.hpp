// Trend following: long when the fast simple moving average crosses above the slow one, short when it
// crosses below, compared as exact fractions. Flat until the first cross.
// Prices are summed as exact integers, so no drift builds up and every compiler agrees.
#pragma once

#include <algorithm>
#include <array>

#include <sluice/core/overflow.hpp>
#include <sluice/pipeline/hot/strategies/strategy.hpp>

namespace sluice::pipeline {

class TrendFollowing {
  public:
    enum Parameter : std::size_t { kFast, kSlow };
    static constexpr std::array<StrategyParameter, 2> kParameters{{
        {.name = "fast",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 1,
         .max = kMaxAveragePeriod,
         .fallback = 10,
         .doc = "Length of the fast average."},
        {.name = "slow",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 2,
         .max = kMaxAveragePeriod,
         .fallback = 30,
         .doc = "Length of the slow average."},
    }};
    static constexpr std::array<ParameterOrder, 1> kOrders{{{kFast, kSlow}}};
    static constexpr StrategyDeclaration kDeclaration{
        .kind = StrategyKind::kTrendFollowing,
        .name = "trend_following",
        .doc = "crossing of two simple moving averages",
        .manual =
            "Long from the bar on at which the average of the last `fast` closes crosses above "
            "that of the last `slow`, short from where it crosses below; flat until the first "
            "cross. Averages are compared as exact fractions. Ready after `slow` bars.",
        .parameters = kParameters,
        .orders = kOrders};
    static constexpr std::size_t kCloses = kMaxAveragePeriod;

    TrendFollowing(std::span<std::int64_t> storage, const StrategyValues& values) noexcept
        : window_(storage) {
        configure(values);
    }

    void configure(const StrategyValues& values) noexcept {
        fast_ = static_cast<std::size_t>(values[kFast]);
        slow_ = static_cast<std::size_t>(values[kSlow]);
        sum_fast_ = sum_of(fast_);
        sum_slow_ = sum_of(slow_);
        ready_ = window_.count() >= slow_;
        if (ready_) previous_ = relation();
    }

    bool on_bar(const Bar& bar) noexcept { return on_close(bar.close); }
    bool on_close(Price close) noexcept {
        if (window_.count() >= fast_) sum_fast_ -= window_.at(fast_ - 1);
        if (window_.count() >= slow_) sum_slow_ -= window_.at(slow_ - 1);
        sum_fast_ += close.raw();
        sum_slow_ += close.raw();
        window_.push(close.raw());
        if (window_.count() < slow_) return false;

        const int now = relation();
        if (ready_) {
            if (previous_ <= 0 && now > 0) stance_ = 1;
            if (previous_ >= 0 && now < 0) stance_ = -1;
        }
        previous_ = now;
        ready_ = true;
        return true;
    }
    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] int stance() const noexcept { return stance_; }
    [[nodiscard]] double strength() const noexcept { return stance_; }

  private:
    // Of the fast average to the slow one: above, the same, below.
    [[nodiscard]] int relation() const noexcept {
        const core::Int128 gap = sum_fast_ * static_cast<std::int64_t>(slow_) -
                                 sum_slow_ * static_cast<std::int64_t>(fast_);
        return (gap > 0) - (gap < 0);
    }
    [[nodiscard]] core::Int128 sum_of(std::size_t length) const noexcept {
        core::Int128 sum = 0;
        for (std::size_t age = 0; age < std::min(length, window_.count()); ++age)
            sum += window_.at(age);
        return sum;
    }

    CloseWindow window_;
    std::size_t fast_ = 0;
    std::size_t slow_ = 0;
    core::Int128 sum_fast_ = 0;
    core::Int128 sum_slow_ = 0;
    int previous_ = 0;
    int stance_ = 0;
    bool ready_ = false;
};

static_assert(Strategy<TrendFollowing>);

}  // namespace sluice::pipeline
