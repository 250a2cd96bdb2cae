// Price with volume: OBV, accumulation/distribution, VWAP, money flow.
#pragma once

#include <algorithm>
#include <cmath>

#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>
#include <sluice/pipeline/hot/indicators/moving_averages.hpp>

namespace sluice::pipeline::indicators {

// What the on-balance volume of the first bar is. Only differences mean anything.
enum class ObvStart : std::uint8_t {
    kVolume,  // its volume; TA-Lib and LEAN's vectors
    kZero,    // nothing: there is no close before to compare with
};

// On-balance volume (J. Granville, 1963): volume added where the close rose, taken away where it
// fell.
class Obv : public OneReading<Candle> {
  public:
    explicit Obv(ObvStart start = ObvStart::kVolume) noexcept : OneReading(1), start_(start) {}

    void update(const Candle& bar) noexcept {
        if (!started_ && start_ == ObvStart::kVolume) total_ = total_ + bar.volume;
        if (started_ && bar.close > close_) total_ = total_ + bar.volume;
        if (started_ && bar.close < close_) total_ = total_ - bar.volume;
        close_ = bar.close;
        started_ = true;
        publish(total_.value());
    }

  private:
    core::DoubleDouble total_;
    ObvStart start_;
    double close_ = 0;
    bool started_ = false;
};

// Accumulation/distribution line (M. Chaikin): volume times where the close lies between low and
// high, -1 to 1. A bar without range adds nothing.
class AccumulationDistribution : public OneReading<Candle> {
  public:
    AccumulationDistribution() noexcept : OneReading(1) {}

    void update(const Candle& bar) noexcept {
        const double range = bar.high - bar.low;
        if (range > 0)
            total_ = total_ + ((bar.close - bar.low) - (bar.high - bar.close)) / range * bar.volume;
        publish(total_.value());
    }

  private:
    core::DoubleDouble total_;
};

// Chaikin oscillator: fast less slow exponential average of that line. Chaikin's and TA-Lib's
// averages begin with the line's first value, LEAN's with a mean: `seed`.
class ChaikinOscillator : public OneReading<Candle> {
  public:
    ChaikinOscillator(std::size_t fast, std::size_t slow, Seed seed)
        : OneReading(seed == Seed::kFirst ? 1 : std::max(fast, slow)), fast_(fast, seed),
          slow_(slow, seed) {}

    void update(const Candle& bar) noexcept {
        line_.update(bar);
        fast_.update(line_.value());
        slow_.update(line_.value());
        if (fast_.ready() && slow_.ready()) publish(fast_.value() - slow_.value());
    }

  private:
    AccumulationDistribution line_;
    Ema fast_;
    Ema slow_;
};

// Which price of a bar stands for its trades.
enum class BarPrice : std::uint8_t { kAverage, kTypical, kClose };
[[nodiscard]] inline double price_of(const Candle& bar, BarPrice price) noexcept {
    switch (price) {
        case BarPrice::kAverage: return bar.average();
        case BarPrice::kTypical: return bar.typical();
        case BarPrice::kClose: break;
    }
    return bar.close;
}

// Volume-weighted average price of the last n bars; of closes it is called VWMA. LEAN's VWAP takes
// the mean of open, high, low and close. The newest price where nothing was traded.
class Vwap : public OneReading<Candle> {
  public:
    Vwap(std::size_t period, BarPrice price)
        : OneReading(period), window_(period), sums_(period), price_(price) {}

    void update(const Candle& bar) noexcept {
        const double price = price_of(bar, price_);
        const Item item{price, bar.volume};
        if (sums_.full())
            sums_.replace<core::DoubleDouble>(terms(window_.oldest()), terms(item));
        else
            sums_.fill<core::DoubleDouble>(terms(item));
        window_.push(item);
        if (!sums_.full()) return;
        const double volume = sums_[1];
        publish(volume > 0 ? sums_[0] / volume : price);
    }

  private:
    struct Item {
        double price = 0;
        double volume = 0;
    };
    [[nodiscard]] static std::array<core::DoubleDouble, 2> terms(const Item& item) noexcept {
        return {{core::two_product(item.price, item.volume), {item.volume, 0}}};
    }
    core::RollingWindow<Item> window_;
    core::RollingSums<2> sums_;  // of turnover, of volume
    BarPrice price_;
};

// Money flow index (G. Quong and A. Soudack, 1989), 0 to 100: of the turnover of the last n bars, at
// typical prices, the part of those whose typical price rose. 50 where none moved.
class MoneyFlowIndex : public OneReading<Candle> {
  public:
    explicit MoneyFlowIndex(std::size_t period)
        : OneReading(period + 1), flows_(period), sums_(period) {}

    void update(const Candle& bar) noexcept {
        const double price = bar.typical();
        if (started_) take(price, price * bar.volume);
        before_ = price;
        started_ = true;
    }

  private:
    void take(double price, double turnover) noexcept {
        const double flow = price > before_ ? turnover : price < before_ ? -turnover : 0.0;
        if (sums_.full())
            sums_.replace<double>(terms(flows_.oldest()), terms(flow));
        else
            sums_.fill<double>(terms(flow));
        flows_.push(flow);
        if (!sums_.full()) return;
        const double all = sums_[0] + sums_[1];
        publish(all > 0 ? 100 * sums_[0] / all : 50.0);
    }
    [[nodiscard]] static std::array<double, 2> terms(double flow) noexcept {
        return {{std::max(flow, 0.0), std::max(-flow, 0.0)}};
    }
    core::RollingWindow<double> flows_;  // negative where the price fell
    core::RollingSums<2> sums_;
    double before_ = 0;
    bool started_ = false;
};

static_assert(Indicator<Obv> && Indicator<AccumulationDistribution> &&
              Indicator<ChaikinOscillator> && Indicator<Vwap> && Indicator<MoneyFlowIndex>);

}  // namespace sluice::pipeline::indicators
