// Instruments of another currency than the account's: whatever judges money of them judges what they are worth
// in the account's.
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "pipeline/risk_stage_support.hpp"
#include "risk/money_limits.hpp"

namespace sluice::tests::trade_path {
namespace {

using pipeline::CurrencyId;

constexpr CurrencyId kEuro = 1;

InstrumentTable in_euros(std::size_t count, std::size_t of_them) {
    InstrumentTable table = instruments(count);
    for (std::size_t i = 0; i < of_them; ++i) table[i].currency = "EUR";
    return table;
}

class ForeignPrices : public RiskStageBench {
  protected:
    ForeignPrices() { settings_.account.rates = {"EUR=2"}; }
    void rate(std::int64_t ns, const char* now) { send(Event::rate(at(ns), kEuro, price(now))); }
    [[nodiscard]] std::size_t approved() const {
        return out_.emitted_of(EventKind::kApproved).size();
    }
    [[nodiscard]] std::vector<RefusalReason> refused() const {
        std::vector<RefusalReason> out;
        for (const Event& e : out_.emitted_of(EventKind::kRefusal))
            out.push_back(e.refusal_reason());
        return out;
    }
};

// What the same intents lead to in an instrument in euros, and in one in dollars whose prices are what those
// euros are worth. The second instrument is in dollars, so that the rest of the book counts as well.
class CurrencyTwins : public ForeignPrices, public testing::WithParamInterface<MoneyLimit> {
  protected:
    struct Seen {
        std::vector<std::string> orders;
        std::vector<std::tuple<RefusalReason, double, double>> refused;
        std::vector<std::string> books;
    };
    // Prices of the first instrument times by / of.
    Seen seen(const InstrumentTable& table, std::int64_t by, std::int64_t of) {
        settings_.account.capital = Money::from_units(300'000);
        GetParam().set(settings_);
        start(table);
        std::int64_t ns = 0;
        const auto own = [&](std::size_t i, std::int64_t cents_of) {
            return i == 0 ? cents_of * by / of : cents_of;
        };
        const auto trade_both = [&](std::int64_t cents_of) {
            for (std::size_t i = 0; i < table.size(); ++i)
                trade(++ns, own(i, cents_of), symbol_id(i));
        };
        for (int bar = 0; bar < 12; ++bar)
            bars(++ns, table.size(),
                 [&](std::size_t i) { return own(i, 100'000 + (bar % 3) * 400); });
        trade_both(100'000);
        for (const std::int64_t target : {1, 3, -2, 6, -7, 12, 2, -20, 0, 5}) {
            for (std::size_t i = 0; i < table.size(); ++i) {
                const std::size_t before = approved();
                intend(++ns, target * 50, symbol_id(i));
                const auto orders = out_.emitted_of(EventKind::kApproved);
                if (orders.size() == before) continue;
                const ApprovedOrder& order = orders.back().approved();
                fill(++ns, order, order.quantity().raw() / Quantity::kScale,
                     own(i, 100'000 + target * target % 7 * 8));
            }
            trade_both(100'000 + target * 36);
            trade_both(100'000);
        }
        Seen out;
        for (const Event& e : out_.emitted_of(EventKind::kApproved))
            out.orders.push_back(to_string(e.approved().quantity()));
        for (const Event& e : out_.emitted_of(EventKind::kRefusal))
            out.refused.emplace_back(e.refusal_reason(), e.refusal().observed, e.refusal().limit);
        const Portfolio& books = stage().portfolio();
        for (const Money& money :
             {books.equity(), books.cash(), books.realised(), books.unrealised(),
              books.peak_equity(), books.max_drawdown(), books.gross_exposure()})
            out.books.push_back(to_string(money));
        return out;
    }
    template <class PriceOf>
    void bars(std::int64_t ns, std::size_t count, const PriceOf& price_of) {
        for (std::size_t i = 0; i < count; ++i) {
            const Price close = cents(price_of(i));
            const PriceDelta step = PriceDelta::from_raw(close.raw() / 200);
            send(Event::bar(at(ns), Sequence{1}, symbol_id(i), 0,
                            {close, close + step, close - step, close, qty(1)}));
        }
    }
};

TEST_P(CurrencyTwins, are_judged_alike) {
    settings_.account.rates.clear();
    const Seen in_dollars = seen(instruments(2), 1, 1);
    EXPECT_FALSE(in_dollars.orders.empty());
    EXPECT_EQ(in_dollars.refused.empty(), settings_.sizing.mode != SizingMode::kQuantity)
        << "a limit that nothing met shows nothing";
    for (const char* rate : {"2", "0.5"}) {
        settings_.account.rates = {std::string("EUR=") + rate};
        const bool dear = std::string(rate) == "2";
        const Seen of_euros = seen(in_euros(2, 1), dear ? 1 : 2, dear ? 2 : 1);
        EXPECT_EQ(of_euros.orders, in_dollars.orders) << rate;
        EXPECT_EQ(of_euros.refused, in_dollars.refused) << rate;
        EXPECT_EQ(of_euros.books, in_dollars.books) << rate;
    }
}

void sized(Settings& s, SizingMode mode) {
    s.sizing.mode = mode;
    s.sizing.timeframe = s.bars.timeframes.front();
    s.sizing.period = 4;
    s.sizing.kelly_trades = 3;
    s.sizing.kelly_part_percent = 100;
    s.sizing.risk_min_percent = 0.001;
    s.sizing.risk_max_percent = 50;
    s.sizing.drawdown_percent = 100;
    s.sizing.equity_percent_e4 = 100'000'000;
    s.venue.commission = CommissionKind::kBasisPoints;
}

INSTANTIATE_TEST_SUITE_P(Limits, CurrencyTwins, testing::ValuesIn(kMoneyLimits));

constexpr MoneyLimit kSizes[] = {
    {"sized_by_equity", [](Settings& s) { sized(s, SizingMode::kEquity); }},
    {"sized_by_risk", [](Settings& s) { sized(s, SizingMode::kRisk); }},
    {"sized_by_volatility", [](Settings& s) { sized(s, SizingMode::kVolatility); }},
    {"sized_by_kelly", [](Settings& s) { sized(s, SizingMode::kKelly); }},
};
INSTANTIATE_TEST_SUITE_P(Sizes, CurrencyTwins, testing::ValuesIn(kSizes));

// 100 at 100 EUR: 20,000 USD at 2, and 1,000 less at 1.9.
TEST_F(ForeignPrices, may_lose_the_daily_loss_by_a_rate_alone) {
    settings_.risk.daily_loss = Money::from_units(1'000);
    start(in_euros(1, 1));
    trade(1, 100'00);
    fill(3, order_for(2, 100), 100, 100'00);
    trade(4, 110'00);  // 1,000 EUR won, which a rate can take away
    rate(5, "1.5");
    EXPECT_TRUE(out_.emitted_of(EventKind::kIncident).empty());
    trade(6, 94'00);  // 600 EUR lost: 900 USD
    EXPECT_TRUE(out_.emitted_of(EventKind::kIncident).empty());
    rate(7, "1.7");  // 1,020
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kDailyLossBreached);
    intend(8, 101);
    EXPECT_EQ(refused(), std::vector{RefusalReason::kDailyLoss});
    EXPECT_EQ(to_string(stage().portfolio().equity()), "998980");
    EXPECT_EQ(to_string(stage().portfolio().max_drawdown()), "3020");  // from the peak at 2
}

TEST_F(ForeignPrices, may_fall_to_a_drawdown_limit_by_a_rate_alone) {
    settings_.risk.max_drawdown_bps = 100;
    start(in_euros(1, 1));
    trade(1, 100'00);
    fill(3, order_for(2, 1'000), 1'000, 100'00);
    trade(4, 200'00);  // 200,000 USD won
    beat(4);           // from here on the peak counts
    rate(5, "1.95");   // 5,000 of them lost: less than a hundredth of 1,200,000
    EXPECT_TRUE(out_.emitted_of(EventKind::kIncident).empty());
    rate(6, "1.88");
    EXPECT_EQ(only(EventKind::kIncident).incident_kind(), IncidentKind::kDrawdownBreached);
}

// Buying takes cash of the instrument's currency, borrowed where there is none of it; what may be bought goes by
// all cash at the rates of now.
TEST_F(ForeignPrices, are_bought_with_what_all_cash_is_worth) {
    settings_.account.capital = Money::from_units(1'000);
    margin_of(settings_, MarginModel::kCash);
    start(in_euros(2, 1));
    trade(1, 100'00);
    trade(1, 100'00, symbol_id(1));
    fill(3, order_for(2, 3), 3, 100'00);  // 600 USD
    const Portfolio& books = stage().portfolio();
    EXPECT_EQ(to_string(books.book(kEuro).cash), "-300");
    EXPECT_EQ(to_string(books.book(pipeline::kAccountCurrency).cash), "1000");
    EXPECT_EQ(to_string(books.cash()), "400");
    intend(4, 5, symbol_id(1));
    intend(5, 6);
    EXPECT_EQ(refused(), (std::vector{RefusalReason::kMargin, RefusalReason::kMargin}));
    rate(6, "2.5");  // 250 left
    out_.clear();
    intend(7, 3, symbol_id(1));
    EXPECT_EQ(refused(), std::vector{RefusalReason::kMargin});
    EXPECT_EQ(only(EventKind::kRefusal).refusal().limit, 250);
    intend(8, 2, symbol_id(1));
    EXPECT_EQ(approved(), 1U);
}

// A unit of 1e-17 too much is too much: what is judged is rounded up.
TEST_F(ForeignPrices, are_rounded_against_the_order) {
    settings_.account.rates = {"EUR=0.333333333"};
    settings_.risk.max_order_notional = Money::from_raw(33'333'333);
    InstrumentTable table = in_euros(1, 1);
    table[0].lot_size = Quantity::from_raw(1);
    start(table);
    send(Event::trade(at(1), kSymbol, {Price::from_raw(1), qty(1), 0, 0, 0}));
    Event cause = Event::timer(at(2), EventKind::kBeat);
    const auto want = [&](std::int64_t raw) {
        send(Event::intent(cause, kSymbol, {Quantity::from_raw(raw), 1.0}));
    };
    want(100'000'001);  // 33'333'333.633...
    EXPECT_EQ(refused(), std::vector{RefusalReason::kMaxOrderNotional});
    want(100'000'000);  // 33'333'333.3: a third of a unit too much
    EXPECT_EQ(refused().size(), 2U);
    want(99'999'999);
    EXPECT_EQ(approved(), 1U);
}

}  // namespace
}  // namespace sluice::tests::trade_path
