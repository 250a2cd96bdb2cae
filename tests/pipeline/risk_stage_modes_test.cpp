// The risk stage over time: repricing, second tries, the operator's stop, the daily loss, and the
// equity it reports.
#include <sluice/pipeline/hot/risk_stage.hpp>

#include <optional>

#include <gtest/gtest.h>

#include "risk_stage_support.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::int64_t kMs = 1'000'000;

class RiskStageReprice : public RiskStageBench {
  protected:
    RiskStageReprice() {
        settings_.execution.order_type = OrderType::kLimit;
        settings_.execution.reprice_after = Nanos{1 * kSecond};
    }
    // A live limit order for 30 at 100.00.
    ApprovedOrder resting() {
        start();
        trade(0, 100'00);
        const ApprovedOrder order = order_for(1, 30);
        report(2, order, ExecKind::kAccepted);
        out_.clear();
        return order;
    }
};

TEST_F(RiskStageReprice, a_resting_order_the_market_left_behind_gets_new_terms_through_the_gate) {
    const ApprovedOrder order = resting();
    fill(3, order, 10, 100'00);
    trade(500 * kMs, 101'00);
    beat(999 * kMs);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty()) << "not before its time";
    beat(1'001 * kMs);
    const ApprovedOrder replacement = only(EventKind::kApproved).approved();
    EXPECT_TRUE(replacement.is_replacement());
    EXPECT_EQ(replacement.id(), order.id());
    EXPECT_EQ(replacement.limit(), cents(101'00));
    EXPECT_EQ(replacement.quantity(), qty(30)) << "the total, with what has filled";
}

TEST_F(RiskStageReprice, an_order_at_the_market_or_not_yet_accepted_stays_as_it_is) {
    (void)resting();
    beat(5 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    start();
    trade(0, 100'00);
    (void)order_for(1, 30);
    out_.clear();
    trade(2, 101'00);
    beat(5 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
}

TEST_F(RiskStageReprice, one_replacement_is_under_way_at_a_time) {
    const ApprovedOrder order = resting();
    trade(3, 101'00);
    beat(2 * kSecond);
    const ApprovedOrder replacement = only(EventKind::kApproved).approved();
    out_.clear();
    trade(2 * kSecond, 102'00);
    beat(9 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    replaced(9 * kSecond + 1, replacement);
    beat(10 * kSecond);
    EXPECT_EQ(only(EventKind::kApproved).approved().limit(), cents(102'00));
    EXPECT_TRUE(out_.emitted_of(EventKind::kIncident).empty());
    out_.clear();
    report(11 * kSecond, order, ExecKind::kReplaceRejected, RejectReason::kBadPrice);
    trade(11 * kSecond, 103'00);
    beat(12 * kSecond);
    EXPECT_EQ(only(EventKind::kApproved).approved().limit(), cents(103'00))
        << "a refused replacement is tried again";
}

TEST_F(RiskStageReprice, a_replaced_order_stands_at_its_new_price) {
    (void)resting();
    trade(3, 101'00);
    beat(2 * kSecond);
    replaced(3 * kSecond, only(EventKind::kApproved).approved());
    out_.clear();
    beat(9 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    trade(9 * kSecond, 100'00);
    beat(10 * kSecond);
    EXPECT_EQ(only(EventKind::kApproved).approved().limit(), cents(100'00));
}

TEST_F(RiskStageReprice, an_order_about_to_be_cancelled_is_not_repriced) {
    (void)resting();
    intend(3, 0);
    out_.clear();
    trade(4, 101'00);
    beat(5 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
}

TEST_F(RiskStageReprice, new_terms_that_break_a_limit_are_refused_and_the_order_stays) {
    settings_.risk.max_order_notional = Money::from_units(3'000);  // 30 at 100
    (void)resting();
    trade(3, 101'00);
    beat(2 * kSecond);
    EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), RefusalReason::kMaxOrderNotional);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    EXPECT_EQ(stage().open_orders(), 1U);
}

TEST_F(RiskStageReprice, the_position_limit_does_not_count_the_order_twice) {
    settings_.risk.max_position = qty(30);
    (void)resting();
    trade(3, 101'00);
    beat(2 * kSecond);
    EXPECT_TRUE(only(EventKind::kApproved).approved().is_replacement());
}

class RiskStageRetry : public RiskStageBench {
  protected:
    RiskStageRetry() {
        settings_.execution.time_in_force = TimeInForce::kIoc;
        settings_.execution.retry_after = Nanos{2 * kSecond};
    }
};

TEST_F(RiskStageRetry, what_the_venue_let_expire_is_tried_again_after_a_while) {
    start();
    trade(0, 100'00);
    const ApprovedOrder order = order_for(1, 30);
    fill(2, order, 12, 100'00);
    report(3, order, ExecKind::kExpired);
    out_.clear();
    beat(2 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    beat(2 * kSecond + 3);
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(18));
    out_.clear();
    beat(9 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty()) << "once per expiry";
}

TEST_F(RiskStageRetry, a_cancelled_or_rejected_order_is_not_tried_again) {
    start();
    trade(0, 100'00);
    report(2, order_for(1, 30), ExecKind::kRejected, RejectReason::kVenueClosed);
    report(4, order_for(3, 30), ExecKind::kCancelled);
    out_.clear();
    beat(9 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
}

TEST_F(RiskStageRetry, a_new_target_takes_the_place_of_the_second_try) {
    start();
    trade(0, 100'00);
    report(2, order_for(1, 30), ExecKind::kExpired);
    fill(4, order_for(3, -5), 5, 100'00);
    out_.clear();
    beat(9 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
}

TEST_F(RiskStageRetry, without_the_setting_there_is_no_second_try) {
    settings_.execution.retry_after = Nanos{0};
    start();
    trade(0, 100'00);
    report(2, order_for(1, 30), ExecKind::kExpired);
    out_.clear();
    beat(3'600 * kSecond);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
}

class RiskStageStop : public RiskStageBench {
  protected:
    // Two instruments: 20 held of the first with 10 more under way, 15 under way of the second.
    void trade_two(OnStop on_stop) {
        settings_.engine.on_stop = on_stop;
        start(2);
        trade(0, 100'00);
        trade(0, 50'00, symbol_id(1));
        fill(2, order_for(1, 20), 20, 100'00);
        first_ = order_for(3, 30);
        intend(4, -15, symbol_id(1));
        second_ = out_.emitted_of(EventKind::kApproved).back().approved();
        out_.clear();
    }
    std::optional<ApprovedOrder> first_;
    std::optional<ApprovedOrder> second_;
};

TEST_F(RiskStageStop, cancel_cancels_every_open_order_and_keeps_positions) {
    trade_two(OnStop::kCancel);
    timer(5, EventKind::kStop);
    EXPECT_EQ(out_.emitted_of(EventKind::kCancel).size(), 2U);
    report(6, *first_, ExecKind::kCancelled);
    report(6, *second_, ExecKind::kCancelled);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    EXPECT_EQ(stage().portfolio().position(kSymbol).quantity, qty(20));
    EXPECT_EQ(stage().open_orders(), 0U);
}

TEST_F(RiskStageStop, leave_leaves_open_orders_as_they_are) {
    trade_two(OnStop::kLeave);
    timer(5, EventKind::kStop);
    EXPECT_TRUE(out_.emitted.empty());
    EXPECT_EQ(stage().open_orders(), 2U);
}

TEST_F(RiskStageStop, flatten_cancels_what_is_open_and_then_closes_what_is_held) {
    trade_two(OnStop::kFlatten);
    timer(5, EventKind::kStop);
    EXPECT_EQ(out_.emitted_of(EventKind::kCancel).size(), 2U);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    report(6, *first_, ExecKind::kCancelled);
    report(6, *second_, ExecKind::kCancelled);
    const ApprovedOrder closing = only(EventKind::kApproved).approved();
    EXPECT_EQ(closing.symbol(), kSymbol);
    EXPECT_EQ(closing.side(), Side::kSell);
    EXPECT_EQ(closing.quantity(), qty(20));
}

TEST_F(RiskStageStop, after_a_stop_nothing_opens_a_position) {
    trade_two(OnStop::kCancel);
    timer(5, EventKind::kStop);
    report(6, *first_, ExecKind::kCancelled);
    out_.clear();
    intend(7, 25);
    EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), RefusalReason::kHalted);
}

TEST_F(RiskStageStop, cancel_sends_no_order_for_a_target_that_was_waiting) {
    trade_two(OnStop::kCancel);
    intend(4, 0);  // the first instrument: its order is being cancelled to sell the 20 held
    out_.clear();
    timer(5, EventKind::kStop);
    report(6, *first_, ExecKind::kCancelled);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty()) << "the stop only cancels";
}

class RiskStageDailyLoss : public RiskStageBench {
  protected:
    // 100 held at 100.00, and a loss of 5.00 a unit allowed.
    void hold() {
        settings_.risk.daily_loss = Money::from_units(500);
        start(2);
        trade(0, 100'00);
        trade(0, 10'00, symbol_id(1));
        fill(2, order_for(1, 100), 100, 100'00);
        out_.clear();
    }
};

TEST_F(RiskStageDailyLoss, the_breach_is_one_incident_exactly_at_the_limit) {
    hold();
    send(Event::trade(at(3), kSymbol, {Price::from_raw(cents(95'00).raw() + 1), qty(1), 0, 0, 0}));
    EXPECT_TRUE(out_.emitted.empty());
    trade(4, 95'00);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kDailyLossBreached);
    trade(5, 94'00);
    trade(6, 99'00);
    trade(7, 90'00);
    EXPECT_EQ(out_.emitted_of(EventKind::kIncident).size(), 1U);
}

TEST_F(RiskStageDailyLoss, a_loss_by_fills_alone_counts_too) {
    hold();
    const ApprovedOrder order = order_for(3, 0);
    out_.clear();
    fill(4, order, 50, 90'00);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kDailyLossBreached);
}

TEST_F(RiskStageDailyLoss, after_the_breach_positions_may_only_shrink) {
    hold();
    trade(4, 90'00);
    out_.clear();
    intend(5, 101);
    EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), RefusalReason::kDailyLoss);
    EXPECT_DOUBLE_EQ(only(EventKind::kRefusal).refusal().observed, 1'000.0);
    EXPECT_DOUBLE_EQ(only(EventKind::kRefusal).refusal().limit, 500.0);
    out_.clear();
    intend(6, 10, symbol_id(1));
    EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), RefusalReason::kDailyLoss);
    EXPECT_EQ(order_for(7, 40).quantity(), qty(60));
}

TEST_F(RiskStageDailyLoss, halt_keeps_the_position_and_flatten_closes_it) {
    hold();
    trade(4, 95'00);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    settings_.risk.on_daily_loss = OnDailyLoss::kFlatten;
    hold();
    trade(4, 95'00);
    const ApprovedOrder closing = only(EventKind::kApproved).approved();
    EXPECT_EQ(closing.side(), Side::kSell);
    EXPECT_EQ(closing.quantity(), qty(100));
}

TEST_F(RiskStageDailyLoss, flatten_waits_for_no_auction_and_stays_until_it_is_filled) {
    settings_.risk.on_daily_loss = OnDailyLoss::kFlatten;
    for (const TimeInForce tif : {TimeInForce::kClosing, TimeInForce::kIoc, TimeInForce::kFok}) {
        settings_.execution.time_in_force = tif;
        hold();
        EXPECT_EQ(order_for(3, 90).time_in_force(), tif) << "as configured for what is wanted";
        hold();
        trade(4, 95'00);
        EXPECT_EQ(only(EventKind::kApproved).approved().time_in_force(), TimeInForce::kGtc);
    }
}

TEST_F(RiskStageDailyLoss, a_new_day_starts_from_the_equity_it_finds) {
    hold();
    trade(4, 95'00);
    timer(5, EventKind::kDayStart);
    out_.clear();
    EXPECT_EQ(order_for(6, 101).quantity(), qty(1));
    out_.clear();
    trade(7, 90'01);
    EXPECT_TRUE(out_.emitted_of(EventKind::kIncident).empty());
    trade(8, 90'00);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kDailyLossBreached);
}

class RiskStageEquity : public RiskStageBench {};

TEST_F(RiskStageEquity, is_sampled_at_the_first_beat_then_at_every_interval_and_at_the_end) {
    settings_.report.equity_every = Nanos{2 * kSecond};
    start();
    for (std::int64_t s = 1; s <= 6; ++s) beat(s * kSecond);
    auto samples = out_.emitted_of(EventKind::kEquity);
    ASSERT_EQ(samples.size(), 3U);
    EXPECT_EQ(samples[0].time(), at(1 * kSecond));
    EXPECT_EQ(samples[1].time(), at(3 * kSecond));
    EXPECT_EQ(samples[2].time(), at(5 * kSecond));
    timer(6 * kSecond + 1, EventKind::kEnd);
    samples = out_.emitted_of(EventKind::kEquity);
    ASSERT_EQ(samples.size(), 4U);
    EXPECT_EQ(samples[3].time(), at(6 * kSecond + 1));
    EXPECT_EQ(samples[3].equity().equity.money(), Money::from_units(1'000'000));
}

TEST_F(RiskStageEquity, carries_equity_and_realised_profit) {
    start();
    trade(0, 100'00);
    fill(2, order_for(1, 10), 10, 100'00, 100);
    fill(4, order_for(3, 4), 6, 102'00, 100);
    trade(5, 103'00);
    out_.clear();
    beat(6);
    const Equity sample = only(EventKind::kEquity).equity();
    EXPECT_EQ(sample.realised.money(), Money::from_units(12));
    EXPECT_EQ(sample.equity.money(), Money::from_units(1'000'000 + 12 + 12 - 2));
}

TEST_F(RiskStageEquity, marks_at_the_mid_where_bars_are_built_from_quotes) {
    settings_.bars.price = BarPrice::kMid;
    start();
    quote(0, 99'00, 101'00);
    fill(2, order_for(1, 10), 10, 100'00);
    trade(3, 150'00);  // no mark
    quote(4, 109'00, 111'00);
    EXPECT_EQ(stage().portfolio().equity(), Money::from_units(1'000'100));
}

class RiskStageSession : public RiskStageBench {};

TEST_F(RiskStageSession, orders_pass_only_between_open_and_close) {
    settings_.clock.session_enabled = true;
    start();
    trade(0, 100'00);
    intend(1, 10);
    EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), RefusalReason::kOutsideSession);
    timer(2, EventKind::kSessionOpen);
    fill(4, order_for(3, 10), 10, 100'00);
    timer(5, EventKind::kSessionClose);
    out_.clear();
    intend(6, 0);
    EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), RefusalReason::kOutsideSession);
}

}  // namespace
}  // namespace sluice::tests::trade_path
