// Probability of backtest overfitting against the reference tables (facts: overfitting.md, sections
// A and B.2).
#include <sluice/research/backtest_overfitting.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <sluice/pipeline/statistics/moments.hpp>

#include "support.hpp"

namespace sluice::tests {
namespace {

using namespace research;
namespace statistics = pipeline::statistics;

TEST_F(ReferenceTables, of_section_b2_give_the_probability_of_overfitting) {
    struct Row {
        const char* file;
        unsigned blocks;
        std::size_t splits;
        double pbo, mean_logit, slope, intercept, loss;
    };
    std::map<std::string, Table<double>> tables;
    for (const Row& row : {
             Row{"pbo_noise.csv", 6, 20, 0.85, -1.19505455349, -0.722757782793, -0.0205990179198,
                 0.9},
             Row{"pbo_noise.csv", 8, 70, 0.757142857143, -0.907649028136, -1.34968522355,
                 0.0255170438505, 0.857142857143},
             Row{"pbo_noise.csv", 12, 924, 0.813852813853, -1.13041523023, -0.978573715976,
                 -0.0081899038871, 0.895021645022},
             Row{"pbo_oneskill.csv", 6, 20, 0.05, 2.07232658369, -0.709622177007, 0.28533329959,
                 0.05},
             Row{"pbo_oneskill.csv", 8, 70, 0.0142857142857, 2.22538969468, -0.769531447366,
                 0.307242061207, 0.0142857142857},
             Row{"pbo_oneskill.csv", 12, 924, 0.021645021645, 2.18907911154, -0.808561893238,
                 0.31338896999, 0.021645021645},
             Row{"pbo_oneskill.csv", 16, 12870, 0.0039627039627, 2.28373334371, -0.943728186179,
                 0.341734997956, 0.003885003885},
             Row{"pbo_corr.csv", 6, 20, 0.2, 0.854128332456, -0.700017604457, 0.0603112723921,
                 0.45},
             Row{"pbo_corr.csv", 8, 70, 0.357142857143, 0.770978156988, -0.530051529318,
                 0.0448919511801, 0.414285714286},
             Row{"pbo_corr.csv", 12, 924, 0.257575757576, 0.903166094613, -0.643226194342,
                 0.0572065553886, 0.416666666667},
             Row{"pbo_overfit.csv", 6, 20, 1, -2.99573227355, -1.01245529499, -0.00299600905895, 1},
             Row{"pbo_overfit.csv", 8, 70, 1, -2.95319281784, -0.971368368293, -0.00199157140694,
                 1},
             Row{"pbo_overfit.csv", 12, 924, 1, -2.82917126144, -0.987369203134, -0.00307480354579,
                 1},
         }) {
        SCOPED_TRACE(std::string(row.file) + " in " + std::to_string(row.blocks));
        auto& table = tables[row.file];
        if (table.columns == 0) table = read_facts<double>(row.file);
        const auto report =
            backtest_overfitting(ReturnsTable(table.values, table.columns), row.blocks);
        EXPECT_EQ(report.splits.size(), row.splits);
        EXPECT_EQ(report.rows_dropped, table.rows() % row.blocks);
        // Shares are counts by the number of splits: exact to the digits given.
        expect_close(report.probability, row.pbo, 2e-12);
        expect_close(report.loss_probability, row.loss, 2e-12);
        expect_close(report.mean_logit, row.mean_logit);
        expect_close(report.slope, row.slope);
        expect_close(report.intercept, row.intercept);
    }
}

std::vector<double> noise(std::size_t rows, std::size_t columns, std::uint64_t seed,
                          std::size_t skilled = 0, double edge = 0) {
    Normals normals(seed);
    std::vector<double> out;
    for (std::size_t t = 0; t < rows; ++t)
        for (std::size_t k = 0; k < columns; ++k)
            out.push_back(normals.next() + (k < skilled ? edge : 0));
    return out;
}

// The statistical anchor of section A: 60 tables of 1,000 rows and 200 columns in 16 blocks.
TEST(BacktestOverfitting, is_a_coin_toss_on_noise_and_none_where_skill_was_planted) {
    constexpr std::uint64_t kTables = 60;
    std::vector<double> on_noise;
    std::vector<double> on_skill;
    double inside = 0;
    double outside = 0;
    for (std::uint64_t seed = 1; seed <= kTables; ++seed) {
        const auto plain = noise(1'000, 200, seed);
        on_noise.push_back(backtest_overfitting(ReturnsTable(plain, 200), 16).probability);
        const auto planted = noise(1'000, 200, 1'000 + seed, 20, 0.15);
        const auto report = backtest_overfitting(ReturnsTable(planted, 200), 16);
        on_skill.push_back(report.probability);
        for (const OverfittingSplit& split : report.splits) {
            inside += split.best_in_sample / static_cast<double>(report.splits.size());
            outside += split.best_out_of_sample / static_cast<double>(report.splits.size());
        }
    }
    // 0.476 +- 0.137 over tables: the mean of 60 has a standard error of 0.018.
    EXPECT_NEAR(statistics::mean(on_noise), 0.476, 0.06);
    EXPECT_NEAR(statistics::deviation(on_noise), 0.137, 0.05);
    EXPECT_LT(statistics::mean(on_skill), 0.005);
    const double annual = std::sqrt(252) / static_cast<double>(kTables);
    EXPECT_NEAR(inside * annual, 3.73, 0.15);
    EXPECT_NEAR(outside * annual, 2.34, 0.15);
}

TEST(BacktestOverfitting, splits_are_all_halves_in_order_each_beside_its_mirror) {
    const auto values = noise(40, 3, 5);
    const auto report = backtest_overfitting(ReturnsTable(values, 3), 6);
    ASSERT_EQ(report.splits.size(), 20U);
    EXPECT_EQ(report.splits.front().in_sample, 0b000111U);
    EXPECT_EQ(report.splits[1].in_sample, 0b001011U);
    EXPECT_EQ(report.splits.back().in_sample, 0b111000U);
    for (std::size_t i = 0; i < 20; ++i)
        EXPECT_EQ(report.splits[i].in_sample ^ report.splits[19 - i].in_sample, 0b111111U);
    EXPECT_EQ(report.rows_dropped, 4U);
}

// Each split worked out the long way.
TEST(BacktestOverfitting, agrees_with_ratios_taken_from_the_rows) {
    constexpr std::size_t kColumns = 7;
    const auto values = noise(50, kColumns, 11);
    const auto report = backtest_overfitting(ReturnsTable(values, kColumns), 8);
    constexpr std::size_t kBlockRows = 6;  // two rows dropped
    for (const OverfittingSplit& split : report.splits) {
        std::vector<double> inside(kColumns), outside(kColumns);
        for (std::size_t k = 0; k < kColumns; ++k) {
            std::vector<double> in, out;
            for (std::size_t t = 2; t < 50; ++t) {
                const bool taken = (split.in_sample >> ((t - 2) / kBlockRows) & 1U) != 0;
                (taken ? in : out).push_back(values[t * kColumns + k]);
            }
            inside[k] = statistics::mean(in) / statistics::deviation(in);
            outside[k] = statistics::mean(out) / statistics::deviation(out);
        }
        const auto best = static_cast<std::size_t>(std::max_element(inside.begin(), inside.end()) -
                                                   inside.begin());
        ASSERT_EQ(split.best, best);
        ASSERT_NEAR(split.best_in_sample, inside[best], 1e-12);
        ASSERT_NEAR(split.best_out_of_sample, outside[best], 1e-12);
        double rank = 1;
        for (const double value : outside) rank += value < outside[best] ? 1 : 0;
        ASSERT_NEAR(split.logit, std::log(rank / (kColumns + 1 - rank)), 1e-12);
    }
}

TEST(BacktestOverfitting, averages_ties_and_knows_columns_that_stand_still) {
    // Three equal columns: every rank is the middle one.
    std::vector<double> values;
    Normals normals(3);
    for (int t = 0; t < 16; ++t) {
        const double value = normals.next();
        values.insert(values.end(), {value, value, value});
    }
    const auto alike = backtest_overfitting(ReturnsTable(values, 3), 4);
    EXPECT_EQ(alike.mean_logit, 0);
    EXPECT_EQ(alike.probability, 1);  // no better than the median
    // One trades in the first half only, one never: zero where there was nothing.
    values.clear();
    for (int t = 0; t < 16; ++t) {
        const double value = normals.next();
        values.insert(values.end(), {t < 8 ? value + 5 : 0, 0, -std::abs(value)});
    }
    const auto sparse = backtest_overfitting(ReturnsTable(values, 3), 2);
    EXPECT_EQ(sparse.splits[0].best, 0U);
    EXPECT_EQ(sparse.splits[0].best_out_of_sample, 0);
    EXPECT_EQ(sparse.splits[1].best, 0U);
    EXPECT_EQ(sparse.splits[1].best_in_sample, 0);
    EXPECT_GT(sparse.splits[1].best_out_of_sample, 1);
}

TEST(BacktestOverfitting, refuses_what_it_cannot_split) {
    const auto values = noise(40, 2, 1);
    const ReturnsTable table(values, 2);
    EXPECT_THROW((void)backtest_overfitting(table, 5), std::invalid_argument);
    EXPECT_THROW((void)backtest_overfitting(table, 0), std::invalid_argument);
    EXPECT_THROW((void)backtest_overfitting(table, 22), std::invalid_argument);
    EXPECT_NO_THROW((void)backtest_overfitting(table, 16));
    EXPECT_THROW((void)backtest_overfitting(ReturnsTable(std::span(values).first(60), 2), 16),
                 std::invalid_argument);
    EXPECT_THROW((void)backtest_overfitting(ReturnsTable(values, 1), 4), std::invalid_argument);
    EXPECT_THROW(ReturnsTable(values, 3), std::invalid_argument);
    EXPECT_THROW(ReturnsTable(values, 0), std::invalid_argument);
    const std::vector<double> hole{1, NAN};
    EXPECT_THROW(ReturnsTable(hole, 2), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::tests
