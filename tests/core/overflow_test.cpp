// Checked arithmetic against integers of 512 bits.
#include <sluice/core/overflow.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wide_int.hpp"

namespace sluice::core {
namespace {

using wide::Int512;

// What mul_div() has to give, by division with remainder on numbers that cannot overflow.
Int512 rounded_quotient(Int128 value, std::int64_t numerator, std::int64_t denominator,
                        Rounding rounding) {
    const Int512 product = wide::of(value) * numerator;
    const bool negative = product < 0;
    const Int512 magnitude = negative ? Int512{-product} : product;
    Int512 quotient = magnitude / denominator;
    const Int512 twice_rest = (magnitude % denominator) * 2;
    switch (rounding) {
        case Rounding::kTowardZero: break;
        case Rounding::kHalfAwayFromZero: quotient += twice_rest >= denominator ? 1 : 0; break;
        case Rounding::kAwayFromZero: quotient += twice_rest > 0 ? 1 : 0; break;
    }
    return negative ? Int512{-quotient} : quotient;
}

bool fits_127_bits(const Int512& value) {
    return value <= wide::of(wide::kMax) && value >= -wide::of(wide::kMax);
}

constexpr Rounding kRoundings[] = {Rounding::kTowardZero, Rounding::kHalfAwayFromZero,
                                   Rounding::kAwayFromZero};

RC_GTEST_PROP(MulDiv, is_the_exact_quotient_rounded_once, ()) {
    const Int128 value = *wide::any_int128();
    const std::int64_t numerator = *wide::any_int64();
    const std::int64_t denominator =
        *rc::gen::suchThat(wide::any_int64(), [](std::int64_t d) { return d > 0; });
    for (const Rounding rounding : kRoundings) {
        const Int512 expected = rounded_quotient(value, numerator, denominator, rounding);
        RC_PRE(fits_127_bits(expected));
        RC_ASSERT(wide::of(mul_div(value, numerator, denominator, rounding)) == expected);
    }
}

// The case the books need: a share of a cost, whose product passes 128 bits on the way.
RC_GTEST_PROP(MulDiv, splits_any_amount_in_proportion, ()) {
    const Int128 basis =
        *rc::gen::suchThat(wide::any_int128(), [](Int128 v) { return v != wide::kMin; });
    const std::int64_t held =
        *rc::gen::suchThat(wide::any_int64(), [](std::int64_t d) { return d > 0; });
    const std::int64_t closed = *rc::gen::inRange<std::int64_t>(0, held);
    const Int512 part = wide::of(mul_div(basis, closed, held, Rounding::kTowardZero));
    RC_ASSERT(part == rounded_quotient(basis, closed, held, Rounding::kTowardZero));
    RC_ASSERT(mul_div(basis, held, held, Rounding::kTowardZero) == basis);
}

TEST(MulDiv, rounds_as_asked_on_both_sides_of_zero) {
    struct Row {
        std::int64_t value;
        std::int64_t toward_zero;
        std::int64_t half_away;
        std::int64_t away;
    };
    // value * 3 / 10
    for (const Row& row :
         {Row{0, 0, 0, 0}, Row{1, 0, 0, 1}, Row{5, 1, 2, 2}, Row{4, 1, 1, 2}, Row{10, 3, 3, 3},
          Row{-1, 0, 0, -1}, Row{-5, -1, -2, -2}, Row{-4, -1, -1, -2}, Row{-10, -3, -3, -3}}) {
        EXPECT_EQ(static_cast<std::int64_t>(mul_div(row.value, 3, 10, Rounding::kTowardZero)),
                  row.toward_zero);
        EXPECT_EQ(static_cast<std::int64_t>(mul_div(row.value, 3, 10, Rounding::kHalfAwayFromZero)),
                  row.half_away);
        EXPECT_EQ(static_cast<std::int64_t>(mul_div(row.value, 3, 10, Rounding::kAwayFromZero)),
                  row.away);
        EXPECT_EQ(mul_div(row.value, -3, 10, Rounding::kHalfAwayFromZero), -Int128{row.half_away});
    }
}

TEST(MulDiv, rounds_a_half_of_an_odd_and_of_the_largest_denominator) {
    // 4/7 is over a half, 3/7 under it; there is no half of an odd number.
    EXPECT_EQ(mul_div(3, 1, 7, Rounding::kHalfAwayFromZero), Int128{0});
    EXPECT_EQ(mul_div(4, 1, 7, Rounding::kHalfAwayFromZero), Int128{1});
    constexpr std::int64_t kHalf = INT64_MAX / 2;
    EXPECT_EQ(mul_div(kHalf, 1, INT64_MAX, Rounding::kHalfAwayFromZero), Int128{0});
    EXPECT_EQ(mul_div(kHalf + 1, 1, INT64_MAX, Rounding::kHalfAwayFromZero), Int128{1});
}

TEST(MulDivDeathTest, stops_on_a_result_beyond_128_bits_and_on_a_bad_denominator) {
    EXPECT_DEATH((void)mul_div(wide::kMax, 2, 1, Rounding::kTowardZero), "mul_div");
    EXPECT_DEATH((void)mul_div(wide::kMax, INT64_MAX, 1, Rounding::kTowardZero), "mul_div");
    EXPECT_DEATH((void)mul_div(wide::kMin, 2, 1, Rounding::kTowardZero), "mul_div");
    EXPECT_DEATH((void)mul_div(wide::kMin, -1, 1, Rounding::kTowardZero), "mul_div");
    EXPECT_DEATH((void)mul_div(1, 1, 0, Rounding::kTowardZero), "denominator must be positive");
    EXPECT_DEATH((void)mul_div(1, 1, -1, Rounding::kTowardZero), "denominator must be positive");
}

// Where the exact result does not fit, there is no result; where it does, there is that one.
RC_GTEST_PROP(Checked, addition_and_subtraction_are_exact_where_they_fit, ()) {
    const std::int64_t a = *wide::any_int64();
    const std::int64_t b = *wide::any_int64();
    const Int512 sum = Int512{a} + b;
    const Int512 difference = Int512{a} - b;
    if (sum >= INT64_MIN && sum <= INT64_MAX) RC_ASSERT(Int512{checked_add(a, b, "sum")} == sum);
    if (difference >= INT64_MIN && difference <= INT64_MAX)
        RC_ASSERT(Int512{checked_sub(a, b, "difference")} == difference);
    RC_ASSERT(wide::of(widening_mul(a, b)) == Int512{a} * b);
}

TEST(CheckedDeathTest, overflow_aborts_with_the_name_of_the_operation) {
    EXPECT_DEATH((void)checked_add<std::int64_t>(INT64_MAX, 1, "my sum"),
                 "sluice: fatal: arithmetic overflow in my sum");
    EXPECT_DEATH((void)checked_add<Int128>(wide::kMin, -1, "my sum"), "my sum");
    EXPECT_DEATH((void)checked_sub<std::int64_t>(INT64_MIN, 1, "my rest"), "my rest");
    EXPECT_EXIT((void)checked_sub<Int128>(wide::kMax, -1, "my rest"),
                testing::KilledBySignal(SIGABRT), "my rest");
}

}  // namespace
}  // namespace sluice::core
