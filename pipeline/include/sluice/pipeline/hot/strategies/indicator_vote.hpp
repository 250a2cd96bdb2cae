// Indicators: twenty of them vote, each for long or short. The reference of a strategy made of
// indicators: what it costs is in perf/strategies.md.
#pragma once

#include <algorithm>
#include <array>
#include <memory>

#include <sluice/pipeline/hot/indicators/adaptive_averages.hpp>
#include <sluice/pipeline/hot/indicators/extremes.hpp>
#include <sluice/pipeline/hot/indicators/momentum.hpp>
#include <sluice/pipeline/hot/indicators/oscillators.hpp>
#include <sluice/pipeline/hot/indicators/ranges.hpp>
#include <sluice/pipeline/hot/indicators/smoothed_averages.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>
#include <sluice/pipeline/hot/indicators/strength.hpp>
#include <sluice/pipeline/hot/indicators/volume.hpp>
#include <sluice/pipeline/hot/strategies/strategy.hpp>

namespace sluice::pipeline {

class IndicatorVote {
  public:
    static constexpr int kIndicators = 20;
    enum Parameter : std::size_t { kAverage, kOscillator, kQuorum };
    static constexpr std::array<StrategyParameter, 3> kParameters{{
        {.name = "average",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 4,
         .max = kMaxAveragePeriod,
         .fallback = 20,
         .doc = "Length of averages and channels.",
         .changes = false},
        {.name = "oscillator",
         .type = ParameterType::kInteger,
         .unit = "bars",
         .min = 2,
         .max = kMaxAveragePeriod,
         .fallback = 14,
         .doc = "Length of oscillators.",
         .changes = false},
        {.name = "quorum",
         .unit = "share of all votes",
         .min = 0.0,
         .max = 1.0,
         .fallback = 0.5,
         .doc = "Votes for one side less those for the other from which on it takes that side."},
    }};
    static constexpr StrategyDeclaration kDeclaration{
        .kind = StrategyKind::kIndicators,
        .name = "indicators",
        .doc = "vote of twenty indicators",
        .manual =
            "For long vote a close above its SMA, EMA, WMA, HMA, KAMA, ZLEMA, TRIMA, VWAP, middle "
            "of "
            "the Bollinger bands and middle of the Donchian channel of `average` bars; and, of "
            "`oscillator` bars, RSI and money flow above 50, CMO, CCI, rate of change and Aroon "
            "above "
            "0, Williams' %R above -50, +DI above -DI, the stochastic's k above its d; and a MACD "
            "(12, 26, 9) above its signal. The other way round each votes for short. Its strength "
            "is "
            "the mean of the twenty votes, where that is at least `quorum` to either side, else 0. "
            "Ready when all of them are.",
        .parameters = kParameters};
    static constexpr std::size_t kCloses = 0;  // each indicator has its own memory

    IndicatorVote(std::span<std::int64_t> /*storage*/, const StrategyValues& values)
        : all_(std::make_unique<All>(static_cast<std::size_t>(values[kAverage]),
                                     static_cast<std::size_t>(values[kOscillator]))) {
        configure(values);
    }
    // Lengths stay: another one needs memory, and bars that nobody has kept.
    void configure(const StrategyValues& values) noexcept {
        quorum_ = values[kQuorum];
        take(votes_);
    }

    bool on_bar(const Bar& bar) noexcept {
        const indicators::Candle candle = indicators::candle_of(bar);
        if (!all_->update(candle)) return false;
        ready_ = true;
        votes_ = all_->votes(candle.close);
        take(votes_);
        return true;
    }
    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] double strength() const noexcept { return strength_; }
    // Those for long less those for short.
    [[nodiscard]] int votes() const noexcept { return votes_; }

  private:
    struct All {
        All(std::size_t average, std::size_t oscillator)
            : sma(average), ema(average), wma(average), hma(average), kama(average, 2, 30),
              zlema(average), trima(average), bollinger(average, 2.0), donchian(average),
              vwap(average, indicators::BarPrice::kTypical), macd(12, 26, 9), rsi(oscillator),
              cmo(oscillator), change(oscillator), adx(oscillator), stochastic(oscillator, 3, 3),
              williams(oscillator), aroon(oscillator), cci(oscillator), money_flow(oscillator) {}

        // True once all are ready.
        [[nodiscard]] bool update(const indicators::Candle& bar) noexcept {
            bool ready = true;
            const auto of_close = [&](auto&... each) {
                (each.update(bar.close), ...);
                ready = ready && (each.ready() && ...);
            };
            const auto of_bar = [&](auto&... each) {
                (each.update(bar), ...);
                ready = ready && (each.ready() && ...);
            };
            of_close(sma, ema, wma, hma, kama, zlema, trima, bollinger, macd, rsi, cmo, change);
            of_bar(donchian, vwap, adx, stochastic, williams, aroon, cci, money_flow);
            return ready;
        }
        [[nodiscard]] int votes(double close) const noexcept {
            const auto vote = [](double value, double middle) {
                return (value > middle ? 1 : 0) - (value < middle ? 1 : 0);
            };
            const auto above = [&](const auto&... each) {
                return (vote(close, each.value()) + ...);
            };
            return above(sma, ema, wma, hma, kama, zlema, trima, bollinger, donchian, vwap) +
                   vote(macd.histogram(), 0) + vote(rsi.value(), 50) + vote(cmo.value(), 0) +
                   vote(change.value(), 0) + vote(adx.plus_di(), adx.minus_di()) +
                   vote(stochastic.value(), stochastic.d()) + vote(williams.value(), -50) +
                   vote(aroon.value(), 0) + vote(cci.value(), 0) + vote(money_flow.value(), 50);
        }

        indicators::Sma sma;
        indicators::Ema ema;
        indicators::Wma wma;
        indicators::Hma hma;
        indicators::Kama kama;
        indicators::Zlema zlema;
        indicators::Trima trima;
        indicators::BollingerBands bollinger;
        indicators::Donchian donchian;
        indicators::Vwap vwap;
        indicators::Macd macd;
        indicators::Rsi rsi;
        indicators::Cmo cmo;
        indicators::RateOfChange change;
        indicators::Adx adx;
        indicators::Stochastic stochastic;
        indicators::WilliamsR williams;
        indicators::Aroon aroon;
        indicators::Cci cci;
        indicators::MoneyFlowIndex money_flow;
    };

    void take(int votes) noexcept {
        const double mean = static_cast<double>(votes) / kIndicators;
        strength_ = ready_ && std::max(mean, -mean) >= quorum_ ? mean : 0.0;
    }

    std::unique_ptr<All> all_;  // away from the cells of smaller strategies
    double quorum_ = 0;
    double strength_ = 0;
    int votes_ = 0;
    bool ready_ = false;
};

static_assert(Strategy<IndicatorVote>);

}  // namespace sluice::pipeline
