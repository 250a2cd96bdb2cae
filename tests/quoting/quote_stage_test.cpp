// The risk stage keeps a quote: one order a side, moved with its price, pulled when it must be.
#include <gtest/gtest.h>

#include "quoting_support.hpp"
#include "risk_stage_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class Quotes : public RiskStageBench {
  protected:
    Quotes() {
        settings_.bars.price = BarPrice::kMid;
        settings_.signals.strategies = {maker_of({}, Nanos{kSecond})};
        settings_.risk.max_position = qty(250);
        start();
        quote(1, 9'990, 10'010);
    }
    // Around `mid_cents`, ten cents to each side, skewed by five cents for each hundred held.
    void want(std::int64_t ns, std::int64_t mid_cents, std::int64_t size = 100) {
        const Event bar = bar_at(at(ns), 0, 0, cents(mid_cents));
        send(Event::quote_intent(bar, {cents(mid_cents), PriceDelta::from_raw(cents(10).raw()),
                                       qty(size), most_, 500, requote_ticks_}));
    }
    [[nodiscard]] std::vector<ApprovedOrder> sent() {
        std::vector<ApprovedOrder> orders;
        for (const Event& e : out_.emitted_of(EventKind::kApproved)) orders.push_back(e.approved());
        out_.clear();
        return orders;
    }
    // Both sides of a first quote, accepted.
    std::pair<ApprovedOrder, ApprovedOrder> quoted() {
        want(2, 10'000);
        const auto orders = sent();
        EXPECT_EQ(orders.size(), 2U);
        for (const ApprovedOrder& order : orders) report(3, order, ExecKind::kAccepted);
        EXPECT_TRUE(sent().empty());
        return {orders.at(0), orders.at(1)};
    }
    [[nodiscard]] std::size_t cancels() const { return out_.emitted_of(EventKind::kCancel).size(); }

    Quantity most_ = qty(1'000);
    std::uint32_t requote_ticks_ = 1;
};

TEST_F(Quotes, are_one_day_order_on_each_side_of_the_midpoint) {
    const auto [bid, ask] = quoted();
    EXPECT_EQ(bid.side(), Side::kBuy);
    EXPECT_EQ(bid.limit(), cents(9'990));
    EXPECT_EQ(bid.quantity(), qty(100));
    EXPECT_EQ(bid.type(), OrderType::kLimit);
    EXPECT_EQ(bid.time_in_force(), TimeInForce::kDay);
    EXPECT_EQ(ask.side(), Side::kSell);
    EXPECT_EQ(ask.limit(), cents(10'010));
}

TEST_F(Quotes, stay_while_their_prices_do_and_are_replaced_when_those_move_by_a_tick) {
    const auto [bid, ask] = quoted();
    want(4, 10'000);
    EXPECT_TRUE(sent().empty());
    want(5, 10'001);
    const auto moved = sent();
    ASSERT_EQ(moved.size(), 2U);
    EXPECT_TRUE(moved[0].is_replacement() && moved[1].is_replacement());
    EXPECT_EQ(moved[0].id(), bid.id());
    EXPECT_EQ(moved[0].limit(), cents(9'991));
    EXPECT_EQ(moved[1].limit(), cents(10'011));
}

TEST_F(Quotes, wait_for_the_answer_to_a_replacement_and_then_go_to_where_they_belong_by_now) {
    const auto [bid, ask] = quoted();
    want(4, 10'001);
    const auto moved = sent();
    want(5, 10'002);
    want(6, 10'003);
    EXPECT_TRUE(sent().empty()) << "both replacements are in flight";
    replaced(7, moved[0]);
    const auto again = sent();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].id(), bid.id());
    EXPECT_EQ(again[0].limit(), cents(9'993));
}

TEST_F(Quotes, move_away_from_the_inventory_at_once_after_a_fill) {
    const auto [bid, ask] = quoted();
    fill(4, bid, 100, 9'990);
    const auto orders = sent();
    ASSERT_EQ(orders.size(), 2U) << "a new bid, and the ask replaced";
    EXPECT_EQ(orders[0].side(), Side::kBuy);
    EXPECT_FALSE(orders[0].is_replacement());
    EXPECT_EQ(orders[0].limit(), cents(9'985));
    EXPECT_TRUE(orders[1].is_replacement());
    EXPECT_EQ(orders[1].limit(), cents(10'005));
}

TEST_F(Quotes, keep_what_is_left_of_a_side_that_filled_in_part) {
    const auto [bid, ask] = quoted();
    fill(4, bid, 40, 9'990);
    const auto orders = sent();
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_TRUE(orders[0].is_replacement());
    EXPECT_EQ(orders[0].quantity(), qty(100)) << "the total, with what has filled";
    EXPECT_EQ(orders[0].limit(), cents(9'988));
}

TEST_F(Quotes, ask_for_no_more_than_the_position_limit_leaves) {
    const auto [bid, ask] = quoted();
    fill(4, bid, 100, 9'990);
    auto orders = sent();
    report(5, orders[0], ExecKind::kAccepted);
    fill(6, orders[0], 100, 9'985);  // 200 of 250 held
    orders = sent();
    ASSERT_FALSE(orders.empty());
    EXPECT_EQ(orders[0].side(), Side::kBuy);
    EXPECT_EQ(orders[0].quantity(), qty(50));
    report(7, orders[0], ExecKind::kAccepted);
    fill(8, orders[0], 50, 9'980);
    for (const ApprovedOrder& order : sent()) EXPECT_EQ(order.side(), Side::kSell);
    EXPECT_TRUE(out_.emitted_of(EventKind::kRefusal).empty());
}

TEST_F(Quotes, stay_a_tick_away_from_the_other_side_of_the_market) {
    quote(2, 10'040, 10'060);
    want(3, 10'000);  // from before the market rose
    const auto orders = sent();
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(orders[0].limit(), cents(9'990));
    EXPECT_EQ(orders[1].limit(), cents(10'041)) << "above the best bid";
}

TEST_F(Quotes, are_pulled_by_a_halt_a_session_that_closes_and_a_stop) {
    for (const EventKind kind : {EventKind::kHalt, EventKind::kSessionClose, EventKind::kStop}) {
        start();
        quote(1, 9'990, 10'010);
        const auto [bid, ask] = quoted();
        if (kind == EventKind::kHalt) {
            send(Event::halt(at(4), kind, HaltReason::kFeed));
        } else {
            timer(4, kind);
        }
        EXPECT_EQ(cancels(), 2U);
        report(5, bid, ExecKind::kCancelled);
        report(5, ask, ExecKind::kCancelled);
        out_.clear();
        if (kind != EventKind::kSessionClose) want(6, 10'000);
        EXPECT_TRUE(sent().empty());
        EXPECT_EQ(stage().open_orders(), 0U);
    }
}

TEST_F(Quotes, come_back_with_the_next_decision_after_a_halt) {
    const auto [bid, ask] = quoted();
    send(Event::halt(at(4), EventKind::kHalt, HaltReason::kFeed));
    report(5, bid, ExecKind::kCancelled);
    report(5, ask, ExecKind::kCancelled);
    send(Event::halt(at(6), EventKind::kResume, HaltReason::kFeed));
    out_.clear();
    want(7, 10'000);
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(Quotes, end_and_the_position_is_closed_when_the_stop_flattens) {
    settings_.engine.on_stop = OnStop::kFlatten;
    start();
    quote(1, 9'990, 10'010);
    const auto [bid, ask] = quoted();
    fill(4, bid, 40, 9'990);
    (void)sent();
    timer(5, EventKind::kStop);
    EXPECT_EQ(cancels(), 2U);
    report(6, bid, ExecKind::kCancelled);
    report(6, ask, ExecKind::kCancelled);
    const auto orders = sent();
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].side(), Side::kSell);
    EXPECT_EQ(orders[0].quantity(), qty(40));
}

TEST_F(Quotes, that_the_venue_refuses_are_not_asked_for_again_before_the_next_decision) {
    want(2, 10'000);
    const auto orders = sent();
    report(3, orders.at(0), ExecKind::kRejected, RejectReason::kBadPrice);
    EXPECT_TRUE(sent().empty());
    want(4, 10'000);
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(Quotes, ask_for_no_more_than_their_own_inventory_limit_leaves) {
    most_ = qty(130);
    const auto [bid, ask] = quoted();
    fill(4, bid, 100, 9'990);
    const auto orders = sent();
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(orders[0].side(), Side::kBuy);
    EXPECT_EQ(orders[0].quantity(), qty(30));
}

TEST_F(Quotes, of_which_the_limit_has_shrunk_are_cancelled_and_come_back_smaller) {
    const auto [bid, ask] = quoted();
    most_ = qty(60);
    want(4, 10'000);
    EXPECT_EQ(cancels(), 2U);
    out_.clear();
    report(5, bid, ExecKind::kCancelled);
    report(6, ask, ExecKind::kCancelled);
    const auto orders = sent();
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(orders[0].quantity(), qty(60));
    EXPECT_EQ(orders[1].quantity(), qty(60));
}

TEST_F(Quotes, stay_until_their_price_has_moved_by_the_least_move) {
    requote_ticks_ = 3;
    (void)quoted();
    want(4, 10'002);
    EXPECT_TRUE(sent().empty());
    want(5, 10'003);
    const auto moved = sent();
    ASSERT_EQ(moved.size(), 2U);
    EXPECT_EQ(moved[0].limit(), cents(9'993));
    EXPECT_EQ(moved[1].limit(), cents(10'013));
}

TEST_F(Quotes, that_move_past_their_own_ask_move_the_ask_first_and_the_bid_when_it_has_gone) {
    (void)quoted();
    quote(4, 10'190, 10'210);
    want(5, 10'200);  // bid 101.90, above the ask that still stands at 100.10
    auto orders = sent();
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].side(), Side::kSell);
    EXPECT_EQ(orders[0].limit(), cents(10'210));
    replaced(6, orders[0]);
    orders = sent();
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].side(), Side::kBuy);
    EXPECT_EQ(orders[0].limit(), cents(10'190));
}

TEST_F(Quotes, do_not_meet_an_order_of_theirs_that_the_venue_would_not_move) {
    (void)quoted();
    quote(4, 9'790, 9'810);
    want(5, 9'800);  // ask 98.10, below the bid that still stands at 99.90
    auto orders = sent();
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].side(), Side::kBuy);
    report(6, orders[0], ExecKind::kReplaceRejected);
    EXPECT_TRUE(sent().empty()) << "the ask would meet the bid at 99.90";
    want(7, 9'800);
    orders = sent();
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].side(), Side::kBuy) << "the next decision tries again";
}

TEST_F(Quotes, are_made_around_the_close_where_the_data_have_no_quotes) {
    settings_.bars.price = BarPrice::kTrade;
    start();
    trade(1, 10'000);
    want(2, 10'000);
    const auto orders = sent();
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(orders[0].limit(), cents(9'990));
    EXPECT_EQ(orders[1].limit(), cents(10'010));
}

TEST_F(Quotes, of_bars_of_trades_know_the_market_and_stay_out_of_it_too) {
    settings_.bars.price = BarPrice::kTrade;
    start();
    trade(1, 10'000);
    quote(2, 10'040, 10'060);
    want(3, 10'000);
    const auto orders = sent();
    ASSERT_EQ(orders.size(), 2U);
    EXPECT_EQ(orders[1].limit(), cents(10'041));
}

TEST_F(Quotes, are_not_made_in_a_market_with_one_side) {
    start();
    send(Event::quote(at(1), kSymbol, {cents(9'990), Price{}, qty(1), qty(0), 0}));
    want(2, 10'000);
    EXPECT_TRUE(sent().empty());
}

TEST_F(Quotes, of_a_paused_instrument_are_pulled_and_those_of_another_stay) {
    start(2);
    quote(1, 9'990, 10'010);
    const auto [bid, ask] = quoted();
    send(Event::halt(at(4), EventKind::kHalt, HaltReason::kOperator, symbol_id(1)));
    EXPECT_EQ(cancels(), 0U);
    send(Event::halt(at(5), EventKind::kHalt, HaltReason::kOperator, kSymbol));
    EXPECT_EQ(cancels(), 2U);
    report(6, bid, ExecKind::kCancelled);
    report(6, ask, ExecKind::kCancelled);
    out_.clear();
    want(7, 10'000);
    EXPECT_TRUE(sent().empty());
    EXPECT_TRUE(out_.emitted_of(EventKind::kRefusal).empty()) << "nothing was even asked for";
    send(Event::halt(at(8), EventKind::kResume, HaltReason::kOperator, kSymbol));
    want(9, 10'000);
    EXPECT_EQ(sent().size(), 2U);
}

TEST_F(Quotes, are_pulled_by_the_kill_switch_and_the_position_closed_where_that_flattens) {
    for (const OnKill on_kill : {OnKill::kCancel, OnKill::kFlatten}) {
        settings_.risk.on_kill = on_kill;
        start();
        quote(1, 9'990, 10'010);
        const auto [bid, ask] = quoted();
        fill(4, bid, 40, 9'990);
        for (const ApprovedOrder& moved : sent()) replaced(5, moved);
        out_.clear();
        send(Event::halt(at(6), EventKind::kHalt, HaltReason::kKill));
        EXPECT_EQ(cancels(), 2U);
        report(7, bid, ExecKind::kCancelled);
        report(7, ask, ExecKind::kCancelled);
        const auto orders = sent();
        ASSERT_EQ(orders.size(), on_kill == OnKill::kFlatten ? 1U : 0U);
        for (const ApprovedOrder& closing : orders) EXPECT_EQ(closing.quantity(), qty(40));
        want(8, 10'000);
        EXPECT_TRUE(sent().empty());
    }
}

TEST_F(Quotes, of_no_size_are_pulled) {
    (void)quoted();
    want(4, 10'000, 0);
    EXPECT_EQ(cancels(), 2U);
}

}  // namespace
}  // namespace sluice::tests::trade_path
