// May what a search found replace what is in use? The answer with every number behind it.
//
//   better        its score is higher than the champion's, on the data searched and, by walk-forward, on
//                 data that each choice had not seen
//   not luck      the Sharpe ratio deflated by all that was ever tried on these data (Bailey and Lopez de
//                 Prado 2014), the chance that the best of one half of the periods loses
//                 against the champion in the other (Bailey et al. 2017), Hansen's test
//                 for superior predictive ability against the champion (2005), the minimum backtest length
//                 (Bailey et al. 2014), a plateau around the optimum
//   still good    with twice the costs and late fills
//
// Promote: all hold. Keep the champion: what was found is not better. Not enough evidence: it is, but one
// of the checks against luck fails or cannot be made. Trials resemble each other, so their number is
// reduced by their average correlation (same paper, appendix). The ratios' scatter is taken as what chance
// alone makes of it, where it is larger than that: sets that differ in skill scatter for that reason, and the best
// of them would be held against its own edge.
// A function of its input; seeds are in it. Cost: that of the tests, seconds at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <sluice/research/backtest_overfitting.hpp>
#include <sluice/research/multiple_testing.hpp>
#include <sluice/research/plateau.hpp>
#include <sluice/research/returns_table.hpp>

namespace sluice::research {

enum class Answer : std::uint8_t { kPromote, kKeepChampion, kNotEnoughEvidence };
// "promote", "keep the champion", "not enough evidence".
[[nodiscard]] const char* to_string(Answer answer) noexcept;

struct VerdictLimits {
    std::size_t least_periods = 30;
    double deflated_sharpe = 0.95;  // at least
    double selection_loss = 0.25;   // chance, at most
    double superiority_p = 0.05;    // at most
    double out_of_sample =
        0.80;              // chance that what was chosen earns more than the champion, at least
    double plateau = 0.0;  // flatness, at least
    std::size_t resamples = 1'000;
    std::uint64_t seed = 1;
};

// Of the champion and the challenger, what they earned where they had not been chosen.
struct OutOfSample {
    std::vector<double> challenger;  // returns by period, window after window
    std::vector<double> champion;
    std::size_t windows = 0;
};

struct VerdictInput {
    // Column 0 is the champion, the others what the search tried, each set once.
    ReturnsTable returns;
    std::size_t best = 0;  // column of the challenger; 0: nothing feasible was found
    double best_score = 0;
    double champion_score = 0;
    std::uint64_t trials = 0;  // ever, on these data
    double periods_per_year = 0;
    OutOfSample out_of_sample{};
    // Total returns under twice the costs and late fills.
    double stressed_challenger = 0;
    double stressed_champion = 0;
    Plateau plateau{};
};

struct VerdictCheck {
    enum class Tells : std::uint8_t { kBetter, kNotLuck };
    std::string name;
    double value = 0;  // NaN: cannot be said
    double limit = 0;
    bool at_least = true;  // else at most
    bool passed = false;
    Tells tells = Tells::kNotLuck;
    std::string says;  // what the number is
};

struct Verdict {
    Answer answer = Answer::kKeepChampion;
    std::vector<VerdictCheck> checks;
    // Numbers behind the checks, for the report.
    std::size_t periods = 0;
    double years = 0;
    double sharpe = 0;  // of the challenger, by period
    double skewness = 0;
    double kurtosis = 0;  // not in excess
    double probabilistic_sharpe = 0;
    double average_correlation = 0;
    double effective_trials = 0;
    double scatter = 0;               // variance of the sets' ratios, by period
    double chance_scatter = 0;        // what it is when none has skill
    double expected_best_sharpe = 0;  // of as many trials without skill, by period
    double deflated_by_scatter = 0;   // the deflated ratio with `scatter`, as first published
    double minimum_track_record = 0;  // periods
    OverfittingReport overfitting;    // splits left out
    SuperiorityReport superiority;
    unsigned blocks = 0;  // of the overfitting test; 0: too few periods
};

[[nodiscard]] Verdict judge(const VerdictInput& input, const VerdictLimits& limits = {});

}  // namespace sluice::research
