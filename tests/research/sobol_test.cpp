#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <sluice/research/sobol.hpp>
#include <vector>

#include "draws.hpp"
#include "sobol_table.hpp"

namespace sluice::research {
namespace {

// Remainder of x^exponent modulo a polynomial over GF(2), bit i the coefficient of x^i.
std::uint32_t power_of_x(std::uint64_t exponent, std::uint32_t polynomial, unsigned degree) {
    const auto times = [&](std::uint32_t a, std::uint32_t b) {
        std::uint32_t out = 0;
        for (unsigned i = 0; i < degree; ++i) {
            if ((b >> i) & 1U) out ^= a;
            a <<= 1U;
            if ((a >> degree) & 1U) a ^= polynomial;
        }
        return out;
    };
    std::uint32_t out = 1;
    std::uint32_t square = degree == 1 ? 1U : 2U;  // x itself; x = 1 modulo x + 1
    for (; exponent > 0; exponent >>= 1U) {
        if (exponent & 1U) out = times(out, square);
        square = times(square, square);
    }
    return out;
}

bool is_primitive(std::uint32_t polynomial, unsigned degree) {
    const std::uint64_t order = (std::uint64_t{1} << degree) - 1;
    if (power_of_x(order, polynomial, degree) != 1) return false;
    for (std::uint64_t divisor = 1; divisor < order; ++divisor) {
        if (order % divisor == 0 && power_of_x(divisor, polynomial, degree) == 1) return false;
    }
    return true;
}

TEST(SobolTable, has_distinct_primitive_polynomials_and_admissible_numbers) {
    std::set<std::uint32_t> seen;
    for (const SobolRow& row : kSobolRows) {
        const std::uint32_t polynomial = (1U << row.degree) | (row.inner << 1U) | 1U;
        EXPECT_TRUE(is_primitive(polynomial, row.degree)) << row.degree << " " << row.inner;
        EXPECT_TRUE(seen.insert(polynomial).second);
        for (unsigned k = 0; k < row.degree; ++k) {
            EXPECT_EQ(1U, row.initial[k] % 2);
            EXPECT_LT(row.initial[k], 1U << (k + 1));
        }
    }
}

TEST(Sobol, begins_as_the_paper_says) {
    Sobol sobol{3, 0, Sobol::Scramble::kNone};
    const std::vector<std::vector<double>> expected{{0, 0, 0},
                                                    {0.5, 0.5, 0.5},
                                                    {0.75, 0.25, 0.25},
                                                    {0.25, 0.75, 0.75},
                                                    {0.375, 0.375, 0.625},
                                                    {0.875, 0.875, 0.125},
                                                    {0.625, 0.125, 0.875},
                                                    {0.125, 0.625, 0.375}};
    for (const auto& point : expected) EXPECT_EQ(point, sobol.next());
}

TEST(Sobol, gives_each_dyadic_interval_its_share_scrambled_or_not) {
    for (const auto how : {Sobol::Scramble::kNone, Sobol::Scramble::kMatrix}) {
        Sobol sobol{kSobolDimensions, 7, how};
        constexpr std::size_t kPoints = 256;
        std::vector<std::set<int>> intervals(kSobolDimensions);
        for (std::size_t i = 0; i < kPoints; ++i) {
            const std::vector<double> point = sobol.next();
            for (std::size_t d = 0; d < kSobolDimensions; ++d) {
                ASSERT_GE(point[d], 0.0);
                ASSERT_LT(point[d], 1.0);
                intervals[d].insert(static_cast<int>(point[d] * kPoints));
            }
        }
        for (const auto& hit : intervals) EXPECT_EQ(kPoints, hit.size());
    }
}

// The first two dimensions make a net: every box of area 1/64 with dyadic sides holds one of 64 points.
TEST(Sobol, makes_a_net_of_two_dimensions) {
    Sobol sobol{2, 3};
    std::vector<std::vector<double>> points;
    for (int i = 0; i < 64; ++i) points.push_back(sobol.next());
    for (int split = 0; split <= 6; ++split) {
        std::set<std::pair<int, int>> boxes;
        for (const auto& p : points)
            boxes.insert({static_cast<int>(p[0] * (1 << split)),
                          static_cast<int>(p[1] * (1 << (6 - split)))});
        EXPECT_EQ(64U, boxes.size());
    }
}

TEST(Sobol, scrambles_by_seed_and_skips) {
    EXPECT_NE(Sobol(2, 1).next(), Sobol(2, 2).next());
    Sobol stepped{50, 9};
    Sobol skipped{50, 9};
    for (int i = 0; i < 13; ++i) (void)stepped.next();
    skipped.skip(13);
    EXPECT_EQ(stepped.next(), skipped.next());
}

TEST(Draws, are_normal_and_never_infinite) {
    core::Random random{42, 0, 0};
    double sum = 0.0;
    double squares = 0.0;
    constexpr int kDraws = 100'000;
    for (int i = 0; i < kDraws; ++i) {
        const double normal = standard_normal(random);
        sum += normal;
        squares += normal * normal;
    }
    EXPECT_NEAR(0.0, sum / kDraws, 0.02);
    EXPECT_NEAR(1.0, squares / kDraws, 0.03);
    // All bits set, the draw nearest to one.
    core::Random ones{std::array<std::uint64_t, 4>{~0ULL, 0, 0, 0}};
    EXPECT_LT(open_uniform(ones), 1.0);
    EXPECT_GT(open_uniform(ones), 0.0);
}

}  // namespace
}  // namespace sluice::research
