// Declarations: moving averages.
#include <sluice/pipeline/hot/indicators/adaptive_averages.hpp>
#include <sluice/pipeline/hot/indicators/moving_averages.hpp>
#include <sluice/pipeline/hot/indicators/smoothed_averages.hpp>
#include <sluice/pipeline/hot/indicators/volume.hpp>

#include "indicator_declare.hpp"

namespace sluice::pipeline::declare {

using namespace indicators;
using Arguments = IndicatorArguments;

void add_averages(std::vector<IndicatorSpec>& catalogue) {
    const Family add{catalogue, "averages"};
    add("sma", "Simple moving average", {period(14)},
        [](const Arguments& a) { return Sma(a.whole("period")); });
    add("wma", "Linearly weighted moving average", {period(14)},
        [](const Arguments& a) { return Wma(a.whole("period")); });
    add("ema", "Exponential moving average, weight 2 / (n + 1)", {period(14), seed(0)},
        [](const Arguments& a) { return Ema(a.whole("period"), a.choice<Seed>("seed")); });
    add("wilder", "Wilder's smoothing, weight 1 / n", {period(14), seed(0)},
        [](const Arguments& a) { return Wilder(a.whole("period"), a.choice<Seed>("seed")); });
    add("zlema", "Zero-lag exponential average", {period(14)},
        [](const Arguments& a) { return Zlema(a.whole("period")); });
    add("rma", "Relative moving average, SMA(3n) - SMA(2n) + SMA(n)", {period(14)},
        [](const Arguments& a) { return RelativeMovingAverage(a.whole("period")); });
    add("dema", "Double exponential average", {period(14), seed(0)},
        [](const Arguments& a) { return Dema(a.whole("period"), a.choice<Seed>("seed")); });
    add("tema", "Triple exponential average", {period(14), seed(0)},
        [](const Arguments& a) { return Tema(a.whole("period"), a.choice<Seed>("seed")); });
    add("t3", "Tillson's T3",
        {period(5), real("volume_factor", "", 0, 1, 0.7, "0: a plain average, 1: DEMA of DEMA"),
         seed(0)},
        [](const Arguments& a) {
            return T3(a.whole("period"), a.real("volume_factor"), a.choice<Seed>("seed"));
        });
    add("trima", "Triangular average", {period(14)},
        [](const Arguments& a) { return Trima(a.whole("period")); });
    add("hma", "Hull average", {period(16)},
        [](const Arguments& a) { return Hma(a.whole("period")); });
    add("kama", "Kaufman's adaptive average",
        {period(10, "changes whose straightness counts"),
         period(2, "length of the fastest average", "fast"),
         period(30, "length of the slowest average", "slow")},
        [](const Arguments& a) {
            return Kama(a.whole("period"), a.whole("fast"), a.whole("slow"));
        })
        .rising.emplace_back("fast", "slow");
    add("vidya", "Chande's variable index dynamic average",
        {period(14, "length of the average at full weight"),
         period(9, "changes whose momentum scales the weight", "momentum_period")},
        [](const Arguments& a) { return Vidya(a.whole("period"), a.whole("momentum_period")); });
    add("alma", "Arnaud Legoux' average",
        {period(9), real("sigma", "", 0.1, 100, 6, "the bell is n / sigma wide"),
         real("offset", "", 0, 1, 0.85, "where the bell stands, 1 at the newest value")},
        [](const Arguments& a) {
            return Alma(a.whole("period"), a.real("sigma"), a.real("offset"));
        });
    add("vwma", "Volume-weighted moving average of closes", {period(20)}, [](const Arguments& a) {
        return Vwap(a.whole("period"), BarPrice::kClose);
    }).columns = {"close", "volume"};
    add("vwap", "Volume-weighted average price of the last bars",
        {period(50), choice("price", {"average", "typical", "close"}, 0,
                            "mean of open, high, low, close; of high, low, close; or the close")},
        [](const Arguments& a) { return Vwap(a.whole("period"), a.choice<BarPrice>("price")); })
        .columns = {"open", "high", "low", "close", "volume"};
}

}  // namespace sluice::pipeline::declare
