// Of the returns between updates: realised volatility, Sharpe's and Sortino's ratios. Values are
// above 0.
#pragma once

#include <cmath>

#include <sluice/pipeline/hot/indicators/statistics.hpp>

namespace sluice::pipeline::indicators {

// Turns values into the fractions by which they change.
class SimpleReturns {
  public:
    // False for the first value, which has no return.
    [[nodiscard]] bool next(double value, double& change) noexcept {
        const bool known = started_;
        change = known && before_ != 0 ? value / before_ - 1 : 0.0;
        before_ = value;
        started_ = true;
        return known;
    }

  private:
    double before_ = 0;
    bool started_ = false;
};

// Realised volatility (T. Andersen and T. Bollerslev, "Answering the skeptics", 1998): the root of
// the summed squares of the last n log returns, the mean taken as 0; scaled to `per_year` returns.
class RealisedVolatility : public OneReading<double> {
  public:
    RealisedVolatility(std::size_t period, double per_year)
        : OneReading(period + 1), squares_(period), sum_(period),
          scale_(per_year / static_cast<double>(period)) {}

    void update(double value) noexcept {
        if (!started_) {
            started_ = true;
            before_ = value;
            return;
        }
        const double change = std::log(value / before_);
        before_ = value;
        const double square = change * change;
        if (sum_.full())
            sum_.replace<double>({squares_.oldest()}, {square});
        else
            sum_.fill<double>({square});
        squares_.push(square);
        if (sum_.full()) publish(std::sqrt(std::max(sum_[0], 0.0) * scale_));
    }

  private:
    core::RollingWindow<double> squares_;
    core::RollingSums<1> sum_;
    double scale_;
    double before_ = 0;
    bool started_ = false;
};

// Sharpe's ratio (W. Sharpe, 1994) of the last n returns: their mean above `risk_free`, a return
// per update, by their population deviation as LEAN does. Not scaled to a year; 0 without deviation.
class SharpeRatio : public OneReading<double> {
  public:
    SharpeRatio(std::size_t period, double risk_free)
        : OneReading(period + 1), moments_(period), risk_free_(risk_free) {}

    void update(double value) noexcept {
        double change = 0;
        if (!returns_.next(value, change)) return;
        moments_.update(change);
        if (!moments_.full()) return;
        const double deviation = moments_.deviation();
        publish(deviation > 0 ? (moments_.mean() - risk_free_) / deviation : 0.0);
    }

  private:
    SimpleReturns returns_;
    RollingMoments moments_;
    double risk_free_;
};

// Sortino's ratio (F. Sortino and R. van der Meer, "Downside risk", 1991) of the last n returns:
// their mean above `target` by the root mean square of what fell short of it, over all n. 0 where
// none did.
class SortinoRatio : public OneReading<double> {
  public:
    SortinoRatio(std::size_t period, double target)
        : OneReading(period + 1), changes_(period), sums_(period), target_(target),
          length_(static_cast<double>(period)) {}

    void update(double value) noexcept {
        double change = 0;
        if (!returns_.next(value, change)) return;
        if (sums_.full())
            sums_.replace<double>({{changes_.oldest(), shortfall(changes_.oldest())}},
                                  {{change, shortfall(change)}});
        else
            sums_.fill<double>({{change, shortfall(change)}});
        changes_.push(change);
        if (!sums_.full()) return;
        const double downside = std::sqrt(std::max(sums_[1], 0.0) / length_);
        publish(downside > 0 ? (sums_[0] / length_ - target_) / downside : 0.0);
    }

  private:
    [[nodiscard]] double shortfall(double change) const noexcept {
        const double below = std::min(change - target_, 0.0);
        return below * below;
    }
    SimpleReturns returns_;
    core::RollingWindow<double> changes_;
    core::RollingSums<2> sums_;
    double target_;
    double length_;
};

static_assert(Indicator<RealisedVolatility> && Indicator<SharpeRatio> && Indicator<SortinoRatio>);

}  // namespace sluice::pipeline::indicators
