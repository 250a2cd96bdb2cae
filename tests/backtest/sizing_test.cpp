// Positions sized by the equity, day bars of the account, a commission with an upper bound, and the two
// strategies that benchmarks of other engines need.
#include <gtest/gtest.h>

#include <sluice/pipeline/hot/bar_stage.hpp>
#include <sluice/pipeline/hot/commission.hpp>
#include <sluice/pipeline/hot/strategies.hpp>

#include "pipeline/risk_stage_support.hpp"
#include "strategies/strategies_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class SizingByEquity : public RiskStageBench {
  protected:
    SizingByEquity() {
        settings_.account.capital = Money::from_units(100'000);
        settings_.sizing.mode = SizingMode::kEquity;
        settings_.sizing.equity_percent_e4 = 997'500;  // 99.75 %
        settings_.venue.commission = CommissionKind::kPerUnit;
        settings_.venue.commission_per_unit = money("0.005");
        settings_.venue.commission_minimum = money("1");
    }
};

// 99,750 at 144.773 buys 689 shares but not their commission of 3.445 as well.
TEST_F(SizingByEquity, counts_the_commission_of_the_order_in) {
    start();
    send(Event::trade(at(1), kSymbol, {price("144.773077904"), qty(1), 0, 0, 0}));
    EXPECT_EQ(order_for(2, 1).quantity(), qty(688));
}

TEST_F(SizingByEquity, goes_by_the_equity_of_the_moment) {
    start();
    trade(1, 10'000);
    const ApprovedOrder first = order_for(2, 1);
    EXPECT_EQ(first.quantity(), qty(997));
    fill(3, first, 997, 10'000);
    trade(4, 5'000);  // half of it is gone: 50,150 left
    const ApprovedOrder out = order_for(5, 0);
    EXPECT_EQ(out.quantity(), qty(997));
    fill(6, out, 997, 5'000);
    EXPECT_EQ(order_for(7, 1).quantity(), qty(1'000));
}

TEST_F(SizingByEquity, is_as_large_on_the_short_side) {
    start();
    trade(1, 10'000);
    const ApprovedOrder order = order_for(2, -1);
    EXPECT_EQ(order.side(), Side::kSell);
    EXPECT_EQ(order.quantity(), qty(997));
}

TEST(CommissionMaximum, bounds_what_costs_more_than_the_minimum) {
    VenueSettings s;
    s.commission = CommissionKind::kPerUnit;
    s.commission_per_unit = money("0.005");
    s.commission_minimum = money("1");
    s.commission_maximum_e4 = 5'000;  // half a percent
    const Commission c{s};
    EXPECT_EQ(c.charge(price("144.78"), qty(688)), money("3.44"));
    EXPECT_EQ(c.charge(price("0.5"), qty(1'000)), money("2.5"));
    EXPECT_EQ(c.charge(price("0.5"), qty(100)), money("1"));  // the minimum stands
    s.commission_maximum_e4 = 0;
    EXPECT_EQ(Commission{s}.charge(price("0.5"), qty(1'000)), money("5"));
}

class AccountDays : public testing::Test {
  protected:
    AccountDays() : stage_(settings(), InstrumentTable(1)) {}
    static BarSettings settings() {
        BarSettings s;
        s.timeframes = {Nanos{86'400 * kSecond}};
        s.day = DayBars::kAccount;
        return s;
    }
    void send(const Event& given) {
        Event event = given;
        event.place(Sequence{++sequence_}, 0);
        stage_.on<EventKind::kNone>(event, CapturingOutput{out_});
    }
    void trade(std::int64_t hour, std::int64_t price_cents) {
        send(Event::trade(at(hour * 3'600 * kSecond), kSymbol,
                          {cents(price_cents), qty(1), 0, 0, 0}));
    }
    void timer(std::int64_t hour, EventKind kind) {
        send(Event::timer(at(hour * 3'600 * kSecond), kind));
    }
    // End in hours, open and close in cents.
    [[nodiscard]] std::vector<std::array<std::int64_t, 3>> bars() const {
        std::vector<std::array<std::int64_t, 3>> rows;
        for (const Event& e : out_.emitted_of(EventKind::kBar))
            rows.push_back({core::ns_since_epoch(e.time()) / kSecond / 3'600,
                            e.bar().open.raw() / 10'000'000, e.bar().close.raw() / 10'000'000});
        return rows;
    }

    BarStage stage_;
    Captured out_;
    std::uint64_t sequence_ = 0;
};

TEST_F(AccountDays, end_where_the_day_starts_and_not_at_midnight_utc) {
    trade(4, 100);  // the day before began at 4
    trade(23, 110);
    trade(27, 120);
    timer(28, EventKind::kDayStart);
    trade(28, 200);
    timer(48, EventKind::kBeat);
    trade(51, 210);
    timer(53, EventKind::kDayStart);  // the clocks went back: a day of 25 hours
    trade(53, 300);
    timer(60, EventKind::kEnd);
    EXPECT_EQ(bars(), (std::vector<std::array<std::int64_t, 3>>{
                          {28, 100, 120}, {53, 200, 210}, {77, 300, 300}}));
}

TEST_F(AccountDays, leave_out_what_comes_too_late_for_its_day) {
    trade(4, 100);
    timer(28, EventKind::kDayStart);
    trade(27, 999);
    trade(29, 200);
    trade(27, 999);
    timer(30, EventKind::kEnd);
    EXPECT_EQ(bars(), (std::vector<std::array<std::int64_t, 3>>{{28, 100, 100}, {52, 200, 200}}));
    EXPECT_EQ(stage_.late(), 2U);
}

TEST(HoldStrategy, has_its_side_from_the_first_bar_on) {
    OwnedStrategy<Hold> strategy{Hold::kDeclaration.fallbacks()};
    EXPECT_FALSE(strategy->ready());
    EXPECT_EQ(strategy->strength(), 0.0);
    EXPECT_TRUE(strategy.close(100));
    EXPECT_EQ(strategy->strength(), 1.0);
    strategy->configure({-1.0});
    EXPECT_EQ(strategy->strength(), -1.0);
}

TEST(MacdStrategy, takes_the_side_of_a_move_once_it_is_beyond_the_band_and_keeps_it) {
    StrategyValues values = MacdTrend::kDeclaration.fallbacks();
    values[MacdTrend::kBand] = 0.005;
    OwnedStrategy<MacdTrend> strategy{values};
    for (int i = 0; i < 33; ++i) EXPECT_FALSE(strategy.close(100)) << i;
    EXPECT_TRUE(strategy.close(100));  // 26 + 9 - 1
    EXPECT_EQ(strategy->strength(), 0.0);
    for (int i = 0; i < 5; ++i) strategy.close(100 + 2 * i);
    EXPECT_EQ(strategy->strength(), 1.0);
    for (int i = 0; i < 200; ++i) strategy.close(110);  // the two lines meet: within the band
    EXPECT_EQ(strategy->strength(), 1.0);
    for (int i = 0; i < 5; ++i) strategy.close(110 - 2 * i);
    EXPECT_EQ(strategy->strength(), -1.0);
}

}  // namespace
}  // namespace sluice::tests::trade_path
