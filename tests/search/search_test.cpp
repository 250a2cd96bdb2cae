// A search finds what scores highest among the feasible, tries the same points again when it is repeated,
// and ends when it is told to.
#include <sluice/research/search.hpp>

#include <stdexcept>

#include <gtest/gtest.h>

namespace sluice::research {
namespace {

Space hill_space() { return Space{{Parameter::integer("x", -10, 10), Parameter::real("y", 0, 1)}}; }

// Highest at (3, 0.5); nothing below x = -5 is feasible.
std::vector<Judged> hill(std::span<const Point> points) {
    std::vector<Judged> out;
    for (const Point& p : points) {
        const double x = (p[0] - 3) / 10;
        const double y = p[1] - 0.5;
        out.push_back({1 - x * x - y * y, p[0] < -5 ? 1.0 : -1.0});
    }
    return out;
}

SearchPlan plan(std::size_t budget) {
    SearchPlan out;
    out.budget = budget;
    out.batch = 4;
    return out;
}

TEST(Search, comes_near_the_top_of_a_hill) {
    const SearchResult found = run_search(plan(40), hill_space(), hill);
    ASSERT_TRUE(found.best);
    EXPECT_EQ(found.steps.size(), 40U);
    EXPECT_GT(found.steps[*found.best].judged.score, 0.99);
    EXPECT_FALSE(found.interrupted);
}

TEST(Search, tries_the_same_points_in_the_same_order_each_time) {
    const SearchResult a = run_search(plan(24), hill_space(), hill);
    const SearchResult b = run_search(plan(24), hill_space(), hill);
    ASSERT_EQ(a.steps.size(), b.steps.size());
    for (std::size_t i = 0; i < a.steps.size(); ++i)
        EXPECT_EQ(a.steps[i].point, b.steps[i].point) << i;
}

TEST(Search, takes_no_infeasible_point_for_the_best) {
    const auto mostly_bad = [](std::span<const Point> points) {
        std::vector<Judged> out;
        for (const Point& p : points) out.push_back({-p[0], p[0] < 0 ? 1.0 : 0.0});
        return out;
    };
    const SearchResult found = run_search(plan(24), hill_space(), mostly_bad);
    ASSERT_TRUE(found.best);
    EXPECT_GE(found.steps[*found.best].point[0], 0);
    const auto all_bad = [](std::span<const Point> points) {
        return std::vector<Judged>(points.size(), Judged{1, 1});
    };
    EXPECT_FALSE(run_search(plan(8), hill_space(), all_bad).best);
}

TEST(Search, ends_when_there_are_no_results) {
    int batches = 0;
    const SearchResult found =
        run_search(plan(40), hill_space(), [&](std::span<const Point> points) {
            return ++batches == 3 ? std::vector<Judged>{} : hill(points);
        });
    EXPECT_TRUE(found.interrupted);
    EXPECT_EQ(found.steps.size(), 8U);
}

TEST(Search, proposes_nothing_that_is_not_allowed) {
    SearchPlan only = plan(20);
    only.allowed = [](const Point& p) { return p[0] > 0; };
    for (const SearchStep& step : run_search(only, hill_space(), hill).steps)
        EXPECT_GT(step.point[0], 0);
}

TEST(Search, refuses_an_empty_plan) {
    EXPECT_THROW((void)run_search(plan(0), hill_space(), hill), std::invalid_argument);
    SearchPlan none = plan(4);
    none.method = "guess";
    EXPECT_THROW((void)run_search(none, hill_space(), hill), std::invalid_argument);
}

TEST(Search, begins_with_the_points_that_it_is_given_and_counts_them) {
    SearchPlan warm = plan(10);
    warm.first = {{3, 0.5}, {4, 0.5}, {-9, 0.1}, {2, 0.4}, {0, 0}, {1, 1}};
    const SearchResult found = run_search(warm, hill_space(), hill);
    ASSERT_EQ(found.steps.size(), 10U);
    for (std::size_t i = 0; i < warm.first.size(); ++i)
        EXPECT_EQ(found.steps[i].point, warm.first[i]);
    EXPECT_EQ(found.best, 0U);
    warm.budget = 2;
    EXPECT_EQ(run_search(warm, hill_space(), hill).steps.size(), 2U);
}

}  // namespace
}  // namespace sluice::research
