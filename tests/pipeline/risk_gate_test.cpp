// The one gate, limit by limit: at the limit an order passes, one unit beyond it does not.
#include <sluice/pipeline/hot/risk_gate.hpp>

#include <optional>

#include <gtest/gtest.h>

#include "trade_path_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class RiskGateLimits : public testing::Test {
  protected:
    RiskSettings limits_ = wide_limits();
    Portfolio books_{Money::from_units(1'000'000), 2};
    Exposure exposure_{Quantity{}, Quantity{}, Quantity{}, qty(1), cents(100'00)};
    StreamTime now_ = at(5 * kSecond);
    OrderId id_ = order_id(1);

    static Proposal market(Side side, Quantity quantity) {
        return {kSymbol, side, OrderType::kMarket, TimeInForce::kGtc, quantity, Price{}};
    }
    static Proposal limit(Side side, Quantity quantity, Price price) {
        return {kSymbol, side, OrderType::kLimit, TimeInForce::kDay, quantity, price};
    }
    // Nothing when approved.
    std::optional<RefusalReason> judge(RiskGate& gate, const Proposal& proposal) {
        const auto verdict = gate.judge(proposal, exposure_, books_, now_, id_);
        if (verdict.approved()) return std::nullopt;
        observed_ = verdict.observed();
        limit_ = verdict.limit();
        return verdict.reason();
    }
    std::optional<RefusalReason> judge(const Proposal& proposal) {
        RiskGate gate{limits_};
        return judge(gate, proposal);
    }

    static constexpr std::nullopt_t kApproved = std::nullopt;
    double observed_ = 0;
    double limit_ = 0;
};

TEST_F(RiskGateLimits, an_approved_order_carries_exactly_what_was_proposed) {
    RiskGate gate{limits_};
    const auto verdict =
        gate.judge(limit(Side::kSell, qty(7), cents(101'00)), exposure_, books_, now_, order_id(9));
    ASSERT_TRUE(verdict.approved());
    const ApprovedOrder& order = verdict.order();
    EXPECT_EQ(order.id(), order_id(9));
    EXPECT_EQ(order.limit(), cents(101'00));
    EXPECT_EQ(order.quantity(), qty(7));
    EXPECT_EQ(order.symbol(), kSymbol);
    EXPECT_EQ(order.side(), Side::kSell);
    EXPECT_EQ(order.type(), OrderType::kLimit);
    EXPECT_EQ(order.time_in_force(), TimeInForce::kDay);
    EXPECT_FALSE(order.is_replacement());
}

TEST_F(RiskGateLimits, a_replacement_carries_the_new_total) {
    RiskGate gate{limits_};
    const auto verdict = gate.judge_replacement(limit(Side::kBuy, qty(7), cents(100'00)), qty(10),
                                                exposure_, books_, now_, order_id(9));
    ASSERT_TRUE(verdict.approved());
    EXPECT_TRUE(verdict.order().is_replacement());
    EXPECT_EQ(verdict.order().quantity(), qty(10));
    EXPECT_EQ(verdict.order().id(), order_id(9));
}

TEST_F(RiskGateLimits, a_refused_verdict_gives_no_order_away) {
    limits_.max_order_quantity = qty(10);
    RiskGate gate{limits_};
    const auto verdict = gate.judge(market(Side::kBuy, qty(11)), exposure_, books_, now_, id_);
    ASSERT_FALSE(verdict.approved());
    EXPECT_DEATH((void)verdict.order(), "");
}

TEST_F(RiskGateLimits, max_order_quantity_holds_to_the_unit) {
    limits_.max_order_quantity = qty(10);
    exposure_.lot = Quantity::from_raw(1);
    EXPECT_EQ(judge(market(Side::kBuy, qty(10))), kApproved);
    EXPECT_EQ(judge(market(Side::kBuy, qty(10) + Quantity::from_raw(1))),
              RefusalReason::kMaxOrderQuantity);
    EXPECT_DOUBLE_EQ(observed_, 10.00000001);
    EXPECT_DOUBLE_EQ(limit_, 10.0);
}

TEST_F(RiskGateLimits, max_order_quantity_holds_for_a_reducing_order_too) {
    limits_.max_order_quantity = qty(10);
    exposure_.position = qty(100);
    EXPECT_EQ(judge(market(Side::kSell, qty(10))), kApproved);
    EXPECT_EQ(judge(market(Side::kSell, qty(11))), RefusalReason::kMaxOrderQuantity);
}

TEST_F(RiskGateLimits, max_order_notional_uses_the_worse_of_limit_and_market) {
    limits_.max_order_notional = Money::from_units(1'000);  // ten at 100
    EXPECT_EQ(judge(market(Side::kBuy, qty(10))), kApproved);
    EXPECT_EQ(judge(market(Side::kBuy, qty(11))), RefusalReason::kMaxOrderNotional);
    EXPECT_DOUBLE_EQ(observed_, 1'100.0);
    EXPECT_DOUBLE_EQ(limit_, 1'000.0);
    EXPECT_EQ(judge(limit(Side::kBuy, qty(10), cents(100'00))), kApproved);
    EXPECT_EQ(judge(limit(Side::kBuy, qty(10), Price::from_raw(cents(100'00).raw() + 1))),
              RefusalReason::kMaxOrderNotional);
    EXPECT_EQ(judge(limit(Side::kSell, qty(11), cents(90'00))), RefusalReason::kMaxOrderNotional)
        << "a sale below the market may fill at the market";
}

TEST_F(RiskGateLimits, price_distance_holds_to_the_unit_on_both_sides) {
    limits_.max_price_distance_bps = 50;  // half a percent: 99.50 to 100.50
    for (const Side side : {Side::kBuy, Side::kSell}) {
        EXPECT_EQ(judge(limit(side, qty(1), cents(100'50))), kApproved);
        EXPECT_EQ(judge(limit(side, qty(1), cents(99'50))), kApproved);
        EXPECT_EQ(judge(limit(side, qty(1), Price::from_raw(cents(100'50).raw() + 1))),
                  RefusalReason::kPriceDistance);
        EXPECT_EQ(judge(limit(side, qty(1), Price::from_raw(cents(99'50).raw() - 1))),
                  RefusalReason::kPriceDistance);
    }
    EXPECT_NEAR(observed_, 50.0, 1e-3);
    EXPECT_DOUBLE_EQ(limit_, 50.0);
}

TEST_F(RiskGateLimits, price_distance_does_not_concern_a_market_order) {
    limits_.max_price_distance_bps = 1;
    EXPECT_EQ(judge(market(Side::kBuy, qty(1))), kApproved);
}

TEST_F(RiskGateLimits, max_position_counts_open_orders_of_the_same_side) {
    limits_.max_position = qty(100);
    exposure_.position = qty(50);
    exposure_.working_buy = qty(30);
    exposure_.working_sell = qty(40);
    EXPECT_EQ(judge(market(Side::kBuy, qty(20))), kApproved);
    EXPECT_EQ(judge(market(Side::kBuy, qty(21))), RefusalReason::kMaxPosition);
    EXPECT_DOUBLE_EQ(observed_, 101.0);
    EXPECT_DOUBLE_EQ(limit_, 100.0);
    EXPECT_EQ(judge(market(Side::kSell, qty(110))), kApproved);
    EXPECT_EQ(judge(market(Side::kSell, qty(111))), RefusalReason::kMaxPosition);
}

TEST_F(RiskGateLimits, max_position_is_the_same_for_long_and_short) {
    limits_.max_position = qty(100);
    EXPECT_EQ(judge(market(Side::kSell, qty(100))), kApproved);
    EXPECT_EQ(judge(market(Side::kSell, qty(101))), RefusalReason::kMaxPosition);
    exposure_.position = qty(-100);
    EXPECT_EQ(judge(market(Side::kBuy, qty(200))), kApproved) << "a flip to the other limit";
    EXPECT_EQ(judge(market(Side::kBuy, qty(201))), RefusalReason::kMaxPosition);
}

TEST_F(RiskGateLimits, a_position_beyond_the_limit_may_still_be_reduced) {
    limits_.max_position = qty(100);
    exposure_.position = qty(500);
    EXPECT_EQ(judge(market(Side::kSell, qty(100))), kApproved);
    EXPECT_EQ(judge(market(Side::kBuy, qty(1))), RefusalReason::kMaxPosition);
}

TEST_F(RiskGateLimits, order_rate_holds_over_any_second) {
    limits_.max_orders_per_second = 3;
    RiskGate gate{limits_};
    const auto at_ms = [&](std::int64_t ms) {
        now_ = at(10 * kSecond + ms * 1'000'000);
        return judge(gate, market(Side::kBuy, qty(1)));
    };
    EXPECT_EQ(at_ms(0), kApproved);
    EXPECT_EQ(at_ms(900), kApproved);
    EXPECT_EQ(at_ms(950), kApproved);
    EXPECT_EQ(at_ms(999), RefusalReason::kOrderRate);
    EXPECT_DOUBLE_EQ(observed_, 4.0);
    EXPECT_DOUBLE_EQ(limit_, 3.0);
    EXPECT_EQ(at_ms(1'000), kApproved) << "a full second after the first";
    EXPECT_EQ(at_ms(1'899), RefusalReason::kOrderRate) << "the window slides, it does not reset";
    EXPECT_EQ(at_ms(1'900), kApproved);
}

TEST_F(RiskGateLimits, a_refused_order_uses_no_slot_of_the_order_rate) {
    limits_.max_orders_per_second = 1;
    limits_.max_order_quantity = qty(5);
    RiskGate gate{limits_};
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(6))), RefusalReason::kMaxOrderQuantity);
    id_ = OrderId::kNone;
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(5))), RefusalReason::kTooManyOpenOrders);
    id_ = order_id(2);
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(5))), kApproved);
}

TEST_F(RiskGateLimits, replacements_count_in_the_order_rate) {
    limits_.max_orders_per_second = 1;
    RiskGate gate{limits_};
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(1))), kApproved);
    const auto verdict = gate.judge_replacement(limit(Side::kBuy, qty(1), cents(100'00)), qty(1),
                                                exposure_, books_, now_, id_);
    EXPECT_FALSE(verdict.approved());
    EXPECT_EQ(verdict.reason(), RefusalReason::kOrderRate);
}

TEST_F(RiskGateLimits, no_room_to_track_an_order_is_too_many_open_orders) {
    id_ = OrderId::kNone;
    EXPECT_EQ(judge(market(Side::kBuy, qty(1))), RefusalReason::kTooManyOpenOrders);
}

TEST_F(RiskGateLimits, funds_must_cover_the_position_as_it_would_become) {
    limits_.require_funds = true;
    books_ = Portfolio{Money::from_units(10'000), 2};
    EXPECT_EQ(judge(market(Side::kBuy, qty(100))), kApproved);
    EXPECT_EQ(judge(market(Side::kSell, qty(100))), kApproved) << "a short is backed in full too";
    EXPECT_EQ(judge(market(Side::kBuy, qty(101))), RefusalReason::kInsufficientFunds);
    EXPECT_DOUBLE_EQ(observed_, 10'100.0);
    EXPECT_DOUBLE_EQ(limit_, 10'000.0);
    exposure_.working_buy = qty(60);
    EXPECT_EQ(judge(market(Side::kBuy, qty(40))), kApproved);
    EXPECT_EQ(judge(market(Side::kBuy, qty(41))), RefusalReason::kInsufficientFunds);
}

TEST_F(RiskGateLimits, funds_count_what_other_instruments_bind) {
    limits_.require_funds = true;
    books_ = Portfolio{Money::from_units(10'000), 2};
    books_.apply_fill(SymbolId{1}, qty(-20), cents(200'00), Money{});  // binds 4000
    EXPECT_EQ(judge(market(Side::kBuy, qty(60))), kApproved);
    EXPECT_EQ(judge(market(Side::kBuy, qty(61))), RefusalReason::kInsufficientFunds);
}

TEST_F(RiskGateLimits, funds_never_stop_a_reducing_order) {
    limits_.require_funds = true;
    books_ = Portfolio{Money::from_units(1), 2};
    exposure_.position = qty(100);
    EXPECT_EQ(judge(market(Side::kSell, qty(100))), kApproved);
    EXPECT_EQ(judge(market(Side::kBuy, qty(1))), RefusalReason::kInsufficientFunds);
}

TEST_F(RiskGateLimits, outside_the_session_nothing_passes) {
    RiskGate gate{limits_};
    exposure_.position = qty(10);
    gate.set_session_open(false);
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(1))), RefusalReason::kOutsideSession);
    EXPECT_EQ(judge(gate, market(Side::kSell, qty(1))), RefusalReason::kOutsideSession);
    gate.set_session_open(true);
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(1))), kApproved);
}

TEST_F(RiskGateLimits, a_quantity_is_a_positive_multiple_of_the_lot) {
    exposure_.lot = qty(5);
    EXPECT_EQ(judge(market(Side::kBuy, qty(10))), kApproved);
    for (const std::int64_t bad : {0, -5, 1, 4, 6})
        EXPECT_EQ(judge(market(Side::kBuy, qty(bad))), RefusalReason::kBadQuantity) << bad;
    EXPECT_EQ(judge(market(Side::kBuy, Quantity::from_raw(qty(5).raw() + 1))),
              RefusalReason::kBadQuantity);
    EXPECT_DOUBLE_EQ(limit_, 5.0);
}

TEST_F(RiskGateLimits, without_a_market_price_or_a_limit_nothing_can_be_judged) {
    EXPECT_EQ(judge(limit(Side::kBuy, qty(1), Price{})), RefusalReason::kNoMarketPrice);
    EXPECT_EQ(judge(limit(Side::kBuy, qty(1), cents(-1))), RefusalReason::kNoMarketPrice);
    exposure_.mark = Price{};
    EXPECT_EQ(judge(market(Side::kBuy, qty(1))), RefusalReason::kNoMarketPrice);
    EXPECT_EQ(judge(limit(Side::kBuy, qty(1), cents(100'00))), RefusalReason::kNoMarketPrice);
}

TEST_F(RiskGateLimits, a_halt_lets_only_reducing_orders_pass) {
    RiskGate gate{limits_};
    gate.halt(true);
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(1))), RefusalReason::kHalted);
    exposure_.position = qty(10);
    EXPECT_EQ(judge(gate, market(Side::kSell, qty(10))), kApproved);
    EXPECT_EQ(judge(gate, market(Side::kSell, qty(11))), RefusalReason::kHalted) << "a flip";
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(1))), RefusalReason::kHalted);
    exposure_.working_sell = qty(4);
    EXPECT_EQ(judge(gate, market(Side::kSell, qty(6))), kApproved);
    EXPECT_EQ(judge(gate, market(Side::kSell, qty(7))), RefusalReason::kHalted);
    exposure_ = {qty(-10), qty(4), Quantity{}, qty(1), cents(100'00)};
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(6))), kApproved);
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(7))), RefusalReason::kHalted);
    gate.halt(false);
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(7))), kApproved);
}

TEST_F(RiskGateLimits, a_daily_loss_lets_only_reducing_orders_pass_until_the_next_day) {
    limits_.daily_loss = Money::from_units(500);
    RiskGate gate{limits_};
    gate.start_day(Money::from_units(1'000'600));
    gate.set_daily_loss_breached();
    exposure_.position = qty(10);
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(1))), RefusalReason::kDailyLoss);
    EXPECT_DOUBLE_EQ(observed_, 600.0);
    EXPECT_DOUBLE_EQ(limit_, 500.0);
    EXPECT_EQ(judge(gate, market(Side::kSell, qty(10))), kApproved);
    gate.start_day(Money::from_units(1'000'000));
    EXPECT_EQ(judge(gate, market(Side::kBuy, qty(1))), kApproved);
}

}  // namespace
}  // namespace sluice::tests::trade_path
