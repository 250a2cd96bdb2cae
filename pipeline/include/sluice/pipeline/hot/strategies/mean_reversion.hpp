// Mean reversion on Bollinger bands (J. Bollinger; population deviation): short above the upper band,
// long below the lower one, out again within `exit` deviations of the mean.
// Prices are summed as exact integers, so no drift builds up and every compiler agrees.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <sluice/core/overflow.hpp>
#include <sluice/pipeline/hot/strategies/strategy.hpp>

namespace sluice::pipeline {

class MeanReversion {
  public:
    enum Parameter : std::size_t { kPeriod, kEntry, kExit };
    static constexpr std::array<StrategyParameter, 3> kParameters{{
        {.name = "period",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 2,
         .max = kMaxAveragePeriod,
         .fallback = 20,
         .doc = "Bars in the mean and the deviation."},
        {.name = "entry_deviations",
         .unit = "standard deviations",
         .min = 0.1,
         .max = 10.0,
         .fallback = 2.0,
         .doc = "Distance from the mean at which it takes a stance against the move."},
        {.name = "exit_deviations",
         .unit = "standard deviations",
         .min = 0.0,
         .max = 10.0,
         .fallback = 0.5,
         .doc = "Distance from the mean within which it gives the stance up."},
    }};
    static constexpr std::array<ParameterOrder, 1> kOrders{{{kExit, kEntry}}};
    static constexpr StrategyDeclaration kDeclaration{
        .kind = StrategyKind::kMeanReversion,
        .name = "mean_reversion",
        .doc = "reversal at Bollinger bands",
        .manual =
            "With z the distance of the close from the mean of the last `period` closes, itself "
            "included, in their population deviation: long at z <= -`entry_deviations`, short "
            "at z >= `entry_deviations`, flat again once z is within `exit_deviations` of the "
            "mean. Ready after `period` bars.",
        .parameters = kParameters,
        .orders = kOrders};
    static constexpr std::size_t kCloses = kMaxAveragePeriod;

    MeanReversion(std::span<std::int64_t> storage, const StrategyValues& values) noexcept
        : window_(storage) {
        configure(values);
    }

    void configure(const StrategyValues& values) noexcept {
        period_ = static_cast<std::size_t>(values[kPeriod]);
        entry_ = values[kEntry];
        exit_ = values[kExit];
        if (window_.count() != 0) rebase_slow();
    }

    bool on_bar(const Bar& bar) noexcept { return on_close(bar.close); }
    bool on_close(Price close) noexcept {
        if (window_.count() == 0) base_ = close.raw();
        if (window_.count() >= period_) remove(window_.at(period_ - 1));
        window_.push(close.raw());
        add(close.raw());
        if (window_.count() < period_) return false;
        act(z_score(close.raw()));
        return true;
    }
    [[nodiscard]] bool ready() const noexcept { return window_.count() >= period_; }
    [[nodiscard]] int stance() const noexcept { return stance_; }
    [[nodiscard]] double strength() const noexcept { return stance_; }

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
        for (std::size_t age = 0; age < std::min(window_.count(), period_); ++age) {
            const std::int64_t d = distance(window_.at(age));
            sum_ += d;
            sum_squares_ += core::widening_mul(d, d);
        }
    }
    [[nodiscard]] double z_score(std::int64_t close) const noexcept {
        const auto n = static_cast<std::int64_t>(period_);
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
    std::size_t period_ = 0;
    double entry_ = 0;
    double exit_ = 0;
    std::int64_t base_ = 0;
    core::Int128 sum_ = 0;
    core::Int128 sum_squares_ = 0;
    int stance_ = 0;
};

static_assert(Strategy<MeanReversion>);

}  // namespace sluice::pipeline
