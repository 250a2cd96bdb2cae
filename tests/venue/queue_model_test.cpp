// The place in a queue that is estimated from what is displayed, on a venue without latency.
#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class ProportionalQueue : public SimVenueBench {
  protected:
    void SetUp() override { model(QueueModel::kProportional); }
    void model(QueueModel queue) {
        settings_.venue.queue = queue;
        settings_.venue.order_latency = Nanos{0};
        open();
    }
    ApprovedOrder buy(std::int64_t ns, std::int64_t units, std::int64_t price) {
        return submit(ns, desk_.limit(Side::kBuy, qty(units), cents(price)));
    }
};

TEST_F(ProportionalQueue, waits_for_prints_behind_all_that_is_displayed) {
    quote(10, 10'000, 100, 10'001, 50);
    const ApprovedOrder order = buy(20, 10, 10'000);
    trade(30, 10'000, 100);
    finish();
    expect_fills(order, {});
}

TEST_F(ProportionalQueue, keeps_its_share_of_a_level_that_shrinks_without_a_print) {
    quote(10, 10'000, 100, 10'001, 50);
    const ApprovedOrder order = buy(20, 10, 10'000);
    quote(30, 10'000, 300, 10'001, 50);  // 200 came, behind it: 100 of 300 stand ahead
    quote(40, 10'000, 150, 10'001, 50);  // half was cancelled: 50 of 150
    trade(50, 10'000, 55);
    finish();
    expect_fills(order, {{10'000, 5}});
}

TEST_F(ProportionalQueue, takes_what_was_printed_from_the_front_and_not_for_a_cancellation) {
    quote(10, 10'000, 100, 10'001, 50);
    const ApprovedOrder order = buy(20, 10, 10'000);
    quote(30, 10'000, 200, 10'001, 50);
    trade(40, 10'000, 60);               // 40 ahead, 140 in all
    quote(50, 10'000, 140, 10'001, 50);  // which the print explains
    trade(60, 10'000, 40);
    finish();
    expect_fills(order, {});
    trade(70, 10'000, 3);
    finish();
    expect_fills(order, {{10'000, 3}});
}

TEST_F(ProportionalQueue, is_first_when_its_level_has_gone) {
    quote(10, 10'000, 100, 10'001, 50);
    const ApprovedOrder order = buy(20, 10, 10'000);
    quote(30, 9'999, 70, 10'001, 50);
    trade(40, 10'000, 4);
    finish();
    expect_fills(order, {{10'000, 4}});
}

TEST_F(ProportionalQueue, is_not_shortened_while_a_better_price_hides_its_level) {
    quote(10, 10'000, 100, 10'003, 50);
    const ApprovedOrder order = buy(20, 10, 10'000);
    quote(30, 10'001, 5, 10'003, 50);
    quote(40, 10'000, 100, 10'003, 50);
    trade(50, 10'000, 100);
    finish();
    expect_fills(order, {});
}

TEST_F(ProportionalQueue, of_the_back_is_not_shortened_by_cancellations) {
    model(QueueModel::kBack);
    quote(10, 10'000, 100, 10'001, 50);
    const ApprovedOrder order = buy(20, 10, 10'000);
    quote(30, 10'000, 1, 10'001, 50);
    trade(40, 10'000, 100);
    finish();
    expect_fills(order, {});
}

}  // namespace
}  // namespace sluice::tests::trade_path
