// Declarations: momentum, strength and other oscillators.
#include <sluice/pipeline/hot/indicators/extremes.hpp>
#include <sluice/pipeline/hot/indicators/momentum.hpp>
#include <sluice/pipeline/hot/indicators/oscillators.hpp>
#include <sluice/pipeline/hot/indicators/smoothed_averages.hpp>
#include <sluice/pipeline/hot/indicators/strength.hpp>
#include <sluice/pipeline/hot/indicators/volume.hpp>

#include "indicator_declare.hpp"

namespace sluice::pipeline::declare {

using namespace indicators;
using Arguments = IndicatorArguments;

namespace {

std::vector<IndicatorParameter> fast_and_slow(double fast, double slow) {
    return {period(fast, "length of the fast average", "fast"),
            period(slow, "length of the slow average", "slow")};
}
std::vector<IndicatorParameter> fast_and_slow(double fast, double slow, IndicatorParameter more) {
    auto out = fast_and_slow(fast, slow);
    out.push_back(std::move(more));
    return out;
}

void add_changes(std::vector<IndicatorSpec>& catalogue) {
    const Family add{catalogue, "momentum"};
    add("momentum", "Change over n updates", {period(10, "updates between the two values")},
        [](const Arguments& a) { return Momentum(a.whole("period")); });
    add("roc", "Rate of change over n updates, a fraction",
        {period(10, "updates between the two values")},
        [](const Arguments& a) { return RateOfChange(a.whole("period")); });
    add("rocp", "Rate of change over n updates in per cent",
        {period(10, "updates between the two values")},
        [](const Arguments& a) { return RateOfChangePercent(a.whole("period")); });
    add("logr", "Log return over n updates", {period(1, "updates between the two values")},
        [](const Arguments& a) { return LogReturn(a.whole("period")); });
    add("trix", "Rise of the triple exponential average in per cent", {period(15), seed(0)},
        [](const Arguments& a) { return Trix(a.whole("period"), a.choice<Seed>("seed")); });
    add("apo", "Absolute price oscillator, fast less slow average",
        fast_and_slow(12, 26, average_kind(1)),
        [](const Arguments& a) {
            return Apo(a.whole("fast"), a.whole("slow"), a.choice<AverageKind>("average"));
        })
        .rising.emplace_back("fast", "slow");
    add("ppo", "Percentage price oscillator", fast_and_slow(12, 26, average_kind(1)),
        [](const Arguments& a) {
            return Ppo(a.whole("fast"), a.whole("slow"), a.choice<AverageKind>("average"));
        })
        .rising.emplace_back("fast", "slow");
    add("macd", "Moving average convergence divergence",
        fast_and_slow(12, 26, period(9, "length of the signal's average", "signal")),
        [](const Arguments& a) {
            return Macd(a.whole("fast"), a.whole("slow"), a.whole("signal"));
        })
        .rising.emplace_back("fast", "slow");
    IndicatorSpec& ao =
        add("ao", "Awesome oscillator", fast_and_slow(5, 34),
            [](const Arguments& a) { return AwesomeOscillator(a.whole("fast"), a.whole("slow")); });
    ao.rising.emplace_back("fast", "slow");
    ao.columns = {"high", "low"};
}

void add_bounded(std::vector<IndicatorSpec>& catalogue) {
    const Family add{catalogue, "oscillators"};
    add("rsi", "Relative strength index", {period(14, "changes"), smoothing(0)},
        [](const Arguments& a) {
            return Rsi(a.whole("period"), a.choice<Smoothing>("smoothing"));
        });
    add("stoch_rsi", "Stochastic RSI",
        {period(14, "length of the RSI", "rsi_period"), period(14, "window of RSI values"),
         period(3, "length of k's average", "k_period"),
         period(3, "length of d's average", "d_period")},
        [](const Arguments& a) {
            return StochasticRsi(a.whole("rsi_period"), a.whole("period"), a.whole("k_period"),
                                 a.whole("d_period"));
        });
    add("cmo", "Chande's momentum oscillator", {period(14, "changes"), smoothing(1)},
        [](const Arguments& a) {
            return Cmo(a.whole("period"), a.choice<Smoothing>("smoothing"));
        });
    add("stochastic", "Stochastic oscillator",
        {period(14, "bars of the range"), period(3, "length of k's average", "k_period"),
         period(3, "length of d's average", "d_period")},
        [](const Arguments& a) {
            return Stochastic(a.whole("period"), a.whole("k_period"), a.whole("d_period"));
        });
    add("williams_r", "Williams' %R", {period(14, "bars of the range")},
        [](const Arguments& a) { return WilliamsR(a.whole("period")); });
    add("cci", "Commodity channel index", {period(20)},
        [](const Arguments& a) { return Cci(a.whole("period")); });
    add("ultosc", "Ultimate oscillator",
        {period(7, "shortest length", "fast"), period(14, "middle length", "middle"),
         period(28, "longest length", "slow")},
        [](const Arguments& a) {
            return UltimateOscillator(a.whole("fast"), a.whole("middle"), a.whole("slow"));
        })
        .rising = {{"fast", "middle"}, {"middle", "slow"}};
    add("aroon", "Aroon: how long ago the extremes were", {period(14, "bars")},
        [](const Arguments& a) { return Aroon(a.whole("period")); })
        .columns = {"high", "low"};
    add("mfi", "Money flow index", {period(14, "changes")}, [](const Arguments& a) {
        return MoneyFlowIndex(a.whole("period"));
    }).columns = {"high", "low", "close", "volume"};
}

}  // namespace

void add_momentum(std::vector<IndicatorSpec>& catalogue) {
    add_changes(catalogue);
    add_bounded(catalogue);
}

}  // namespace sluice::pipeline::declare
