// What the simulated venue charges, exact to the money unit.
#include <sluice/pipeline/hot/commission.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/wide_int.hpp"
#include "support.hpp"

namespace sluice::tests {
namespace {

using core::wide::Int512;
using pipeline::Commission;
using pipeline::CommissionKind;
using pipeline::VenueSettings;

VenueSettings per_unit(const char* each, const char* minimum = "0") {
    VenueSettings s;
    s.commission = CommissionKind::kPerUnit;
    s.commission_per_unit = money(each);
    s.commission_minimum = money(minimum);
    return s;
}
VenueSettings basis_points(std::int64_t e4) {
    VenueSettings s;
    s.commission = CommissionKind::kBasisPoints;
    s.commission_bps_e4 = e4;
    return s;
}

TEST(Commission, none_is_nothing_even_with_a_minimum) {
    VenueSettings s = per_unit("1", "5");
    s.commission = CommissionKind::kNone;
    EXPECT_EQ(Commission{s}.charge(price("100"), shares(10)), Money{});
}

TEST(Commission, per_unit_grows_with_the_quantity_and_not_with_the_price) {
    const Commission c{per_unit("0.005")};
    EXPECT_EQ(c.charge(price("100"), shares(200)), money("1"));
    EXPECT_EQ(c.charge(price("900"), shares(200)), money("1"));
    EXPECT_EQ(c.charge(price("100"), quantity("0.5")), money("0.0025"));
}

TEST(Commission, basis_points_are_of_the_notional) {
    EXPECT_EQ(Commission{basis_points(10'000)}.charge(price("100"), shares(10)), money("0.1"));
    EXPECT_EQ(Commission{basis_points(2'5000)}.charge(price("100"), shares(10)), money("0.25"));
    EXPECT_EQ(Commission{basis_points(1)}.charge(price("100"), shares(10)), money("0.00001"));
    EXPECT_EQ(Commission{basis_points(0)}.charge(price("100"), shares(10)), Money{});
}

TEST(Commission, the_minimum_holds_for_each_execution) {
    const Commission c{per_unit("0.005", "1")};
    EXPECT_EQ(c.charge(price("100"), shares(1)), money("1"));
    EXPECT_EQ(c.charge(price("100"), shares(200)), money("1"));
    EXPECT_EQ(c.charge(price("100"), shares(201)), money("1.005"));
}

TEST(Commission, is_rounded_half_away_from_zero_to_the_money_unit) {
    const Commission one_in_1e8{basis_points(1)};
    const auto charge = [&](std::int64_t notional_raw) {
        return one_in_1e8.charge(Price::from_raw(notional_raw), Quantity::from_raw(1)).raw();
    };
    EXPECT_EQ(charge(49'999'999), 0);
    EXPECT_EQ(charge(50'000'000), 1);
    EXPECT_EQ(charge(149'999'999), 1);
    EXPECT_EQ(charge(150'000'000), 2);
}

RC_GTEST_PROP(CommissionProperty, equals_the_exact_fraction_rounded_once, ()) {
    const auto price_raw = *rc::gen::inRange<std::int64_t>(1, std::int64_t{1} << 53);
    const auto quantity_raw = *rc::gen::inRange<std::int64_t>(1, std::int64_t{1} << 53);
    const auto rate = *rc::gen::inRange<std::int64_t>(0, 100'000'000);
    const Money got = Commission{basis_points(rate)}.charge(Price::from_raw(price_raw),
                                                            Quantity::from_raw(quantity_raw));
    const Int512 exact = Int512{price_raw} * quantity_raw * rate;  // in 1e-8 money units
    RC_ASSERT(core::wide::of(got.raw()) == (exact + 50'000'000) / 100'000'000);
}

}  // namespace
}  // namespace sluice::tests
