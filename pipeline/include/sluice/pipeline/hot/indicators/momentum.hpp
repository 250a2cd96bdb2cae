// Changes over n updates, and differences of two averages.
#pragma once

#include <cmath>

#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/average_choice.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>

namespace sluice::pipeline::indicators {

// How a value compares with that of n updates ago. Quotients are 0 where that was 0.
struct Difference {  // LEAN and TA-Lib: momentum; some charts call it rate of change
    static double of(double now, double then) noexcept { return now - then; }
};
struct Ratio {  // LEAN and TA-Lib: rate of change, as a fraction
    static double of(double now, double then) noexcept {
        return then == 0 ? 0.0 : (now - then) / then;
    }
};
struct Percent {
    static double of(double now, double then) noexcept { return 100 * Ratio::of(now, then); }
};
struct LogRatio {  // both values above 0
    static double of(double now, double then) noexcept { return std::log(now / then); }
};

template <class Compare>
class Change : public OneReading<double> {
  public:
    explicit Change(std::size_t period) : OneReading(period + 1), past_(period + 1) {}

    void update(double value) noexcept {
        past_.push(value);
        if (past_.full()) publish(Compare::of(value, past_.at(past_.size() - 1)));
    }

  private:
    core::RollingWindow<double> past_;
};
using Momentum = Change<Difference>;
using RateOfChange = Change<Ratio>;
using RateOfChangePercent = Change<Percent>;
using LogReturn = Change<LogRatio>;

// Absolute and percentage price oscillator: fast average less slow one, in units of the value or in
// per cent of the slow one. APO of exponential averages is MACD's line; TA-Lib's default, and so
// LEAN's vectors, take simple ones.
template <bool kPercent>
class PriceOscillator : public OneReading<double> {
  public:
    PriceOscillator(std::size_t fast, std::size_t slow, AverageKind kind)
        : OneReading(std::max(fast, slow)), fast_(kind, fast), slow_(kind, slow) {}

    void update(double value) noexcept {
        fast_.update(value);
        slow_.update(value);
        if (!fast_.ready() || !slow_.ready()) return;
        const double slow = slow_.value();
        const double gap = fast_.value() - slow;
        if constexpr (kPercent)
            publish(slow == 0 ? 0.0 : 100 * gap / slow);
        else
            publish(gap);
    }

  private:
    ChosenAverage fast_;
    ChosenAverage slow_;
};
using Apo = PriceOscillator<false>;
using Ppo = PriceOscillator<true>;

// Moving average convergence divergence (G. Appel, 1970s): fast less slow exponential average, the
// exponential average of that, and the distance of the two. Ready when the signal is; the line
// alone, `slow` updates in, is Apo.
class Macd : public Readings<3> {
  public:
    using Input = double;
    static constexpr std::array<std::string_view, 3> kOutputNames{"macd", "signal", "histogram"};
    Macd(std::size_t fast, std::size_t slow, std::size_t signal)
        : Readings(std::max(fast, slow) + signal - 1), fast_(fast), slow_(slow), signal_(signal) {}

    void update(double value) noexcept {
        fast_.update(value);
        slow_.update(value);
        if (!fast_.ready() || !slow_.ready()) return;
        const double line = fast_.value() - slow_.value();
        signal_.update(line);
        if (signal_.ready()) publish(line, signal_.value(), line - signal_.value());
    }
    [[nodiscard]] double signal() const noexcept { return output(1); }
    [[nodiscard]] double histogram() const noexcept { return output(2); }
    [[nodiscard]] double fast_average() const noexcept { return fast_.value(); }

  private:
    Ema fast_;
    Ema slow_;
    Ema signal_;
};

// Awesome oscillator (B. Williams, Trading Chaos, 1995): simple averages of the bars' middles.
class AwesomeOscillator : public OneReading<Candle> {
  public:
    AwesomeOscillator(std::size_t fast, std::size_t slow)
        : OneReading(std::max(fast, slow)), gap_(fast, slow, AverageKind::kSimple) {}

    void update(const Candle& bar) noexcept {
        gap_.update(bar.median());
        if (gap_.ready()) publish(gap_.value());
    }

  private:
    Apo gap_;
};

static_assert(Indicator<Momentum> && Indicator<RateOfChange> && Indicator<RateOfChangePercent> &&
              Indicator<LogReturn> && Indicator<Apo> && Indicator<Ppo> && Indicator<Macd> &&
              Indicator<AwesomeOscillator>);

}  // namespace sluice::pipeline::indicators
