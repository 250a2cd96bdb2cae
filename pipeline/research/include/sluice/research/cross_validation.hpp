// Combinatorial purged cross-validation of a choice among sets of parameters (Lopez de Prado 2018, chapter
// 12): the periods are cut into groups; for each way to set `tested` of them aside, the set with the highest
// Sharpe ratio over the others, less what is purged and under embargo, is the choice, and what it earns in
// the groups set aside is put together to paths that run over all periods once. Not one out-of-sample
// Sharpe ratio, then, but as many as there are paths.
//
// The sets are those that a search has proposed knowing all periods: what is validated is the choice among
// them, not how they came to be proposed; a walk-forward does that.
// A function of its input; any thread. Cost: splits x sets x periods.
#pragma once

#include <cstddef>
#include <vector>

#include <sluice/research/returns_table.hpp>

namespace sluice::research {

struct CrossValidationPlan {
    std::size_t groups = 6;
    std::size_t tested = 2;
    std::size_t purge = 0;    // periods that an outcome reaches ahead
    std::size_t embargo = 0;  // periods behind a test that are not trained on
};

struct CrossValidation {
    std::size_t splits = 0;
    std::size_t least_training = 0;   // periods, of the split that has fewest
    std::vector<std::size_t> chosen;  // by split: a column
    std::vector<double> sharpe;       // a year's, by path
    double mean = 0;                  // of those that can be said
    double deviation = 0;
    double least = 0;
    double median = 0;
    double champion = 0;        // of column 0, over all periods
    double above_champion = 0;  // share of the paths; a champion that never traded counts as 0
};

inline constexpr std::size_t kCrossValidationSplitsMost = 20'000;

// Column 0 is the champion; `eligible` says of each column whether it may be chosen, and if none may, the
// champion is. std::invalid_argument when there are fewer periods than groups, groups than 2, none or all of
// them tested, too many splits, or a split leaves fewer than two periods to train on.
[[nodiscard]] CrossValidation cross_validate(const ReturnsTable& returns,
                                             const std::vector<bool>& eligible,
                                             double periods_per_year,
                                             const CrossValidationPlan& plan);

}  // namespace sluice::research
