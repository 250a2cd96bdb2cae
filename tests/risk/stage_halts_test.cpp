// What holds new exposure back in the stage: drawdowns, halts, pauses, the kill switch.
#include <gtest/gtest.h>
#include <map>

#include "risk_stage_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class StageHalts : public RiskStageBench {
  protected:
    StageHalts() {
        settings_.report.state_folder = "kept";
        settings_.execution.order_type = OrderType::kMarket;
    }
    void halt(std::int64_t ns, HaltReason reason, SymbolId symbol = core::kNoSymbol) {
        send(Event::halt(at(ns), EventKind::kHalt, reason, symbol));
    }
    void resume(std::int64_t ns, HaltReason reason, SymbolId symbol = core::kNoSymbol) {
        send(Event::halt(at(ns), EventKind::kResume, reason, symbol));
    }
    // Bought at 100.00; 1,000 of 1,000,000 make one tenth of it.
    ApprovedOrder hold(std::int64_t ns, std::int64_t quantity) {
        const ApprovedOrder order = order_for(ns, quantity);
        fill(ns, order, quantity < 0 ? -quantity : quantity, 10'000);
        return order;
    }
    [[nodiscard]] RefusalReason refused() const {
        return only(EventKind::kRefusal).refusal_reason();
    }
    [[nodiscard]] std::vector<IncidentKind> incidents() const {
        std::vector<IncidentKind> out;
        for (const Event& event : out_.emitted_of(EventKind::kIncident))
            out.push_back(event.incident_kind());
        return out;
    }
    [[nodiscard]] std::size_t count(EventKind kind) const { return out_.emitted_of(kind).size(); }
};

TEST_F(StageHalts, a_drawdown_is_seen_at_the_tick_that_reaches_it) {
    settings_.risk.max_drawdown_bps = 100;  // 10,000 of 1,000,000
    start();
    trade(1, 10'000);
    hold(2, 1'000);
    out_.clear();
    trade(3, 9'001);
    EXPECT_TRUE(incidents().empty()) << "9,990 lost";
    trade(4, 9'000);
    EXPECT_EQ(incidents(), std::vector{IncidentKind::kDrawdownBreached});
    out_.clear();
    intend(5, 2'000);
    EXPECT_EQ(refused(), RefusalReason::kDrawdown);
    EXPECT_DOUBLE_EQ(only(EventKind::kRefusal).refusal().observed, 100.0) << "in 1/100 %";
    EXPECT_EQ(only(EventKind::kRefusal).refusal().limit, 100.0);
    intend(6, 500);
    EXPECT_EQ(count(EventKind::kApproved), 1U) << "what makes the position smaller passes";
}

TEST_F(StageHalts, what_a_drawdown_refused_is_pursued_once_it_has_recovered) {
    settings_.risk.window_drawdown_bps = 100;
    start();
    trade(1, 10'000);
    hold(2, 1'000);
    trade(3, 9'000);
    intend(4, 1'500);
    out_.clear();
    trade(5, 9'199);
    beat(kSecond);
    EXPECT_EQ(count(EventKind::kApproved), 0U) << "8,010 below the peak";
    trade(kSecond + 1, 9'200);
    beat(2 * kSecond);
    EXPECT_EQ(incidents(), std::vector{IncidentKind::kDrawdownRecovered});
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(500));
}

TEST_F(StageHalts, a_drawdown_may_close_all_positions) {
    settings_.risk.max_drawdown_bps = 100;
    settings_.risk.on_drawdown = OnDrawdown::kFlatten;
    start();
    trade(1, 10'000);
    hold(2, 1'000);
    out_.clear();
    trade(3, 8'000);
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(1'000));
    EXPECT_EQ(only(EventKind::kApproved).approved().side(), Side::kSell);
}

TEST_F(StageHalts, a_drawdown_cancels_the_orders_that_would_add_to_a_position) {
    settings_.risk.max_drawdown_bps = 100;
    settings_.execution.order_type = OrderType::kLimit;
    start(2);
    trade(1, 10'000);
    trade(1, 10'000, symbol_id(1));
    hold(2, 1'000);
    intend(3, 50, symbol_id(1));  // rests
    out_.clear();
    trade(4, 9'000);
    EXPECT_EQ(only(EventKind::kCancel).symbol(), symbol_id(1));
}

TEST_F(StageHalts, the_operator_begins_the_measure_anew) {
    settings_.risk.max_drawdown_bps = 100;
    start();
    trade(1, 10'000);
    hold(2, 1'000);
    trade(3, 9'000);
    intend(4, 1'100);
    out_.clear();
    resume(5, HaltReason::kDrawdown);
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(100));
}

TEST_F(StageHalts, the_daily_loss_and_a_drawdown_give_reasons_of_their_own) {
    settings_.risk.daily_loss = Money::from_units(5'000);
    settings_.risk.max_drawdown_bps = 100;
    start();
    trade(1, 10'000);
    hold(2, 1'000);
    out_.clear();
    trade(3, 9'500);
    EXPECT_EQ(incidents(), std::vector{IncidentKind::kDailyLossBreached});
    intend(4, 1'100);
    EXPECT_EQ(refused(), RefusalReason::kDailyLoss);
    trade(5, 9'000);
    timer(6, EventKind::kDayStart);
    out_.clear();
    intend(7, 1'200);
    EXPECT_EQ(refused(), RefusalReason::kDrawdown) << "the new day has ended the daily loss only";
}

TEST_F(StageHalts, a_halt_by_hand_holds_entries_back_and_takes_resting_ones_out) {
    settings_.execution.order_type = OrderType::kLimit;
    start();
    trade(1, 10'000);
    intend(2, 10);
    out_.clear();
    halt(3, HaltReason::kOperator);
    EXPECT_EQ(count(EventKind::kCancel), 1U);
    out_.clear();
    halt(4, HaltReason::kOperator);
    EXPECT_EQ(count(EventKind::kCancel), 0U);
    out_.clear();
    intend(5, 10, kSymbol);
    EXPECT_EQ(count(EventKind::kApproved), 0U);
}

TEST_F(StageHalts, refusals_say_which_halt_it_is) {
    start(2);
    trade(1, 10'000);
    trade(1, 10'000, symbol_id(1));
    halt(2, HaltReason::kOperator);
    intend(3, 10);
    EXPECT_EQ(refused(), RefusalReason::kOperatorHalt);
    out_.clear();
    halt(4, HaltReason::kFeed);
    intend(5, 11);
    EXPECT_EQ(refused(), RefusalReason::kHalted);
    resume(6, HaltReason::kFeed);
    resume(7, HaltReason::kOperator);
    EXPECT_EQ(count(EventKind::kApproved), 1U) << "what was wanted is still wanted";
    out_.clear();
    halt(8, HaltReason::kOperator, symbol_id(1));
    intend(9, 10, symbol_id(1));
    EXPECT_EQ(refused(), RefusalReason::kPaused);
    out_.clear();
    resume(10, HaltReason::kOperator, symbol_id(1));
    EXPECT_EQ(only(EventKind::kApproved).symbol(), symbol_id(1));
}

TEST_F(StageHalts, a_paused_instrument_stays_so_when_the_session_is_resumed) {
    start(2);
    trade(1, 10'000);
    halt(2, HaltReason::kOperator, kSymbol);
    halt(3, HaltReason::kOperator);
    resume(4, HaltReason::kOperator);
    intend(5, 10);
    EXPECT_EQ(refused(), RefusalReason::kPaused);
}

TEST_F(StageHalts, the_kill_switch_cancels_what_is_open_and_lets_nothing_out) {
    settings_.execution.order_type = OrderType::kLimit;
    start(2);
    trade(1, 10'000);
    trade(1, 10'000, symbol_id(1));
    hold(2, 10);
    intend(3, 5, symbol_id(1));
    out_.clear();
    halt(4, HaltReason::kKill);
    EXPECT_EQ(only(EventKind::kCancel).symbol(), symbol_id(1));
    EXPECT_EQ(count(EventKind::kApproved), 0U);
    out_.clear();
    intend(5, 0);
    EXPECT_EQ(refused(), RefusalReason::kEmergencyStop) << "not even a smaller position";
}

TEST_F(StageHalts, the_kill_switch_may_close_positions_whatever_is_wanted_meanwhile) {
    settings_.risk.on_kill = OnKill::kFlatten;
    settings_.execution.order_type = OrderType::kLimit;
    start();
    trade(1, 10'000);
    hold(2, 10);
    const ApprovedOrder more = order_for(3, 15);
    report(4, more, ExecKind::kAccepted);
    out_.clear();
    halt(5, HaltReason::kKill);
    EXPECT_EQ(only(EventKind::kCancel).cancel().order, more.id());
    intend(6, 40);
    out_.clear();
    report(7, more, ExecKind::kCancelled);
    const ApprovedOrder out = only(EventKind::kApproved).approved();
    EXPECT_EQ(out.side(), Side::kSell);
    EXPECT_EQ(out.quantity(), qty(10));
    fill(8, out, 10, 10'000);
    EXPECT_EQ(stage().portfolio().position(kSymbol).quantity, Quantity{});
    out_.clear();
    resume(9, HaltReason::kKill);
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(40)) << "wanted again";
}

TEST_F(StageHalts, what_it_says_of_its_limits_makes_the_next_stage_stand_where_this_one_did) {
    settings_.risk.max_drawdown_bps = 200;
    settings_.risk.window_drawdown_bps = 100;
    start();
    trade(1, 10'000);
    hold(2, 1'000);
    trade(3, 11'000);
    trade(4, 9'500);
    timer(5, EventKind::kEnd);
    const std::vector<Event> marks = out_.emitted_of(EventKind::kRiskMark);
    ASSERT_FALSE(marks.empty());
    start();
    for (const Event& mark : marks)
        send(Event::risk_mark(at(6), {}, EventKind::kRestore, mark.risk_item(), mark.risk_mark()));
    trade(7, 10'000);
    intend(8, 10);
    EXPECT_EQ(refused(), RefusalReason::kWindowDrawdown) << "15,000 of 1,010,000 below the peak";
    out_.clear();
    timer(9, EventKind::kEnd);
    std::vector<Event> again = out_.emitted_of(EventKind::kRiskMark);
    ASSERT_GE(again.size(), 5U);
    std::map<RiskItem, Money> before;
    std::map<RiskItem, Money> after;
    for (const Event& mark : marks) before[mark.risk_item()] = mark.risk_mark().value.money();
    for (const Event& mark : again) after[mark.risk_item()] = mark.risk_mark().value.money();
    EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace sluice::tests::trade_path
