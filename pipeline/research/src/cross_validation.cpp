#include <sluice/research/cross_validation.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <string>

#include <sluice/pipeline/statistics/conventions.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/statistics/ratios.hpp>
#include <sluice/research/purged_split.hpp>

namespace sluice::research {

namespace statistics = pipeline::statistics;

namespace {

std::vector<LabelSpan> labels_of(std::size_t periods, std::size_t purge) {
    std::vector<LabelSpan> out;
    for (std::size_t i = 0; i < periods; ++i)
        out.push_back({static_cast<std::int64_t>(i), static_cast<std::int64_t>(i + purge)});
    return out;
}

std::vector<double> column(const ReturnsTable& returns, std::size_t index) {
    std::vector<double> out;
    for (std::size_t row = 0; row < returns.rows(); ++row) out.push_back(returns.row(row)[index]);
    return out;
}

std::size_t best_on(const std::vector<std::vector<double>>& columns,
                    const std::vector<bool>& eligible, const LabelIndices& training,
                    double periods_per_year) {
    std::size_t best = 0;
    double highest = 0;
    std::vector<double> rows(training.size());
    for (std::size_t c = 1; c < columns.size(); ++c) {
        if (!eligible[c]) continue;
        for (std::size_t i = 0; i < training.size(); ++i) rows[i] = columns[c][training[i]];
        const double ratio = statistics::sharpe(rows, periods_per_year);
        if (std::isnan(ratio) || (best != 0 && ratio <= highest)) continue;
        best = c;
        highest = ratio;
    }
    return best;
}

void check(const CrossValidationPlan& plan, std::size_t columns, std::size_t eligible) {
    if (eligible != columns)
        throw std::invalid_argument("cross-validation is told of each column whether it counts");
    if (plan.groups < 2)
        throw std::invalid_argument("cross-validation cuts the periods into 2 groups or more");
    if (path_count(plan.groups, plan.tested) * plan.groups / plan.tested >
        kCrossValidationSplitsMost)
        throw std::invalid_argument(std::to_string(plan.tested) + " of " +
                                    std::to_string(plan.groups) + " groups make more than " +
                                    std::to_string(kCrossValidationSplitsMost) + " splits");
}

void summarise(CrossValidation& out) {
    std::vector<double> known;
    std::copy_if(out.sharpe.begin(), out.sharpe.end(), std::back_inserter(known),
                 [](double ratio) { return std::isfinite(ratio); });
    out.mean = statistics::mean(known);
    out.deviation = statistics::deviation(known);
    out.median = statistics::quantile(known, 0.5);
    out.least =
        known.empty() ? statistics::kNothing : *std::min_element(known.begin(), known.end());
    const double champion = std::isnan(out.champion) ? 0 : out.champion;
    const auto above =
        std::count_if(known.begin(), known.end(), [&](double ratio) { return ratio > champion; });
    out.above_champion = known.empty()
                             ? statistics::kNothing
                             : static_cast<double>(above) / static_cast<double>(known.size());
}

}  // namespace

CrossValidation cross_validate(const ReturnsTable& returns, const std::vector<bool>& eligible,
                               double periods_per_year, const CrossValidationPlan& plan) {
    check(plan, returns.columns(), eligible.size());
    const std::size_t periods = returns.rows();
    const std::vector<LabelRange> groups = equal_groups(periods, plan.groups);
    const std::vector<CombinatorialSplit> choices = combinatorial_splits(plan.groups, plan.tested);
    const std::vector<LabelSpan> labels = labels_of(periods, std::min(plan.purge, periods));
    const auto embargo = static_cast<std::int64_t>(std::min(plan.embargo, periods));
    std::vector<std::vector<double>> columns;
    for (std::size_t c = 0; c < returns.columns(); ++c) columns.push_back(column(returns, c));

    CrossValidation out;
    out.splits = choices.size();
    out.least_training = periods;
    for (const CombinatorialSplit& choice : choices) {
        std::vector<LabelRange> test;
        for (const std::size_t group : choice.groups) test.push_back(groups[group]);
        const LabelIndices training = purged_training(labels, test, embargo);
        out.least_training = std::min(out.least_training, training.size());
        if (training.size() < 2)
            throw std::invalid_argument(
                "a split leaves " + std::to_string(training.size()) + " of " +
                std::to_string(periods) +
                " periods to train on; take more periods, fewer tested groups, or less purge and "
                "embargo");
        out.chosen.push_back(best_on(columns, eligible, training, periods_per_year));
    }
    for (const std::vector<std::size_t>& path : path_splits(choices, plan.groups)) {
        std::vector<double> rows;
        for (std::size_t group = 0; group < plan.groups; ++group) {
            const std::vector<double>& chosen = columns[out.chosen[path[group]]];
            for (std::size_t row = groups[group].begin; row < groups[group].end; ++row)
                rows.push_back(chosen[row]);
        }
        out.sharpe.push_back(statistics::sharpe(rows, periods_per_year));
    }
    out.champion = statistics::sharpe(columns.front(), periods_per_year);
    summarise(out);
    return out;
}

}  // namespace sluice::research
