// Who made a market and who took it, in what the venue charges.
#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

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

}  // namespace
}  // namespace sluice::tests::trade_path
