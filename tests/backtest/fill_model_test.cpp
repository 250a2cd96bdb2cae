// Market orders of backtests that fill by a model of the price, not by what the data show.
#include <gtest/gtest.h>

#include "pipeline/sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

using pipeline::FillModel;

class FillModels : public SimVenueBench {
  protected:
    void model(FillModel fill) {
        settings_.venue.fill = fill;
        settings_.venue.order_latency = Nanos{0};
        open();
    }
};

TEST_F(FillModels, last_takes_all_at_the_other_side_on_arrival_whatever_is_displayed) {
    model(FillModel::kLast);
    quote(1'000, 9'990, 5, 10'010, 3);
    trade(1'500, 10'000, 1);
    const auto bought = submit(2'000, desk_.market(Side::kBuy, qty(688)));
    const auto sold = submit(2'000, desk_.market(Side::kSell, qty(100)));
    run_until(3'000);
    expect_fills(bought, {{10'010, 688}});
    expect_fills(sold, {{9'990, 100}});
}

TEST_F(FillModels, last_takes_the_last_trade_where_there_are_no_quotes) {
    model(FillModel::kLast);
    trade(1'000, 10'000, 1);
    trade(1'500, 10'050, 1);
    const auto order = submit(2'000, desk_.market(Side::kBuy, qty(50)));
    run_until(3'000);
    expect_fills(order, {{10'050, 50}});
}

TEST_F(FillModels, last_waits_for_the_first_price_where_there_is_none_yet) {
    model(FillModel::kLast);
    const auto order = submit(500, desk_.market(Side::kBuy, qty(50)));
    trade(1'000, 10'000, 1);
    trade(1'100, 11'000, 100);
    finish();
    expect_fills(order, {{10'000, 50}});
}

TEST_F(FillModels, next_takes_all_at_the_first_trade_after_arrival) {
    model(FillModel::kNext);
    trade(1'000, 10'000, 1);
    const auto order = submit(2'000, desk_.market(Side::kSell, qty(697)));
    trade(5'000, 10'200, 1);
    trade(6'000, 10'300, 1);
    finish();
    expect_fills(order, {{10'200, 697}});
}

TEST_F(FillModels, next_waits_for_a_quote_where_there_are_quotes) {
    model(FillModel::kNext);
    quote(1'000, 9'990, 5, 10'010, 3);
    const auto order = submit(2'000, desk_.market(Side::kBuy, qty(70)));
    trade(3'000, 10'500, 100);
    quote(4'000, 10'090, 5, 10'110, 3);
    finish();
    expect_fills(order, {{10'110, 70}});
}

TEST_F(FillModels, leave_limit_orders_to_what_the_data_show) {
    model(FillModel::kLast);
    quote(1'000, 9'990, 5, 10'010, 3);
    const auto order = submit(2'000, desk_.limit(Side::kBuy, qty(10), cents(10'010)));
    quote(4'000, 9'990, 5, 10'020, 9);
    finish();
    expect_fills(order, {{10'010, 3}});
}

TEST_F(FillModels, shown_is_the_default_and_takes_no_more_than_is_displayed) {
    open();
    quote(1'000, 9'990, 5, 10'010, 3);
    const auto order = submit(2'000, desk_.market(Side::kBuy, qty(688)));
    run_until(3'000);
    expect_fills(order, {{10'010, 3}});
}

}  // namespace
}  // namespace sluice::tests::trade_path
