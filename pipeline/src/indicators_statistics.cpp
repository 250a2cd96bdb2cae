// Declarations: statistics of values, returns and pairs; the top of the book.
#include <sluice/pipeline/hot/indicators/correlation.hpp>
#include <sluice/pipeline/hot/indicators/microstructure.hpp>
#include <sluice/pipeline/hot/indicators/returns.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>

#include "indicator_declare.hpp"

namespace sluice::pipeline::declare {

using namespace indicators;
using Arguments = IndicatorArguments;

namespace {

void add_book(std::vector<IndicatorSpec>& catalogue) {
    const Family add{catalogue, "book"};
    add("spread", "Ask less bid", {}, [](const Arguments&) { return Spread(); }).columns = {"bid",
                                                                                            "ask"};
    add("microprice", "Middle weighted by the sizes crosswise, and their imbalance", {},
        [](const Arguments&) { return Microprice(); });
    add("ofi", "Order-flow imbalance of the best quotes", {period(20, "changes that are summed")},
        [](const Arguments& a) { return OrderFlowImbalance(a.whole("period")); });
}

}  // namespace

void add_statistics(std::vector<IndicatorSpec>& catalogue) {
    const Family add{catalogue, "statistics"};
    const auto window = [](double fallback) {
        return period(fallback, "length of the window", "period", 2);
    };
    add("variance", "Variance of the window", {window(20), deviation()}, [](const Arguments& a) {
        return Variance(a.whole("period"), a.choice<Deviation>("deviation"));
    });
    add("stddev", "Standard deviation of the window", {window(20), deviation()},
        [](const Arguments& a) {
            return StandardDeviation(a.whole("period"), a.choice<Deviation>("deviation"));
        });
    add("z_score", "Standard deviations from the window's mean", {window(20), deviation()},
        [](const Arguments& a) {
            return ZScore(a.whole("period"), a.choice<Deviation>("deviation"));
        });
    add("realised_volatility", "Root of summed squared log returns, scaled",
        {period(20, "returns"),
         real("per_year", "returns", 1, 1e9, 252, "returns in the time that the result is for")},
        [](const Arguments& a) {
            return RealisedVolatility(a.whole("period"), a.real("per_year"));
        });
    add("sharpe", "Sharpe's ratio of the window's returns",
        {period(10, "returns", "period", 2),
         real("risk_free", "", -1, 1, 0, "riskless return per update, a fraction")},
        [](const Arguments& a) { return SharpeRatio(a.whole("period"), a.real("risk_free")); });
    add("sortino", "Sortino's ratio of the window's returns",
        {period(15, "returns"),
         real("target", "", -1, 1, 0, "wanted return per update, a fraction")},
        [](const Arguments& a) { return SortinoRatio(a.whole("period"), a.real("target")); });
    add("correlation", "Pearson's correlation and the slope on the reference", {window(252)},
        [](const Arguments& a) { return PearsonCorrelation(a.whole("period")); });
    add("spearman", "Spearman's rank correlation", {window(252)},
        [](const Arguments& a) { return SpearmanCorrelation(a.whole("period")); });
    add_book(catalogue);
}

}  // namespace sluice::pipeline::declare
