// Training rows that know nothing of the test: purging and embargo, k-fold and combinatorial
// cross-validation (Lopez de Prado 2018, chapters 7 and 12), by the strict rule.
//
// A label occupies the bars [first, last], both inclusive: from where its bet opens to where its
// outcome is known. For each unbroken run of test labels, which spans [min first, max last]:
//   purge    a training label is dropped when it touches that span, on its edge bars too
//   embargo  and when it starts within `embargo` bars after it
// Published code keeps labels that only touch the edge; they share a bar with the test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sluice::research {

struct LabelSpan {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

// Labels [begin, end) by number.
struct LabelRange {
    std::size_t begin = 0;
    std::size_t end = 0;
};

using LabelIndices = std::vector<std::size_t>;

// Labels in order of `first`; ranges ascending, apart or adjacent. The labels outside of the test
// ranges that may be trained on, ascending. Throws std::invalid_argument when labels are not in
// order, one ends before it starts, ranges overlap or leave the labels, or the embargo is negative.
[[nodiscard]] LabelIndices purged_training(std::span<const LabelSpan> labels,
                                           std::span<const LabelRange> test, std::int64_t embargo);

// 0 .. count - 1 cut into so many ranges of nearly one size: the first count mod groups of them hold
// one more. At least one group and one label each, else std::invalid_argument.
[[nodiscard]] std::vector<LabelRange> equal_groups(std::size_t count, std::size_t groups);

struct PurgedSplit {
    std::vector<std::size_t> groups;  // under test, ascending
    std::vector<LabelRange> test;     // their ranges
    LabelIndices training;
};
// One split per fold.
[[nodiscard]] std::vector<PurgedSplit> purged_folds(std::span<const LabelSpan> labels,
                                                    std::size_t folds, std::int64_t embargo);

// Combinatorial purged cross-validation: each choice of `tested` of `groups` groups is tested once.
// The results of a group over its splits make one path each: its j-th appearance in lexicographic
// order of the choices belongs to path j, so every path runs over all groups once.
struct CombinatorialSplit {
    std::vector<std::size_t> groups;  // under test, ascending
    std::vector<std::size_t> paths;   // path that each of them belongs to
};
// 1 <= tested < groups <= 64 and at most a million splits, else std::invalid_argument.
[[nodiscard]] std::vector<CombinatorialSplit> combinatorial_splits(std::size_t groups,
                                                                   std::size_t tested);
// tested C(groups, tested) / groups.
[[nodiscard]] std::size_t path_count(std::size_t groups, std::size_t tested);
// By path and group: the split whose result for that group the path takes.
[[nodiscard]] std::vector<std::vector<std::size_t>> path_splits(
    std::span<const CombinatorialSplit> splits, std::size_t groups);
// The splits with the labels to train on.
[[nodiscard]] std::vector<PurgedSplit> combinatorial_purged_splits(
    std::span<const LabelSpan> labels, std::size_t groups, std::size_t tested,
    std::int64_t embargo);

}  // namespace sluice::research
