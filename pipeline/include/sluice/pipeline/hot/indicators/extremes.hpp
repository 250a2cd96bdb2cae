// Highest and lowest of a window, and what is built of them: channels, %R, stochastics, Ichimoku,
// Aroon. Amortised constant time; one update may take n steps (core/rolling_extreme.hpp).
#pragma once

#include <sluice/core/rolling_extreme.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/average_choice.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>

namespace sluice::pipeline::indicators {

// The extreme of the last n values, and how many updates ago it was; of equals the newest.
template <class Extreme>
class WindowExtreme : public Readings<2> {
  public:
    using Input = double;
    static constexpr std::array<std::string_view, 2> kOutputNames{"value", "age"};
    explicit WindowExtreme(std::size_t period) : Readings(period), extreme_(period) {}

    void update(double value) noexcept {
        extreme_.push(value);
        if (extreme_.full()) publish(extreme_.value(), static_cast<double>(extreme_.age()));
    }
    [[nodiscard]] double age() const noexcept { return output(1); }

  private:
    Extreme extreme_;
};
using Maximum = WindowExtreme<core::RollingMax>;
using Minimum = WindowExtreme<core::RollingMin>;

// Highest high and lowest low of the last n bars, and where the close stands between them.
class HighLow {
  public:
    explicit HighLow(std::size_t period) : high_(period), low_(period) {}

    void update(const Candle& bar) noexcept {
        high_.push(bar.high);
        low_.push(bar.low);
    }
    [[nodiscard]] bool full() const noexcept { return high_.full(); }
    [[nodiscard]] double highest() const noexcept { return high_.value(); }
    [[nodiscard]] double lowest() const noexcept { return low_.value(); }
    [[nodiscard]] double middle() const noexcept { return (highest() + lowest()) / 2; }
    // 0 at the lowest, 1 at the highest, a half where they are the same.
    [[nodiscard]] double place(double price) const noexcept {
        const double range = highest() - lowest();
        return range > 0 ? (price - lowest()) / range : 0.5;
    }

  private:
    core::RollingMax high_;
    core::RollingMin low_;
};

// Donchian channel (R. Donchian): highest high, lowest low, their mean.
class Donchian : public Readings<3> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 3> kOutputNames{"middle", "upper", "lower"};
    explicit Donchian(std::size_t period) : Readings(period), range_(period) {}

    void update(const Candle& bar) noexcept {
        range_.update(bar);
        if (range_.full()) publish(range_.middle(), range_.highest(), range_.lowest());
    }
    [[nodiscard]] double upper() const noexcept { return output(1); }
    [[nodiscard]] double lower() const noexcept { return output(2); }

  private:
    HighLow range_;
};

// Williams' %R (L. Williams, 1973): -100 at the lowest low, 0 at the highest high. -50 without range.
class WilliamsR : public OneReading<Candle> {
  public:
    explicit WilliamsR(std::size_t period) : OneReading(period), range_(period) {}

    void update(const Candle& bar) noexcept {
        range_.update(bar);
        if (range_.full()) publish(100 * (range_.place(bar.close) - 1));
    }

  private:
    HighLow range_;
};

// Stochastic (G. Lane, 1950s): the close's place between low and high of the last n bars, 0 to 100;
// k is its average, d that of k, both simple. 50 without range. k_period 1 is the fast stochastic.
class Stochastic : public Readings<3> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 3> kOutputNames{"k", "d", "raw"};
    Stochastic(std::size_t period, std::size_t k_period, std::size_t d_period)
        : Readings(period + k_period + d_period - 2), range_(period), k_(k_period), d_(d_period) {}

    void update(const Candle& bar) noexcept {
        range_.update(bar);
        if (!range_.full()) return;
        const double raw = 100 * range_.place(bar.close);
        k_.update(raw);
        if (!k_.ready()) return;
        d_.update(k_.value());
        if (d_.ready()) publish(k_.value(), d_.value(), raw);
    }
    [[nodiscard]] double d() const noexcept { return output(1); }

  private:
    HighLow range_;
    Sma k_;
    Sma d_;
};

// Ichimoku Kinko Hyo (G. Hosoda, 1969). The leading spans are those that lie over today's bar:
// computed `displacement` bars ago. The lagging span is today's close, drawn further back; a stream
// has no place for it.
class Ichimoku : public Readings<4> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 4> kOutputNames{"tenkan", "kijun", "senkou_a",
                                                                  "senkou_b"};
    Ichimoku(std::size_t tenkan, std::size_t kijun, std::size_t senkou_b, std::size_t displacement)
        : Readings(std::max({tenkan, kijun, senkou_b}) + displacement), tenkan_(tenkan),
          kijun_(kijun), senkou_b_(senkou_b), past_a_(displacement + 1), past_b_(displacement + 1) {
    }

    void update(const Candle& bar) noexcept {
        tenkan_.update(bar);
        kijun_.update(bar);
        senkou_b_.update(bar);
        if (tenkan_.full() && kijun_.full()) past_a_.push((tenkan_.middle() + kijun_.middle()) / 2);
        if (senkou_b_.full()) past_b_.push(senkou_b_.middle());
        if (past_a_.full() && past_b_.full())
            publish(tenkan_.middle(), kijun_.middle(), past_a_.at(past_a_.size() - 1),
                    past_b_.at(past_b_.size() - 1));
    }
    [[nodiscard]] double kijun() const noexcept { return output(1); }
    [[nodiscard]] double senkou_a() const noexcept { return output(2); }
    [[nodiscard]] double senkou_b() const noexcept { return output(3); }

  private:
    HighLow tenkan_;
    HighLow kijun_;
    HighLow senkou_b_;
    core::RollingWindow<double> past_a_;
    core::RollingWindow<double> past_b_;
};

// Aroon (T. Chande, 1995): how long ago the highest high and the lowest low of the last n + 1 bars
// were, 100 for now and 0 for n bars ago. Of equal highs or lows the newest counts, as in LEAN.
class Aroon : public Readings<3> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 3> kOutputNames{"oscillator", "up", "down"};
    explicit Aroon(std::size_t period)
        : Readings(period + 1), high_(period + 1), low_(period + 1),
          length_(static_cast<double>(period)) {}

    void update(const Candle& bar) noexcept {
        high_.push(bar.high);
        low_.push(bar.low);
        if (!high_.full()) return;
        const double up = 100 * (length_ - static_cast<double>(high_.age())) / length_;
        const double down = 100 * (length_ - static_cast<double>(low_.age())) / length_;
        publish(up - down, up, down);
    }
    [[nodiscard]] double up() const noexcept { return output(1); }
    [[nodiscard]] double down() const noexcept { return output(2); }

  private:
    core::RollingMax high_;
    core::RollingMin low_;
    double length_;
};

static_assert(Indicator<Maximum> && Indicator<Minimum> && Indicator<Donchian> &&
              Indicator<WilliamsR> && Indicator<Stochastic> && Indicator<Ichimoku> &&
              Indicator<Aroon>);

}  // namespace sluice::pipeline::indicators
