// MACD trend: with the side on which the MACD stands of its signal line, once the two are a band apart.
#pragma once

#include <array>

#include <sluice/pipeline/hot/indicators/momentum.hpp>
#include <sluice/pipeline/hot/strategies/strategy.hpp>

namespace sluice::pipeline {

class MacdTrend {
  public:
    enum Parameter : std::size_t { kFast, kSlow, kSignal, kBand };
    static constexpr std::array<StrategyParameter, 4> kParameters{{
        {.name = "fast",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 1,
         .max = kMaxAveragePeriod,
         .fallback = 12,
         .doc = "Length of the fast exponential average.",
         .changes = false},
        {.name = "slow",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 2,
         .max = kMaxAveragePeriod,
         .fallback = 26,
         .doc = "Length of the slow exponential average.",
         .changes = false},
        {.name = "signal",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 1,
         .max = kMaxAveragePeriod,
         .fallback = 9,
         .doc = "Length of the exponential average of the MACD, its signal line.",
         .changes = false},
        {.name = "band",
         .unit = "share of the fast average",
         .min = 0.0,
         .max = 1.0,
         .fallback = 0.0025,
         .doc = "Distance of the MACD from its signal line beyond which it takes a side."},
    }};
    static constexpr std::array<ParameterOrder, 1> kOrders{{{kFast, kSlow}}};
    static constexpr StrategyDeclaration kDeclaration{
        .kind = StrategyKind::kMacd,
        .name = "macd",
        .doc = "side of the MACD's distance from its signal line",
        .manual =
            "x = (MACD - signal) / fast average. Long from x > `band` on, short from x < -`band` "
            "on; between the two it stays as it was, flat at first. Exponential averages begin "
            "with the mean of their first values. Ready after `slow` + `signal` - 1 bars.",
        .parameters = kParameters,
        .orders = kOrders};
    static constexpr std::size_t kCloses = 0;  // the averages have their own memory

    MacdTrend(std::span<std::int64_t> /*storage*/, const StrategyValues& values) noexcept
        : macd_(static_cast<std::size_t>(values[kFast]), static_cast<std::size_t>(values[kSlow]),
                static_cast<std::size_t>(values[kSignal])) {
        configure(values);
    }
    // Lengths stay: another one needs bars that nobody has kept.
    void configure(const StrategyValues& values) noexcept { band_ = values[kBand]; }

    bool on_bar(const Bar& bar) noexcept {
        macd_.update(bar.close.to_double());
        if (!macd_.ready()) return false;
        const double gap = macd_.histogram();
        const double needed = band_ * macd_.fast_average();
        if (gap > needed) side_ = 1;
        if (gap < -needed) side_ = -1;
        return true;
    }
    [[nodiscard]] bool ready() const noexcept { return macd_.ready(); }
    [[nodiscard]] double strength() const noexcept { return side_; }

  private:
    indicators::Macd macd_;
    double band_ = 0;
    double side_ = 0;
};

static_assert(Strategy<MacdTrend>);

}  // namespace sluice::pipeline
