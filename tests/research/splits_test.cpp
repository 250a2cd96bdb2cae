// Purged folds, combinatorial splits and walk-forward windows (facts: overfitting.md, section B.5).
#include <sluice/research/purged_split.hpp>
#include <sluice/research/walk_forward.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sluice::tests {
namespace {

using namespace research;

std::vector<LabelSpan> labels_of(std::int64_t count, std::int64_t reach) {
    std::vector<LabelSpan> out;
    for (std::int64_t i = 0; i < count; ++i) out.push_back({i, std::min(i + reach, count - 1)});
    return out;
}

LabelIndices numbers(std::size_t first, std::size_t last) {
    LabelIndices out;
    for (std::size_t i = first; i <= last; ++i) out.push_back(i);
    return out;
}
LabelIndices operator+(LabelIndices a, const LabelIndices& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

struct Fold {
    LabelRange test;         // last inclusive
    LabelIndices strict;     // what may be trained on
    LabelIndices published;  // what the book's code keeps
};
struct Folds {
    std::size_t folds;
    std::int64_t embargo;
    std::vector<Fold> rows;
};

TEST(PurgedFolds, of_section_b5_are_reproduced_by_the_strict_rule) {
    const auto labels = labels_of(23, 4);
    for (const Folds& table : {
             Folds{3,
                   0,
                   {{{0, 7}, numbers(12, 22), numbers(11, 22)},
                    {{8, 15}, numbers(0, 3) + numbers(20, 22), numbers(0, 4) + numbers(19, 22)},
                    {{16, 22}, numbers(0, 11), numbers(0, 12)}}},
             Folds{4,
                   1,
                   {{{0, 5}, numbers(11, 22), numbers(10, 22)},
                    {{6, 11}, numbers(0, 1) + numbers(17, 22), numbers(0, 2) + numbers(16, 22)},
                    {{12, 17}, numbers(0, 7), numbers(0, 8) + numbers(22, 22)},
                    {{18, 22}, numbers(0, 13), numbers(0, 14)}}},
             Folds{5,
                   3,
                   {{{0, 4}, numbers(12, 22), numbers(11, 22)},
                    {{5, 9}, numbers(0, 0) + numbers(17, 22), numbers(0, 1) + numbers(16, 22)},
                    {{10, 14}, numbers(0, 5) + numbers(22, 22), numbers(0, 6) + numbers(21, 22)},
                    {{15, 18}, numbers(0, 10), numbers(0, 11)},
                    {{19, 22}, numbers(0, 14), numbers(0, 15)}}},
         }) {
        const auto folds = purged_folds(labels, table.folds, table.embargo);
        ASSERT_EQ(folds.size(), table.rows.size());
        for (std::size_t f = 0; f < folds.size(); ++f) {
            SCOPED_TRACE(std::to_string(table.folds) + " folds, fold " + std::to_string(f));
            ASSERT_EQ(folds[f].test.size(), 1U);
            EXPECT_EQ(folds[f].test[0].begin, table.rows[f].test.begin);
            EXPECT_EQ(folds[f].test[0].end, table.rows[f].test.end + 1);
            EXPECT_EQ(folds[f].training, table.rows[f].strict);
            // What published code keeps beyond that shares a bar with the test or lies in its embargo.
            const std::int64_t from = labels[table.rows[f].test.begin].first;
            const std::int64_t to = labels[table.rows[f].test.end].last + table.embargo;
            for (const std::size_t i : table.rows[f].published) {
                const bool strict =
                    std::binary_search(table.rows[f].strict.begin(), table.rows[f].strict.end(), i);
                EXPECT_EQ(labels[i].first > to || labels[i].last < from, strict) << i;
            }
        }
    }
}

TEST(CombinatorialSplits, of_section_a_and_b5_are_reproduced) {
    const auto counts = [](std::size_t groups, std::size_t tested) {
        return std::pair(combinatorial_splits(groups, tested).size(), path_count(groups, tested));
    };
    EXPECT_EQ(counts(6, 2), std::pair(std::size_t{15}, std::size_t{5}));
    EXPECT_EQ(counts(10, 2), std::pair(std::size_t{45}, std::size_t{9}));
    EXPECT_EQ(counts(8, 3), std::pair(std::size_t{56}, std::size_t{21}));

    using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;  // group, path
    const auto firsts = [](std::size_t groups, std::size_t tested) {
        std::vector<Pairs> out;
        for (const auto& split : combinatorial_splits(groups, tested)) {
            if (out.size() == 6) break;
            Pairs pairs;
            for (std::size_t i = 0; i < tested; ++i)
                pairs.emplace_back(split.groups[i], split.paths[i]);
            out.push_back(pairs);
        }
        return out;
    };
    EXPECT_EQ(firsts(6, 2), (std::vector<Pairs>{{{0, 0}, {1, 0}},
                                                {{0, 1}, {2, 0}},
                                                {{0, 2}, {3, 0}},
                                                {{0, 3}, {4, 0}},
                                                {{0, 4}, {5, 0}},
                                                {{1, 1}, {2, 1}}}));
    EXPECT_EQ(firsts(8, 3), (std::vector<Pairs>{{{0, 0}, {1, 0}, {2, 0}},
                                                {{0, 1}, {1, 1}, {3, 0}},
                                                {{0, 2}, {1, 2}, {4, 0}},
                                                {{0, 3}, {1, 3}, {5, 0}},
                                                {{0, 4}, {1, 4}, {6, 0}},
                                                {{0, 5}, {1, 5}, {7, 0}}}));
}

TEST(CombinatorialSplits, make_paths_that_each_run_over_all_groups_once) {
    const auto splits = combinatorial_splits(6, 2);
    const auto paths = path_splits(splits, 6);
    ASSERT_EQ(paths.size(), 5U);
    std::set<std::pair<std::size_t, std::size_t>> used;  // split, group
    for (const auto& path : paths) {
        ASSERT_EQ(path.size(), 6U);
        for (std::size_t group = 0; group < 6; ++group) {
            const auto& groups = splits[path[group]].groups;
            EXPECT_TRUE(std::find(groups.begin(), groups.end(), group) != groups.end());
            EXPECT_TRUE(used.emplace(path[group], group).second);
        }
    }
    EXPECT_EQ(used.size(), 30U);
}

TEST(CombinatorialSplits, refuse_what_is_no_choice) {
    EXPECT_THROW((void)combinatorial_splits(6, 0), std::invalid_argument);
    EXPECT_THROW((void)combinatorial_splits(6, 6), std::invalid_argument);
    EXPECT_THROW((void)combinatorial_splits(65, 1), std::invalid_argument);
    EXPECT_THROW((void)combinatorial_splits(60, 30), std::invalid_argument);
    EXPECT_EQ(combinatorial_splits(64, 63).size(), 64U);
}

RC_GTEST_PROP(PurgedTraining, never_shares_a_bar_with_the_test_nor_starts_in_its_embargo, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(4, 60);
    const auto embargo = *rc::gen::inRange<std::int64_t>(0, 6);
    std::vector<LabelSpan> labels;
    std::int64_t bar = 0;
    for (std::size_t i = 0; i < count; ++i) {
        bar += *rc::gen::inRange<std::int64_t>(0, 4);
        labels.push_back({bar, bar + *rc::gen::inRange<std::int64_t>(0, 9)});
    }
    const auto groups = *rc::gen::inRange<std::size_t>(2, std::min<std::size_t>(count, 8) + 1);
    const auto tested = *rc::gen::inRange<std::size_t>(1, groups);
    for (const PurgedSplit& split : combinatorial_purged_splits(labels, groups, tested, embargo)) {
        std::vector<bool> in_test(count);
        for (const LabelRange& range : split.test)
            for (std::size_t i = range.begin; i < range.end; ++i) in_test[i] = true;
        RC_ASSERT(std::is_sorted(split.training.begin(), split.training.end()));
        for (const std::size_t i : split.training) {
            RC_ASSERT(!in_test[i]);
            for (std::size_t j = 0; j < count; ++j) {
                if (!in_test[j]) continue;
                const bool apart =
                    labels[i].last < labels[j].first || labels[i].first > labels[j].last + embargo;
                RC_ASSERT(apart);
            }
        }
    }
}

TEST(PurgedTraining, refuses_labels_and_ranges_that_make_no_sense) {
    const std::vector<LabelSpan> backwards{{3, 2}};
    const std::vector<LabelSpan> disordered{{3, 4}, {2, 4}};
    const auto labels = labels_of(10, 2);
    const std::vector<LabelRange> whole{{0, 1}};
    const std::vector<LabelRange> beyond{{8, 11}};
    const std::vector<LabelRange> overlapping{{0, 4}, {3, 6}};
    EXPECT_THROW((void)purged_training(backwards, whole, 0), std::invalid_argument);
    EXPECT_THROW((void)purged_training(disordered, whole, 0), std::invalid_argument);
    EXPECT_THROW((void)purged_training(labels, beyond, 0), std::invalid_argument);
    EXPECT_THROW((void)purged_training(labels, overlapping, 0), std::invalid_argument);
    EXPECT_THROW((void)purged_training(labels, whole, -1), std::invalid_argument);
    EXPECT_THROW((void)equal_groups(3, 4), std::invalid_argument);
    EXPECT_THROW((void)equal_groups(3, 0), std::invalid_argument);
    constexpr auto kEver = std::numeric_limits<std::int64_t>::max();
    EXPECT_TRUE(purged_training(labels, whole, kEver).empty());
}

using Bounds = std::vector<std::vector<std::size_t>>;
Bounds bounds(const std::vector<WalkForwardWindow>& windows) {
    Bounds out;
    for (const auto& w : windows)
        out.push_back({w.train.begin, w.train.end, w.test.begin, w.test.end});
    return out;
}

TEST(WalkForward, rolls_or_stays_anchored_with_a_gap_before_each_test) {
    WalkForwardPlan plan;
    plan.train = 10;
    plan.test = 4;
    plan.purge = 2;
    plan.embargo = 1;
    EXPECT_EQ(bounds(walk_forward_windows(23, plan)), (Bounds{{0, 10, 13, 17}, {4, 14, 17, 21}}));
    plan.keep_short = true;
    EXPECT_EQ(bounds(walk_forward_windows(23, plan)),
              (Bounds{{0, 10, 13, 17}, {4, 14, 17, 21}, {8, 18, 21, 23}}));
    plan.anchored = true;
    EXPECT_EQ(bounds(walk_forward_windows(23, plan)),
              (Bounds{{0, 10, 13, 17}, {0, 14, 17, 21}, {0, 18, 21, 23}}));
    plan.keep_short = false;
    plan.step = 6;
    EXPECT_EQ(bounds(walk_forward_windows(23, plan)), (Bounds{{0, 10, 13, 17}, {0, 16, 19, 23}}));
    EXPECT_EQ(walk_forward_windows(17, plan).size(), 1U);
}

TEST(WalkForward, refuses_sizes_that_do_not_fit_and_names_them) {
    const auto refused = [](std::size_t rows, const WalkForwardPlan& plan) -> std::string {
        try {
            (void)walk_forward_windows(rows, plan);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "";
    };
    WalkForwardPlan plan;
    plan.train = 500;
    plan.test = 100;
    plan.purge = 5;
    EXPECT_EQ(refused(605, plan), "");
    EXPECT_EQ(refused(604, plan),
              "a window of 500 rows of training, 5 purged, 0 of embargo and 100 of test does not "
              "fit into a range of 604");
    plan.keep_short = true;
    EXPECT_EQ(refused(506, plan), "");
    plan.step = 50;
    EXPECT_NE(refused(1'000, plan).find("overlap"), std::string::npos);
    EXPECT_NE(refused(1'000, {0, 10}).find("at least one row"), std::string::npos);
    constexpr auto kHuge = std::numeric_limits<std::size_t>::max();
    EXPECT_NE(refused(1'000, {kHuge, 10, 0, kHuge, kHuge}).find("does not fit"), std::string::npos);
    EXPECT_EQ(refused(20, {10, 10, kHuge}), "");
}

TEST(WalkForward, purges_labels_by_their_bars) {
    WalkForwardPlan plan;
    plan.train = 10;
    plan.test = 5;
    const auto splits = purged_walk_forward(labels_of(20, 3), plan);
    ASSERT_EQ(splits.size(), 2U);
    EXPECT_EQ(splits[0].training, numbers(0, 6));  // label 6 ends on bar 9, the test opens on 10
    EXPECT_EQ(splits[1].training, numbers(5, 11));
    plan.embargo = 2;
    EXPECT_EQ(purged_walk_forward(labels_of(20, 3), plan)[0].training, numbers(0, 4));
    plan.purge = 1;
    EXPECT_THROW((void)purged_walk_forward(labels_of(20, 3), plan), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::tests
