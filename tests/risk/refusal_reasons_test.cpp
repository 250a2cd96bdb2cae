// Each reason that the gate can give is given by it, and the guide has each of all reasons.
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include <gtest/gtest.h>

#include "trade_path_support.hpp"

namespace sluice::tests::trade_path {
namespace {

// An order that passes, until a case changes something.
struct Case {
    RiskSettings limits = wide_limits();
    Exposure exposure{{}, {}, {}, qty(1), cents(10'000)};
    Proposal proposal{kSymbol,           Side::kBuy, OrderType::kLimit,
                      TimeInForce::kDay, qty(10),    cents(10'000)};
    Portfolio books{Money::from_units(1'000'000), 1};
    BookExposure others;
    OrderId id = order_id(1);
    std::function<void(RiskGate&)> before = [](RiskGate&) {};

    RiskGate::Verdict judge() {
        exposure.others = &others;
        RiskGate gate{limits};
        before(gate);
        return gate.judge(proposal, exposure, books, at(kSecond), id);
    }
    void sent_once(RiskGate& gate) const {
        ASSERT_TRUE(gate.judge(proposal, exposure, books, at(kSecond), id).approved());
    }
};
using Change = std::function<void(Case&)>;

void breach(RiskGate& gate, bool window) {
    const Drawdown free{Money::from_units(2), Money::from_units(1), true, false};
    const Drawdown held{Money::from_units(2), Money::from_units(1), true, true};
    gate.set_drawdown(window ? free : held, window ? held : free);
}
Change leveraged(std::int64_t distance) {
    return [distance](Case& c) {
        c.limits.require_funds = true;
        c.limits.margin_model = MarginModel::kLeveraged;
        c.limits.initial_margin_bps = 5'000;
        c.limits.maintenance_margin_bps = 2'500;
        c.limits.liquidation_distance_bps = distance;
        c.books = Portfolio{Money::from_units(500), 1};
        if (distance == 0) c.proposal.quantity = qty(11);
    };
}
Change halted(HaltReason reason) {
    return [reason](Case& c) {
        c.before = [reason](RiskGate& gate) { gate.set_halts(halt_bit(reason)); };
    };
}
// The same order has left before.
Change after_another(const std::function<void(Case&)>& change) {
    return [change](Case& c) {
        change(c);
        c.before = [&c](RiskGate& gate) { c.sent_once(gate); };
    };
}

const std::map<RefusalReason, Change>& cases() {
    using R = RefusalReason;
    static const std::map<R, Change> all{
        {R::kMaxPosition, [](Case& c) { c.limits.max_position = qty(9); }},
        {R::kMaxOrderQuantity, [](Case& c) { c.limits.max_order_quantity = qty(9); }},
        {R::kMaxOrderNotional,
         [](Case& c) { c.limits.max_order_notional = Money::from_units(999); }},
        {R::kPriceDistance,
         [](Case& c) {
             c.limits.max_price_distance_bps = 1;
             c.proposal.limit = cents(10'002);
         }},
        {R::kOrderRate, after_another([](Case& c) { c.limits.max_orders_per_second = 1; })},
        {R::kDailyLoss,
         [](Case& c) { c.before = [](RiskGate& gate) { gate.set_daily_loss_breached(); }; }},
        {R::kHalted, halted(HaltReason::kFeed)},
        {R::kOutsideSession,
         [](Case& c) { c.before = [](RiskGate& gate) { gate.set_session_open(false); }; }},
        {R::kNoMarketPrice, [](Case& c) { c.exposure.mark = {}; }},
        {R::kTooManyOpenOrders, [](Case& c) { c.id = OrderId::kNone; }},
        {R::kBadQuantity, [](Case& c) { c.exposure.lot = qty(3); }},
        {R::kInsufficientFunds,
         [](Case& c) {
             c.limits.require_funds = true;
             c.books = Portfolio{Money::from_units(999), 1};
         }},
        {R::kDrawdown, [](Case& c) { c.before = [](RiskGate& gate) { breach(gate, false); }; }},
        {R::kWindowDrawdown,
         [](Case& c) { c.before = [](RiskGate& gate) { breach(gate, true); }; }},
        {R::kOperatorHalt, halted(HaltReason::kOperator)},
        {R::kPaused, [](Case& c) { c.exposure.paused = halt_bit(HaltReason::kOperator); }},
        {R::kEmergencyStop, halted(HaltReason::kKill)},
        {R::kMargin, leveraged(0)},
        {R::kLiquidationDistance, leveraged(4'000)},
        {R::kConcentration, [](Case& c) { c.limits.max_concentration_bps = 9; }},
        {R::kGrossNotional, [](Case& c) { c.limits.max_gross_notional = Money::from_units(999); }},
        {R::kNetNotional, [](Case& c) { c.limits.max_net_notional = Money::from_units(999); }},
        {R::kDuplicate, after_another([](Case& c) { c.limits.duplicate_window = Nanos{1}; })},
        {R::kSelfTrade, [](Case& c) { c.exposure.own_ask = cents(10'000); }},
        {R::kMessageRate, after_another([](Case& c) { c.limits.max_messages_per_second = 1; })},
        {R::kInstrumentMessageRate,
         after_another([](Case& c) { c.limits.max_instrument_messages_per_second = 1; })},
    };
    return all;
}

bool is_of_a_signal(RefusalReason reason) {
    return reason == RefusalReason::kStaleSignal || reason == RefusalReason::kLowConfidence ||
           reason == RefusalReason::kLowAgreement || reason == RefusalReason::kLowQuality;
}

TEST(RefusalReasons, nothing_refuses_the_order_that_the_cases_change) {
    EXPECT_TRUE(Case{}.judge().approved());
}

TEST(RefusalReasons, the_gate_gives_each_of_its_reasons) {
    for (std::size_t i = 0; i < kRefusalReasonCount; ++i) {
        const auto reason = static_cast<RefusalReason>(i);
        if (is_of_a_signal(reason)) continue;  // tests/quality has those
        const auto change = cases().find(reason);
        ASSERT_NE(change, cases().end()) << to_string(reason);
        Case c;
        change->second(c);
        const auto verdict = c.judge();
        ASSERT_FALSE(verdict.approved()) << to_string(reason);
        EXPECT_STREQ(to_string(verdict.reason()), to_string(reason));
    }
}

TEST(RefusalReasons, the_guide_has_each_of_them) {
    std::ifstream file{SLUICE_SOURCE_DIR "/docs/guides/risk.md"};
    const std::string guide{std::istreambuf_iterator<char>{file}, {}};
    for (std::size_t i = 0; i < kRefusalReasonCount; ++i) {
        const std::string name = to_string(static_cast<RefusalReason>(i));
        EXPECT_NE(name, "?") << i;
        EXPECT_NE(guide.find('`' + name + '`'), std::string::npos) << name;
    }
}

}  // namespace
}  // namespace sluice::tests::trade_path
