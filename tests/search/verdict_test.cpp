// The answer follows from its checks: an edge is promoted, noise is not, and what is no better keeps the
// champion. The numbers of the tests behind it are held against published values in research_tests.
#include <sluice/research/verdict.hpp>

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include <sluice/research/objective.hpp>

namespace sluice::research {
namespace {

constexpr std::size_t kJudgedPeriods = 500;
constexpr std::size_t kSets = 20;

struct Table {
    std::vector<double> values;
    VerdictInput input(std::size_t best) {
        VerdictInput in{ReturnsTable{values, kSets + 1}};
        in.best = best;
        in.best_score = 2;
        in.champion_score = 0;
        in.trials = kSets;
        in.periods_per_year = 252;
        for (std::size_t row = kJudgedPeriods / 2; row < kJudgedPeriods; ++row) {
            in.out_of_sample.champion.push_back(in.returns.row(row)[0]);
            in.out_of_sample.challenger.push_back(in.returns.row(row)[best]);
        }
        in.stressed_challenger = 0.1;
        in.stressed_champion = 0;
        in.plateau.flatness = 0.5;
        return in;
    }
};

// Column 0 the champion, without skill; `edge` is the mean of each other column's first half of sets.
Table table(double edge, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    std::normal_distribution<double> draw{0, 0.01};
    Table out;
    for (std::size_t row = 0; row < kJudgedPeriods; ++row)
        for (std::size_t column = 0; column <= kSets; ++column)
            out.values.push_back(draw(random) + (column > 0 && column <= kSets / 2 ? edge : 0.0));
    return out;
}

std::size_t best_of(const Table& t) {
    std::vector<double> sums(kSets + 1, 0);
    for (std::size_t i = 0; i < t.values.size(); ++i) sums[i % (kSets + 1)] += t.values[i];
    return static_cast<std::size_t>(std::max_element(sums.begin() + 1, sums.end()) - sums.begin());
}

const VerdictCheck& check(const Verdict& verdict, const std::string& name) {
    for (const VerdictCheck& c : verdict.checks)
        if (c.name == name) return c;
    throw std::out_of_range(name);
}

TEST(Verdict, promotes_an_edge) {
    Table t = table(0.002, 1);
    const Verdict verdict = judge(t.input(best_of(t)));
    EXPECT_EQ(verdict.answer, Answer::kPromote);
    for (const VerdictCheck& c : verdict.checks) EXPECT_TRUE(c.passed) << c.name << " " << c.value;
}

TEST(Verdict, promotes_hardly_any_noise) {
    int promoted = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Table t = table(0, seed);
        promoted += judge(t.input(best_of(t))).answer == Answer::kPromote ? 1 : 0;
    }
    EXPECT_LE(promoted, 5);
}

TEST(Verdict, keeps_the_champion_when_nothing_feasible_or_nothing_better_was_found) {
    Table t = table(0.002, 1);
    EXPECT_EQ(judge(t.input(0)).answer, Answer::kKeepChampion);
    VerdictInput worse = t.input(best_of(t));
    worse.champion_score = worse.best_score;
    EXPECT_EQ(judge(worse).answer, Answer::kKeepChampion);
    VerdictInput fragile = t.input(best_of(t));
    fragile.stressed_challenger = -0.01;
    fragile.stressed_champion = -0.5;
    EXPECT_EQ(judge(fragile).answer, Answer::kKeepChampion);
}

TEST(Verdict, keeps_the_champion_when_out_of_sample_it_earned_as_much) {
    Table t = table(0.002, 1);
    VerdictInput input = t.input(best_of(t));
    input.out_of_sample.challenger = input.out_of_sample.champion;
    const Verdict verdict = judge(input);
    EXPECT_EQ(verdict.answer, Answer::kKeepChampion);
    EXPECT_EQ(check(verdict, "out of sample").value, 0.5);
}

TEST(Verdict, asks_for_more_evidence_the_more_was_tried) {
    Table t = table(0.0012, 3);
    VerdictInput input = t.input(best_of(t));
    input.trials = kSets;
    const double few = check(judge(input), "deflated Sharpe ratio").value;
    input.trials = 1'000'000;
    const Verdict verdict = judge(input);
    EXPECT_LT(check(verdict, "deflated Sharpe ratio").value, few);
    EXPECT_GT(verdict.expected_best_sharpe, 0);
}

TEST(Verdict, says_not_enough_evidence_of_a_needle_and_of_few_periods) {
    Table t = table(0.002, 1);
    VerdictInput needle = t.input(best_of(t));
    needle.plateau.flatness = -0.1;
    EXPECT_EQ(judge(needle).answer, Answer::kNotEnoughEvidence);
    VerdictInput unknown = t.input(best_of(t));
    unknown.plateau.flatness = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(judge(unknown).answer, Answer::kNotEnoughEvidence);
    VerdictLimits long_ones;
    long_ones.least_periods = kJudgedPeriods + 1;
    EXPECT_EQ(judge(t.input(best_of(t)), long_ones).answer, Answer::kNotEnoughEvidence);
}

TEST(Objective, adds_its_terms_and_leaves_out_what_cannot_be_said) {
    TrialResult result;
    result.sharpe = 1.5;
    result.win_rate = 0.6;
    result.max_drawdown = -0.2;
    result.round_trips = 9;
    const Objective objective;
    EXPECT_DOUBLE_EQ(objective.score(result), 1.5 + 0.5 * 0.1 - 0.2);
    EXPECT_DOUBLE_EQ(objective.shortfall(result), 1);
    EXPECT_FALSE(objective.feasible(result));
    result.round_trips = 10;
    EXPECT_TRUE(objective.feasible(result));
    result.sharpe = result.win_rate = std::numeric_limits<double>::quiet_NaN();
    EXPECT_DOUBLE_EQ(objective.score(result), -0.2);
}

}  // namespace
}  // namespace sluice::research
