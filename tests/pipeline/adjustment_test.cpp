#include <sluice/pipeline/adjustment.hpp>

#include <stdexcept>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sluice::tests {
namespace {

using namespace std::chrono_literals;
using pipeline::Adjustment;
using pipeline::AdjustmentMode;
using pipeline::AdjustmentRow;
using pipeline::Ratio;

constexpr std::int64_t kDollar = 1'000'000'000;

// Of the vendor's factor files: the rows around what is asked.
const std::vector<AdjustmentRow> kSpy = {
    {2013y / 9 / 19, 860'423'800'000, 1'000'000'000'000, 172'810'000'000},
    {2013y / 12 / 19, 864'626'600'000, 1'000'000'000'000, 181'500'000'000},
    {2050y / 12 / 31, 1'000'000'000'000, 1'000'000'000'000, 0}};
const std::vector<AdjustmentRow> kApple = {
    {2014y / 6 / 6, 901'181'800'000, 35'714'300'000, 645'570'000'000},
    {2014y / 8 / 6, 901'181'800'000, 250'000'000'000, 94'970'000'000},
    {2020y / 8 / 28, 1'000'000'000'000, 250'000'000'000, 0},
    {2050y / 12 / 31, 1'000'000'000'000, 1'000'000'000'000, 0}};

std::int64_t scaled(const Ratio& ratio, std::int64_t raw) {
    std::int64_t out{};
    EXPECT_TRUE(ratio.scale(raw, out));
    return out;
}

TEST(Adjustment, finds_the_factor_that_holds_on_a_day) {
    const Adjustment spy(kSpy, AdjustmentMode::kAll);
    std::int64_t factor{};
    ASSERT_TRUE(spy.on(2013y / 10 / 7).price.in_factor_units(factor));
    EXPECT_EQ(factor, 864'626'600'000);  // 0.8646266
    ASSERT_TRUE(spy.on(2013y / 9 / 19).price.in_factor_units(factor));
    EXPECT_EQ(factor, 860'423'800'000) << "a row holds up to and including its date";
    ASSERT_TRUE(spy.on(2013y / 9 / 20).price.in_factor_units(factor));
    EXPECT_EQ(factor, 864'626'600'000);
    EXPECT_TRUE(spy.on(2013y / 12 / 20).price.is_one());
    EXPECT_TRUE(spy.on(2051y / 1 / 1).price.is_one());
    EXPECT_EQ(scaled(spy.on(2013y / 10 / 7).price, 168 * kDollar), 145'257'268'800);
}

TEST(Adjustment, is_continuous_over_a_split_of_seven_for_one) {
    const Adjustment apple(kApple, AdjustmentMode::kSplits);
    const auto& before = apple.on(2014y / 6 / 6);
    const auto& after = apple.on(2014y / 6 / 9);
    const Ratio step = before.price.times(after.price.inverse());
    // 645.57 of the Friday is 92.2243 in the shares of the Monday, which opened at 92.69.
    EXPECT_NEAR(static_cast<double>(scaled(step, 645'570'000'000)) / 1e9, 92.2243, 0.0001);
    // One share of the Friday is 28 of today, of the Monday 4; the file gives 7 digits.
    EXPECT_EQ(scaled(after.quantity, 100'000'000), 400'000'000);
    EXPECT_NEAR(static_cast<double>(scaled(before.quantity, 100'000'000)) / 1e8, 28.0, 0.0001);
}

TEST(Adjustment, leaves_dividends_in_when_only_splits_are_asked) {
    EXPECT_TRUE(Adjustment(kSpy, AdjustmentMode::kSplits).on(2013y / 10 / 7).price.is_one());
    EXPECT_TRUE(Adjustment(kApple, AdjustmentMode::kNone).on(2014y / 6 / 6).price.is_one());
    EXPECT_TRUE(Adjustment().on(2014y / 6 / 6).quantity.is_one());
}

TEST(Adjustment, rounds_half_to_even_and_says_what_does_not_fit) {
    const Ratio half = Ratio::of(pipeline::kFactorScale / 2);
    EXPECT_EQ(scaled(half, 5), 2);
    EXPECT_EQ(scaled(half, 7), 4);
    EXPECT_EQ(scaled(half, -5), -2);
    EXPECT_EQ(scaled(half, -7), -4);
    EXPECT_EQ(scaled(half, INT64_MAX), 4'611'686'018'427'387'904);
    std::int64_t out = 17;
    EXPECT_FALSE(half.inverse().scale(INT64_MAX / 2 + 1, out));
    EXPECT_EQ(out, 17);
    EXPECT_EQ(scaled(half.inverse(), INT64_MAX / 2), INT64_MAX - 1);
}

TEST(Adjustment, refuses_rows_that_are_no_factors) {
    const auto refused = [](std::vector<AdjustmentRow> rows) {
        EXPECT_THROW(Adjustment(rows, AdjustmentMode::kAll), std::invalid_argument);
    };
    refused({{2014y / 6 / 6, 0, 1, 0}});
    refused({{2014y / 6 / 6, 1, -1, 0}});
    refused({kSpy[1], kSpy[0]});
    refused({kSpy[1], kSpy[1]});
    refused({{2014y / 6 / 6, INT64_MAX, INT64_MAX - 2, 0}});
}

RC_GTEST_PROP(Adjustment, multiplies_as_exact_integers_do, ()) {
    const auto raw = *rc::gen::inRange<std::int64_t>(0, INT64_MAX);
    const auto factor = *rc::gen::inRange<std::int64_t>(1, 40 * pipeline::kFactorScale);
    std::int64_t out{};
    const bool fits = Ratio::of(factor).scale(raw, out);
    // Compared by halves: 2 * out * scale lies within scale of 2 * raw * factor.
    const core::Int128 exact = core::Int128{raw} * factor;
    const core::Int128 scale = pipeline::kFactorScale;
    RC_ASSERT(fits == (exact / scale < INT64_MAX ||
                       (exact / scale == INT64_MAX && 2 * (exact % scale) < scale)));
    if (!fits) return;
    const core::Int128 error = core::Int128{out} * scale - exact;
    RC_ASSERT(2 * error <= scale && 2 * error >= -scale);
    if (2 * error == scale || 2 * error == -scale) RC_ASSERT(out % 2 == 0);
}

RC_GTEST_PROP(Adjustment, undoes_a_ratio_by_its_inverse_where_nothing_is_rounded, ()) {
    const auto raw = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
    const auto times = *rc::gen::inRange<std::int64_t>(1, 1'000'000);
    const Ratio ratio = Ratio::of(times * pipeline::kFactorScale);
    std::int64_t there{};
    std::int64_t back{};
    RC_ASSERT(ratio.scale(raw, there) && there == raw * times);
    RC_ASSERT(ratio.inverse().scale(there, back) && back == raw);
}

}  // namespace
}  // namespace sluice::tests
