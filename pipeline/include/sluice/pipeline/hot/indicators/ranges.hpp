// How far prices go: true range and its averages, Keltner's channel, directional movement.
#pragma once

#include <algorithm>
#include <cmath>

#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/average_choice.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>

namespace sluice::pipeline::indicators {

// The first bar has no close before it.
enum class FirstRange : std::uint8_t {
    kHighLow,  // its range is high less low; LEAN's ATR
    kSkipped,  // it has none; TA-Lib
};

// True range (J. W. Wilder, 1978): from the lower of low and last close to the higher of high and
// last close.
class TrueRange : public OneReading<Candle> {
  public:
    explicit TrueRange(FirstRange first)
        : OneReading(first == FirstRange::kHighLow ? 1 : 2), first_(first) {}

    void update(const Candle& bar) noexcept {
        if (started_)
            publish(std::max(bar.high, close_) - std::min(bar.low, close_));
        else if (first_ == FirstRange::kHighLow)
            publish(bar.high - bar.low);
        close_ = bar.close;
        started_ = true;
    }

  private:
    FirstRange first_;
    double close_ = 0;
    bool started_ = false;
};

// Average true range. Wilder's has his smoothing; LEAN's default is that too, its channels take a
// simple one.
class Atr : public OneReading<Candle> {
  public:
    explicit Atr(std::size_t period, AverageKind kind = AverageKind::kWilder,
                 FirstRange first = FirstRange::kHighLow)
        : OneReading(period + TrueRange(first).warm_up() - 1), range_(first),
          average_(kind, period) {}

    void update(const Candle& bar) noexcept {
        range_.update(bar);
        if (!range_.ready()) return;
        average_.update(range_.value());
        if (average_.ready()) publish(average_.value());
    }

  private:
    TrueRange range_;
    ChosenAverage average_;
};

// Normalised ATR (J. Forman, "Cross-market evaluations with normalized average true range", 2006):
// per cent of the close. 0 where that is 0.
class Natr : public OneReading<Candle> {
  public:
    explicit Natr(std::size_t period, AverageKind kind = AverageKind::kWilder,
                  FirstRange first = FirstRange::kSkipped)
        : OneReading(Atr(period, kind, first).warm_up()), atr_(period, kind, first) {}

    void update(const Candle& bar) noexcept {
        atr_.update(bar);
        if (atr_.ready()) publish(bar.close == 0 ? 0.0 : 100 * atr_.value() / bar.close);
    }

  private:
    Atr atr_;
};

// Keltner channel (C. Keltner, 1960; with the true range: L. Raschke): an average of typical prices
// and `width` average true ranges of the same length and kind to both sides. LEAN's convention.
class Keltner : public Readings<3> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 3> kOutputNames{"middle", "upper", "lower"};
    Keltner(std::size_t period, double width, AverageKind kind)
        : Readings(period), middle_(kind, period), range_(period, kind), width_(width) {}

    void update(const Candle& bar) noexcept {
        middle_.update(bar.typical());
        range_.update(bar);
        if (!middle_.ready() || !range_.ready()) return;
        const double middle = middle_.value();
        const double half = width_ * range_.value();
        publish(middle, middle + half, middle - half);
    }
    [[nodiscard]] double upper() const noexcept { return output(1); }
    [[nodiscard]] double lower() const noexcept { return output(2); }

  private:
    ChosenAverage middle_;
    Atr range_;
    double width_;
};

// Directional movement (J. W. Wilder, 1978): +DI and -DI in per cent of the range, and DX, how much
// the one outweighs the other. The first bar only starts the comparison.
class DirectionalMovement : public Readings<3> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 3> kOutputNames{"dx", "plus_di", "minus_di"};
    explicit DirectionalMovement(std::size_t period)
        : Readings(period + 1), plus_(period), minus_(period), range_(period) {}

    void update(const Candle& bar) noexcept {
        if (started_) take(bar);
        before_ = bar;
        started_ = true;
    }
    [[nodiscard]] double plus_di() const noexcept { return output(1); }
    [[nodiscard]] double minus_di() const noexcept { return output(2); }

  private:
    void take(const Candle& bar) noexcept {
        const double up = bar.high - before_.high;
        const double down = before_.low - bar.low;
        plus_.update(up > down && up > 0 ? up : 0.0);
        minus_.update(down > up && down > 0 ? down : 0.0);
        range_.update(std::max(bar.high, before_.close) - std::min(bar.low, before_.close));
        if (!range_.ready()) return;
        const double range = range_.value();
        const double plus = range > 0 ? 100 * plus_.value() / range : 0.0;
        const double minus = range > 0 ? 100 * minus_.value() / range : 0.0;
        const double sum = plus + minus;
        publish(sum > 0 ? 100 * std::abs(plus - minus) / sum : 0.0, plus, minus);
    }

    Wilder plus_;
    Wilder minus_;
    Wilder range_;
    Candle before_;
    bool started_ = false;
};

// Average directional index (Wilder): his average of DX.
class Adx : public Readings<3> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 3> kOutputNames{"adx", "plus_di", "minus_di"};
    explicit Adx(std::size_t period) : Readings(2 * period), movement_(period), average_(period) {}

    void update(const Candle& bar) noexcept {
        movement_.update(bar);
        if (!movement_.ready()) return;
        average_.update(movement_.value());
        if (average_.ready()) publish(average_.value(), movement_.plus_di(), movement_.minus_di());
    }
    [[nodiscard]] double plus_di() const noexcept { return output(1); }
    [[nodiscard]] double minus_di() const noexcept { return output(2); }

  private:
    DirectionalMovement movement_;
    Wilder average_;
};

// ADX rating (Wilder): the mean of ADX now and n - 1 bars ago, as TA-Lib and LEAN count the n days
// that the two are apart.
class Adxr : public Readings<2> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 2> kOutputNames{"adxr", "adx"};
    explicit Adxr(std::size_t period) : Readings(3 * period - 1), adx_(period), past_(period) {}

    void update(const Candle& bar) noexcept {
        adx_.update(bar);
        if (!adx_.ready()) return;
        past_.push(adx_.value());
        if (past_.full()) publish((adx_.value() + past_.at(past_.size() - 1)) / 2, adx_.value());
    }
    [[nodiscard]] double adx() const noexcept { return output(1); }

  private:
    Adx adx_;
    core::RollingWindow<double> past_;
};

static_assert(Indicator<TrueRange> && Indicator<Atr> && Indicator<Natr> && Indicator<Keltner> &&
              Indicator<DirectionalMovement> && Indicator<Adx> && Indicator<Adxr>);

}  // namespace sluice::pipeline::indicators
