// Sizes that the account decides: by risk to a stop, by volatility, by Kelly's criterion; whole lots,
// worth enough, and never more than the share of the equity.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include <sluice/pipeline/settings_schema.hpp>

#include "pipeline/risk_stage_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class Sizing : public RiskStageBench {
  protected:
    Sizing() {
        settings_.account.capital = Money::from_units(100'000);
        settings_.sizing.period = 2;
        settings_.sizing.equity_percent_e4 = 10'000'000;  // 1000 %: no bound
        settings_.risk.require_funds = false;
    }
    // One of the 1st timeframe, in cents.
    void bar(std::int64_t ns, std::int64_t high, std::int64_t low, std::int64_t close) {
        send(Event::bar(at(ns), Sequence{1}, kSymbol, 0,
                        {cents(close), cents(high), cents(low), cents(close), qty(1)}));
    }
    // A trade in and out again; `won` cents a unit.
    void round_trip(std::int64_t ns, std::int64_t won, std::int64_t commission = 0) {
        const ApprovedOrder in = order_for(ns, 1);
        fill(ns + 1, in, in.quantity().raw() / Quantity::kScale, 10'000, commission);
        const ApprovedOrder out = order_for(ns + 2, 0);
        fill(ns + 3, out, out.quantity().raw() / Quantity::kScale, 10'000 + won, commission);
    }
    // Three bars with ranges of 1.00 about 100.
    void calm_bars() {
        for (int i = 1; i <= 3; ++i) bar(i, 10'050, 9'950, 10'000);
        trade(4, 10'000);
    }
};

// 1 % of 100,000 over two ranges of 1.00 a unit.
TEST_F(Sizing, by_risk_loses_its_share_at_the_stop) {
    settings_.sizing.mode = SizingMode::kRisk;
    start();
    calm_bars();
    const ApprovedOrder order = order_for(5, 1);
    EXPECT_EQ(order.quantity(), qty(500));
    fill(6, order, 500, 10'000);
    trade(7, 9'800);
    EXPECT_EQ(stage().portfolio().equity(), Money::from_units(99'000));
}

TEST_F(Sizing, by_risk_is_as_large_on_the_short_side_and_in_whole_lots) {
    settings_.sizing.mode = SizingMode::kRisk;
    settings_.sizing.stop_bps = 300;  // 3.00 a unit: 333.3
    start();
    trade(1, 10'000);  // such a stop needs no bars
    const ApprovedOrder order = order_for(2, -1);
    EXPECT_EQ(order.side(), Side::kSell);
    EXPECT_EQ(order.quantity(), qty(333));
}

TEST_F(Sizing, never_exceeds_the_share_of_the_equity) {
    settings_.sizing.mode = SizingMode::kRisk;
    settings_.sizing.equity_percent_e4 = 500'000;  // 50 %
    settings_.sizing.stop_bps = 1;
    start();
    trade(1, 10'000);
    EXPECT_EQ(order_for(2, 1).quantity(), qty(500));
}

TEST_F(Sizing, waits_for_the_bars_and_then_takes_what_is_still_wanted) {
    settings_.sizing.mode = SizingMode::kRisk;
    start();
    trade(1, 10'000);
    intend(2, 1);
    bar(3, 10'050, 9'950, 10'000);
    bar(4, 10'050, 9'950, 10'000);
    EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    bar(5, 10'050, 9'950, 10'000);
    EXPECT_EQ(only(EventKind::kApproved).approved().quantity(), qty(500));
    bar(6, 10'100, 9'900, 10'000);  // a position is sized once
    EXPECT_EQ(out_.emitted_of(EventKind::kApproved).size(), 1U);
}

TEST_F(Sizing, takes_nothing_that_is_worth_too_little) {
    settings_.sizing.min_notional = Money::from_units(50'001);
    for (const SizingMode mode : {SizingMode::kRisk, SizingMode::kQuantity}) {
        settings_.sizing.mode = mode;
        start();
        calm_bars();
        intend(5, mode == SizingMode::kRisk ? 1 : 500);
        EXPECT_TRUE(out_.emitted_of(EventKind::kApproved).empty());
    }
    settings_.sizing.min_notional = Money::from_units(50'000);
    settings_.sizing.mode = SizingMode::kQuantity;
    start();
    calm_bars();
    EXPECT_EQ(order_for(5, 500).quantity(), qty(500));
}

// Returns of +1 % and -1 % by turns have a volatility of 1 % a bar, 10 % over 100 bars: all of the equity
// moves by that.
TEST_F(Sizing, by_volatility_moves_the_equity_by_the_target) {
    settings_.sizing.mode = SizingMode::kVolatility;
    settings_.sizing.periods_per_year = 100;
    start();
    std::int64_t price = 1'000'000;
    for (int i = 0; i < 200; ++i) {
        price = i % 2 == 0 ? price * 101 / 100 : price * 99 / 100;
        bar(i, price, price, price);
    }
    trade(300, price);
    const double worth =
        order_for(301, 1).quantity().to_double() * static_cast<double>(price) / 100;
    EXPECT_NEAR(worth, 100'000, static_cast<double>(price) / 100);  // to a lot
}

TEST_F(Sizing, of_what_never_moves_is_bounded_by_the_equity) {
    settings_.sizing.mode = SizingMode::kVolatility;
    settings_.sizing.equity_percent_e4 = 1'000'000;
    start();
    for (int i = 0; i < 5; ++i) bar(i, 10'000, 10'000, 10'000);
    trade(6, 10'000);
    EXPECT_EQ(order_for(7, 1).quantity(), qty(1'000));
}

class SizingByKelly : public Sizing {
  protected:
    SizingByKelly() {
        settings_.sizing.mode = SizingMode::kKelly;
        settings_.sizing.kelly_trades = 5;
        settings_.sizing.drawdown_percent = 100;
        settings_.sizing.risk_percent = 1;
    }
    // The share of the equity at risk in the next order.
    [[nodiscard]] double share(std::int64_t ns) {
        const double equity = stage().portfolio().equity().to_double();
        return order_for(ns, 1).quantity().to_double() * 2.0 / equity;
    }
};

// 3 winners of 2.00, 2 losers of 3.00: a loss, whose quarter of
// Kelly is below the least; 3 of 3.00 and 2 of 1.00: 46.7 %, above the most.
TEST_F(SizingByKelly, keeps_within_its_bounds) {
    for (const auto& [won, lost, expected] :
         {std::array{200.0, -300.0, 0.005}, std::array{300.0, -100.0, 0.02}}) {
        start();
        calm_bars();
        for (int i = 0; i < 5; ++i)
            round_trip(10 + 10 * i, static_cast<std::int64_t>(i < 3 ? won : lost));
        trade(100, 10'000);
        EXPECT_NEAR(share(101), expected, 5e-5);
    }
}

TEST_F(SizingByKelly, takes_a_quarter_of_what_the_last_trades_justify) {
    settings_.sizing.risk_percent = 0.5;  // small, so that the equity stays near its peak
    start();
    calm_bars();
    for (int i = 0; i < 5; ++i) round_trip(10 + 10 * i, i < 3 ? 11 : -15);
    trade(100, 10'000);
    const double fall = 1 - stage().portfolio().equity().to_double() /
                                stage().portfolio().peak_equity().to_double();
    // Sizes are nearly alike, so R is the ratio of the moves: f = 0.6 - 0.4 * 15 / 11 = 0.0545.
    const double expected = 0.25 * 0.054545 * (1 - fall);
    EXPECT_GT(expected, 0.005);
    EXPECT_LT(expected, 0.02);
    EXPECT_NEAR(share(101), expected, 2e-4);
}

TEST_F(SizingByKelly, counts_the_commission_as_lost) {
    start();
    calm_bars();
    // A gain of 5.00 a trade before costs; 50,000 cents a fill make a loss of each.
    for (int i = 0; i < 5; ++i) round_trip(10 + 10 * i, 1, 50'000);
    trade(100, 10'000);
    EXPECT_NEAR(share(101), 0.005, 5e-5);
}

TEST_F(SizingByKelly, risks_less_when_ranges_are_long_and_below_the_peak) {
    settings_.sizing.risk_max_percent = 50;
    settings_.sizing.risk_min_percent = 0;
    const auto after = [&](std::int64_t range, bool fell) {
        settings_.sizing.drawdown_percent = fell ? 2 : 100;
        start();
        for (int i = 1; i <= 30; ++i) bar(i, 10'050, 9'950, 10'000);
        trade(40, 10'000);
        for (int i = 0; i < 5; ++i) round_trip(50 + 10 * i, i < 4 ? 200 : -100);
        for (int i = 0; i < 3; ++i) bar(120 + i, 10'000 + range / 2, 10'000 - range / 2, 10'000);
        trade(130, 10'000);
        return order_for(131, 1).quantity().to_double();
    };
    const double usual = after(100, false);
    EXPECT_GT(usual, 0);
    // Twice as far the stop, and less of the share besides.
    EXPECT_LT(after(200, false), 0.45 * usual);
    EXPECT_LT(after(100, true), 0.8 * usual);
}

// Whatever comes: whole lots, the wanted side, worth at most the share of the equity and at least the least.
TEST(PositionSizer, holds_its_promises_whatever_comes) {
    std::mt19937_64 random{7};
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
    for (int run = 0; run < 300; ++run) {
        Settings s;
        s.bars.timeframes = {s.sizing.timeframe};
        s.sizing.mode = std::array{SizingMode::kEquity, SizingMode::kRisk, SizingMode::kVolatility,
                                   SizingMode::kKelly}[random() % 4];
        s.sizing.period = 2 + below(5);
        s.sizing.kelly_trades = 2 + below(5);
        s.sizing.stop_bps = below(3) == 0 ? 1 + below(500) : 0;
        s.sizing.equity_percent_e4 = 1 + below(3'000'000);
        s.sizing.min_notional = Money::from_units(below(5'000));
        InstrumentTable table = instruments(2);
        for (Instrument& i : table) i.lot_size = Quantity::from_raw(1 + below(300'000'000));
        PositionSizer sizer{s, table};
        Portfolio portfolio{Money::from_units(1'000 + below(1'000'000)), 2};
        for (int step = 0; step < 60; ++step) {
            const SymbolId symbol = symbol_id(random() % 2);
            const Price price = cents(1 + below(100'000));
            portfolio.mark(symbol, price);
            const Price far = Price::from_raw(price.raw() + cents(below(500)).raw());
            sizer.on_bar(
                Event::bar(at(step), Sequence{1}, symbol, 0, {price, far, price, price, qty(1)}));
            const Quantity wanted = below(2) == 0 ? qty(1) : qty(-1);
            const Quantity size = sizer.size(symbol, wanted, portfolio);
            const std::int64_t lot = table[core::index_of(symbol)].lot_size.raw();
            ASSERT_EQ(size.raw() % lot, 0);
            ASSERT_TRUE(size.is_zero() || (size.raw() > 0) == (wanted.raw() > 0));
            const Money worth = price * size.abs();
            ASSERT_TRUE(size.is_zero() || worth >= s.sizing.min_notional);
            ASSERT_LE(worth.to_double(), std::max(0.0, portfolio.equity().to_double()) *
                                             static_cast<double>(s.sizing.equity_percent_e4) / 1e6 *
                                             (1 + 1e-12));
            if (below(3) != 0) continue;
            const Quantity before = portfolio.position(symbol).quantity;
            portfolio.apply_fill(symbol, size - before, price, {});
            sizer.on_fill(symbol, before, portfolio);
        }
    }
}

TEST(PositionSizer, needs_its_bars_to_be_made) {
    Settings s;
    s.sizing.mode = SizingMode::kRisk;
    s.bars.timeframes = {Nanos{kSecond}};
    EXPECT_THROW((PositionSizer{s, instruments(1)}), std::invalid_argument);
    s.sizing.stop_bps = 10;
    EXPECT_NO_THROW((PositionSizer{s, instruments(1)}));
}

}  // namespace
}  // namespace sluice::tests::trade_path
