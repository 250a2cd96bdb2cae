#include <sluice/research/verdict.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/research/deflated_sharpe.hpp>
#include <sluice/research/sharpe_inference.hpp>

namespace sluice::research {
namespace {

using Tells = VerdictCheck::Tells;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr unsigned kBlocksMost = 16;
constexpr double kMostAutocorrelation = 0.9;

std::vector<double> column_of(const ReturnsTable& table, std::size_t column) {
    std::vector<double> out(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) out[row] = table.row(row)[column];
    return out;
}

// As many blocks as hold two periods each, an even number; 0 when there are not four.
unsigned blocks_for(std::size_t periods) {
    const auto most = static_cast<unsigned>(std::min<std::size_t>(kBlocksMost, periods / 2));
    const unsigned even = most - most % 2;
    return even < 4 ? 0 : even;
}

class Checks {
  public:
    explicit Checks(std::vector<VerdictCheck>& out) : out_(out) {}
    // What cannot be said does not hold.
    void at_least(std::string name, double value, double limit, Tells tells, std::string says) {
        out_.push_back(
            {std::move(name), value, limit, true, value >= limit, tells, std::move(says)});
    }
    void at_most(std::string name, double value, double limit, Tells tells, std::string says) {
        out_.push_back(
            {std::move(name), value, limit, false, value <= limit, tells, std::move(says)});
    }
    void above(std::string name, double value, double limit, Tells tells, std::string says) {
        at_least(std::move(name), value, limit, tells, std::move(says));
        out_.back().passed = value > limit;
    }

  private:
    std::vector<VerdictCheck>& out_;
};

// Chance that the challenger's returns are above the champion's: of the ratio of their difference.
double chance_above(const OutOfSample& out) {
    if (out.challenger.size() != out.champion.size() || out.challenger.size() < 2) return kNone;
    std::vector<double> difference(out.challenger.size());
    for (std::size_t i = 0; i < difference.size(); ++i)
        difference[i] = out.challenger[i] - out.champion[i];
    const SharpeSample sample = sharpe_sample(difference);
    // Both alike: neither earns more.
    if (!std::isfinite(sample.sharpe)) return 0.5;
    return probabilistic_sharpe(sample, 0.0);
}

std::vector<double> excesses_over_champion(const ReturnsTable& table) {
    std::vector<double> out;
    out.reserve(table.rows() * (table.columns() - 1));
    for (std::size_t row = 0; row < table.rows(); ++row)
        for (std::size_t column = 1; column < table.columns(); ++column)
            out.push_back(table.row(row)[column] - table.row(row)[0]);
    return out;
}

void measure_luck(const VerdictInput& input, const VerdictLimits& limits, Verdict& verdict) {
    const ReturnsTable& table = input.returns;
    const std::vector<double> returns = column_of(table, input.best);
    const SharpeSample sample = sharpe_sample(returns);
    verdict.sharpe = sample.sharpe;
    verdict.skewness = sample.skewness;
    verdict.kurtosis = sample.kurtosis;
    verdict.probabilistic_sharpe = probabilistic_sharpe(sample, 0.0);
    verdict.average_correlation = table.columns() > 2 ? average_correlation(table) : kNone;
    const double correlation =
        std::isfinite(verdict.average_correlation) ? verdict.average_correlation : 0.0;
    verdict.effective_trials = std::max(
        1.0, effective_trials(static_cast<double>(std::max<std::uint64_t>(input.trials, 1)),
                              correlation));
    verdict.scatter = sharpe_scatter(table);
    const double lag_1 = pipeline::statistics::autocorrelation(returns, 1);
    const double repeats =
        std::isfinite(lag_1) ? std::clamp(lag_1, 0.0, kMostAutocorrelation) : 0.0;
    verdict.chance_scatter = sharpe_variance(0.0, {sample.skewness, sample.kurtosis, repeats},
                                             static_cast<double>(verdict.periods));
    verdict.deflated_by_scatter =
        deflated_sharpe(sample, verdict.scatter, verdict.effective_trials);
    const double scatter = std::min(verdict.scatter, verdict.chance_scatter);
    verdict.expected_best_sharpe = expected_best_sharpe(scatter, verdict.effective_trials);
    verdict.minimum_track_record = minimum_track_record(sample, verdict.expected_best_sharpe);

    Checks checks{verdict.checks};
    checks.at_least(
        "deflated Sharpe ratio", deflated_sharpe(sample, scatter, verdict.effective_trials),
        limits.deflated_sharpe, Tells::kNotLuck,
        "chance that the true ratio is above what the best of all trials shows by luck");
    checks.at_least("backtest length", verdict.years,
                    minimum_backtest_years(verdict.effective_trials,
                                           sample.sharpe * std::sqrt(input.periods_per_year)),
                    Tells::kNotLuck, "years; below the limit luck alone reaches such a ratio");
    const std::vector<double> excesses = excesses_over_champion(table);
    const ReturnsTable over_champion{excesses, table.columns() - 1};
    verdict.blocks = blocks_for(table.rows());
    double loss = kNone;
    if (verdict.blocks != 0 && over_champion.columns() >= 2) {
        verdict.overfitting = backtest_overfitting(table, verdict.blocks);
        verdict.overfitting.splits.clear();
        loss = backtest_overfitting(over_champion, verdict.blocks).loss_probability;
    }
    checks.at_most(
        "loss by selection", loss, limits.selection_loss, Tells::kNotLuck,
        "chance that the best of one half of the periods falls behind the champion in the other");
    verdict.superiority = test_superiority(over_champion, {0, limits.resamples, limits.seed});
    checks.at_most(
        "superior ability", verdict.superiority.spa_p_consistent, limits.superiority_p,
        Tells::kNotLuck,
        "chance that the best of so many beats the champion by as much without being better");
    checks.at_least("plateau", input.plateau.flatness, limits.plateau, Tells::kNotLuck,
                    "how much of the gain the neighbours of the optimum keep");
}

}  // namespace

const char* to_string(Answer answer) noexcept {
    switch (answer) {
        case Answer::kPromote: return "promote";
        case Answer::kKeepChampion: return "keep the champion";
        case Answer::kNotEnoughEvidence: return "not enough evidence";
    }
    return "";
}

Verdict judge(const VerdictInput& input, const VerdictLimits& limits) {
    Verdict verdict;
    verdict.periods = input.returns.rows();
    verdict.years = input.periods_per_year > 0
                        ? static_cast<double>(verdict.periods) / input.periods_per_year
                        : kNone;
    Checks checks{verdict.checks};
    if (input.best == 0) {
        checks.above("score", kNone, input.champion_score, Tells::kBetter,
                     "nothing that was tried is feasible");
        return verdict;
    }
    checks.above("score", input.best_score, input.champion_score, Tells::kBetter,
                 "of the objective, on all the data; the limit is the champion's");
    checks.at_least("out of sample", chance_above(input.out_of_sample), limits.out_of_sample,
                    Tells::kBetter,
                    "chance that what each window chooses earns more than the champion afterwards");
    checks.above(
        "under stress", input.stressed_challenger, std::max(0.0, input.stressed_champion),
        Tells::kBetter,
        "total return with twice the costs and late fills; the limit is the champion's, or 0");
    checks.at_least("periods", static_cast<double>(verdict.periods),
                    static_cast<double>(limits.least_periods), Tells::kNotLuck,
                    "returns that there are to judge by");
    measure_luck(input, limits, verdict);

    const auto fails = [&](Tells tells) {
        return std::any_of(
            verdict.checks.begin(), verdict.checks.end(),
            [tells](const VerdictCheck& check) { return check.tells == tells && !check.passed; });
    };
    verdict.answer = fails(Tells::kBetter)    ? Answer::kKeepChampion
                     : fails(Tells::kNotLuck) ? Answer::kNotEnoughEvidence
                                              : Answer::kPromote;
    return verdict;
}

}  // namespace sluice::research
