// Market making: a quote on both sides of the market instead of a position. After M. Avellaneda and
// S. Stoikov, "High-frequency trading in a limit order book", Quantitative Finance 8(3), 2008, in its
// simplest form: they quote around the reservation price r = s - q * gamma * sigma^2 * (T - t), with q
// the inventory; here the factor of q is so many half spreads for an inventory of one quote's size, the
// same at all times.
//
// It wants no position, so its strength is always 0. What it wants is a quote (QuoteIntent), which the
// signal stage says after each bar and the risk stage keeps (quote_orders.hpp), because it is there that
// the inventory is known.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <sluice/pipeline/hot/strategies/strategy.hpp>

namespace sluice::pipeline {

class MarketMaker {
  public:
    enum Parameter : std::size_t {
        kSize,
        kMaxInventory,
        kSpread,
        kMinHalfTicks,
        kVolatility,
        kSkew,
        kRequoteTicks
    };
    static constexpr std::array<StrategyParameter, 7> kParameters{{
        {.name = "size",
         .unit = "units",
         .min = 0.0001,
         .max = 1'000'000.0,
         .fallback = 100,
         .doc = "Quantity of each side, down to whole lots."},
        {.name = "max_inventory",
         .unit = "units",
         .min = 0.0001,
         .max = 1'000'000.0,
         .fallback = 500,
         .doc = "Position, long or short, that its quotes may lead to at most."},
        {.name = "spread",
         .unit = "standard deviations",
         .min = 0.0,
         .max = 100.0,
         .fallback = 1.0,
         .doc = "Half of the spread, in deviations of the change from bar to bar."},
        {.name = "min_half_ticks",
         .type = ParameterType::kInteger,
         .unit = "ticks",
         .min = 1,
         .max = 10'000,
         .fallback = 1,
         .doc = "Half of the spread is no smaller than this."},
        {.name = "volatility",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 2,
         .max = kMaxAveragePeriod,
         .fallback = 20,
         .doc = "Changes from bar to bar in the deviation."},
        {.name = "skew",
         .unit = "half spreads",
         .min = 0.0,
         .max = 100.0,
         .fallback = 1.0,
         .doc = "How far the quote moves away from an inventory of one size."},
        {.name = "requote_ticks",
         .type = ParameterType::kInteger,
         .unit = "ticks",
         .min = 1,
         .max = 10'000,
         .fallback = 1,
         .doc = "An order stays where it is until its price moves by so much."},
    }};
    static constexpr StrategyDeclaration kDeclaration{
        .kind = StrategyKind::kMarketMaking,
        .name = "market_making",
        .doc = "quotes on both sides, moved away from the inventory",
        .manual =
            "Wants no position: the instruments in its `symbols` (all, where it names none) are "
            "quoted "
            "on both sides, and what other strategies say of them is not traded on. After each "
            "bar, "
            "with h the half spread: the larger of `min_half_ticks` ticks and `spread` * sigma, up "
            "to "
            "whole ticks, sigma being the root mean square of the last `volatility` changes of the "
            "close; bid and ask are h below and above close - `skew` * h * position / `size`, away "
            "from it to whole ticks, each for `size`, or for what `max_inventory` and "
            "risk.max_position leave. An open order is replaced when its price moves by "
            "`requote_ticks` or more. Its weight counts for nothing but 0, which pulls the quotes. "
            "Ready after `volatility` bars, and one.",
        .parameters = kParameters};
    static constexpr std::size_t kCloses = kMaxAveragePeriod + 1;

    MarketMaker(std::span<std::int64_t> storage, const StrategyValues& values) noexcept
        : window_(storage) {
        configure(values);
    }

    void configure(const StrategyValues& values) noexcept {
        size_ = units(values[kSize]);
        most_ = units(values[kMaxInventory]);
        spread_ = values[kSpread];
        least_ticks_ = static_cast<std::int64_t>(values[kMinHalfTicks]);
        volatility_ = static_cast<std::size_t>(values[kVolatility]);
        // Not below zero; lround would be a library's call. NOLINTNEXTLINE(bugprone-incorrect-roundings)
        skew_permille_ = static_cast<std::uint32_t>(values[kSkew] * 1'000 + 0.5);
        requote_ticks_ = static_cast<std::uint32_t>(values[kRequoteTicks]);
        squares_ = 0;
        for (std::size_t age = 0; age < volatility_ && age + 1 < window_.count(); ++age)
            squares_ += square(age);
    }

    bool on_bar(const Bar& bar) noexcept {
        if (ready()) squares_ -= square(volatility_ - 1);
        window_.push(bar.close.raw());
        if (window_.count() > 1) squares_ += square(0);
        return ready();
    }
    [[nodiscard]] bool ready() const noexcept { return window_.count() > volatility_; }
    [[nodiscard]] double strength() const noexcept { return 0; }

    // What it wants from the last bar on; only when ready. `tick` is above zero.
    [[nodiscard]] QuoteIntent quote(PriceDelta tick) const noexcept {
        const double sigma =
            std::sqrt(static_cast<double>(squares_) / static_cast<double>(volatility_));
        const double ticks = spread_ * sigma / static_cast<double>(tick.raw());
        std::int64_t half = least_ticks_;
        if (ticks > static_cast<double>(half)) {
            half = static_cast<std::int64_t>(std::min(ticks, kMostTicks));
            if (static_cast<double>(half) < ticks && ticks < kMostTicks) ++half;
        }
        return {Price::from_raw(window_.at(0)),
                PriceDelta::from_raw(half * tick.raw()),
                size_,
                most_,
                skew_permille_,
                requote_ticks_};
    }

  private:
    // A quote so far away is none; its spread still fits.
    static constexpr double kMostTicks = 1e6;

    // To the smallest unit; ranges keep it exact.
    [[nodiscard]] static Quantity units(double value) noexcept {
        return Quantity::from_raw(
            // NOLINTNEXTLINE(bugprone-incorrect-roundings): as above
            static_cast<std::int64_t>(value * static_cast<double>(Quantity::kScale) + 0.5));
    }
    // Of the change that ended `age` bars ago. Whole numbers: their sum has no rounding to keep, and a
    // window of the largest fits.
    [[nodiscard]] core::Int128 square(std::size_t age) const noexcept {
        constexpr std::int64_t kMost = 100'000'000 * Price::kScale;
        const std::int64_t change =
            std::clamp(window_.at(age) - window_.at(age + 1), -kMost, kMost);
        return core::widening_mul(change, change);
    }

    CloseWindow window_;
    core::Int128 squares_ = 0;  // of the last volatility_ changes, or of all there are
    Quantity size_;
    Quantity most_;
    double spread_ = 0;
    std::int64_t least_ticks_ = 1;
    std::size_t volatility_ = 2;
    std::uint32_t skew_permille_ = 0;
    std::uint32_t requote_ticks_ = 1;
};

static_assert(Strategy<MarketMaker>);

}  // namespace sluice::pipeline
