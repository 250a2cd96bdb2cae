// Stops, reduce-only and post-only orders at the simulated venue.
#include <gtest/gtest.h>

#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

using enum ExecKind;

class SimVenueStops : public SimVenueBench {
  protected:
    ApprovedOrder order(Side side, OrderType type, std::int64_t size, std::int64_t price,
                        OrderFlags flags = 0, std::uint16_t distance_bps = 0) {
        Proposal proposal{kSymbol, side, type, TimeInForce::kGtc, qty(size), cents(price)};
        proposal.flags = flags;
        proposal.distance_bps = distance_bps;
        return desk_.order(proposal, desk_.next());
    }
    // Buys `size` at 100 with prints, so that there is something to reduce.
    void hold(std::int64_t size) {
        submit(0, desk_.market(Side::kBuy, qty(size)));
        trade(1'000, 100'00, size);
    }
};

TEST_F(SimVenueStops, wait_for_a_print_at_their_price_and_fill_at_the_next) {
    const ApprovedOrder stop = submit(0, order(Side::kSell, OrderType::kStop, 10, 99'00));
    trade(1'000, 99'01, 50);
    trade(2'000, 99'00, 50);
    trade(3'000, 98'50, 4);
    trade(4'000, 98'70, 50);
    finish();
    expect_fills(stop, {{98'50, 4}, {98'70, 6}});
}

TEST_F(SimVenueStops, to_buy_lie_above) {
    const ApprovedOrder stop = submit(0, order(Side::kBuy, OrderType::kStop, 10, 101'00));
    trade(1'000, 100'99, 50);
    trade(2'000, 101'20, 50);
    trade(3'000, 101'30, 50);
    finish();
    expect_fills(stop, {{101'30, 10}});
}

TEST_F(SimVenueStops, with_quotes_take_what_is_displayed_when_the_bid_reaches_them) {
    quote(0, 100'00, 50, 100'02, 50);
    const ApprovedOrder stop = submit(1'000, order(Side::kSell, OrderType::kStop, 10, 99'00));
    quote(2'000, 99'10, 50, 99'12, 50);
    quote(3'000, 98'90, 7, 98'95, 50);
    quote(4'000, 98'80, 50, 98'85, 50);
    finish();
    expect_fills(stop, {{98'90, 7}, {98'80, 3}});
}

TEST_F(SimVenueStops, are_set_off_on_arrival_by_what_is_displayed_beyond_them) {
    quote(0, 98'00, 50, 98'02, 50);
    const ApprovedOrder stop = submit(1'000, order(Side::kSell, OrderType::kStop, 10, 99'00));
    finish();
    expect_fills(stop, {{98'00, 10}});
}

TEST_F(SimVenueStops, with_a_limit_fill_no_lower_than_it) {
    const ApprovedOrder stop =
        submit(0, order(Side::kSell, OrderType::kStopLimit, 10, 100'00, 0, 100));
    trade(1'000, 99'90, 50);
    trade(2'000, 98'99, 50);  // below 99.00, 1 % under the stop
    EXPECT_TRUE(exchange_->fills(stop).empty());
    trade(3'000, 99'05, 50);
    finish();
    expect_fills(stop, {{99'05, 10}});
}

TEST_F(SimVenueStops, that_trail_follow_the_best_print_and_never_go_back) {
    const ApprovedOrder stop =
        submit(0, order(Side::kSell, OrderType::kTrailing, 10, 99'00, 0, 100));
    trade(1'000, 110'00, 50);  // now 108.90
    trade(2'000, 109'00, 50);
    trade(3'000, 108'90, 50);
    trade(4'000, 108'80, 50);
    finish();
    expect_fills(stop, {{108'80, 10}});
}

TEST_F(SimVenueStops, that_trail_keep_what_they_gained_over_a_replacement) {
    const ApprovedOrder stop =
        submit(0, order(Side::kSell, OrderType::kTrailing, 10, 99'00, 0, 100));
    trade(1'000, 110'00, 50);
    submit(2'000, desk_.replacement(stop, qty(4), cents(99'00)));
    trade(3'000, 108'80, 50);
    trade(4'000, 108'70, 50);
    finish();
    expect_fills(stop, {{108'70, 4}});
}

TEST_F(SimVenueStops, reduce_only_has_nothing_to_do_without_a_position) {
    const ApprovedOrder sale =
        submit(0, order(Side::kSell, OrderType::kLimit, 10, 101'00, kReduceOnly));
    finish();
    expect_last(sale, kRejected, RejectReason::kNothingToReduce);
}

TEST_F(SimVenueStops, reduce_only_never_turns_a_position_round) {
    hold(6);
    const ApprovedOrder take =
        submit(2'000, order(Side::kSell, OrderType::kLimit, 10, 101'00, kReduceOnly));
    trade(3'000, 101'00, 50);
    finish();
    expect_fills(take, {{101'00, 6}});
    expect_last(take, kCancelled, RejectReason::kNone);
}

TEST_F(SimVenueStops, one_leg_leaves_the_other_what_it_has_not_closed) {
    hold(10);
    const ApprovedOrder take =
        submit(2'000, order(Side::kSell, OrderType::kLimit, 10, 101'00, kReduceOnly));
    const ApprovedOrder stop =
        submit(2'000, order(Side::kSell, OrderType::kStop, 10, 99'00, kReduceOnly));
    trade(3'000, 101'00, 4);
    trade(4'000, 99'00, 50);
    trade(5'000, 98'90, 50);
    finish();
    expect_fills(take, {{101'00, 4}});
    expect_fills(stop, {{98'90, 6}});
    expect_last(take, kCancelled, RejectReason::kNone);
    expect_last(stop, kCancelled, RejectReason::kNone);
}

TEST_F(SimVenueStops, what_closes_the_position_takes_the_legs_with_it) {
    hold(10);
    const ApprovedOrder stop =
        submit(2'000, order(Side::kSell, OrderType::kStop, 10, 99'00, kReduceOnly));
    submit(3'000, desk_.market(Side::kSell, qty(10)));
    trade(4'000, 100'00, 10);
    finish();
    expect_reports(stop, {kAccepted, kCancelled});
}

TEST_F(SimVenueStops, post_only_is_refused_where_it_would_take) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder takes =
        submit(1'000, order(Side::kBuy, OrderType::kLimit, 10, 100'00, kPostOnly));
    const ApprovedOrder rests =
        submit(1'000, order(Side::kBuy, OrderType::kLimit, 10, 99'99, kPostOnly));
    finish();
    expect_last(takes, kRejected, RejectReason::kWouldTake);
    expect_reports(rests, {kAccepted});
}

TEST_F(SimVenueStops, models_that_fill_whole_fill_them_whole) {
    settings_.venue.fill = FillModel::kLast;
    open();
    const ApprovedOrder stop = submit(0, order(Side::kSell, OrderType::kStop, 10, 99'00));
    trade(1'000, 100'00, 1);
    trade(2'000, 98'80, 1);
    finish();
    expect_fills(stop, {{98'80, 10}});
}

}  // namespace
}  // namespace sluice::tests::trade_path
