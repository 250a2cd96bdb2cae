// Kelly stakes, labels, weights, fractional differences and plateaus (facts: overfitting.md, sections
// A, B.6 and B.7).
#include <sluice/research/kelly.hpp>
#include <sluice/research/labels.hpp>
#include <sluice/research/plateau.hpp>

#include <cmath>
#include <span>
#include <stdexcept>
#include <vector>

#include "support.hpp"

namespace sluice::tests {
namespace {

using namespace research;
using Numbers = std::vector<double>;

void expect_all_close(const Numbers& actual, const Numbers& expected, double relative = 1e-9) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        SCOPED_TRACE(i);
        expect_close(actual[i], expected[i], relative);
    }
}

TEST(Kelly, is_that_of_thorp_2006) {
    expect_close(kelly_binary(0.53, 1), 0.06, 1e-12);
    EXPECT_NEAR(growth_binary(0.53, 1, 0.06), 0.001801, 5e-7);
    expect_close(kelly_binary(0.6, 1), 0.2, 1e-12);
    EXPECT_NEAR(growth_binary(0.6, 1, 0.2), 0.0201355, 5e-8);
    const double whole = kelly_continuous(0.11, 0.15, 0.06);
    EXPECT_NEAR(whole, 2.2222, 5e-5);
    EXPECT_NEAR(growth_continuous(0.11, 0.15, 0.06, whole), 0.11556, 5e-6);
    EXPECT_DOUBLE_EQ(growth_kept(0.25), 0.4375);
    EXPECT_NEAR(chance_of_falling_to(0.5, 0.25), 0.0078, 5e-5);
    EXPECT_DOUBLE_EQ(chance_of_falling_to(0.5, 1), 0.5);
}

TEST(Kelly, table_of_section_b6_is_reproduced) {
    struct Row {
        double win, payoff, fraction, growth, growth_of_quarter, size;
    };
    for (const Row& row : {
             Row{0.524, 1.552, 0.217298969072, 0.0356594829405, 0.0158280597175, 0.0383279026585},
             Row{0.552, 1.315, 0.211315589354, 0.0290014720208, 0.0127586511357, 0.0832806272446},
             Row{0.585, 2.001, 0.377603698151, 0.132455275928, 0.0600690172203, 0.136964233101},
             Row{0.659, 1.407, 0.416640369581, 0.120246829467, 0.0526172138003, 0.262684885665},
         }) {
        const double fraction = kelly_binary(row.win, row.payoff);
        expect_close(fraction, row.fraction);
        expect_close(growth_binary(row.win, row.payoff, fraction), row.growth);
        expect_close(growth_binary(row.win, row.payoff, fraction / 4), row.growth_of_quarter);
        expect_close(bet_size(row.win), row.size);
    }
    const Numbers outcomes{-0.033, -0.01, 0.013, 0.047};
    const Numbers chances{0.2, 0.3, 0.3, 0.2};
    expect_close(kelly_discrete(outcomes, chances), 5.31042689436);
    struct Part {
        double part, fraction, growth, chance;
    };
    const double whole = kelly_continuous(0.142, 0.239, 0.03);
    for (const Part& row : {Part{1, 1.96074998687, 0.139801999265, 0.5},
                            Part{0.5, 0.980374993435, 0.112351499449, 0.125},
                            Part{0.25, 0.490187496717, 0.0780383746783, 0.0078125}}) {
        expect_close(row.part * whole, row.fraction);
        expect_close(growth_continuous(0.142, 0.239, 0.03, row.part * whole), row.growth);
        expect_close(chance_of_falling_to(0.5, row.part), row.chance, 1e-12);
    }
    const Numbers covariance{0.0435,  -0.0208, 0.0186,  -0.0208, 0.0699,
                             -0.0288, 0.0186,  -0.0288, 0.0512};
    const Numbers means{0.096, 0.1115, 0.1194};
    expect_all_close(kelly_assets(covariance, means),
                     {2.50389037679, 3.80905897151, 3.56501049553});
}

TEST(Kelly, stakes_nothing_without_an_edge) {
    EXPECT_EQ(kelly_binary(0.5, 1), 0);
    EXPECT_EQ(kelly_binary(0.4, 1), 0);
    EXPECT_EQ(kelly_continuous(0.02, 0.2, 0.03), 0);
    const Numbers even{-0.1, 0.1};
    const Numbers sure{0.01, 0.1};
    const Numbers half{0.5, 0.5};
    EXPECT_EQ(kelly_discrete(even, half), 0);
    EXPECT_TRUE(std::isinf(kelly_discrete(sure, half)));
    EXPECT_TRUE(std::isnan(kelly_binary(1.1, 1)));
    EXPECT_TRUE(std::isnan(kelly_binary(0.5, 0)));
    EXPECT_EQ(growth_binary(1, 1, 1), std::log(2));
    EXPECT_TRUE(std::isinf(growth_binary(0.9, 1, 1)));  // one loss ends it
    EXPECT_EQ(chance_of_falling_to(0.5, 3), 1);
    EXPECT_THROW((void)kelly_discrete(even, std::span(half).first(1)), std::invalid_argument);
    const Numbers singular{1, 1, 1, 1};
    const Numbers means{0.1, 0.1};
    EXPECT_THROW((void)kelly_assets(singular, means), std::invalid_argument);
    EXPECT_THROW((void)kelly_assets(means, means), std::invalid_argument);
}

TEST(Kelly, binary_root_is_the_discrete_one) {
    for (const double win : {0.51, 0.6, 0.9}) {
        const Numbers outcomes{1.5, -1};
        const Numbers chances{win, 1 - win};
        expect_close(kelly_discrete(outcomes, chances), kelly_binary(win, 1.5), 1e-12);
    }
}

TEST(RiskPerTrade, is_a_quarter_of_kelly_within_bounds) {
    EXPECT_NEAR(kelly_binary(0.55, 1.5), 0.25, 1e-15);  // a quarter of it is 0.0625
    EXPECT_EQ(risk_per_trade(0.55, 1.5), 0.02);
    EXPECT_EQ(risk_per_trade(0.505, 1), 0.005);
    EXPECT_NEAR(risk_per_trade(0.52, 1), 0.01, 1e-15);
    EXPECT_EQ(risk_per_trade(0.4, 1.5), 0);
    EXPECT_EQ(risk_per_trade(0.3, 1), 0);
    EXPECT_TRUE(std::isnan(risk_per_trade(NAN, 1)));
}

const Numbers kPath{100.0,    98.4418,  98.7897,  99.8381,  98.6547,  98.7625,  97.6973,  97.7395,
                    98.0657,  99.3657,  99.5329,  98.8489,  99.4198,  99.4223,  100.5021, 99.8959,
                    101.2402, 101.4113, 101.6577, 102.6833, 102.1408, 101.6203, 102.1379, 102.0522,
                    102.1002, 101.6876, 101.3752, 102.2534, 104.2782, 102.8494};
const std::vector<LabelSpan> kSpans{{0, 1}, {3, 4}, {7, 14}, {12, 17}, {15, 16}, {20, 28}};

TEST(TripleBarrier, table_of_section_b7_is_reproduced) {
    struct Row {
        std::size_t start;
        BarrierPlan plan;
        std::size_t touch;
        int label;
        double result;
    };
    for (const Row& row : {
             Row{0, {8, 1, 1, 0.015, 1}, 1, -1, -0.015582},
             Row{3, {6, 1.5, 1, 0.01, 1}, 4, -1, -0.0118531903151},
             Row{7, {10, 1, 1, 0.02, -1}, 14, -1, -0.0282649287136},
             Row{12, {5, 2, 2, 0.02, 1}, 17, 0, 0.0200312211451},
             Row{15, {12, 1, 0.5, 0.015, -1}, 16, -1, -0.0134570087461},
             Row{20, {9, 1, 1, 0.012, 1}, 28, 1, 0.0209260158526},
         }) {
        SCOPED_TRACE(row.start);
        const BarrierLabel label = triple_barrier(kPath, row.start, row.plan);
        EXPECT_EQ(label.touch, row.touch);
        EXPECT_EQ(label.label, row.label);
        expect_close(label.result, row.result);
    }
    EXPECT_EQ(triple_barrier(kPath, 28, {100, 0, 0, 1, 1}).touch, 29U);  // clipped
    EXPECT_THROW((void)triple_barrier(kPath, 29, {1, 1, 1, 0.01, 1}), std::invalid_argument);
    EXPECT_THROW((void)triple_barrier(kPath, 0, {0, 1, 1, 0.01, 1}), std::invalid_argument);
    EXPECT_THROW((void)triple_barrier(kPath, 0, {1, 1, 1, 0, 1}), std::invalid_argument);
    EXPECT_THROW((void)triple_barrier(kPath, 0, {1, 1, 1, 0.01, 0}), std::invalid_argument);
}

TEST(Uniqueness, of_the_book_is_reproduced) {
    const std::vector<LabelSpan> spans{{0, 2}, {2, 3}, {4, 5}};
    expect_all_close(average_uniqueness(spans, 6), {5.0 / 6, 3.0 / 4, 1}, 1e-14);
    const std::vector<std::size_t> second{1};
    expect_all_close(draw_chances(spans, second, 6), {5.0 / 14, 3.0 / 14, 6.0 / 14}, 1e-14);
}

TEST(Uniqueness, and_weights_of_section_b7_are_reproduced) {
    const Numbers uniqueness = average_uniqueness(kSpans, kPath.size());
    expect_all_close(uniqueness, {1.0, 1.0, 0.8125, 0.583333333333, 0.5, 1.0});
    expect_all_close(return_weights(kSpans, kPath), {1.35005750074, 0.117555326864, 1.7203035956,
                                                     1.17259782421, 0.31451653141, 1.32496922118});
    const std::vector<std::size_t> one{1};
    const std::vector<std::size_t> two{1, 4};
    expect_all_close(draw_chances(kSpans, one, kPath.size()),
                     {0.181818181818, 0.0909090909091, 0.181818181818, 0.181818181818,
                      0.181818181818, 0.181818181818});
    expect_all_close(draw_chances(kSpans, two, kPath.size()),
                     {0.206896551724, 0.103448275862, 0.206896551724, 0.172413793103,
                      0.103448275862, 0.206896551724});
    expect_all_close(time_decay(uniqueness, 0.5), {0.602127659574, 0.704255319149, 0.787234042553,
                                                   0.846808510638, 0.897872340426, 1.0});
    expect_all_close(time_decay(uniqueness, 0), {0.204255319149, 0.408510638298, 0.574468085106,
                                                 0.693617021277, 0.795744680851, 1.0});
    expect_all_close(time_decay(uniqueness, -0.3),
                     {0.0, 0.155015197568, 0.392097264438, 0.562310030395, 0.70820668693, 1.0});
    EXPECT_THROW((void)time_decay(uniqueness, -1), std::invalid_argument);
    EXPECT_THROW((void)average_uniqueness(kSpans, 28), std::invalid_argument);
}

TEST(FractionalDifference, weights_of_sections_a_and_b7_are_reproduced) {
    expect_all_close(fractional_weights(0.5, 5), {1, -0.5, -0.125, -0.0625, -0.0390625}, 1e-15);
    expect_all_close(fractional_weights(0.57, 8),
                     {1.0, -0.57, -0.12255, -0.0584155, -0.03548741625, -0.0243443675475,
                      -0.0179742580392, -0.0139428887362});
    // Of order one it is the plain difference, of order zero the series.
    const Numbers series{1, 4, 9, 16};
    const Numbers once = fractional_difference(series, 1, 2);
    EXPECT_TRUE(std::isnan(once[0]));
    EXPECT_EQ(once[3], 7);
    EXPECT_EQ(fractional_difference(series, 0, 1), series);
}

TEST(Plateau, tells_a_flat_top_from_a_needle) {
    Numbers points;
    Numbers broad;
    Numbers needle;
    for (int i = 0; i <= 20; ++i) {
        for (int j = 0; j <= 20; ++j) {
            const double x = i / 20.0;
            const double y = j / 20.0;
            points.insert(points.end(), {x, y});
            const double away = std::hypot(x - 0.5, y - 0.5);
            broad.push_back(std::exp(-away * away / 0.1));
            needle.push_back(i == 10 && j == 10 ? 1 : 0.1 * std::sin(37.0 * i + 91.0 * j));
        }
    }
    const std::size_t centre = 10 * 21 + 10;
    const Plateau flat = plateau_around(points, 2, broad, centre, 0.11);
    const Plateau sharp = plateau_around(points, 2, needle, centre, 0.11);
    EXPECT_EQ(flat.neighbours, 24U);
    EXPECT_EQ(flat.best, 1);
    EXPECT_GT(flat.flatness, 0.85);
    EXPECT_LT(sharp.flatness, 0.15);
    EXPECT_LE(sharp.worst, sharp.median);

    needle[centre + 1] = NAN;  // a failed evaluation is no neighbour
    EXPECT_EQ(plateau_around(points, 2, needle, centre, 0.11).neighbours, 23U);
    EXPECT_TRUE(std::isnan(plateau_around(points, 2, broad, centre, 0.01).flatness));
    EXPECT_THROW((void)plateau_around(points, 2, needle, centre + 1, 0.1), std::invalid_argument);
    EXPECT_THROW((void)plateau_around(points, 3, broad, centre, 0.1), std::invalid_argument);
    EXPECT_THROW((void)plateau_around(points, 2, broad, centre, 0), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::tests
