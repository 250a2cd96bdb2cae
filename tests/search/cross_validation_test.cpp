// Combinatorial purged cross-validation: who is best in every part is chosen in every split, who is best by
// one lucky stretch is not where that stretch is set aside.
#include <sluice/research/cross_validation.hpp>

#include <cmath>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>
#include <sluice/core/random.hpp>
#include <sluice/pipeline/statistics/ratios.hpp>

namespace sluice::research {
namespace {

constexpr std::size_t kPeriods = 120;

// Rows of a champion without skill and two sets.
struct Sets {
    std::vector<double> values;
    [[nodiscard]] ReturnsTable table() const { return {values, 3}; }
    [[nodiscard]] std::vector<double> column(std::size_t index) const {
        std::vector<double> out;
        for (std::size_t row = 0; row < kPeriods; ++row) out.push_back(values[3 * row + index]);
        return out;
    }
};

// Column 1 earns steadily; column 2 earns nothing but in the periods of `lucky`.
Sets steady_and_lucky(std::size_t lucky_from, std::size_t lucky_to) {
    Sets out;
    core::Random random{7, 0, 0};
    for (std::size_t row = 0; row < kPeriods; ++row) {
        const bool is_lucky = row >= lucky_from && row < lucky_to;
        out.values.push_back(0.01 * (random.uniform() - 0.5));
        out.values.push_back(0.002 + 0.03 * (random.uniform() - 0.5));
        out.values.push_back((is_lucky ? 0.05 : -0.002) + 0.01 * (random.uniform() - 0.5));
    }
    return out;
}

TEST(CrossValidation, has_the_paths_that_the_book_counts_and_each_runs_over_all_periods) {
    const Sets sets = steady_and_lucky(0, 0);
    const CrossValidation out =
        cross_validate(sets.table(), {false, true, true}, 252, {6, 2, 0, 0});
    EXPECT_EQ(out.splits, 15U);
    EXPECT_EQ(out.sharpe.size(), 5U);
    EXPECT_EQ(out.least_training, 80U);
    // The same set is best in every split, so every path is that set's returns.
    for (const std::size_t chosen : out.chosen) EXPECT_EQ(chosen, 1U);
    const double steady = pipeline::statistics::sharpe(sets.column(1), 252);
    for (const double ratio : out.sharpe) EXPECT_DOUBLE_EQ(ratio, steady);
    EXPECT_DOUBLE_EQ(out.mean, steady);
    EXPECT_EQ(out.deviation, 0);
    EXPECT_EQ(out.above_champion, 1);
}

TEST(CrossValidation, sees_a_choice_that_one_lucky_stretch_made) {
    const Sets sets = steady_and_lucky(0, 20);  // the first of six groups
    const CrossValidation out =
        cross_validate(sets.table(), {false, false, true}, 252, {6, 1, 0, 0});
    ASSERT_EQ(out.sharpe.size(), 1U);
    EXPECT_DOUBLE_EQ(out.sharpe[0], pipeline::statistics::sharpe(sets.column(2), 252));
    const CrossValidation both =
        cross_validate(sets.table(), {false, true, true}, 252, {6, 1, 0, 0});
    EXPECT_EQ(both.chosen.front(), 1U) << "with the lucky stretch set aside, the other one is best";
    EXPECT_EQ(both.chosen.back(), 2U);
}

TEST(CrossValidation, leaves_out_what_is_purged_and_under_embargo) {
    const Sets sets = steady_and_lucky(0, 0);
    const auto least = [&](std::size_t purge, std::size_t embargo) {
        return cross_validate(sets.table(), {false, true, true}, 252, {6, 1, purge, embargo})
            .least_training;
    };
    EXPECT_EQ(least(0, 0), 100U);
    EXPECT_EQ(least(0, 3), 97U);  // behind the test
    EXPECT_EQ(least(2, 0), 96U);  // before it, and behind it what the last outcomes reach into
}

TEST(CrossValidation, keeps_the_champion_where_no_set_may_be_chosen) {
    const Sets sets = steady_and_lucky(0, 0);
    const CrossValidation out =
        cross_validate(sets.table(), {false, false, false}, 252, {4, 2, 0, 0});
    for (const std::size_t chosen : out.chosen) EXPECT_EQ(chosen, 0U);
    EXPECT_DOUBLE_EQ(out.mean, out.champion);
    EXPECT_EQ(out.above_champion, 0);
}

TEST(CrossValidation, takes_a_champion_that_never_traded_for_zero) {
    Sets sets = steady_and_lucky(0, 0);
    for (std::size_t row = 0; row < kPeriods; ++row) sets.values[3 * row] = 0;
    const CrossValidation out =
        cross_validate(sets.table(), {false, true, true}, 252, {6, 2, 0, 0});
    EXPECT_TRUE(std::isnan(out.champion));
    EXPECT_EQ(out.above_champion, 1);
}

TEST(CrossValidation, refuses_what_leaves_nothing_to_train_on) {
    const Sets sets = steady_and_lucky(0, 0);
    const std::vector<bool> all{false, true, true};
    EXPECT_THROW((void)cross_validate(sets.table(), all, 252, {121, 1, 0, 0}),
                 std::invalid_argument);
    EXPECT_THROW((void)cross_validate(sets.table(), all, 252, {6, 6, 0, 0}), std::invalid_argument);
    EXPECT_THROW((void)cross_validate(sets.table(), all, 252, {6, 2, 60, 0}),
                 std::invalid_argument);
    EXPECT_THROW((void)cross_validate(sets.table(), all, 252, {40, 20, 0, 0}),
                 std::invalid_argument);
    EXPECT_THROW((void)cross_validate(sets.table(), {false}, 252, {6, 2, 0, 0}),
                 std::invalid_argument);
}

}  // namespace
}  // namespace sluice::research
