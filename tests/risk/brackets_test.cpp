// The protective orders of a position, as the risk stage keeps them.
#include "risk_stage_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class Brackets : public RiskStageBench {
  protected:
    Brackets() {
        settings_.bracket.stop_loss_bps = 100;
        settings_.bracket.take_profit_bps = 200;
    }
    // Of the orders that came since the last clear(), the one of that type.
    ApprovedOrder order_of(OrderType type) const {
        for (const Event& event : out_.emitted_of(EventKind::kApproved))
            if (event.approved().type() == type) return event.approved();
        throw std::logic_error("no order of that type");
    }
    std::size_t count(EventKind kind) const { return out_.emitted_of(kind).size(); }
    Quantity position() { return stage().portfolio().position(kSymbol).quantity; }

    struct Legs {
        ApprovedOrder stop;
        ApprovedOrder take;
    };
    // Long or short `size` at 100, both legs accepted.
    Legs open(std::int64_t size) {
        start();
        trade(1, 10'000);
        const ApprovedOrder entry = order_for(2, size);
        report(3, entry, ExecKind::kAccepted);
        out_.clear();
        fill(4, entry, size < 0 ? -size : size, 10'000);
        const Legs legs{
            order_of(settings_.bracket.stop == StopKind::kTrailing ? OrderType::kTrailing
                                                                   : OrderType::kStop),
            order_of(OrderType::kLimit)};
        report(5, legs.stop, ExecKind::kAccepted);
        report(5, legs.take, ExecKind::kAccepted);
        out_.clear();
        return legs;
    }
};

TEST_F(Brackets, put_a_stop_and_a_profit_order_behind_a_long_position) {
    const Legs legs = open(10);
    EXPECT_EQ(legs.stop.side(), Side::kSell);
    EXPECT_EQ(legs.stop.limit(), cents(9'900));
    EXPECT_EQ(legs.stop.quantity(), qty(10));
    EXPECT_EQ(legs.take.side(), Side::kSell);
    EXPECT_EQ(legs.take.limit(), cents(10'200));
    EXPECT_EQ(legs.take.quantity(), qty(10));
    for (const ApprovedOrder& leg : {legs.stop, legs.take}) {
        EXPECT_TRUE(leg.is_reduce_only());
        EXPECT_EQ(leg.time_in_force(), TimeInForce::kGtc);
    }
}

TEST_F(Brackets, lie_the_other_way_round_for_a_short_one) {
    const Legs legs = open(-10);
    EXPECT_EQ(legs.stop.side(), Side::kBuy);
    EXPECT_EQ(legs.stop.limit(), cents(10'100));
    EXPECT_EQ(legs.take.side(), Side::kBuy);
    EXPECT_EQ(legs.take.limit(), cents(9'800));
}

TEST_F(Brackets, round_to_ticks_away_from_the_market) {
    start();
    trade(1, 10'033);
    const ApprovedOrder entry = order_for(2, 10);
    out_.clear();
    fill(3, entry, 10, 10'033);
    EXPECT_EQ(order_of(OrderType::kStop).limit(), cents(9'932)) << "99.3267";
    EXPECT_EQ(order_of(OrderType::kLimit).limit(), cents(10'234)) << "102.3366";
}

TEST_F(Brackets, follow_each_part_that_fills_at_the_average_entry) {
    start();
    trade(1, 10'000);
    const ApprovedOrder entry = order_for(2, 10);
    out_.clear();
    fill(3, entry, 4, 10'000);
    const ApprovedOrder stop = order_of(OrderType::kStop);
    EXPECT_EQ(stop.quantity(), qty(4));
    out_.clear();
    fill(4, entry, 6, 10'100);
    EXPECT_EQ(count(EventKind::kApproved), 0U) << "the venue has not answered yet";
    report(5, stop, ExecKind::kAccepted);
    const ApprovedOrder grown = only(EventKind::kApproved).approved();
    EXPECT_TRUE(grown.is_replacement());
    EXPECT_EQ(grown.id(), stop.id());
    EXPECT_EQ(grown.quantity(), qty(10));
    EXPECT_EQ(grown.limit(), cents(9'959)) << "1 % below 100.60";
}

TEST_F(Brackets, one_leg_takes_the_other_and_the_rest_of_the_entry_with_it) {
    start();
    trade(1, 10'000);
    const ApprovedOrder entry = order_for(2, 10);
    report(3, entry, ExecKind::kAccepted);
    out_.clear();
    fill(4, entry, 4, 10'000);
    const ApprovedOrder stop = order_of(OrderType::kStop);
    const ApprovedOrder take = order_of(OrderType::kLimit);
    report(5, stop, ExecKind::kAccepted);
    report(5, take, ExecKind::kAccepted);
    out_.clear();
    fill(6, stop, 4, 9'890);
    EXPECT_EQ(position(), Quantity{});
    std::vector<OrderId> cancelled;
    for (const Event& event : out_.emitted_of(EventKind::kCancel))
        cancelled.push_back(event.cancel().order);
    EXPECT_EQ(cancelled, (std::vector{entry.id(), take.id()}));
    out_.clear();
    report(7, entry, ExecKind::kCancelled);
    report(7, take, ExecKind::kCancelled);
    EXPECT_EQ(count(EventKind::kApproved), 0U) << "stopped out, it is not bought again at once";
    EXPECT_EQ(stage().open_orders(), 0U);
}

TEST_F(Brackets, a_part_of_the_profit_makes_the_stop_smaller) {
    const Legs legs = open(10);
    fill(6, legs.take, 3, 10'200);
    const ApprovedOrder smaller = only(EventKind::kApproved).approved();
    EXPECT_EQ(smaller.id(), legs.stop.id());
    EXPECT_EQ(smaller.quantity(), qty(7));
    EXPECT_EQ(count(EventKind::kCancel), 0U);
}

TEST_F(Brackets, what_closes_by_decision_can_only_reduce_and_turns_round_in_two_steps) {
    const Legs legs = open(10);
    const ApprovedOrder close = order_for(6, -5);
    EXPECT_TRUE(close.is_reduce_only());
    EXPECT_EQ(close.quantity(), qty(10));
    out_.clear();
    fill(7, close, 10, 10'010);
    EXPECT_EQ(count(EventKind::kCancel), 2U);
    EXPECT_EQ(count(EventKind::kApproved), 0U) << "not beside the old legs";
    report(8, legs.stop, ExecKind::kCancelled);
    report(8, legs.take, ExecKind::kCancelled);
    const ApprovedOrder turned = only(EventKind::kApproved).approved();
    EXPECT_FALSE(turned.is_reduce_only());
    EXPECT_EQ(turned.side(), Side::kSell);
    EXPECT_EQ(turned.quantity(), qty(5));
}

TEST_F(Brackets, a_missing_leg_is_told_and_placed_once_more_then_the_position_is_closed) {
    settings_.execution.order_type = OrderType::kLimit;
    const Legs legs = open(10);
    report(6, legs.stop, ExecKind::kExpired);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kLegMissing);
    const ApprovedOrder again = only(EventKind::kApproved).approved();
    EXPECT_EQ(again.type(), OrderType::kStop);
    out_.clear();
    report(7, again, ExecKind::kRejected, RejectReason::kOther);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kUnprotected);
    const ApprovedOrder close = only(EventKind::kApproved).approved();
    EXPECT_EQ(close.type(), OrderType::kMarket);
    EXPECT_EQ(close.quantity(), qty(10));
    EXPECT_TRUE(close.is_reduce_only());
    out_.clear();
    intend(8, 20);
    report(9, close, ExecKind::kRejected, RejectReason::kOther);
    EXPECT_EQ(count(EventKind::kApproved), 0U);
    beat(2 * kSecond);
    const ApprovedOrder second = only(EventKind::kApproved).approved();
    EXPECT_EQ(second.side(), Side::kSell) << "each beat, whatever is wanted meanwhile";
    EXPECT_EQ(second.type(), OrderType::kMarket);
    out_.clear();
    fill(2 * kSecond + 1, second, 10, 9'990);
    report(2 * kSecond + 2, legs.take, ExecKind::kCancelled);
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(20)) << "then it is pursued";
}

TEST_F(Brackets, wait_for_the_connection_and_need_no_decision_when_it_is_back) {
    start();
    trade(1, 10'000);
    const ApprovedOrder entry = order_for(2, 10);
    send(Event::halt(at(3), EventKind::kHalt, HaltReason::kOrderSession));
    out_.clear();
    fill(4, entry, 10, 10'000);
    EXPECT_EQ(count(EventKind::kApproved), 0U);
    EXPECT_EQ(count(EventKind::kIncident), 0U);
    send(Event::halt(at(5), EventKind::kResume, HaltReason::kOrderSession));
    EXPECT_EQ(count(EventKind::kApproved), 2U);
}

// What is worth just what one order may be: the profit order of it is worth more.
TEST_F(Brackets, are_not_held_to_the_size_of_one_order) {
    settings_.risk.max_order_notional = Money::from_units(1'000);
    settings_.risk.max_order_quantity = qty(10);
    const Legs legs = open(10);
    EXPECT_EQ(legs.take.quantity(), qty(10));
    EXPECT_EQ(count(EventKind::kRefusal), 0U);
    EXPECT_EQ(count(EventKind::kIncident), 0U);
    intend(6, 20);  // in two orders, and legs for both
    const ApprovedOrder more = order_of(OrderType::kMarket);
    out_.clear();
    fill(7, more, 10, 10'000);
    for (const Event& event : out_.emitted_of(EventKind::kApproved))
        EXPECT_EQ(event.approved().quantity(), qty(20));
    EXPECT_EQ(count(EventKind::kApproved), 2U);
}

// Refused because the market had closed: the leg is there as it was, and follows when it opens.
TEST_F(Brackets, a_refusal_while_nothing_can_be_sent_is_no_missing_leg) {
    const Legs legs = open(10);
    intend(6, 20);
    const ApprovedOrder more = order_of(OrderType::kMarket);
    fill(7, more, 10, 10'000);
    out_.clear();
    timer(8, EventKind::kSessionClose);
    for (int times = 0; times < 2; ++times)
        for (const ApprovedOrder& leg : {legs.stop, legs.take})
            report(9, leg, ExecKind::kReplaceRejected, RejectReason::kVenueClosed);
    EXPECT_EQ(count(EventKind::kIncident), 0U);
    out_.clear();
    timer(10, EventKind::kSessionOpen);
    beat(11);
    EXPECT_EQ(count(EventKind::kApproved), 2U);
    EXPECT_EQ(order_of(OrderType::kStop).quantity(), qty(20));
}

TEST_F(Brackets, leave_what_is_quoted_alone_when_a_halt_ends) {
    StrategySettings maker;
    maker.kind = StrategyKind::kMarketMaking;
    settings_.signals.strategies = {maker};
    start();
    quote(1, 9'990, 10'010);
    trade(1, 10'000);
    const Event bar = Event::bar(at(2), Sequence{1}, kSymbol, 0, {});
    const PriceDelta half = PriceDelta::from_raw(cents(10).raw());
    send(Event::quote_intent(bar, {cents(10'000), half, qty(5), qty(50), 0, 1}));
    const ApprovedOrder side = order_of(OrderType::kLimit);
    report(3, side, ExecKind::kAccepted);
    fill(4, side, 5, side.limit().raw() / 10'000'000);
    ASSERT_FALSE(position().is_zero());
    out_.clear();
    send(Event::halt(at(5), EventKind::kHalt, HaltReason::kFeed));
    send(Event::halt(at(6), EventKind::kResume, HaltReason::kFeed));
    for (const Event& event : out_.emitted_of(EventKind::kApproved))
        EXPECT_FALSE(event.approved().is_reduce_only());
}

TEST_F(Brackets, stay_while_halted_and_go_with_the_kill_switch) {
    const Legs legs = open(10);
    send(Event::halt(at(6), EventKind::kHalt, HaltReason::kOperator));
    EXPECT_EQ(count(EventKind::kCancel), 0U);
    send(Event::halt(at(7), EventKind::kHalt, HaltReason::kKill));
    EXPECT_EQ(count(EventKind::kCancel), 2U);
    out_.clear();
    report(8, legs.stop, ExecKind::kCancelled);
    report(8, legs.take, ExecKind::kCancelled);
    EXPECT_EQ(count(EventKind::kApproved) + count(EventKind::kIncident), 0U);
    EXPECT_EQ(count(EventKind::kRefusal), 0U) << "none is asked for";
    send(Event::halt(at(9), EventKind::kResume, HaltReason::kKill));
    EXPECT_EQ(count(EventKind::kApproved), 2U) << "they only reduce, so the other halt lets them";
}

TEST_F(Brackets, go_with_a_session_that_cancels_what_is_open) {
    const Legs legs = open(10);
    timer(6, EventKind::kStop);
    EXPECT_EQ(count(EventKind::kCancel), 2U);
    out_.clear();
    report(7, legs.stop, ExecKind::kCancelled);
    report(7, legs.take, ExecKind::kCancelled);
    EXPECT_EQ(count(EventKind::kApproved) + count(EventKind::kIncident), 0U);
    EXPECT_EQ(stage().open_orders(), 0U);
}

TEST_F(Brackets, stay_until_a_session_that_closes_positions_has_closed_them) {
    settings_.engine.on_stop = OnStop::kFlatten;
    open(10);
    timer(6, EventKind::kStop);
    EXPECT_EQ(count(EventKind::kCancel), 0U);
    const ApprovedOrder close = only(EventKind::kApproved).approved();
    out_.clear();
    fill(7, close, 10, 10'000);
    EXPECT_EQ(count(EventKind::kCancel), 2U);
}

TEST_F(Brackets, a_trailing_stop_says_how_far_behind_it_stays) {
    settings_.bracket.stop = StopKind::kTrailing;
    const Legs legs = open(10);
    EXPECT_EQ(legs.stop.limit(), cents(9'900));
    EXPECT_EQ(legs.stop.distance_bps(), 100);
    EXPECT_FALSE(legs.stop.is_post_only());
}

TEST_F(Brackets, one_that_is_left_out_is_not_there) {
    settings_.bracket.take_profit_bps = 0;
    start();
    trade(1, 10'000);
    const ApprovedOrder entry = order_for(2, 10);
    out_.clear();
    fill(3, entry, 10, 10'000);
    EXPECT_EQ(only(EventKind::kApproved).approved().type(), OrderType::kStop);
}

// Nothing else is open, so nothing has to be waited for.
TEST_F(RiskStageBench, the_kill_switch_does_not_cancel_what_closes_the_position) {
    settings_.risk.on_kill = OnKill::kFlatten;
    start();
    trade(1, 10'000);
    const ApprovedOrder entry = order_for(2, 10);
    fill(3, entry, 10, 10'000);
    out_.clear();
    send(Event::halt(at(4), EventKind::kHalt, HaltReason::kKill));
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(10));
    EXPECT_TRUE(out_.emitted_of(EventKind::kCancel).empty());
}

}  // namespace
}  // namespace sluice::tests::trade_path
