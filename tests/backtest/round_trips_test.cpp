// Fills paired into round trips: which order closed what, and every cent accounted for.
#include <sluice/accounting/round_trips.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "pipeline/support.hpp"

namespace sluice::tests {
namespace {

using accounting::RoundTrips;
using pipeline::FillRecord;
using pipeline::RoundTrip;
using pipeline::Side;

FillRecord fill(std::int64_t second, std::uint64_t order, Side side, const char* size,
                const char* at, const char* commission = "0", std::size_t instrument = 0) {
    FillRecord out;
    out.time = at_second(second);
    out.order = static_cast<OrderId>(order);
    out.symbol = symbol(instrument);
    out.side = side;
    out.quantity = quantity(size);
    out.price = price(at);
    out.commission = money(commission);
    return out;
}

std::vector<RoundTrip> paired(const std::vector<FillRecord>& fills) {
    RoundTrips trips(2);
    for (const FillRecord& f : fills) trips.take(f);
    return trips.finish();
}

TEST(RoundTrips, close_the_oldest_first) {
    const auto trips =
        paired({fill(1, 1, Side::kBuy, "100", "10"), fill(2, 2, Side::kBuy, "100", "20"),
                fill(3, 3, Side::kSell, "150", "30")});
    ASSERT_EQ(trips.size(), 2U);
    EXPECT_EQ(trips[0].quantity, quantity("100"));
    EXPECT_EQ(trips[0].profit(), money("2000"));
    EXPECT_EQ(trips[0].opened, at_second(1));
    EXPECT_EQ(trips[0].closed, at_second(3));
    EXPECT_EQ(trips[1].quantity, quantity("50"));
    EXPECT_EQ(trips[1].profit(), money("500"));
}

TEST(RoundTrips, of_one_pair_of_orders_are_one_however_they_filled) {
    const auto trips =
        paired({fill(1, 1, Side::kBuy, "60", "10"), fill(2, 1, Side::kBuy, "40", "11"),
                fill(3, 2, Side::kSell, "30", "12"), fill(4, 2, Side::kSell, "70", "13")});
    ASSERT_EQ(trips.size(), 1U);
    EXPECT_EQ(trips[0].entry_value, money("1040"));
    EXPECT_EQ(trips[0].exit_value, money("1270"));
    EXPECT_EQ(trips[0].profit(), money("230"));
    EXPECT_EQ(trips[0].opened, at_second(1));
    EXPECT_EQ(trips[0].closed, at_second(4));
}

TEST(RoundTrips, of_a_short_gain_when_the_price_falls) {
    const auto trips = paired(
        {fill(1, 1, Side::kSell, "10", "50", "1"), fill(2, 2, Side::kBuy, "10", "45", "1.5")});
    ASSERT_EQ(trips.size(), 1U);
    EXPECT_EQ(trips[0].side, Side::kSell);
    EXPECT_EQ(trips[0].commission, money("2.5"));
    EXPECT_EQ(trips[0].profit(), money("47.5"));
}

TEST(RoundTrips, turn_with_one_order_into_the_other_side) {
    const auto trips =
        paired({fill(1, 1, Side::kBuy, "10", "50"), fill(2, 2, Side::kSell, "30", "60", "3"),
                fill(3, 3, Side::kBuy, "20", "55")});
    ASSERT_EQ(trips.size(), 2U);
    EXPECT_EQ(trips[0].profit(), money("99"));  // a third of the commission
    EXPECT_EQ(trips[1].side, Side::kSell);
    EXPECT_EQ(trips[1].profit(), money("98"));
}

TEST(RoundTrips, of_instruments_are_apart) {
    const auto trips = paired(
        {fill(1, 1, Side::kBuy, "1", "10", "0", 0), fill(2, 2, Side::kSell, "1", "20", "0", 1),
         fill(3, 3, Side::kBuy, "1", "15", "0", 1), fill(4, 4, Side::kSell, "1", "11", "0", 0)});
    ASSERT_EQ(trips.size(), 2U);
    EXPECT_EQ(trips[0].profit(), money("5"));
    EXPECT_EQ(trips[1].profit(), money("1"));
}

RC_GTEST_PROP(RoundTrips, and_what_is_open_are_all_the_money_that_the_fills_moved, ()) {
    RoundTrips trips(2);
    Money moved;
    const int count = *rc::gen::inRange(1, 60);
    for (int i = 0; i < count; ++i) {
        FillRecord f;
        f.time = at_second(i);
        f.order = static_cast<OrderId>(1 + i / *rc::gen::inRange(1, 4));
        f.symbol = symbol(*rc::gen::inRange<std::size_t>(0, 2));
        f.side = *rc::gen::element(Side::kBuy, Side::kSell);
        f.quantity = Quantity::from_raw(*rc::gen::inRange<std::int64_t>(1, 1'000'000'000));
        f.price = Price::from_raw(*rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000));
        f.commission = Money::from_raw(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000));
        const Money value = f.price * f.quantity;
        moved += (f.side == Side::kBuy ? -value : value) - f.commission;
        trips.take(f);
    }
    Money sum;
    for (const RoundTrip& trip : trips.finish()) {
        RC_ASSERT(trip.quantity > Quantity{});
        sum += trip.profit();
    }
    RC_ASSERT(sum - trips.open_value() - trips.open_commission() == moved);
}

}  // namespace
}  // namespace sluice::tests
