// Declarations: ranges, channels, trend, volume.
#include <sluice/pipeline/hot/indicators/extremes.hpp>
#include <sluice/pipeline/hot/indicators/oscillators.hpp>
#include <sluice/pipeline/hot/indicators/ranges.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>
#include <sluice/pipeline/hot/indicators/volume.hpp>

#include "indicator_declare.hpp"

namespace sluice::pipeline::declare {

using namespace indicators;
using Arguments = IndicatorArguments;

namespace {

IndicatorParameter first_range(std::size_t fallback) {
    return choice("first", {"high_low", "skipped"}, fallback,
                  "range of the first bar, which has no close before it");
}
IndicatorParameter width(double fallback, std::string unit) {
    return real("width", std::move(unit), 0, 100, fallback, "distance of the bands");
}

void add_channels(std::vector<IndicatorSpec>& catalogue) {
    const Family add{catalogue, "ranges"};
    add("true_range", "True range", {first_range(0)},
        [](const Arguments& a) { return TrueRange(a.choice<FirstRange>("first")); });
    add("atr", "Average true range", {period(14), average_kind(2), first_range(0)},
        [](const Arguments& a) {
            return Atr(a.whole("period"), a.choice<AverageKind>("average"),
                       a.choice<FirstRange>("first"));
        });
    add("natr", "Average true range in per cent of the close",
        {period(14), average_kind(2), first_range(1)}, [](const Arguments& a) {
            return Natr(a.whole("period"), a.choice<AverageKind>("average"),
                        a.choice<FirstRange>("first"));
        });
    add("bollinger", "Bollinger bands", {period(20), width(2, "deviations")},
        [](const Arguments& a) { return BollingerBands(a.whole("period"), a.real("width")); });
    add("keltner", "Keltner channel", {period(20), width(1.5, "true ranges"), average_kind(0)},
        [](const Arguments& a) {
            return Keltner(a.whole("period"), a.real("width"), a.choice<AverageKind>("average"));
        });
    add("donchian", "Donchian channel", {period(20)}, [](const Arguments& a) {
        return Donchian(a.whole("period"));
    }).columns = {"high", "low"};
    add("max", "Highest of the window, and its age", {period(14)},
        [](const Arguments& a) { return Maximum(a.whole("period")); });
    add("min", "Lowest of the window, and its age", {period(14)},
        [](const Arguments& a) { return Minimum(a.whole("period")); });
}

void add_trend(std::vector<IndicatorSpec>& catalogue) {
    const Family add{catalogue, "trend"};
    add("dmi", "Directional movement: DX, +DI, -DI", {period(14)},
        [](const Arguments& a) { return DirectionalMovement(a.whole("period")); });
    add("adx", "Average directional index", {period(14)},
        [](const Arguments& a) { return Adx(a.whole("period")); });
    add("adxr", "Average directional index rating", {period(14)},
        [](const Arguments& a) { return Adxr(a.whole("period")); });
    add("ichimoku", "Ichimoku Kinko Hyo",
        {period(9, "window of the conversion line", "tenkan"),
         period(26, "window of the base line", "kijun"),
         period(52, "window of leading span B", "senkou_b"),
         whole("displacement", 0, kLongestPeriod, 26, "how far the leading spans are ahead")},
        [](const Arguments& a) {
            return Ichimoku(a.whole("tenkan"), a.whole("kijun"), a.whole("senkou_b"),
                            a.whole("displacement"));
        })
        .columns = {"high", "low"};
    add("heikin_ashi", "Heikin-Ashi candles", {}, [](const Arguments&) {
        return HeikinAshi();
    }).columns = {"open", "high", "low", "close"};
}

void add_volume(std::vector<IndicatorSpec>& catalogue) {
    const Family add{catalogue, "volume"};
    add("obv", "On-balance volume",
        {choice("start", {"volume", "zero"}, 0, "begin with the first bar's volume, or with 0")},
        [](const Arguments& a) { return Obv(a.choice<ObvStart>("start")); })
        .columns = {"close", "volume"};
    add("ad", "Accumulation/distribution line", {}, [](const Arguments&) {
        return AccumulationDistribution();
    }).columns = {"high", "low", "close", "volume"};
    IndicatorSpec& adosc =
        add("adosc", "Chaikin oscillator",
            {period(3, "length of the fast average", "fast"),
             period(10, "length of the slow average", "slow"), seed(1)},
            [](const Arguments& a) {
                return ChaikinOscillator(a.whole("fast"), a.whole("slow"), a.choice<Seed>("seed"));
            });
    adosc.rising.emplace_back("fast", "slow");
    adosc.columns = {"high", "low", "close", "volume"};
}

}  // namespace

void add_ranges(std::vector<IndicatorSpec>& catalogue) {
    add_channels(catalogue);
    add_trend(catalogue);
    add_volume(catalogue);
}

}  // namespace sluice::pipeline::declare
