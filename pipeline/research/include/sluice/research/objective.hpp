// What a search maximises: one number for how a set of parameters performed.
//
//   score = sharpe x Sharpe + win_rate x (share of winning round trips - 1/2) + drawdown x deepest drawdown
//
// The Sharpe ratio is a year's, after all costs; a drawdown is a negative return, so its term takes
// away. A figure that cannot be said (no round trip, no variance) counts as nothing. A set with too few
// round trips is infeasible: it is no solution, however good its score.
#pragma once

#include <cstdint>

#include <sluice/research/trial.hpp>

namespace sluice::research {

struct Objective {
    double sharpe = 1.0;
    double win_rate = 0.5;
    double drawdown = 1.0;
    std::uint64_t least_round_trips = 10;

    [[nodiscard]] double score(const TrialResult& result) const noexcept;
    // Round trips that are missing; zero and less: feasible.
    [[nodiscard]] double shortfall(const TrialResult& result) const noexcept;
    [[nodiscard]] bool feasible(const TrialResult& result) const noexcept {
        return shortfall(result) <= 0;
    }
};

}  // namespace sluice::research
