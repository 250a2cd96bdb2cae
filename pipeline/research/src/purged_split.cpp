#include <sluice/research/purged_split.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace sluice::research {
namespace {

constexpr std::size_t kGroupsMax = 64;
constexpr std::size_t kSplitsMax = 1'000'000;

void check_labels(std::span<const LabelSpan> labels) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i].last < labels[i].first)
            throw std::invalid_argument("label " + std::to_string(i) + " ends before it starts");
        if (i > 0 && labels[i].first < labels[i - 1].first)
            throw std::invalid_argument("label " + std::to_string(i) +
                                        " starts before the one before");
    }
}

void check_ranges(std::span<const LabelRange> test, std::size_t labels) {
    std::size_t covered = 0;
    for (const LabelRange& range : test) {
        if (range.begin < covered || range.end <= range.begin || range.end > labels)
            throw std::invalid_argument("test labels [" + std::to_string(range.begin) + ", " +
                                        std::to_string(range.end) +
                                        ") overlap others or leave the labels");
        covered = range.end;
    }
}

// Adjacent ranges as one.
std::vector<LabelRange> unbroken(std::span<const LabelRange> ranges) {
    std::vector<LabelRange> out;
    for (const LabelRange& range : ranges) {
        if (!out.empty() && out.back().end == range.begin) {
            out.back().end = range.end;
        } else {
            out.push_back(range);
        }
    }
    return out;
}

LabelSpan bars_of(std::span<const LabelSpan> labels, const LabelRange& range) {
    LabelSpan out = labels[range.begin];
    for (std::size_t i = range.begin; i < range.end; ++i)
        out.last = std::max(out.last, labels[i].last);
    return out;
}

// C(n, k), or kSplitsMax + 1 when it is more than that.
std::size_t combinations(std::size_t n, std::size_t k) {
    std::size_t out = 1;
    for (std::size_t i = 1; i <= std::min(k, n - k); ++i) {
        out = out * (n - std::min(k, n - k) + i) / i;
        if (out > kSplitsMax) return kSplitsMax + 1;
    }
    return out;
}

void check_groups(std::size_t groups, std::size_t tested) {
    if (tested == 0 || tested >= groups || groups > kGroupsMax)
        throw std::invalid_argument(
            "combinatorial cross-validation tests 1 or more of its groups, "
            "not all; at most 64 groups; not " +
            std::to_string(tested) + " of " + std::to_string(groups));
    if (combinations(groups, tested) > kSplitsMax)
        throw std::invalid_argument(std::to_string(tested) + " of " + std::to_string(groups) +
                                    " groups make more than a million splits");
}

}  // namespace

LabelIndices purged_training(std::span<const LabelSpan> labels, std::span<const LabelRange> test,
                             std::int64_t embargo) {
    check_labels(labels);
    check_ranges(test, labels.size());
    if (embargo < 0) throw std::invalid_argument("an embargo is not negative");
    std::vector<bool> dropped(labels.size());
    for (const LabelRange& range : unbroken(test)) {
        const LabelSpan bars = bars_of(labels, range);
        const std::int64_t open =
            embargo > std::numeric_limits<std::int64_t>::max() - bars.last
                ? std::numeric_limits<std::int64_t>::max()
                : bars.last + embargo;  // the last bar on which no training label may start
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (labels[i].first <= open && labels[i].last >= bars.first) dropped[i] = true;
    }
    LabelIndices out;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (!dropped[i]) out.push_back(i);
    return out;
}

std::vector<LabelRange> equal_groups(std::size_t count, std::size_t groups) {
    if (groups == 0 || count < groups)
        throw std::invalid_argument(std::to_string(count) + " labels do not fill " +
                                    std::to_string(groups) + " groups");
    std::vector<LabelRange> out;
    std::size_t begin = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        const std::size_t size = count / groups + (g < count % groups ? 1 : 0);
        out.push_back({begin, begin + size});
        begin += size;
    }
    return out;
}

std::vector<PurgedSplit> purged_folds(std::span<const LabelSpan> labels, std::size_t folds,
                                      std::int64_t embargo) {
    std::vector<PurgedSplit> out;
    for (const LabelRange& range : equal_groups(labels.size(), folds)) {
        PurgedSplit split{{out.size()}, {range}, {}};
        split.training = purged_training(labels, split.test, embargo);
        out.push_back(std::move(split));
    }
    return out;
}

std::vector<CombinatorialSplit> combinatorial_splits(std::size_t groups, std::size_t tested) {
    check_groups(groups, tested);
    std::vector<std::size_t> appearances(groups);
    std::vector<std::size_t> chosen(tested);
    for (std::size_t i = 0; i < tested; ++i) chosen[i] = i;
    std::vector<CombinatorialSplit> out;
    while (true) {
        CombinatorialSplit split{chosen, {}};
        for (const std::size_t group : chosen) split.paths.push_back(appearances[group]++);
        out.push_back(std::move(split));
        // The next choice: the last group that can move on does, those behind it follow closely.
        std::size_t place = tested;
        while (place > 0 && chosen[place - 1] == groups - tested + place - 1) --place;
        if (place == 0) return out;
        ++chosen[place - 1];
        for (std::size_t i = place; i < tested; ++i) chosen[i] = chosen[i - 1] + 1;
    }
}

std::size_t path_count(std::size_t groups, std::size_t tested) {
    check_groups(groups, tested);
    return combinations(groups, tested) * tested / groups;
}

std::vector<std::vector<std::size_t>> path_splits(std::span<const CombinatorialSplit> splits,
                                                  std::size_t groups) {
    std::vector<std::vector<std::size_t>> out;
    for (std::size_t s = 0; s < splits.size(); ++s) {
        for (std::size_t i = 0; i < splits[s].groups.size(); ++i) {
            const std::size_t path = splits[s].paths[i];
            if (path >= out.size()) out.resize(path + 1, std::vector<std::size_t>(groups));
            out[path].at(splits[s].groups[i]) = s;
        }
    }
    return out;
}

std::vector<PurgedSplit> combinatorial_purged_splits(std::span<const LabelSpan> labels,
                                                     std::size_t groups, std::size_t tested,
                                                     std::int64_t embargo) {
    const std::vector<LabelRange> ranges = equal_groups(labels.size(), groups);
    std::vector<PurgedSplit> out;
    for (const CombinatorialSplit& choice : combinatorial_splits(groups, tested)) {
        PurgedSplit split{choice.groups, {}, {}};
        for (const std::size_t group : choice.groups) split.test.push_back(ranges[group]);
        split.training = purged_training(labels, split.test, embargo);
        out.push_back(std::move(split));
    }
    return out;
}

}  // namespace sluice::research
