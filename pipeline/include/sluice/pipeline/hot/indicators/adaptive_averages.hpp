// Averages whose weights depend on the values (Kaufman's, Chande's) or are a curve (Legoux').
#pragma once

#include <cmath>
#include <vector>

#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/readings.hpp>

namespace sluice::pipeline::indicators {

// Kaufman's adaptive average (P. Kaufman, Smarter Trading, 1995): the straighter the way of the
// last n changes, the faster. Begins with the value before the first of them, as TA-Lib and LEAN.
class Kama : public OneReading<double> {
  public:
    // `fast`, `slow`: the lengths of the exponential averages between which it moves.
    Kama(std::size_t period, std::size_t fast, std::size_t slow)
        : OneReading(period + 1), values_(period + 1), way_(period), fast_(weight(fast)),
          slow_(weight(slow)) {}

    void update(double value) noexcept {
        if (values_.size() > 0) {
            const double step = std::abs(value - values_.at(0));
            if (way_.full())
                way_.replace<double>(
                    {std::abs(values_.at(values_.size() - 2) - values_.at(values_.size() - 1))},
                    {step});
            else
                way_.fill<double>({step});
        }
        const double before = values_.size() > 0 ? values_.at(0) : value;
        values_.push(value);
        if (!way_.full()) return;
        if (!ready()) average_ = before;
        const double gain = std::abs(value - values_.at(values_.size() - 1));
        const double way = way_[0];
        // No way at all: as straight as can be, TA-Lib's convention.
        const double ratio = way <= gain || way <= 0 ? 1.0 : gain / way;
        const double root = ratio * (fast_ - slow_) + slow_;
        average_ += root * root * (value - average_);
        publish(average_);
    }

  private:
    [[nodiscard]] static double weight(std::size_t period) noexcept {
        return 2.0 / (static_cast<double>(period) + 1.0);
    }
    core::RollingWindow<double> values_;
    core::RollingSums<1> way_;
    double fast_;
    double slow_;
    double average_ = 0;
};

// Variable index dynamic average (T. Chande, "Adapting moving averages to market volatility",
// 1992, in the form with his momentum oscillator): an EMA of length n whose weight is scaled by
// |CMO| of the last m changes. Begins with the value before the first update that has them.
class Vidya : public OneReading<double> {
  public:
    Vidya(std::size_t period, std::size_t momentum_period)
        : OneReading(momentum_period + 1), changes_(momentum_period), sums_(momentum_period),
          weight_(2.0 / (static_cast<double>(period) + 1.0)) {}

    void update(double value) noexcept {
        if (!started_) {
            started_ = true;
            before_ = value;
            return;
        }
        const double change = value - before_;
        if (sums_.full())
            sums_.replace<double>({{changes_.oldest(), std::abs(changes_.oldest())}},
                                  {{change, std::abs(change)}});
        else
            sums_.fill<double>({{change, std::abs(change)}});
        changes_.push(change);
        if (sums_.full()) {
            if (!ready()) average_ = before_;
            const double way = sums_[1];
            const double momentum = way > 0 ? std::abs(sums_[0]) / way : 0.0;
            average_ += weight_ * momentum * (value - average_);
            publish(average_);
        }
        before_ = value;
    }

  private:
    core::RollingWindow<double> changes_;
    core::RollingSums<2> sums_;  // of changes, of their sizes
    double weight_;
    double before_ = 0;
    double average_ = 0;
    bool started_ = false;
};

// Arnaud Legoux' average (A. Legoux and D. Kouzis-Loukas, 2009): weights of a bell that stands at
// `offset` of the window, 0 its oldest end, 1 its newest, and is n / sigma wide. The bell's middle
// is the whole number below, the convention of LEAN. O(n): weights that do not shift into one
// another leave no recursion.
class Alma : public OneReading<double> {
  public:
    Alma(std::size_t period, double sigma, double offset)
        : OneReading(period), window_(period), weights_(period) {
        const double middle = std::floor(offset * static_cast<double>(period - 1));
        const double width = static_cast<double>(period) / sigma;
        double sum = 0;
        for (std::size_t i = 0; i < period; ++i) {
            const double away = static_cast<double>(i) - middle;
            weights_[period - 1 - i] = std::exp(-away * away / (2 * width * width));
            sum += weights_[period - 1 - i];
        }
        for (double& weight : weights_) weight /= sum;
    }

    void update(double value) noexcept {
        window_.push(value);
        if (!window_.full()) return;
        double sum = 0;
        for (std::size_t age = 0; age < weights_.size(); ++age)
            sum += weights_[age] * window_.at(age);
        publish(sum);
    }

  private:
    core::RollingWindow<double> window_;
    std::vector<double> weights_;  // by age
};

static_assert(Indicator<Kama> && Indicator<Vidya> && Indicator<Alma>);

}  // namespace sluice::pipeline::indicators
