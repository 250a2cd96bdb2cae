#include <sluice/core/random.hpp>

#include <array>
#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

namespace sluice::tests {
namespace {

using core::Random;

TEST(Random, gives_the_published_numbers_and_the_right_means) {
    // The first outputs of the reference implementation for a state of 1, 2, 3, 4.
    Random reference(std::array<std::uint64_t, 4>{1, 2, 3, 4});
    EXPECT_EQ(reference.next(), 41'943'041U);
    EXPECT_EQ(reference.next(), 58'720'359U);
    EXPECT_EQ(reference.next(), 3'588'806'011'781'223U);
    Random random(1, 2, 3);
    const std::uint64_t first = random.next();
    EXPECT_EQ(Random(1, 2, 3).next(), first);
    EXPECT_NE(Random(1, 2, 4).next(), first);
    EXPECT_NE(Random(1, 3, 3).next(), first);
    double waits = 0;
    double squares = 0;
    double bells = 0;
    double spread = 0;
    constexpr int kDraws = 200'000;
    for (int i = 0; i < kDraws; ++i) {
        const auto wait = static_cast<double>(random.exponential(1'000'000));
        waits += wait;
        squares += wait * wait;
        const auto bell = static_cast<double>(random.bell());
        bells += bell;
        spread += bell * bell;
    }
    const double mean = waits / kDraws;
    EXPECT_NEAR(mean, 1e6, 1e4);
    EXPECT_NEAR(std::sqrt(squares / kDraws - mean * mean), 1e6, 2e4);
    EXPECT_NEAR(bells / kDraws, 0, 0.05);
    EXPECT_NEAR(std::sqrt(spread / kDraws), 4, 0.05);
    double uniforms = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double uniform = random.uniform();
        ASSERT_GE(uniform, 0);
        ASSERT_LT(uniform, 1);
        uniforms += uniform;
    }
    EXPECT_NEAR(uniforms / kDraws, 0.5, 0.003);
}

}  // namespace
}  // namespace sluice::tests
