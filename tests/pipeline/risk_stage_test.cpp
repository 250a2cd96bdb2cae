// The risk stage driven with events: intents in, orders, cancels, refusals and incidents out, and
// the books kept by what the venue reports.
#include <sluice/pipeline/hot/risk_stage.hpp>

#include <gtest/gtest.h>

#include "risk_stage_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class RiskStageOrders : public RiskStageBench {};
class RiskStageReports : public RiskStageBench {};

TEST_F(RiskStageOrders, an_intent_becomes_an_approved_order_for_the_difference) {
    start();
    trade(1, 100'00);
    const ApprovedOrder order = order_for(2, 30);
    EXPECT_EQ(order.side(), Side::kBuy);
    EXPECT_EQ(order.quantity(), qty(30));
    EXPECT_EQ(order.type(), OrderType::kMarket);
    EXPECT_EQ(order.limit(), Price{});
    EXPECT_EQ(stage().open_orders(), 1U);
    const Event approved = out_.emitted.front();
    EXPECT_EQ(approved.time(), at(1)) << "the stream's time is that of the latest sequenced event";
}

TEST_F(RiskStageOrders, every_event_goes_on_before_what_it_led_to) {
    start();
    trade(1, 100'00);
    out_.clear();
    intend(2, 10);
    ASSERT_EQ(out_.passed.size(), 1U);
    EXPECT_EQ(out_.passed[0].kind(), EventKind::kIntent);
}

TEST_F(RiskStageOrders, derived_events_carry_the_sequence_of_their_cause) {
    start();
    trade(1, 100'00);
    const Event cause = trade(2, 100'00);
    intend(2, 10);
    EXPECT_EQ(out_.emitted_of(EventKind::kApproved).at(0).sequence(), cause.sequence());
}

TEST_F(RiskStageOrders, an_intent_for_what_is_held_or_under_way_sends_nothing) {
    start();
    trade(1, 100'00);
    const ApprovedOrder order = order_for(2, 30);
    out_.clear();
    intend(3, 30);
    EXPECT_TRUE(out_.emitted.empty());
    fill(4, order, 30, 100'00);
    out_.clear();
    intend(5, 30);
    EXPECT_TRUE(out_.emitted.empty());
}

TEST_F(RiskStageOrders, a_refusal_carries_its_reason_and_both_values) {
    settings_.risk.max_order_quantity = qty(25);
    start();
    trade(1, 100'00);
    intend(2, -30);
    const Event refusal = only(EventKind::kRefusal);
    EXPECT_EQ(refusal.refusal_reason(), RefusalReason::kMaxOrderQuantity);
    EXPECT_EQ(refusal.refusal().quantity, qty(-30));
    EXPECT_DOUBLE_EQ(refusal.refusal().observed, 30.0);
    EXPECT_DOUBLE_EQ(refusal.refusal().limit, 25.0);
    EXPECT_EQ(refusal.symbol(), kSymbol);
    EXPECT_EQ(stage().open_orders(), 0U);
}

TEST_F(RiskStageOrders, without_a_price_an_intent_is_refused) {
    start();
    intend(2, 10);
    EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), RefusalReason::kNoMarketPrice);
}

TEST_F(RiskStageOrders, too_many_open_orders_are_refused_with_the_limit) {
    settings_.execution.max_open_orders = 2;
    start(3);
    for (std::size_t i = 0; i < 3; ++i) trade(1, 100'00, symbol_id(i));
    intend(2, 10, symbol_id(0));
    intend(2, 10, symbol_id(1));
    out_.clear();
    intend(2, 10, symbol_id(2));
    const Event refusal = only(EventKind::kRefusal);
    EXPECT_EQ(refusal.refusal_reason(), RefusalReason::kTooManyOpenOrders);
    EXPECT_DOUBLE_EQ(refusal.refusal().observed, 3.0);
    EXPECT_DOUBLE_EQ(refusal.refusal().limit, 2.0);
}

TEST_F(RiskStageOrders, limit_orders_stand_on_the_tick_away_from_the_market_plus_the_offset) {
    settings_.execution.order_type = OrderType::kLimit;
    start();
    send(Event::trade(at(1), kSymbol, {Price::from_raw(cents(100'00).raw() + 1), qty(1), 0, 0, 0}));
    EXPECT_EQ(order_for(2, 10).limit(), cents(100'00));
    out_.clear();
    settings_.execution.limit_offset_ticks = 3;
    start();
    send(Event::trade(at(1), kSymbol, {Price::from_raw(cents(100'00).raw() + 1), qty(1), 0, 0, 0}));
    EXPECT_EQ(order_for(2, -10).limit(), cents(99'98))
        << "sells: up to 100.01, then three ticks in";
}

TEST_F(RiskStageOrders, a_new_target_cancels_the_working_order_first_and_then_sends_a_new_one) {
    start();
    trade(1, 100'00);
    const ApprovedOrder first = order_for(2, 30);
    out_.clear();
    intend(3, 50);
    ASSERT_EQ(out_.emitted.size(), 1U) << "no second order while one is open";
    EXPECT_EQ(only(EventKind::kCancel).cancel().order, first.id());
    out_.clear();
    fill(4, first, 10, 100'00);  // the cancel and a partial fill cross
    EXPECT_TRUE(out_.emitted.empty());
    report(5, first, ExecKind::kCancelled);
    const ApprovedOrder second = only(EventKind::kApproved).approved();
    EXPECT_EQ(second.quantity(), qty(40));
    EXPECT_NE(second.id(), first.id());
}

TEST_F(RiskStageOrders, the_cancel_is_sent_once_however_often_the_target_changes) {
    start();
    trade(1, 100'00);
    const ApprovedOrder first = order_for(2, 30);
    out_.clear();
    intend(3, 50);
    intend(4, -20);
    intend(5, 7);
    EXPECT_EQ(out_.emitted_of(EventKind::kCancel).size(), 1U);
    out_.clear();
    report(6, first, ExecKind::kCancelled);
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(7)) << "the latest target";
}

TEST_F(RiskStageOrders, an_order_that_fills_before_its_cancel_still_ends_at_the_target) {
    start();
    trade(1, 100'00);
    const ApprovedOrder first = order_for(2, 30);
    intend(3, 10);
    out_.clear();
    fill(4, first, 30, 100'00);
    const ApprovedOrder back = only(EventKind::kApproved).approved();
    EXPECT_EQ(back.side(), Side::kSell);
    EXPECT_EQ(back.quantity(), qty(20));
    out_.clear();
    report(5, first, ExecKind::kCancelRejected, RejectReason::kUnknownOrder);
    EXPECT_TRUE(out_.emitted.empty()) << "an ordinary race, no incident";
}

TEST_F(RiskStageOrders, a_flip_is_one_order_through_zero) {
    start();
    trade(1, 100'00);
    fill(3, order_for(2, 30), 30, 100'00);
    out_.clear();
    const ApprovedOrder flip = order_for(4, -30);
    EXPECT_EQ(flip.side(), Side::kSell);
    EXPECT_EQ(flip.quantity(), qty(60));
    fill(5, flip, 60, 100'00);
    EXPECT_EQ(stage().portfolio().position(kSymbol).quantity, qty(-30));
}

TEST_F(RiskStageOrders, order_ids_are_never_used_twice) {
    start();
    trade(1, 100'00);
    std::uint64_t last = 0;
    for (std::int64_t i = 1; i <= 600; ++i) {
        const ApprovedOrder order = order_for(2 * i, i % 2 == 0 ? 0 : 5);
        EXPECT_GT(static_cast<std::uint64_t>(order.id()), last);
        last = static_cast<std::uint64_t>(order.id());
        fill(2 * i + 1, order, 5, 100'00);
        out_.clear();
    }
}

TEST_F(RiskStageReports, fills_move_position_cash_and_commission_exactly) {
    settings_.account.capital = Money::from_units(10'000);
    start();
    trade(1, 100'00);
    const ApprovedOrder order = order_for(2, 30);
    report(3, order, ExecKind::kAccepted);
    fill(4, order, 10, 100'10, 25);
    fill(5, order, 20, 100'20, 50);
    const Portfolio& books = stage().portfolio();
    EXPECT_EQ(books.position(kSymbol).quantity, qty(30));
    EXPECT_EQ(books.commission(), cents(75) * qty(1));
    EXPECT_EQ(books.cash(), Money::from_units(10'000) - cents(100'10) * qty(10) -
                                cents(100'20) * qty(20) - cents(75) * qty(1));
    EXPECT_EQ(books.equity(), books.cash() + cents(100'00) * qty(30));
    EXPECT_EQ(stage().open_orders(), 0U);
    trade(6, 101'00);
    EXPECT_EQ(books.equity(), books.cash() + cents(101'00) * qty(30));
}

TEST_F(RiskStageReports, a_report_for_an_unknown_order_is_an_incident_and_leaves_the_books_alone) {
    start(2);
    trade(1, 100'00);
    const ApprovedOrder order = order_for(2, 30);
    out_.clear();
    const Money cash = stage().portfolio().cash();
    send(Event::report(at(3), kSymbol, ExecKind::kFill, RejectReason::kNone,
                       {order_id(4'711), cents(100'00), qty(5), {}}));
    Event incident = only(EventKind::kIncident);
    EXPECT_EQ(incident.incident_kind(), IncidentKind::kReportForUnknownOrder);
    EXPECT_EQ(incident.incident().order, order_id(4'711));
    EXPECT_EQ(incident.incident().quantity, qty(5));
    out_.clear();
    // A known order, but another instrument.
    send(Event::report(at(4), symbol_id(1), ExecKind::kFill, RejectReason::kNone,
                       {order.id(), cents(100'00), qty(5), {}}));
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kReportForUnknownOrder);
    EXPECT_EQ(stage().portfolio().cash(), cash);
    EXPECT_EQ(stage().portfolio().position(kSymbol).quantity, Quantity{});
    EXPECT_EQ(stage().open_orders(), 1U);
}

TEST_F(RiskStageReports, more_than_was_ordered_is_an_incident_and_is_not_booked) {
    start();
    trade(1, 100'00);
    const ApprovedOrder order = order_for(2, 30);
    fill(3, order, 20, 100'00);
    out_.clear();
    fill(4, order, 11, 100'00);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kFillBeyondOrder);
    EXPECT_EQ(stage().portfolio().position(kSymbol).quantity, qty(20));
    EXPECT_EQ(stage().open_orders(), 1U);
}

TEST_F(RiskStageReports, an_impossible_report_is_an_incident) {
    start();
    trade(1, 100'00);
    const ApprovedOrder order = order_for(2, 30);
    report(3, order, ExecKind::kAccepted);
    out_.clear();
    report(4, order, ExecKind::kAccepted);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kIllegalTransition);
    out_.clear();
    report(5, order, ExecKind::kRejected, RejectReason::kBadPrice);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kIllegalTransition);
    out_.clear();
    fill(6, order, 0, 100'00);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kIllegalTransition);
    EXPECT_EQ(stage().open_orders(), 1U);
}

TEST_F(RiskStageReports, a_rejected_order_frees_what_it_had_reserved) {
    settings_.risk.max_position = qty(30);
    start();
    trade(1, 100'00);
    const ApprovedOrder order = order_for(2, 30);
    report(3, order, ExecKind::kRejected, RejectReason::kVenueFull);
    EXPECT_EQ(stage().open_orders(), 0U);
    out_.clear();
    EXPECT_EQ(order_for(4, 30).quantity(), qty(30));
}

TEST_F(RiskStageReports, an_order_the_venue_ends_unasked_is_gone) {
    start();
    trade(1, 100'00);
    const ApprovedOrder order = order_for(2, 30);
    fill(3, order, 10, 100'00);
    out_.clear();
    report(4, order, ExecKind::kCancelled);
    EXPECT_TRUE(out_.emitted_of(EventKind::kIncident).empty());
    EXPECT_EQ(stage().open_orders(), 0U);
    EXPECT_EQ(order_for(5, 30).quantity(), qty(20));
}

}  // namespace
}  // namespace sluice::tests::trade_path
