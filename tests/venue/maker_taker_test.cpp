// Who made a market and who took it, in what the venue charges.
#include <gmock/gmock.h>

#include <sluice/adapters/sim_venue/hot/fee_schedule.hpp>
#include <sluice/pipeline/settings_schema.hpp>

#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

using adapters::sim_venue::FeeSchedule;

class MakerTaker : public SimVenueBench {
  protected:
    void SetUp() override {
        settings_.venue.order_latency = Nanos{0};
        settings_.venue.commission = CommissionKind::kMakerTaker;
        settings_.venue.maker_bps_e4 = -2'500;  // a rebate of a quarter of a basis point
        settings_.venue.taker_bps_e4 = 10'000;
        settings_.venue.taker_per_unit = money("0.002");
        open();
        quote(10, 10'000, 100, 10'001, 50);
    }
    Money charged(const ApprovedOrder& order) {
        finish();
        Money sum;
        for (const Event& event : exchange_->fills(order)) sum += event.report().commission.money();
        return sum;
    }
};

TEST_F(MakerTaker, an_order_that_stood_in_the_book_earns_the_rebate) {
    const ApprovedOrder order = submit(20, desk_.limit(Side::kBuy, qty(10), cents(10'000)));
    trade(30, 10'000, 200);
    EXPECT_EQ(charged(order), money("-0.025"));  // 1,000 x 0.25 bp
}

TEST_F(MakerTaker, an_order_that_takes_the_display_pays_both_of_its_rates) {
    const ApprovedOrder order = submit(20, desk_.limit(Side::kBuy, qty(10), cents(10'001)));
    EXPECT_EQ(charged(order), money("0.12001"));  // 1,000.1 x 1 bp + 10 x 0.002
}

TEST_F(MakerTaker, a_market_order_is_a_taker_and_so_is_one_that_found_a_better_price) {
    EXPECT_EQ(charged(submit(20, desk_.market(Side::kBuy, qty(10)))), money("0.12001"));
    settings_.venue.queue = QueueModel::kBack;
    open();
    const ApprovedOrder waits = submit(20, desk_.limit(Side::kBuy, qty(10), cents(10'100)));
    trade(30, 10'000, 10);  // without quotes, a marketable order waits for its print
    EXPECT_EQ(charged(waits), money("0.12"));
}

TEST_F(MakerTaker, a_replacement_that_takes_is_no_maker) {
    const ApprovedOrder order = submit(20, desk_.limit(Side::kBuy, qty(10), cents(9'990)));
    run_until(25);
    submit(30, desk_.replacement(order, qty(10), cents(10'001)));
    EXPECT_EQ(charged(order), money("0.12001"));
}

// The table of USD-margined futures that Binance published in 2024: traded in 30 days, maker and taker in
// basis points.
class FeeTable : public testing::Test {
  protected:
    FeeTable() {
        settings_.commission = CommissionKind::kMakerTaker;
        settings_.maker_bps_e4 = 20'000;
        settings_.taker_bps_e4 = 50'000;
        settings_.tiers = {{Money::from_units(15'000'000), 16'000, 40'000, {}, {}},
                           {Money::from_units(50'000'000), 14'000, 35'000, {}, {}},
                           {Money::from_units(100'000'000), 12'000, 32'000, {}, {}}};
    }
    // Of `units` at 50,000 each.
    static Money trade(FeeSchedule& fees, std::int64_t day, std::int64_t units,
                       Liquidity liquidity = Liquidity::kTaker) {
        return fees.charge(at(day * 86'400 * kSecond + 3'600 * kSecond), cents(5'000'000),
                           qty(units), liquidity);
    }
    VenueSettings settings_;
};

TEST_F(FeeTable, charges_by_what_was_traded_in_the_thirty_days_before_today) {
    FeeSchedule fees{settings_};
    EXPECT_EQ(trade(fees, 100, 299), money("7475"));                // 14,950,000 x 5 bp
    EXPECT_EQ(trade(fees, 100, 2), money("50"));                    // today's does not count today
    EXPECT_EQ(trade(fees, 101, 1), money("20"));                    // 15,050,000: 50,000 x 4 bp
    EXPECT_EQ(trade(fees, 101, 1, Liquidity::kMaker), money("8"));  // x 1.6 bp
    EXPECT_EQ(trade(fees, 101, 697), money("13940"));               // 34,850,000 x 4 bp
    EXPECT_EQ(trade(fees, 102, 1), money("17.5"));                  // 50,000,000 exactly: 3.5 bp
    EXPECT_EQ(trade(fees, 105, 2'000), money("35000"));             // 100,000,000 x 3.5 bp
    EXPECT_EQ(trade(fees, 106, 1, Liquidity::kMaker), money("6"));  // x 1.2 bp
    EXPECT_EQ(fees.tier(), 3U);
    // Day 105 is still one of the thirty before day 135, and no more of those before day 136.
    EXPECT_EQ(trade(fees, 135, 1), money("16"));  // x 3.2 bp
    EXPECT_EQ(trade(fees, 136, 1), money("25"));  // x 5 bp
}

TEST_F(FeeTable, forgets_all_after_a_long_pause) {
    FeeSchedule fees{settings_};
    EXPECT_EQ(trade(fees, 0, 2'000), money("50000"));
    EXPECT_EQ(trade(fees, 30, 1), money("16"));
    EXPECT_EQ(trade(fees, 400, 1), money("25"));
}

// The shape of an equity exchange's table: a rebate by the share that grows with the shares traded.
TEST_F(FeeTable, counts_units_where_it_is_told_to) {
    settings_.tier_measure = TierMeasure::kUnits;
    settings_.tier_days = 2;
    settings_.maker_bps_e4 = settings_.taker_bps_e4 = 0;
    settings_.maker_per_unit = money("-0.0020");
    settings_.taker_per_unit = money("0.0030");
    settings_.tiers = {{Money::from_units(1'000), 0, 0, money("-0.0029"), money("0.0029")}};
    FeeSchedule fees{settings_};
    EXPECT_EQ(trade(fees, 1, 999, Liquidity::kMaker), money("-1.998"));
    EXPECT_EQ(trade(fees, 2, 1, Liquidity::kMaker), money("-0.002"));
    EXPECT_EQ(trade(fees, 3, 100, Liquidity::kMaker), money("-0.29"));
    EXPECT_EQ(trade(fees, 4, 100), money("0.3"));  // day 1 has gone, 101 are left
}

TEST_F(MakerTaker, tiers_hold_for_the_venue_as_a_whole_from_the_next_day_on) {
    settings_.venue.tiers = {{Money::from_units(1'000), 0, 5'000, {}, {}}};
    open();
    quote(10, 10'000, 100, 10'000, 50);
    EXPECT_EQ(charged(submit(20, desk_.market(Side::kBuy, qty(10)))), money("0.12"));
    const std::int64_t next_day = 86'400 * kSecond;
    quote(next_day, 10'000, 100, 10'000, 90);
    EXPECT_EQ(charged(submit(next_day + 1, desk_.market(Side::kBuy, qty(10)))), money("0.05"));
}

TEST(CommissionTiers, are_read_in_order_and_of_maker_taker_alone) {
    const auto schema = make_settings_schema();
    const std::string tiers =
        "venue.commission = \"maker_taker\"\n"
        "[[commission_tier]]\nfrom = 1000\ntaker_bps = 4\n"
        "[[commission_tier]]\nfrom = ";
    const Settings read =
        schema.load_text(tiers + "2000.5\nmaker_bps = -0.25\n", "a test").settings;
    ASSERT_EQ(read.venue.tiers.size(), 2U);
    EXPECT_EQ(read.venue.tiers[0].taker_bps_e4, 40'000);
    EXPECT_EQ(read.venue.tiers[1].from, money("2000.5"));
    EXPECT_EQ(read.venue.tiers[1].maker_bps_e4, -2'500);
    const auto unordered = schema.check_text(tiers + "1000\n", "a test");
    ASSERT_EQ(unordered.size(), 1U);
    EXPECT_THAT(unordered[0].message, testing::HasSubstr("put them in order"));
    EXPECT_FALSE(schema.check_text("[[commission_tier]]\nfrom = 5\n", "a test").empty());
}

}  // namespace
}  // namespace sluice::tests::trade_path
