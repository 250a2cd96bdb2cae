// Moments of a window: variance, standard deviation, z-score, Bollinger's bands.
#pragma once

#include <cmath>
#include <cstdint>

#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/readings.hpp>

namespace sluice::pipeline::indicators {

// What the squares are divided by.
enum class Deviation : std::uint8_t {
    kPopulation,  // n: Bollinger, TA-Lib, LEAN
    kSample,      // n - 1
};

// n^2 times the variance of n values, of their sum and the sum of their squares. A square takes 106
// bits, and so do the sums: what lies in their last ten is rounding. So values that do not move have no
// variance, nor have those that deviate by less than 4e-15 of their mean.
[[nodiscard]] inline double scaled_variance(core::DoubleDouble sum, core::DoubleDouble squares,
                                            double n) noexcept {
    const core::DoubleDouble whole = squares * n;
    const double spread = (whole - sum * sum).value();
    return spread > whole.high * 0x1p-96 ? spread : 0.0;
}

// Mean and variance of the last n values. Squares are summed exactly and the difference n * sum of
// squares - square of the sum is taken in double-double, so that a small variance far from zero
// keeps its digits (a plain sum of squares loses all of them at a ratio of 10^8).
class RollingMoments {
  public:
    explicit RollingMoments(std::size_t period)
        : window_(period), sums_(period), length_(static_cast<double>(period)) {}

    void update(double value) noexcept {
        if (sums_.full())
            sums_.replace<core::DoubleDouble>(terms(window_.oldest()), terms(value));
        else
            sums_.fill<core::DoubleDouble>(terms(value));
        window_.push(value);
    }
    [[nodiscard]] bool full() const noexcept { return sums_.full(); }
    [[nodiscard]] double mean() const noexcept { return sums_[0] / length_; }
    [[nodiscard]] double variance(Deviation deviation = Deviation::kPopulation) const noexcept {
        const double spread = scaled_variance(sums_.exact(0), sums_.exact(1), length_);
        const double divisor =
            deviation == Deviation::kSample ? length_ * (length_ - 1) : length_ * length_;
        return spread > 0 && divisor > 0 ? spread / divisor : 0.0;
    }
    [[nodiscard]] double deviation(Deviation kind = Deviation::kPopulation) const noexcept {
        return std::sqrt(variance(kind));
    }

  private:
    [[nodiscard]] static std::array<core::DoubleDouble, 2> terms(double value) noexcept {
        return {{{value, 0}, core::two_product(value, value)}};
    }
    core::RollingWindow<double> window_;
    core::RollingSums<2> sums_;  // of values, of squares
    double length_;
};

template <double (RollingMoments::*kMoment)(Deviation) const noexcept>
class MomentReading : public OneReading<double> {
  public:
    explicit MomentReading(std::size_t period, Deviation kind = Deviation::kPopulation)
        : OneReading(period), moments_(period), kind_(kind) {}

    void update(double value) noexcept {
        moments_.update(value);
        if (moments_.full()) publish((moments_.*kMoment)(kind_));
    }

  private:
    RollingMoments moments_;
    Deviation kind_;
};
using Variance = MomentReading<&RollingMoments::variance>;
using StandardDeviation = MomentReading<&RollingMoments::deviation>;

// How many standard deviations the newest value is from the mean of the last n, itself included.
// 0 where nothing moved.
class ZScore : public Readings<3> {
  public:
    using Input = double;
    static constexpr std::array<std::string_view, 3> kOutputNames{"z", "mean", "deviation"};
    explicit ZScore(std::size_t period, Deviation kind = Deviation::kPopulation)
        : Readings(period), moments_(period), kind_(kind) {}

    void update(double value) noexcept {
        moments_.update(value);
        if (!moments_.full()) return;
        const double mean = moments_.mean();
        const double deviation = moments_.deviation(kind_);
        publish(deviation > 0 ? (value - mean) / deviation : 0.0, mean, deviation);
    }
    [[nodiscard]] double mean() const noexcept { return output(1); }
    [[nodiscard]] double deviation() const noexcept { return output(2); }

  private:
    RollingMoments moments_;
    Deviation kind_;
};

// Bollinger bands (J. Bollinger, Bollinger on Bollinger Bands, 2001): the mean, `width` population
// deviations to both sides, their distance in per cent of the mean, and %B, the value's place: 0 on
// the lower band, 1 on the upper, a half where they are the same.
class BollingerBands : public Readings<5> {
  public:
    using Input = double;
    static constexpr std::array<std::string_view, 5> kOutputNames{"middle", "upper", "lower",
                                                                  "bandwidth", "percent_b"};
    BollingerBands(std::size_t period, double width)
        : Readings(period), moments_(period), width_(width) {}

    void update(double value) noexcept {
        moments_.update(value);
        if (!moments_.full()) return;
        const double middle = moments_.mean();
        const double half = width_ * moments_.deviation();
        publish(middle, middle + half, middle - half, middle == 0 ? 0.0 : 100 * 2 * half / middle,
                half > 0 ? 0.5 + (value - middle) / (2 * half) : 0.5);
    }
    [[nodiscard]] double upper() const noexcept { return output(1); }
    [[nodiscard]] double lower() const noexcept { return output(2); }
    [[nodiscard]] double bandwidth() const noexcept { return output(3); }
    [[nodiscard]] double percent_b() const noexcept { return output(4); }

  private:
    RollingMoments moments_;
    double width_;
};

static_assert(Indicator<Variance> && Indicator<StandardDeviation> && Indicator<ZScore> &&
              Indicator<BollingerBands>);

}  // namespace sluice::pipeline::indicators
