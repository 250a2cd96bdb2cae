#include <sluice/research/trial.hpp>

#include <cmath>

#include <sluice/research/set_result.hpp>

namespace sluice::research {

TrialResult trial_of(const SetResult& result) {
    const pipeline::FillCase& f = result.figures;
    TrialResult out;
    out.fills = f.fills;
    out.round_trips = f.round_trips;
    out.profit = f.profit;
    out.commission = f.commission;
    out.total_return = f.total_return;
    out.annual_return = f.annual_return;
    out.sharpe = f.sharpe;
    out.max_drawdown = f.max_drawdown;
    out.win_rate = f.win_rate;
    out.periods_per_year = result.performance.periods_per_year;
    out.digest = f.digest;
    for (const double rate : result.returns)
        out.returns.push_back(std::isfinite(rate) ? rate : 0.0);
    return out;
}

}  // namespace sluice::research
