// The simulated venue's rules about time, about an order's terms, and about what it refuses.
#include <gtest/gtest.h>

#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

using enum ExecKind;

class SimVenueTime : public SimVenueBench {};
class SimVenueTerms : public SimVenueBench {};
class SimVenueRefusals : public SimVenueBench {};

TEST_F(SimVenueTime, a_command_arrives_after_the_order_latency_and_a_report_after_the_response) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder buy = submit(1'000, desk_.market(Side::kBuy, qty(10)));
    finish();
    const auto reports = exchange_->of(buy);
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].time(), at(1'000 + kOrderLatency + kResponseLatency));
    EXPECT_EQ(reports[1].time(), at(1'000 + kOrderLatency + kResponseLatency));
}

TEST_F(SimVenueTime, an_order_meets_the_market_of_its_arrival_not_of_its_sending) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder buy = submit(1'000, desk_.market(Side::kBuy, qty(10)));
    quote(1'000 + kOrderLatency - 1, 99'00, 50, 103'00, 40);
    finish();
    expect_fills(buy, {{103'00, 10}});
}

TEST_F(SimVenueTime, a_report_of_a_resting_order_comes_a_response_latency_after_the_print) {
    const ApprovedOrder buy = submit(0, desk_.limit(Side::kBuy, qty(10), cents(100'00)));
    trade(5'000, 100'00, 10);
    finish();
    EXPECT_EQ(exchange_->fills(buy).at(0).time(), at(5'000 + kResponseLatency));
}

TEST_F(SimVenueTime, reports_leave_in_order_also_when_a_late_tick_caused_one) {
    const ApprovedOrder buy = submit(0, desk_.limit(Side::kBuy, qty(10), cents(100'00)));
    trade(9'000, 100'00, 2);
    trade(4'000, 100'00, 2);  // five microseconds late
    finish();
    const auto fills = exchange_->fills(buy);
    ASSERT_EQ(fills.size(), 2U);
    EXPECT_EQ(fills[0].time(), at(9'000 + kResponseLatency));
    EXPECT_EQ(fills[1].time(), at(9'000 + kResponseLatency));
}

TEST_F(SimVenueTime, a_long_way_back_holds_any_number_of_reports) {
    settings_.execution.max_open_orders = 1;
    settings_.venue.response_latency = Nanos{kSecond};
    open();
    const ApprovedOrder buy = submit(0, desk_.limit(Side::kBuy, qty(100), cents(100'00)));
    for (std::int64_t i = 1; i <= 100; ++i) trade(i * 1'000, 100'00, 1);
    finish();
    EXPECT_EQ(exchange_->filled(buy), qty(100));
}

TEST_F(SimVenueTerms, ioc_takes_what_is_displayed_on_arrival_and_the_rest_expires) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder buy =
        submit(10, desk_.limit(Side::kBuy, qty(100), cents(100'00), TimeInForce::kIoc));
    finish();
    expect_fills(buy, {{100'00, 40}});
    expect_reports(buy, {kAccepted, kFill, kExpired});
}

TEST_F(SimVenueTerms, ioc_and_fok_that_reach_nothing_expire_on_arrival) {
    quote(0, 99'00, 50, 100'00, 40);
    for (const TimeInForce tif : {TimeInForce::kIoc, TimeInForce::kFok}) {
        const ApprovedOrder buy = submit(10, desk_.limit(Side::kBuy, qty(10), cents(99'50), tif));
        run_until(1'000);
        expect_reports(buy, {kAccepted, kExpired});
    }
}

TEST_F(SimVenueTerms, fok_fills_whole_or_not_at_all) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder too_much = submit(10, desk_.market(Side::kBuy, qty(41), TimeInForce::kFok));
    const ApprovedOrder enough = submit(20, desk_.market(Side::kBuy, qty(40), TimeInForce::kFok));
    finish();
    expect_reports(too_much, {kAccepted, kExpired});
    expect_reports(enough, {kAccepted, kFill});
    expect_fills(enough, {{100'00, 40}});
}

TEST_F(SimVenueTerms, without_quotes_ioc_is_decided_by_the_first_print) {
    const ApprovedOrder buy = submit(0, desk_.market(Side::kBuy, qty(30), TimeInForce::kIoc));
    const ApprovedOrder low =
        submit(0, desk_.limit(Side::kBuy, qty(30), cents(99'00), TimeInForce::kIoc));
    trade(1'000, 100'00, 10);
    trade(2'000, 98'00, 1'000);
    finish();
    expect_fills(buy, {{100'00, 10}});
    expect_reports(buy, {kAccepted, kFill, kExpired});
    expect_reports(low, {kAccepted, kExpired});
}

TEST_F(SimVenueTerms, without_quotes_fok_is_decided_by_the_first_print) {
    const ApprovedOrder much = submit(0, desk_.market(Side::kBuy, qty(30), TimeInForce::kFok));
    trade(1'000, 100'00, 29);
    run_until(1'500);
    expect_reports(much, {kAccepted, kExpired});
    const ApprovedOrder enough =
        submit(1'500, desk_.market(Side::kBuy, qty(30), TimeInForce::kFok));
    trade(2'000, 100'00, 30);
    finish();
    expect_reports(enough, {kAccepted, kFill});
}

TEST_F(SimVenueTerms, fok_is_never_filled_in_part_also_when_the_first_sign_is_a_quote) {
    const ApprovedOrder buy = submit(0, desk_.market(Side::kBuy, qty(30), TimeInForce::kFok));
    quote(1'000, 99'00, 50, 100'00, 20);
    quote(2'000, 99'00, 50, 100'10, 20);
    finish();
    expect_reports(buy, {kAccepted, kExpired});
}

TEST_F(SimVenueTerms, ioc_is_decided_at_once_also_when_the_first_sign_is_a_quote) {
    const ApprovedOrder buy = submit(0, desk_.market(Side::kBuy, qty(30), TimeInForce::kIoc));
    quote(1'000, 99'00, 50, 100'00, 20);
    quote(2'000, 99'00, 50, 100'10, 20);
    finish();
    expect_fills(buy, {{100'00, 20}});
    expect_reports(buy, {kAccepted, kFill, kExpired});
}

TEST_F(SimVenueTerms, day_orders_expire_at_the_close_and_others_stay) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder day =
        submit(10, desk_.limit(Side::kBuy, qty(10), cents(98'00), TimeInForce::kDay));
    const ApprovedOrder gtc = submit(10, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    timer(5'000, EventKind::kSessionClose);
    run_until(9'000);
    expect_reports(day, {kAccepted, kExpired});
    expect_reports(gtc, {kAccepted});
    EXPECT_EQ(exchange_->of(day).back().time(), at(5'000 + kResponseLatency));
    timer(10'000, EventKind::kSessionOpen);
    trade(11'000, 97'00, 100);
    finish();
    expect_fills(day, {});
    expect_fills(gtc, {{97'00, 10}});
}

TEST_F(SimVenueTerms, a_cancelled_order_fills_no_more) {
    const ApprovedOrder buy = submit(0, desk_.limit(Side::kBuy, qty(10), cents(100'00)));
    trade(1'000, 100'00, 4);
    cancel(2'000, buy);
    trade(2'000 + kOrderLatency - 1, 100'00, 1);  // the cancel is still on its way
    trade(3'000, 100'00, 100);
    finish();
    expect_fills(buy, {{100'00, 4}, {100'00, 1}});
    expect_reports(buy, {kAccepted, kFill, kFill, kCancelled});
}

TEST_F(SimVenueTerms, new_terms_keep_what_has_filled_and_lose_the_place_in_the_queue) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    trade(1'000, 99'00, 55);
    submit(2'000, desk_.replacement(bid, qty(30), cents(99'00)));
    trade(3'000, 99'00, 50);  // fifty are ahead again
    run_until(4'000);
    expect_fills(bid, {{99'00, 5}});
    trade(4'000, 99'00, 100);
    finish();
    expect_fills(bid, {{99'00, 5}, {99'00, 25}});
    expect_reports(bid, {kAccepted, kFill, kReplaced, kFill});
}

TEST_F(SimVenueTerms, a_replacement_says_its_new_terms_and_may_trade_at_once) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    submit(1'000, desk_.replacement(bid, qty(25), cents(100'00)));
    finish();
    expect_reports(bid, {kAccepted, kReplaced, kFill});
    EXPECT_EQ(exchange_->of(bid)[1].report().price, cents(100'00));
    EXPECT_EQ(exchange_->of(bid)[1].report().quantity, qty(25));
    expect_fills(bid, {{100'00, 25}});
}

TEST_F(SimVenueTerms, commission_is_charged_on_each_execution) {
    settings_.venue.commission_per_unit = Price::from_units(1) * Quantity::from_raw(500'000);
    open();
    const ApprovedOrder buy = submit(0, desk_.market(Side::kBuy, qty(30)));
    trade(1'000, 100'00, 20);
    trade(2'000, 100'00, 20);
    finish();
    const auto fills = exchange_->fills(buy);
    ASSERT_EQ(fills.size(), 2U);
    EXPECT_EQ(fills[0].report().commission.money(), cents(10) * qty(1));
    EXPECT_EQ(fills[1].report().commission.money(), cents(5) * qty(1));
}

TEST_F(SimVenueRefusals, an_instrument_it_does_not_have) {
    const ApprovedOrder order = submit(
        0, desk_.order({SymbolId{7}, Side::kBuy, OrderType::kMarket, TimeInForce::kGtc, qty(1), {}},
                       order_id(1)));
    finish();
    expect_last(order, kRejected, RejectReason::kUnknownSymbol);
}

TEST_F(SimVenueRefusals, an_order_that_arrives_while_it_is_closed) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder before = submit(950, desk_.market(Side::kBuy, qty(10)));
    timer(1'000, EventKind::kSessionClose);
    finish();
    expect_last(before, kRejected, RejectReason::kVenueClosed);
    timer(5'000, EventKind::kSessionOpen);
    const ApprovedOrder after = submit(5'001, desk_.market(Side::kBuy, qty(10)));
    finish();
    expect_fills(after, {{100'00, 10}});
}

TEST_F(SimVenueRefusals, a_replacement_that_arrives_while_it_is_closed) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    submit(950, desk_.replacement(bid, qty(10), cents(100'00)));
    timer(1'000, EventKind::kSessionClose);
    finish();
    expect_fills(bid, {});
    expect_last(bid, kReplaceRejected, RejectReason::kVenueClosed);
}

TEST_F(SimVenueRefusals, a_cancel_is_taken_while_it_is_closed) {
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    timer(1'000, EventKind::kSessionClose);
    cancel(2'000, bid);
    finish();
    expect_last(bid, kCancelled, RejectReason::kNone);
}

TEST_F(SimVenueRefusals, an_id_that_is_open_already) {
    const ApprovedOrder first = submit(0, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    submit(10, first);
    finish();
    expect_last(first, kRejected, RejectReason::kDuplicateOrder);
    EXPECT_EQ(exchange_->of(first).size(), 2U);
}

TEST_F(SimVenueRefusals, more_orders_than_the_engine_may_have_open) {
    settings_.execution.max_open_orders = 2;
    open();
    submit(0, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    submit(0, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    const ApprovedOrder third = submit(0, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    finish();
    expect_last(third, kRejected, RejectReason::kVenueFull);
}

TEST_F(SimVenueRefusals, nothing_that_the_order_table_of_the_same_settings_has_room_for) {
    settings_.execution.max_open_orders = 3;  // a table of four
    open();
    submit(0, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    submit(0, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    submit(0, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    const ApprovedOrder fourth = submit(0, desk_.limit(Side::kBuy, qty(10), cents(98'00)));
    finish();
    expect_last(fourth, kAccepted, RejectReason::kNone);
}

TEST_F(SimVenueRefusals, to_cancel_or_replace_what_is_gone) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder buy = submit(10, desk_.limit(Side::kBuy, qty(10), cents(100'00)));
    cancel(1'000, buy);
    finish();
    expect_last(buy, kCancelRejected, RejectReason::kUnknownOrder);
    submit(2'000, desk_.replacement(buy, qty(10), cents(99'00)));
    finish();
    expect_last(buy, kReplaceRejected, RejectReason::kUnknownOrder);
}

TEST_F(SimVenueRefusals, a_total_that_has_filled_already) {
    const ApprovedOrder buy = submit(0, desk_.limit(Side::kBuy, qty(10), cents(100'00)));
    trade(1'000, 100'00, 4);
    submit(2'000, desk_.replacement(buy, qty(4), cents(100'00)));
    finish();
    expect_last(buy, kReplaceRejected, RejectReason::kBadQuantity);
    trade(3'000, 100'00, 100);
    finish();
    EXPECT_EQ(exchange_->filled(buy), qty(10)) << "the old terms stand";
}

}  // namespace
}  // namespace sluice::tests::trade_path
