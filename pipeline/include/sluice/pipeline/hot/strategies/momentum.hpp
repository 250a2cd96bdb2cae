// Momentum: the rate of change over a lookback, in units of what it would be by chance. Time-series
// momentum scaled by volatility, after T. Moskowitz, Y. H. Ooi and L. H. Pedersen, "Time series
// momentum", 2012.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <sluice/core/rolling_sums.hpp>
#include <sluice/pipeline/hot/strategies/strategy.hpp>

namespace sluice::pipeline {

class Momentum {
  public:
    enum Parameter : std::size_t { kLookback, kVolatility, kEntry, kExit };
    static constexpr std::array<StrategyParameter, 4> kParameters{{
        {.name = "lookback",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 1,
         .max = kMaxAveragePeriod,
         .fallback = 20,
         .doc = "Bars over which the rate of change is taken."},
        {.name = "volatility",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 2,
         .max = kMaxAveragePeriod,
         .fallback = 40,
         .doc = "Returns, from bar to bar, in the volatility that it is divided by."},
        {.name = "entry",
         .unit = "standard deviations",
         .min = 0.05,
         .max = 10.0,
         .fallback = 1.0,
         .doc = "Scaled rate of change from which on it goes along with the move."},
        {.name = "exit",
         .unit = "standard deviations",
         .min = 0.0,
         .max = 10.0,
         .fallback = 0.2,
         .doc = "Scaled rate of change down to which it stays with the move."},
    }};
    static constexpr std::array<ParameterOrder, 1> kOrders{{{kExit, kEntry}}};
    static constexpr StrategyDeclaration kDeclaration{
        .kind = StrategyKind::kMomentum,
        .name = "momentum",
        .doc = "rate of change over a lookback, scaled by volatility",
        .manual =
            "m = (close / close[lookback] - 1) / (sigma * sqrt(lookback)), sigma being the root "
            "mean "
            "square of the last `volatility` returns from bar to bar; 0 where nothing moved. Long "
            "from m >= `entry` on until m <= `exit`, short from m <= -`entry` until m >= -`exit`. "
            "Its strength is |m| / `entry`, at most 1. Ready after the larger of `lookback` and "
            "`volatility` bars, and one.",
        .parameters = kParameters,
        .orders = kOrders};
    static constexpr std::size_t kCloses = kMaxAveragePeriod + 1;

    Momentum(std::span<std::int64_t> storage, const StrategyValues& values) noexcept
        : window_(storage) {
        configure(values);
    }

    void configure(const StrategyValues& values) noexcept {
        lookback_ = static_cast<std::size_t>(values[kLookback]);
        volatility_ = static_cast<std::size_t>(values[kVolatility]);
        entry_ = values[kEntry];
        exit_ = values[kExit];
        root_ = std::sqrt(values[kLookback]);
        squares_ = core::RollingSums<1>{volatility_};
        if (window_.count() < 2) return;
        for (std::size_t age = std::min(volatility_, window_.count() - 1); age-- > 0;)
            squares_.fill<double>({square(age)});
    }

    bool on_bar(const Bar& bar) noexcept {
        const double leaving = squares_.full() ? square(volatility_ - 1) : 0.0;
        window_.push(bar.close.raw());
        if (window_.count() < 2) return false;
        if (squares_.full()) {
            squares_.replace<double>({leaving}, {square(0)});
        } else {
            squares_.fill<double>({square(0)});
        }
        if (!ready()) return false;
        act(scaled_change());
        return true;
    }
    [[nodiscard]] bool ready() const noexcept {
        return squares_.full() && window_.count() > lookback_;
    }
    [[nodiscard]] double strength() const noexcept { return strength_; }

  private:
    // Of the return that ended `age` bars ago, squared.
    [[nodiscard]] double square(std::size_t age) const noexcept {
        const double change = change_over(age, age + 1);
        return change * change;
    }
    [[nodiscard]] double change_over(std::size_t newer, std::size_t older) const noexcept {
        const auto before = static_cast<double>(window_.at(older));
        return before > 0 ? static_cast<double>(window_.at(newer)) / before - 1 : 0.0;
    }
    [[nodiscard]] double scaled_change() const noexcept {
        const double sigma =
            std::sqrt(std::max(squares_[0], 0.0) / static_cast<double>(volatility_));
        return sigma > 0 ? change_over(0, lookback_) / (sigma * root_) : 0.0;
    }
    void act(double m) noexcept {
        const bool is_long = m >= entry_ || (strength_ > 0 && m > exit_);
        const bool is_short = m <= -entry_ || (strength_ < 0 && m < -exit_);
        strength_ = is_long || is_short ? std::clamp(m / entry_, -1.0, 1.0) : 0.0;
    }

    CloseWindow window_;
    core::RollingSums<1> squares_{1};
    std::size_t lookback_ = 0;
    std::size_t volatility_ = 0;
    double entry_ = 0;
    double exit_ = 0;
    double root_ = 0;
    double strength_ = 0;
};

static_assert(Strategy<Momentum>);

}  // namespace sluice::pipeline
