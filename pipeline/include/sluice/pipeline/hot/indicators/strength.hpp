// What rose against what fell: RSI, stochastic RSI, CMO.
#pragma once

#include <algorithm>

#include <sluice/core/rolling_extreme.hpp>
#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/moving_averages.hpp>

namespace sluice::pipeline::indicators {

enum class Smoothing : std::uint8_t {
    kWilder,  // Wilder's average of gains and of losses, begun with the mean of the first n
    kSimple,  // their plain sums over the last n changes
};

// Gains and losses of the last n changes, both on the same scale.
class GainsAndLosses {
  public:
    GainsAndLosses(std::size_t period, Smoothing smoothing)
        : smoothing_(smoothing), changes_(period), sums_(period), gains_(period), losses_(period) {}

    void update(double value) noexcept {
        if (started_) take(value - before_);
        before_ = value;
        started_ = true;
    }
    [[nodiscard]] bool ready() const noexcept {
        return smoothing_ == Smoothing::kWilder ? gains_.ready() : sums_.full();
    }
    [[nodiscard]] double gain() const noexcept {
        return smoothing_ == Smoothing::kWilder ? gains_.value() : sums_[0];
    }
    [[nodiscard]] double loss() const noexcept {
        return smoothing_ == Smoothing::kWilder ? losses_.value() : sums_[1];
    }

  private:
    void take(double change) noexcept {
        const double gain = std::max(change, 0.0);
        const double loss = std::max(-change, 0.0);
        if (smoothing_ == Smoothing::kWilder) {
            gains_.update(gain);
            losses_.update(loss);
        } else if (sums_.full()) {
            const double old = changes_.oldest();
            sums_.replace<double>({{std::max(old, 0.0), std::max(-old, 0.0)}}, {{gain, loss}});
            changes_.push(change);
        } else {
            sums_.fill<double>({{gain, loss}});
            changes_.push(change);
        }
    }

    Smoothing smoothing_;
    core::RollingWindow<double> changes_;
    core::RollingSums<2> sums_;
    Wilder gains_;
    Wilder losses_;
    double before_ = 0;
    bool started_ = false;
};

// Relative strength index (J. W. Wilder, 1978; with plain sums: D. Cutler). 0 to 100; 50 where
// nothing moved.
class Rsi : public OneReading<double> {
  public:
    explicit Rsi(std::size_t period, Smoothing smoothing = Smoothing::kWilder)
        : OneReading(period + 1), moves_(period, smoothing) {}

    void update(double value) noexcept {
        moves_.update(value);
        if (!moves_.ready()) return;
        const double gain = moves_.gain();
        const double all = gain + moves_.loss();
        publish(all > 0 ? 100 * gain / all : 50.0);
    }

  private:
    GainsAndLosses moves_;
};

// Stochastic RSI (T. Chande and S. Kroll, The New Technical Trader, 1994), 0 to 100: Wilder's RSI's
// place between its lowest and highest of the last m values; k and d are simple averages.
class StochasticRsi : public Readings<3> {
  public:
    using Input = double;
    static constexpr std::array<std::string_view, 3> kOutputNames{"k", "d", "rsi"};
    StochasticRsi(std::size_t rsi_period, std::size_t period, std::size_t k_period,
                  std::size_t d_period)
        : Readings(rsi_period + period + k_period + d_period - 2), rsi_(rsi_period), high_(period),
          low_(period), k_(k_period), d_(d_period) {}

    void update(double value) noexcept {
        rsi_.update(value);
        if (!rsi_.ready()) return;
        high_.push(rsi_.value());
        low_.push(rsi_.value());
        if (!high_.full()) return;
        const double range = high_.value() - low_.value();
        k_.update(range > 0 ? 100 * (rsi_.value() - low_.value()) / range : 50.0);
        if (!k_.ready()) return;
        d_.update(k_.value());
        if (d_.ready()) publish(k_.value(), d_.value(), rsi_.value());
    }
    [[nodiscard]] double d() const noexcept { return output(1); }

  private:
    Rsi rsi_;
    core::RollingMax high_;
    core::RollingMin low_;
    Sma k_;
    Sma d_;
};

// Chande's momentum oscillator (T. Chande and S. Kroll, 1994), -100 to 100; 0 where nothing moved.
// Chande takes plain sums, TA-Lib and LEAN Wilder's averages.
class Cmo : public OneReading<double> {
  public:
    explicit Cmo(std::size_t period, Smoothing smoothing = Smoothing::kSimple)
        : OneReading(period + 1), moves_(period, smoothing) {}

    void update(double value) noexcept {
        moves_.update(value);
        if (!moves_.ready()) return;
        const double all = moves_.gain() + moves_.loss();
        publish(all > 0 ? 100 * (moves_.gain() - moves_.loss()) / all : 0.0);
    }

  private:
    GainsAndLosses moves_;
};

static_assert(Indicator<Rsi> && Indicator<StochasticRsi> && Indicator<Cmo>);

}  // namespace sluice::pipeline::indicators
