// Contracts with a multiplier: whatever counts money counts n contracts of 50 as 50 n shares.
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include <sluice/pipeline/hot/position_sizer.hpp>

#include "pipeline/risk_stage_support.hpp"
#include "risk/money_limits.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::int64_t kEs = 50;

InstrumentTable future(const char* multiplier, const char* lot = "1") {
    InstrumentTable table = instruments(1);
    table[0].multiplier = quantity(multiplier);
    table[0].lot_size = quantity(lot);
    return table;
}

class Contracts : public RiskStageBench {
  protected:
    void start_future() { start(future("50")); }
};

// Two ESH4 bought at 4,800.25 on Christmas Day 2023 and worth 4,811.75 each: 11.50 points, 50 USD a point.
TEST_F(Contracts, are_worth_their_points_times_the_multiplier) {
    start_future();
    trade(1, 480'025);
    const ApprovedOrder in = order_for(2, 2);
    fill(3, in, 2, 480'025, 450);
    trade(4, 481'175);
    const Portfolio& books = stage().portfolio();
    EXPECT_EQ(to_string(books.equity()), "1001145.5");
    EXPECT_EQ(to_string(books.unrealised()), "1150");
    EXPECT_EQ(to_string(books.cash()), "519970.5");  // 1,000,000 - 480,025 - 4.5
    EXPECT_EQ(to_string(books.gross_exposure()), "481175");
    EXPECT_EQ(to_string(books.position(kSymbol).quantity), "2");
    fill(6, order_for(5, 0), 2, 480'000, 450);
    EXPECT_EQ(to_string(books.equity()), "999966");  // -25 points of both, and 9
    EXPECT_EQ(to_string(books.realised()), "-25");
    EXPECT_EQ(to_string(books.max_drawdown()), "1179.5");
}

TEST_F(Contracts, of_a_part_of_a_unit_are_as_exact) {
    start(future("0.1"));
    trade(1, 4'321'005);
    fill(3, order_for(2, 3), 3, 4'321'005);
    trade(4, 4'321'010);
    EXPECT_EQ(to_string(stage().portfolio().equity()), "1000000.015");
}

TEST_F(Contracts, that_cannot_be_counted_are_refused_with_what_to_do) {
    const auto says = [&](const InstrumentTable& table) -> std::string {
        try {
            start(table);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "nothing";
    };
    EXPECT_NE(says(future("0")).find("account.multipliers"), std::string::npos);
    EXPECT_NE(says(future("100000001")).find("up to 100000000"), std::string::npos);
    EXPECT_NE(says(future("0.1", "0.00000003")).find("a lot of 0.00000003"), std::string::npos);
    settings_.risk.max_position = qty(1'000'000);
    EXPECT_NE(says(future("50000")).find("risk.max_position"), std::string::npos);
    EXPECT_EQ(says(future("40000")), "nothing");
}

TEST_F(Contracts, lose_money_at_the_pace_of_their_multiplier) {
    settings_.risk.daily_loss = Money::from_units(1'000);
    start_future();
    trade(1, 480'000);
    fill(3, order_for(2, 2), 2, 480'000);
    trade(4, 479'025);  // 9.75 points of two: 975
    EXPECT_TRUE(out_.emitted_of(EventKind::kIncident).empty());
    trade(5, 479'000);
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kDailyLossBreached);
}

Charge of_kind(pipeline::ChargeKind kind, pipeline::ChargeBasis basis, core::Int128 value,
               Price price = {}) {
    Charge out;
    out.kind = kind;
    out.basis = basis;
    out.value = PackedMoney{Money::from_raw(value)};
    out.price = price;
    return out;
}

// Short two contracts at 4,800: 480,000 of the underlying.
TEST_F(Contracts, are_charged_by_what_they_are_of_the_underlying) {
    using pipeline::ChargeBasis;
    using pipeline::ChargeKind;
    start_future();
    trade(1, 480'000);
    fill(3, order_for(2, -2), 2, 480'000);
    const auto charged = [&](std::int64_t ns, const Charge& charge) {
        out_.clear();
        send(Event::charge(at(ns), kSymbol, charge));
        return to_string(only(EventKind::kCharged).charged().amount.money());
    };
    // 0.01 % of the value is received by who is short; 3.65 % a year of it is paid, a day's part.
    EXPECT_EQ(charged(4, of_kind(ChargeKind::kFunding, ChargeBasis::kValue, 100'000)), "48");
    Charge day = of_kind(ChargeKind::kBorrow, ChargeBasis::kShort, 36'500'000);
    day.parts = pipeline::kDaysPerYear;
    EXPECT_EQ(charged(5, day), "-48");
    EXPECT_EQ(charged(6, of_kind(ChargeKind::kDividend, ChargeBasis::kUnit, 0, cents(25))), "-25");
    EXPECT_EQ(
        charged(7, of_kind(ChargeKind::kFunding, ChargeBasis::kValue, 100'000, cents(500'000))),
        "50");
    const Portfolio& books = stage().portfolio();
    EXPECT_EQ(to_string(books.equity()), "1000025");
    EXPECT_EQ(to_string(books.charges(kSymbol)[static_cast<std::size_t>(ChargeKind::kFunding)]),
              "98");
    EXPECT_TRUE(books.unrealised().is_zero());
}

TEST_F(Contracts, whose_charge_is_the_days_loss_are_held_back_by_it) {
    settings_.risk.daily_loss = Money::from_units(1'000);
    start_future();
    trade(1, 480'000);
    fill(3, order_for(2, 2), 2, 480'000);
    const Charge fee = of_kind(pipeline::ChargeKind::kFee, pipeline::ChargeBasis::kAmount,
                               Money::from_units(-999).raw());
    send(Event::charge(at(4), core::kNoSymbol, fee));
    EXPECT_TRUE(out_.emitted_of(EventKind::kIncident).empty());
    // Of what is not held nothing comes, and nothing is said.
    out_.clear();
    send(Event::charge(
        at(5), kSymbol,
        of_kind(pipeline::ChargeKind::kBorrow, pipeline::ChargeBasis::kShort, 1'000'000)));
    EXPECT_TRUE(out_.emitted_of(EventKind::kCharged).empty());
    send(Event::charge(
        at(6), kSymbol,
        of_kind(pipeline::ChargeKind::kFunding, pipeline::ChargeBasis::kValue, 3'000)));  // 1.44
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kDailyLossBreached);
    intend(7, 3);
    EXPECT_EQ(only(EventKind::kRefusal).refusal_reason(), RefusalReason::kDailyLoss);
    EXPECT_EQ(to_string(stage().portfolio().max_drawdown()), "1000.44");
}

// What the same intents lead to, of contracts and of so many more shares: each limit in money sees the
// same numbers.
class Twins : public Contracts, public testing::WithParamInterface<MoneyLimit> {
  protected:
    struct Seen {
        std::vector<std::tuple<RefusalReason, double, double>> refused;
        std::vector<std::string> books;
    };
    // The instrument is one of two, so that the rest of the book counts as well.
    Seen seen(const InstrumentTable& table, std::int64_t units) {
        settings_.account.capital = Money::from_units(300'000);
        GetParam().set(settings_);
        start(table);
        std::int64_t ns = 0;
        const auto trade_both = [&](std::int64_t price) {
            trade(++ns, price);
            trade(++ns, price, symbol_id(1));
        };
        trade_both(100'000);
        for (const std::int64_t target : {1, 3, -2, 6, -7, 12, 2, -20, 0, 5}) {
            for (std::size_t i = 0; i < table.size(); ++i) {
                const std::size_t before = out_.emitted_of(EventKind::kApproved).size();
                intend(++ns, target * units, symbol_id(i));
                const auto orders = out_.emitted_of(EventKind::kApproved);
                if (orders.size() == before) continue;
                const ApprovedOrder& order = orders.back().approved();
                fill(++ns, order, order.quantity().raw() / Quantity::kScale, 100'010);
            }
            trade_both(100'000 + target * 37);
            trade_both(100'000);
        }
        Seen out;
        for (const Event& e : out_.emitted_of(EventKind::kRefusal))
            out.refused.emplace_back(e.refusal_reason(), e.refusal().observed, e.refusal().limit);
        const Portfolio& books = stage().portfolio();
        for (const Money& money :
             {books.equity(), books.cash(), books.realised(), books.peak_equity(),
              books.max_drawdown(), books.gross_exposure(), books.position(kSymbol).basis})
            out.books.push_back(to_string(money));
        return out;
    }
};

TEST_P(Twins, are_judged_alike) {
    InstrumentTable shares = instruments(2);
    InstrumentTable contracts = shares;
    for (Instrument& each : contracts) each.multiplier = Quantity::from_units(kEs);
    const Seen of_shares = seen(shares, kEs);
    const Seen of_contracts = seen(contracts, 1);
    EXPECT_EQ(of_contracts.refused, of_shares.refused);
    EXPECT_EQ(of_contracts.books, of_shares.books);
    EXPECT_FALSE(of_shares.refused.empty()) << "a limit that nothing met shows nothing";
}

INSTANTIATE_TEST_SUITE_P(Limits, Twins, testing::ValuesIn(kMoneyLimits));

TEST_F(Contracts, need_the_margin_of_a_contract_whatever_it_is_worth) {
    settings_.account.capital = Money::from_units(30'000);
    settings_.risk.require_funds = true;
    settings_.risk.margin_model = MarginModel::kFutures;
    settings_.risk.contract_margin = Money::from_units(12'000);
    start_future();
    trade(1, 480'000);
    EXPECT_EQ(order_for(2, 2).quantity(), qty(2));
    out_.clear();
    intend(3, 3);
    intend(4, -3);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
}

// 1,000,000 at 240,000 a contract, and at 10 points of a stop that risks 1 %.
TEST_F(Contracts, are_sized_by_what_they_are_worth) {
    settings_.sizing.mode = SizingMode::kEquity;
    start_future();
    trade(1, 480'000);
    EXPECT_EQ(order_for(2, 1).quantity(), qty(4));
    settings_.sizing.mode = SizingMode::kRisk;
    settings_.sizing.equity_percent_e4 = 100'000'000;
    settings_.sizing.stop_bps = 21;  // 10.08 points: 504 a contract
    start_future();
    trade(1, 480'000);
    EXPECT_EQ(order_for(2, 1).quantity(), qty(19));
    settings_.sizing.min_notional = Money::from_units(5'000'000);
    start_future();
    trade(1, 480'000);
    intend(2, 1);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
}

// A share of what they are worth; so much a contract.
TEST_F(Contracts, cost_commission_by_both) {
    settings_.venue.commission = CommissionKind::kMakerTaker;
    settings_.venue.taker_bps_e4 = 5'000;  // half a basis point
    settings_.venue.taker_per_unit = money("2.25");
    Exchange exchange{settings_, future("50")};
    Desk desk;
    exchange.quote(1, cents(480'000), 5, cents(480'025), 5);
    const ApprovedOrder order = exchange.submit(2, desk.market(Side::kBuy, qty(2)));
    exchange.finish();
    ASSERT_EQ(exchange.fills(order).size(), 1U);
    // 480,025 / 20,000 + 2 * 2.25
    EXPECT_EQ(exchange.fills(order).front().report().commission.money(), money("28.50125"));
}

// The average entry is a price, whatever the multiplier.
TEST_F(Contracts, have_their_bracket_at_the_distance_in_points) {
    settings_.bracket.stop_loss_bps = 100;
    start_future();
    trade(1, 480'000);
    const ApprovedOrder in = order_for(2, 2);
    out_.clear();
    fill(3, in, 2, 480'000);
    const ApprovedOrder stop = only(EventKind::kApproved).approved();
    EXPECT_EQ(stop.side(), Side::kSell);
    EXPECT_EQ(stop.limit(), cents(475'200));
}

}  // namespace
}  // namespace sluice::tests::trade_path
