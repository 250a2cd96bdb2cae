#include <sluice/research/trial.hpp>

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
    out.returns = result.returns;
    return out;
}

}  // namespace sluice::research
