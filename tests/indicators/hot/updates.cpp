// The update of every indicator, out of line and nothing else: a test reads the symbols that this
// object calls, which must be none of the heap, of exceptions, locks or files.
#include <sluice/pipeline/hot/indicators/adaptive_averages.hpp>
#include <sluice/pipeline/hot/indicators/correlation.hpp>
#include <sluice/pipeline/hot/indicators/cross_section.hpp>
#include <sluice/pipeline/hot/indicators/extremes.hpp>
#include <sluice/pipeline/hot/indicators/microstructure.hpp>
#include <sluice/pipeline/hot/indicators/momentum.hpp>
#include <sluice/pipeline/hot/indicators/oscillators.hpp>
#include <sluice/pipeline/hot/indicators/ranges.hpp>
#include <sluice/pipeline/hot/indicators/returns.hpp>
#include <sluice/pipeline/hot/indicators/smoothed_averages.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>
#include <sluice/pipeline/hot/indicators/strength.hpp>
#include <sluice/pipeline/hot/indicators/volume.hpp>

namespace sluice::tests {

using namespace pipeline::indicators;

template <Indicator... I>
struct Updates {
    static void run(I&... each, const typename I::Input&... inputs) noexcept {
        (each.update(inputs), ...);
    }
};

template struct Updates<Sma, Wma, Ema, Wilder, Zlema, RelativeMovingAverage>;
template struct Updates<Dema, Tema, Trix, T3, Trima, Hma>;
template struct Updates<Kama, Vidya, Alma, Momentum, RateOfChange, RateOfChangePercent, LogReturn>;
template struct Updates<Apo, Ppo, Macd, AwesomeOscillator, Rsi, StochasticRsi, Cmo>;
template struct Updates<Maximum, Minimum, Donchian, WilliamsR, Stochastic, Ichimoku, Aroon>;
template struct Updates<Cci, UltimateOscillator, HeikinAshi, MoneyFlowIndex, Vwap, Obv>;
template struct Updates<AccumulationDistribution, ChaikinOscillator, TrueRange, Atr, Natr, Keltner>;
template struct Updates<DirectionalMovement, Adx, Adxr, BollingerBands, Variance,
                        StandardDeviation>;
template struct Updates<ZScore, RealisedVolatility, SharpeRatio, SortinoRatio>;
template struct Updates<PearsonCorrelation, SpearmanCorrelation, Spread, Microprice>;
template struct Updates<OrderFlowImbalance>;

std::size_t scores(std::span<const double> values, std::span<double> out) noexcept {
    return cross_sectional_z_scores(values, out);
}

}  // namespace sluice::tests
