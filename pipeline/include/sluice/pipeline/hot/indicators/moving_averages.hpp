// Averages that the others are built from: simple, weighted, exponential, Wilder's.
#pragma once

#include <algorithm>
#include <cstdint>

#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/readings.hpp>

namespace sluice::pipeline::indicators {

// Simple moving average: the mean of the last n values.
class Sma : public OneReading<double> {
  public:
    explicit Sma(std::size_t period)
        : OneReading(period), window_(period), sum_(period), length_(static_cast<double>(period)) {}

    void update(double value) noexcept {
        if (sum_.full())
            sum_.replace<double>({window_.oldest()}, {value});
        else
            sum_.fill<double>({value});
        window_.push(value);
        if (sum_.full()) publish(sum_[0] / length_);
    }

  private:
    core::RollingWindow<double> window_;
    core::RollingSums<1> sum_;
    double length_;
};

// Linearly weighted moving average: the newest value counts n times, the oldest once.
class Wma : public OneReading<double> {
  public:
    explicit Wma(std::size_t period)
        : OneReading(period), window_(period), sums_(period), length_(static_cast<double>(period)) {
    }

    void update(double value) noexcept {
        using core::DoubleDouble;
        const DoubleDouble plain{value, 0};
        const DoubleDouble fresh =
            core::two_product(value, static_cast<double>(sums_.block_position() + 1));
        if (sums_.full()) {
            // Each weight falls by one, which takes the plain sum away; the newest has weight n.
            sums_.replace<DoubleDouble>({{{window_.oldest(), 0}, sums_.exact(0)}},
                                        {{plain, core::two_product(value, length_)}},
                                        {{plain, fresh}});
        } else {
            sums_.fill<DoubleDouble>({{plain, fresh}});
        }
        window_.push(value);
        if (sums_.full()) publish(sums_[1] / (length_ * (length_ + 1) / 2));
    }

  private:
    core::RollingWindow<double> window_;
    core::RollingSums<2> sums_;  // plain, weighted
    double length_;
};

// Where an exponential average begins.
enum class Seed : std::uint8_t {
    kMean,   // with the mean of the first n values, at the n-th; LEAN and TA-Lib
    kFirst,  // with the first value, at once; as in J. Hunter, "The exponentially weighted moving
             // average", 1986
};

// Exponential moving average with a given weight of the newest value.
class ExponentialAverage : public OneReading<double> {
  public:
    ExponentialAverage(std::size_t period, double weight, Seed seed)
        : OneReading(seed == Seed::kFirst ? 1 : std::max<std::size_t>(period, 1)), weight_(weight) {
    }

    void update(double value) noexcept {
        if (ready()) {
            average_ += weight_ * (value - average_);
        } else {
            seed_ = seed_ + value;
            if (++count_ < warm_up()) return;
            average_ = seed_.value() / static_cast<double>(count_);
        }
        publish(average_);
    }

  private:
    core::DoubleDouble seed_;
    double average_ = 0;
    double weight_;
    std::size_t count_ = 0;
};

// Exponential moving average: weight 2 / (n + 1).
class Ema : public ExponentialAverage {
  public:
    explicit Ema(std::size_t period, Seed seed = Seed::kMean)
        : ExponentialAverage(period, 2.0 / (static_cast<double>(period) + 1.0), seed) {}
};

// Wilder's smoothing (J. W. Wilder, New Concepts in Technical Trading Systems, 1978): weight 1 / n.
class Wilder : public ExponentialAverage {
  public:
    explicit Wilder(std::size_t period, Seed seed = Seed::kMean)
        : ExponentialAverage(period, 1.0 / static_cast<double>(period), seed) {}
};

// Zero-lag exponential average (J. Ehlers and R. Way, "Zero lag (well, almost)", 2010, without its
// error term): an EMA of the value moved forward by what it gained over half a period.
class Zlema : public OneReading<double> {
  public:
    explicit Zlema(std::size_t period)
        : OneReading(period + lag(period)), past_(lag(period) + 1), average_(period) {}

    void update(double value) noexcept {
        past_.push(value);
        if (!past_.full()) return;
        average_.update(value + (value - past_.at(past_.size() - 1)));
        if (average_.ready()) publish(average_.value());
    }

  private:
    [[nodiscard]] static constexpr std::size_t lag(std::size_t period) noexcept {
        return period / 2;  // (n - 1) / 2 rounded up, LEAN's convention
    }
    core::RollingWindow<double> past_;
    Ema average_;
};

// Relative moving average (LEAN's RMA, not Wilder's): SMA(3n) - SMA(2n) + SMA(n).
class RelativeMovingAverage : public OneReading<double> {
  public:
    explicit RelativeMovingAverage(std::size_t period)
        : OneReading(3 * period), short_(period), middle_(2 * period), long_(3 * period) {}

    void update(double value) noexcept {
        short_.update(value);
        middle_.update(value);
        long_.update(value);
        if (long_.ready()) publish(long_.value() - middle_.value() + short_.value());
    }

  private:
    Sma short_;
    Sma middle_;
    Sma long_;
};

static_assert(Indicator<Sma> && Indicator<Wma> && Indicator<Ema> && Indicator<Wilder> &&
              Indicator<Zlema> && Indicator<RelativeMovingAverage>);

}  // namespace sluice::pipeline::indicators
