#include <sluice/research/walk_forward.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace sluice::research {
namespace {

// a + b, or the largest number: sizes come from configuration and may be absurd.
std::size_t plus(std::size_t a, std::size_t b) noexcept {
    return b > std::numeric_limits<std::size_t>::max() - a ? std::numeric_limits<std::size_t>::max()
                                                           : a + b;
}

std::size_t step_of(const WalkForwardPlan& plan) noexcept {
    return plan.step == 0 ? plan.test : plan.step;
}

void check(std::size_t rows, const WalkForwardPlan& plan) {
    const auto text = [](std::size_t value) { return std::to_string(value); };
    if (plan.train == 0 || plan.test == 0)
        throw std::invalid_argument(
            "walk-forward windows train and test on at least one row, not " + text(plan.train) +
            " and " + text(plan.test));
    if (step_of(plan) < plan.test)
        throw std::invalid_argument("a step of " + text(plan.step) +
                                    " judges rows twice: tests of " + text(plan.test) +
                                    " rows would overlap");
    const std::size_t smallest_test = plan.keep_short ? 1 : plan.test;
    const std::size_t needed =
        plus(plus(plan.train, plus(plan.purge, plan.embargo)), smallest_test);
    if (needed > rows)
        throw std::invalid_argument("a window of " + text(plan.train) + " rows of training, " +
                                    text(plan.purge) + " purged, " + text(plan.embargo) +
                                    " of embargo and " + text(smallest_test) +
                                    " of test does not fit into a range of " + text(rows));
}

}  // namespace

std::vector<WalkForwardWindow> walk_forward_windows(std::size_t rows, const WalkForwardPlan& plan) {
    check(rows, plan);
    const std::size_t gap = plan.purge + plan.embargo;
    std::vector<WalkForwardWindow> out;
    for (std::size_t test = plan.train + gap; test < rows; test = plus(test, step_of(plan))) {
        const bool whole = plan.test <= rows - test;
        if (!whole && !plan.keep_short) break;
        const std::size_t train_end = test - gap;
        const std::size_t train_begin = plan.anchored ? 0 : train_end - plan.train;
        out.push_back({{train_begin, train_end}, {test, whole ? test + plan.test : rows}});
    }
    return out;
}

std::vector<PurgedSplit> purged_walk_forward(std::span<const LabelSpan> labels,
                                             const WalkForwardPlan& plan) {
    if (plan.purge != 0)
        throw std::invalid_argument("labels are purged by their bars, not by a count of rows");
    WalkForwardPlan by_rows = plan;
    by_rows.embargo = 0;  // in bars, below
    const auto embargo = static_cast<std::int64_t>(
        std::min<std::size_t>(plan.embargo, std::numeric_limits<std::int64_t>::max()));
    std::vector<PurgedSplit> out;
    for (const WalkForwardWindow& window : walk_forward_windows(labels.size(), by_rows)) {
        PurgedSplit split{{out.size()}, {window.test}, {}};
        const std::int64_t opening = labels[window.test.begin].first;
        for (const std::size_t i : purged_training(labels, split.test, 0)) {
            const bool clear = labels[i].last < opening && opening - labels[i].last > embargo;
            if (i >= window.train.begin && i < window.train.end && clear)
                split.training.push_back(i);
        }
        out.push_back(std::move(split));
    }
    return out;
}

}  // namespace sluice::research
