// Price, quantity and money: what compiles, what is exact, and what stops the process.
#include <sluice/core/fixed.hpp>
#include <sluice/core/ids.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/operator_concepts.hpp"
#include "wide_int.hpp"

namespace sluice::core {
namespace {

using wide::Int512;

// The sums that have no meaning do not compile.
static_assert(!Addable<Price, Price>);
static_assert(!Addable<Price, Quantity> && !Addable<Price, Money> && !Addable<Quantity, Money>);
static_assert(!Addable<PriceDelta, Price>, "a price moves by a delta, not the other way round");
static_assert(!Addable<Price, int> && !Addable<Quantity, int> && !Addable<Money, double>);
static_assert(!Subtractable<Price, Quantity> && !Subtractable<PriceDelta, Price>);
static_assert(!Multipliable<Price, Price> && !Multipliable<Quantity, Quantity>);
static_assert(!Multipliable<Quantity, Price> && !Multipliable<Money, Quantity>);
static_assert(!Multipliable<Price, double> && !Multipliable<Quantity, int>);
static_assert(!Comparable<Price, PriceDelta> && !Comparable<Price, Quantity>);
static_assert(!Comparable<Price, int> && !Comparable<Money, double>);
static_assert(!Assignable<Price&, PriceDelta> && !Assignable<Price&, std::int64_t>);
static_assert(!std::is_convertible_v<std::int64_t, Quantity> &&
              !std::is_convertible_v<Price, double>);

// The ones that have a meaning give the right type.
static_assert(std::is_same_v<decltype(Price{} - Price{}), PriceDelta>);
static_assert(std::is_same_v<decltype(Price{} + PriceDelta{}), Price>);
static_assert(std::is_same_v<decltype(Price{} - PriceDelta{}), Price>);
static_assert(std::is_same_v<decltype(PriceDelta{} + PriceDelta{}), PriceDelta>);
static_assert(std::is_same_v<decltype(Price{} * Quantity{}), Money>);
static_assert(std::is_same_v<decltype(PriceDelta{} * Quantity{}), Money>);

// Ids name things: they are not counted with, and one is not another.
static_assert(!Addable<OrderId, OrderId> && !Addable<OrderId, int> && !Addable<SymbolId, int>);
static_assert(!Subtractable<Sequence, Sequence> && !Multipliable<StrategyId, int>);
static_assert(!Comparable<OrderId, Sequence> && !Comparable<SymbolId, StrategyId>);
static_assert(!Assignable<OrderId&, Sequence> && !std::is_convertible_v<int, OrderId> &&
              !std::is_convertible_v<OrderId, std::uint64_t>);

// Two's complement leaves no room for the sum of two such: halves do.
template <class Fixed>
Fixed half_range() {
    return Fixed::from_raw(*wide::any_int64() / 2);
}
Money half_range_money() { return Money::from_raw(*wide::any_int128() / 2); }

RC_GTEST_PROP(Quantity, a_sum_less_one_part_is_the_other, ()) {
    const auto a = half_range<Quantity>();
    const auto b = half_range<Quantity>();
    RC_ASSERT((a + b) - b == a);
    RC_ASSERT((a + b).raw() == a.raw() + b.raw());
    RC_ASSERT(-(-a) == a && a + (-a) == Quantity{});
    RC_ASSERT(a.abs() >= Quantity{} && (a.abs() == a || a.abs() == -a));
}
RC_GTEST_PROP(PriceDelta, a_sum_less_one_part_is_the_other, ()) {
    const auto a = half_range<PriceDelta>();
    const auto b = half_range<PriceDelta>();
    RC_ASSERT((a + b) - b == a);
    RC_ASSERT((a + b).raw() == a.raw() + b.raw());
    RC_ASSERT(-(-a) == a);
}
RC_GTEST_PROP(Price, moved_there_and_back_is_where_it_was, ()) {
    const auto a = half_range<Price>();
    const auto b = half_range<Price>();
    const auto d = half_range<PriceDelta>();
    RC_ASSERT((a + d) - d == a);
    RC_ASSERT((a + d) - a == d);
    RC_ASSERT(b + (a - b) == a);
    RC_ASSERT((a - b).raw() == a.raw() - b.raw());
}
RC_GTEST_PROP(Money, a_sum_less_one_part_is_the_other, ()) {
    const Money a = half_range_money();
    const Money b = half_range_money();
    RC_ASSERT((a + b) - b == a);
    RC_ASSERT(wide::of((a + b).raw()) == wide::of(a.raw()) + wide::of(b.raw()));
    RC_ASSERT(-(-a) == a);
    Money c = a;
    c += b;
    RC_ASSERT(c == a + b);
    c -= b;
    RC_ASSERT(c == a);
}

RC_GTEST_PROP(Money, is_the_exact_product_of_price_and_quantity, ()) {
    const auto p = *wide::any_int64();
    const auto q = *wide::any_int64();
    const Int512 product = Int512{p} * q;
    RC_ASSERT(wide::of((Price::from_raw(p) * Quantity::from_raw(q)).raw()) == product);
    RC_ASSERT(wide::of((PriceDelta::from_raw(p) * Quantity::from_raw(q)).raw()) == product);
}
RC_GTEST_PROP(Money, of_a_price_move_is_the_change_of_the_worth, ()) {
    const auto before = half_range<Price>();
    const auto after = half_range<Price>();
    const auto q = Quantity::from_raw(*wide::any_int64() / 4);
    RC_ASSERT((after - before) * q == after * q - before * q);
}
RC_GTEST_PROP(Money, is_ordered_like_the_number_it_holds, ()) {
    const Int128 a = *wide::any_int128();
    const Int128 b = *wide::any_int128();
    const Int512 difference = wide::of(a) - wide::of(b);
    const auto order = Money::from_raw(a) <=> Money::from_raw(b);
    RC_ASSERT((order < 0) == (difference < 0));
    RC_ASSERT((order > 0) == (difference > 0));
    RC_ASSERT((Money::from_raw(a) == Money::from_raw(b)) == (difference == 0));
}

TEST(Fixed, holds_the_stated_units) {
    EXPECT_EQ(Price::from_units(182).raw(), 182'000'000'000);
    EXPECT_EQ(Quantity::from_units(100).raw(), 10'000'000'000);
    // 182 * 100 = 18,200, with seventeen decimals.
    EXPECT_EQ((Price::from_units(182) * Quantity::from_units(100)), Money::from_units(18'200));
    EXPECT_EQ(wide::of(Money::from_units(1).raw()), Int512{"100000000000000000"});
    EXPECT_DOUBLE_EQ(Price::from_raw(182'550'000'000).to_double(), 182.55);
    EXPECT_DOUBLE_EQ(Money::from_units(-3).to_double(), -3.0);
    EXPECT_EQ((Price::from_raw(1) * Quantity::from_raw(-1)).raw(), Int128{-1});
}

TEST(Fixed, carries_the_largest_position_a_price_and_quantity_can_make) {
    const Money most = Price::max() * Quantity::max();
    EXPECT_EQ(wide::of(most.raw()), Int512{INT64_MAX} * INT64_MAX);
    // Room for more than one of it in the same account.
    EXPECT_EQ(wide::of((most + most - most).raw()), wide::of(most.raw()));
}

using FixedDeathTest = testing::Test;

TEST(FixedDeathTest, overflow_stops_the_process_and_says_where) {
    const auto most = Quantity::max();
    const auto one = Quantity::from_raw(1);
    EXPECT_DEATH((void)(most + one), "overflow in Quantity \\+ Quantity; stopping");
    EXPECT_DEATH((void)(-most - one - one), "overflow in Quantity - Quantity");
    EXPECT_DEATH((void)(-Quantity::from_raw(INT64_MIN)), "overflow");
    EXPECT_DEATH((void)Quantity::from_raw(INT64_MIN).abs(), "overflow");
    EXPECT_DEATH((void)(Price::max() + PriceDelta::from_raw(1)), "Price \\+ PriceDelta");
    EXPECT_DEATH((void)(Price::from_raw(INT64_MIN) - PriceDelta::from_raw(1)),
                 "Price - PriceDelta");
    EXPECT_DEATH((void)(Price::max() - Price::from_raw(-1)), "Price - Price");
    EXPECT_DEATH((void)(PriceDelta::max() + PriceDelta::from_raw(1)), "PriceDelta \\+ PriceDelta");
    EXPECT_DEATH((void)(Money::from_raw(wide::kMax) + Money::from_raw(1)), "Money \\+ Money");
    EXPECT_DEATH((void)(Money::from_raw(wide::kMin) - Money::from_raw(1)), "Money - Money");
    EXPECT_DEATH((void)(-Money::from_raw(wide::kMin)), "overflow");
    EXPECT_DEATH((void)Price::from_units(9'223'372'037), "from_units");
    EXPECT_DEATH((void)Quantity::from_units(INT64_MAX), "from_units");
}

TEST(Fixed, goes_up_to_its_bounds_without_overflow) {
    EXPECT_EQ(Quantity::from_raw(INT64_MAX - 1) + Quantity::from_raw(1), Quantity::max());
    EXPECT_EQ((-Quantity::max() - Quantity::from_raw(1)).raw(), INT64_MIN);
    EXPECT_EQ(Price::from_units(9'223'372'036).raw(), 9'223'372'036'000'000'000);
    EXPECT_EQ((Money::from_raw(wide::kMax - 1) + Money::from_raw(1)).raw(), wide::kMax);
}

}  // namespace
}  // namespace sluice::core
