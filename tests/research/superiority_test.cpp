// Reality check and SPA against reference vectors with given bootstrap rows (facts: overfitting.md,
// section B.4), and their behaviour on noise and skill.
#include <sluice/research/multiple_testing.hpp>

#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "support.hpp"

namespace sluice::tests {
namespace {

using namespace research;

struct SuperiorityRow {
    const char* table;
    const char* rows;
    double q;
    std::size_t resamples;
    double reality, reality_p, spa, lower, consistent, upper;
    std::vector<double> omega;
};

TEST_F(ReferenceTables, of_section_b4_give_the_reality_check_and_spa) {
    for (const SuperiorityRow& row : {
             SuperiorityRow{"spa_a.csv",
                            "spa_a_idx.csv",
                            0.1,
                            199,
                            0.0211623564543,
                            15.0 / 199,  // 0.0753768844221
                            2.66169262125,
                            3.0 / 199,  // 0.0150753768844
                            3.0 / 199,
                            5.0 / 199,  // 0.0251256281407
                            {0.00795071387483, 0.00789416299416, 0.0103280199017, 0.0095277940273,
                             0.0098937999233}},
             SuperiorityRow{"spa_b.csv",
                            "spa_b_idx.csv",
                            0.2,
                            399,
                            0.0151220442011,
                            88.0 / 399,  // 0.220551378446
                            1.74376276442,
                            39.0 / 399,  // 0.0977443609023
                            55.0 / 399,  // 0.137844611529
                            67.0 / 399,  // 0.167919799499
                            {0.00920977252618, 0.00956311308672, 0.00921796304384, 0.00940212147931,
                             0.0098954359693, 0.0086720765632}},
         }) {
        SCOPED_TRACE(row.table);
        const auto table = read_facts<double>(row.table);
        const auto rows = read_facts<std::uint32_t>(row.rows);
        const auto report =
            test_superiority(ReturnsTable(table.values, table.columns), rows.values, row.q);
        EXPECT_EQ(report.resamples, row.resamples);
        expect_close(report.reality_statistic, row.reality);
        EXPECT_EQ(report.reality_p, row.reality_p);
        expect_close(report.spa_statistic, row.spa);
        EXPECT_EQ(report.spa_p_lower, row.lower);
        EXPECT_EQ(report.spa_p_consistent, row.consistent);
        EXPECT_EQ(report.spa_p_upper, row.upper);
        ASSERT_EQ(report.omega.size(), row.omega.size());
        for (std::size_t k = 0; k < row.omega.size(); ++k)
            expect_close(report.omega[k], row.omega[k]);
    }
}

std::vector<double> excesses(std::size_t rows, std::size_t columns, std::uint64_t seed,
                             double edge) {
    Normals normals(seed);
    std::vector<double> out;
    for (std::size_t t = 0; t < rows; ++t)
        for (std::size_t k = 0; k < columns; ++k) out.push_back(normals.next() + (k == 0) * edge);
    return out;
}

TEST(Superiority, is_rarely_found_in_noise_and_found_in_skill) {
    constexpr std::uint64_t kTables = 100;
    int found_in_noise = 0;
    int found_in_skill = 0;
    for (std::uint64_t seed = 1; seed <= kTables; ++seed) {
        const SuperiorityPlan plan{1, 200, seed};
        const auto noise = excesses(150, 20, seed, 0);
        const auto skill = excesses(150, 20, seed, 0.4);
        const auto on_noise = test_superiority(ReturnsTable(noise, 20), plan);
        const auto on_skill = test_superiority(ReturnsTable(skill, 20), plan);
        found_in_noise += on_noise.spa_p_consistent < 0.1 ? 1 : 0;
        found_in_skill += on_skill.spa_p_consistent < 0.1 ? 1 : 0;
        ASSERT_LE(on_noise.spa_p_lower, on_noise.spa_p_consistent);
        ASSERT_LE(on_noise.spa_p_consistent, on_noise.spa_p_upper);
    }
    EXPECT_LE(found_in_noise, 20);  // a tenth, and three standard errors
    EXPECT_GE(found_in_skill, 90);
}

// One strategy with wild swings must not hide a steady one: what studentisation is for.
TEST(Superiority, of_a_steady_column_is_not_hidden_by_a_wild_one) {
    std::vector<double> values;
    Normals normals(9);
    for (int t = 0; t < 300; ++t) {
        values.push_back(0.01 * normals.next() + 0.002);
        values.push_back(normals.next());
    }
    const auto report = test_superiority(ReturnsTable(values, 2), {1, 500, 1});
    EXPECT_LT(report.spa_p_consistent, 0.05);
    EXPECT_GT(report.reality_p, 0.2);
}

TEST(Superiority, is_the_same_for_a_seed_and_another_for_another) {
    const auto values = excesses(100, 5, 1, 0.1);
    const ReturnsTable table(values, 5);
    const auto first = test_superiority(table, {4, 300, 1});
    const auto again = test_superiority(table, {4, 300, 1});
    const auto other = test_superiority(table, {4, 300, 2});
    EXPECT_EQ(first.reality_p, again.reality_p);
    EXPECT_EQ(first.spa_p_upper, again.spa_p_upper);
    EXPECT_EQ(first.spa_statistic, other.spa_statistic);  // the data's alone
    EXPECT_EQ(first.restart_chance, 0.25);
    EXPECT_NE(first.reality_p, other.reality_p);
    EXPECT_GT(test_superiority(table, {0, 10, 1}).restart_chance, 0);  // chosen from the data
}

TEST(Superiority, leaves_columns_that_stand_still_out_of_spa) {
    auto values = excesses(60, 2, 4, 0);
    for (std::size_t t = 0; t < 60; ++t) values[2 * t + 1] = 0;
    const auto report = test_superiority(ReturnsTable(values, 2), {1, 100, 1});
    EXPECT_EQ(report.omega[1], 0);
    EXPECT_TRUE(std::isfinite(report.spa_statistic));
    for (std::size_t t = 0; t < 60; ++t) values[2 * t + 1] = 0.1;
    EXPECT_TRUE(std::isinf(test_superiority(ReturnsTable(values, 2), {1, 100, 1}).spa_statistic));
}

TEST(Superiority, refuses_rows_that_do_not_fit) {
    const auto values = excesses(4, 2, 1, 0);
    const ReturnsTable table(values, 2);
    const std::vector<std::uint32_t> rows{0, 1, 2, 3, 0, 1, 2, 4};
    EXPECT_THROW((void)test_superiority(table, rows, 0.1), std::invalid_argument);
    EXPECT_THROW((void)test_superiority(table, std::span(rows).first(6), 0.1),
                 std::invalid_argument);
    EXPECT_THROW((void)test_superiority(table, std::span(rows).first(0), 0.1),
                 std::invalid_argument);
    EXPECT_THROW((void)test_superiority(table, std::span(rows).first(4), 0.0),
                 std::invalid_argument);
    EXPECT_NO_THROW((void)test_superiority(table, std::span(rows).first(4), 1.0));
    EXPECT_THROW((void)test_superiority(table, {1, 0, 1}), std::invalid_argument);
    EXPECT_THROW((void)test_superiority(table, {0.5, 10, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::tests
