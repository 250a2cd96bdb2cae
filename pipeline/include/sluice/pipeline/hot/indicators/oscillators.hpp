// Oscillators over bars that belong to no other family: CCI, the ultimate oscillator, Heikin-Ashi.
#pragma once

#include <algorithm>
#include <cmath>

#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>
#include <sluice/pipeline/hot/indicators/moving_averages.hpp>

namespace sluice::pipeline::indicators {

// Commodity channel index (D. Lambert, 1980): the typical price's distance from its mean in units of
// 0.015 mean absolute deviations; 0 without deviation. O(n): the mean moves with each bar, and with
// it every deviation.
class Cci : public OneReading<Candle> {
  public:
    explicit Cci(std::size_t period)
        : OneReading(period), window_(period), mean_(period), length_(static_cast<double>(period)) {
    }

    void update(const Candle& bar) noexcept {
        const double price = bar.typical();
        window_.push(price);
        mean_.update(price);
        if (!mean_.ready()) return;
        const double mean = mean_.value();
        double away = 0;
        for (std::size_t i = 0; i < window_.capacity(); ++i)
            away += std::abs(window_.slot(i) - mean);
        const double unit = 0.015 * (away / length_);
        publish(unit > 0 ? (price - mean) / unit : 0.0);
    }

  private:
    core::RollingWindow<double> window_;
    Sma mean_;
    double length_;
};

// Ultimate oscillator (L. Williams, 1976), 0 to 100: buying pressure by true range over three
// lengths, weighted 4, 2, 1. The first bar only gives the close before. 50 in place of a length
// over which nothing moved.
class UltimateOscillator : public OneReading<Candle> {
  public:
    UltimateOscillator(std::size_t fast, std::size_t middle, std::size_t slow)
        : OneReading(std::max({fast, middle, slow}) + 1), terms_{Term(fast), Term(middle),
                                                                 Term(slow)} {}

    void update(const Candle& bar) noexcept {
        if (started_) {
            const double low = std::min(bar.low, close_);
            const std::array<double, 2> move{bar.close - low, std::max(bar.high, close_) - low};
            for (Term& term : terms_) term.take(move);
            if (terms_[0].sums.full() && terms_[1].sums.full() && terms_[2].sums.full())
                publish((4 * terms_[0].share() + 2 * terms_[1].share() + terms_[2].share()) / 7);
        }
        close_ = bar.close;
        started_ = true;
    }

  private:
    struct Term {
        explicit Term(std::size_t period) : window(period), sums(period) {}
        void take(const std::array<double, 2>& move) noexcept {
            if (sums.full())
                sums.replace<double>(window.oldest(), move);
            else
                sums.fill<double>(move);
            window.push(move);
        }
        [[nodiscard]] double share() const noexcept {
            return sums[1] > 0 ? 100 * sums[0] / sums[1] : 50.0;
        }
        core::RollingWindow<std::array<double, 2>> window;  // pressure, range
        core::RollingSums<2> sums;
    };
    std::array<Term, 3> terms_;
    double close_ = 0;
    bool started_ = false;
};

// Heikin-Ashi candles (D. Valcu, "Using the Heikin-Ashi technique", 2004): the close is the mean of
// the bar, the open the middle of the candle before; the first opens at the middle of its bar.
class HeikinAshi : public Readings<4> {
  public:
    using Input = Candle;
    static constexpr std::array<std::string_view, 4> kOutputNames{"close", "open", "high", "low"};
    HeikinAshi() noexcept : Readings(1) {}

    void update(const Candle& bar) noexcept {
        open_ = started_ ? (open_ + close_) / 2 : (bar.open + bar.close) / 2;
        close_ = bar.average();
        started_ = true;
        publish(close_, open_, std::max({bar.high, open_, close_}),
                std::min({bar.low, open_, close_}));
    }
    [[nodiscard]] double open() const noexcept { return output(1); }
    [[nodiscard]] double high() const noexcept { return output(2); }
    [[nodiscard]] double low() const noexcept { return output(3); }

  private:
    double open_ = 0;
    double close_ = 0;
    bool started_ = false;
};

static_assert(Indicator<Cci> && Indicator<UltimateOscillator> && Indicator<HeikinAshi>);

}  // namespace sluice::pipeline::indicators
