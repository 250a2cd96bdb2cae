#include <sluice/research/objective.hpp>

#include <cmath>

namespace sluice::research {
namespace {

double or_nothing(double value) noexcept { return std::isfinite(value) ? value : 0.0; }

}  // namespace

double Objective::score(const TrialResult& result) const noexcept {
    const double wins = std::isfinite(result.win_rate) ? result.win_rate - 0.5 : 0.0;
    return sharpe * or_nothing(result.sharpe) + win_rate * wins +
           drawdown * or_nothing(result.max_drawdown);
}

double Objective::shortfall(const TrialResult& result) const noexcept {
    return static_cast<double>(least_round_trips) - static_cast<double>(result.round_trips);
}

}  // namespace sluice::research
