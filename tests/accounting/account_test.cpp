// The account, by hand and beside the published accounts of another engine.
#include <sluice/accounting/account.hpp>

#include <gtest/gtest.h>

#include <string>

#include "accounting/support.hpp"

namespace sluice::tests {
namespace {

using accounting::Account;
using accounting::AccountError;
using accounting::Charge;
using accounting::ChargeKind;
using accounting::CostMethod;
using accounting::Fill;
using accounting::InstrumentTerms;
using accounting::Origin;
using accounting::Split;

Fill bought(std::string_view units, std::string_view at, std::string_view commission = "0") {
    return {.quantity = quantity(units), .price = price(at), .commission = money(commission)};
}
std::string cash(const Account& account, const std::string& currency) {
    return to_string(account.cash().at(currency));
}

TEST(AccountWithLots, closes_the_oldest_first_or_a_share_of_all) {
    for (const CostMethod method : {CostMethod::kFifo, CostMethod::kAverage}) {
        Account account("USD", method);
        account.transfer("USD", money("100000"));
        account.fill(day(1), "ABC", bought("100", "10"));
        account.fill(day(2), "ABC", bought("100", "12"));
        account.fill(day(3), "ABC", bought("-150", "13"));
        const auto& lots = account.holdings().at("ABC").lots;
        // First in, first out: 100 * 3 + 50 * 1. Average cost 11: 150 * 2.
        EXPECT_EQ(to_string(lots.realised()), method == CostMethod::kFifo ? "350" : "300");
        EXPECT_EQ(to_string(lots.basis()), method == CostMethod::kFifo ? "600" : "550");
        account.set_mark("ABC", price("13"));
        EXPECT_EQ(to_string(account.equity()), "100400");
        EXPECT_EQ(account.closed().size(), method == CostMethod::kFifo ? 2U : 1U);
        EXPECT_TRUE(account.balances());
    }
}

TEST(AccountWithLots, turns_from_long_to_short_in_one_fill) {
    Account account("USD", CostMethod::kFifo);
    account.transfer("USD", money("1000"));
    account.fill(day(1), "ABC", bought("10", "5"));
    account.fill(day(2), "ABC", bought("-25", "6"));
    const auto& held = account.holdings().at("ABC");
    EXPECT_EQ(to_string(held.lots.quantity()), "-15");
    EXPECT_EQ(to_string(held.lots.realised()), "10");
    EXPECT_EQ(to_string(held.lots.basis()), "-90");
    account.set_mark("ABC", price("4"));
    EXPECT_EQ(to_string(account.unrealised(held)), "30");
    EXPECT_EQ(to_string(account.equity()), "1040");
}

TEST(AccountOfFutures, multiplies_points) {
    Account account("USD", CostMethod::kAverage);
    account.declare("ESH4", {.currency = "USD", .multiplier = 50});
    account.fill(day(1), "ESH4", bought("2", "4800.25", "4.5"));
    account.fill(day(1), "ESH4", bought("-2", "4801.50", "4.5"));
    EXPECT_EQ(cash(account, "USD"), "116");  // 2 * 50 * 1.25 - 9
}

TEST(AccountInCurrencies, converts_commissions_and_results_at_the_stated_rates) {
    Account account("USD", CostMethod::kFifo);
    account.declare("SAP", {.currency = "EUR"});
    account.set_rate("EUR", price("1.10"));
    account.set_rate("GBP", price("1.25"));
    account.transfer("USD", money("10000"));
    account.transfer("EUR", money("5000"));
    EXPECT_EQ(to_string(account.paid_in()), "15500");
    Fill fill = bought("10", "100", "2");
    fill.commission_currency = "GBP";
    account.fill(day(1), "SAP", fill);
    EXPECT_EQ(cash(account, "EUR"), "4000");
    EXPECT_EQ(cash(account, "GBP"), "-2");
    account.set_mark("SAP", price("110"));
    account.set_rate("EUR", price("1.20"));
    // 10000 + (4000 + 1100) * 1.2 - 2 * 1.25
    EXPECT_EQ(to_string(account.equity()), "16117.5");
}

TEST(AccountInCurrencies, refuses_to_guess_a_rate) {
    Account account("USD", CostMethod::kFifo);
    account.declare("SAP", {.currency = "EUR"});
    account.fill(day(1), "SAP", bought("10", "100"));
    account.set_mark("SAP", price("101"));
    try {
        static_cast<void>(account.equity());
        FAIL() << "10 EUR without a rate";
    } catch (const AccountError& error) {
        EXPECT_NE(std::string(error.what()).find("no rate of EUR in USD"), std::string::npos);
    }
}

TEST(AccountWithActions, pays_dividends_to_the_long_and_takes_them_from_the_short) {
    Account account("USD", CostMethod::kFifo);
    account.fill(day(1), "ABC", bought("100", "10"));
    account.fill(day(1), "XYZ", bought("-30", "10"));
    account.dividend("ABC", price("0.25"));
    account.dividend("XYZ", price("0.10"));
    EXPECT_EQ(cash(account, "USD"), "-678");  // -1000 + 300 + 25 - 3
    EXPECT_TRUE(account.balances());
}

TEST(AccountWithActions, splits_leave_cost_and_worth_as_they_were) {
    Account account("USD", CostMethod::kFifo);
    account.fill(day(1), "AAPL", bought("10", "645.57"));
    account.set_mark("AAPL", price("648"));
    account.split(day(2), "AAPL", Split{7, 1, {}});
    const auto& held = account.holdings().at("AAPL");
    EXPECT_EQ(to_string(held.lots.quantity()), "70");
    EXPECT_EQ(to_string(held.lots.basis()), "6455.7");
    EXPECT_EQ(to_string(held.mark), "92.571428571");
    account.fill(day(3), "AAPL", bought("-70", "93"));
    EXPECT_EQ(to_string(held.lots.realised()), "54.3");
    EXPECT_TRUE(account.balances());
}

TEST(AccountWithActions, pays_fractions_out_where_a_price_is_stated) {
    Account account("USD", CostMethod::kFifo);
    account.fill(day(1), "ABC", bought("101", "30"));
    account.split(day(2), "ABC", Split{1, 2, price("61")});
    EXPECT_EQ(to_string(account.holdings().at("ABC").lots.quantity()), "50");
    EXPECT_EQ(cash(account, "USD"), "-2999.5");  // -3030 + 0.5 * 61
    // Half a unit had cost 30.
    EXPECT_EQ(to_string(account.holdings().at("ABC").lots.realised()), "0.5");
    EXPECT_TRUE(account.balances());
}

TEST(AccountWithCharges, books_funding_and_borrowing_where_they_belong) {
    Account account("USDT", CostMethod::kAverage);
    account.fill(day(1), "BTCUSDT", bought("0.5", "40000"));
    account.charge({ChargeKind::kFunding, money("-2"), "USDT", "BTCUSDT", {}});
    account.charge({ChargeKind::kFee, money("-1"), "USDT", "", {}});
    EXPECT_EQ(cash(account, "USDT"), "-20003");
    EXPECT_TRUE(account.balances());
}

TEST(AccountWithCharges, shares_a_rate_out_to_the_last_unit) {
    Account account("USD", CostMethod::kAverage);
    Fill first = bought("2", "0.000000001");
    first.origin.strategy = "first";
    Fill second = bought("1", "0.000000001");
    second.origin.strategy = "second";
    account.fill(day(1), "ABC", first);
    account.fill(day(1), "ABC", second);
    account.set_mark("ABC", price("0.000000001"));
    // 120000000 / 7 units of 1e-17; rounded apart, the parts of the two would lack one.
    account.charge_share("ABC", {ChargeKind::kFunding, price("0.4"), 7});
    EXPECT_EQ(cash(account, "USD"), "-0.00000000317142857");
    EXPECT_TRUE(account.balances());
    // Who is long borrows nothing; the price of the entry comes before the mark.
    account.charge_share("ABC", {ChargeKind::kBorrow, price("0.5"), 1});
    account.charge_share("ABC", {ChargeKind::kFunding, price("-0.1"), 1, price("100")});
    EXPECT_EQ(cash(account, "USD"), "29.99999999682857143");
    EXPECT_THROW(account.charge_share("ABC", {ChargeKind::kFunding, price("1.1"), 1}),
                 AccountError);
    EXPECT_TRUE(account.balances());
}

TEST(AccountThatRefuses, is_as_it_was_before) {
    Account account("USD", CostMethod::kFifo);
    account.fill(day(1), "ABC", bought("1", "10"));
    const auto before = account.cash();
    EXPECT_THROW(account.fill(day(1), "ABC", bought("0", "10")), AccountError);
    EXPECT_THROW(account.fill(day(1), "ABC", bought("9000000000", "9000000000")), AccountError);
    EXPECT_THROW(account.split(day(1), "ABC", Split{0, 1, {}}), AccountError);
    EXPECT_THROW(account.set_rate("EUR", price("0")), AccountError);
    EXPECT_THROW(account.set_rate("USD", price("2")), AccountError);
    EXPECT_THROW(account.transfer("EUR", money("1")), AccountError);
    EXPECT_THROW(account.declare("ABC", {.currency = "EUR"}), AccountError);
    EXPECT_EQ(before, account.cash());
    EXPECT_TRUE(account.balances());
}

class PublishedAccounts : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(market_data_folder() / "lean_testdata/test_forex_fills.xml"))
            GTEST_SKIP() << "no published fills at " << market_data_folder()
                         << "; name the folder of the market data in SLUICE_DATA";
    }
};

// test_cash_fills.xml, test_cash_equity.xml
TEST_F(PublishedAccounts, of_shares_has_the_published_equity_after_each_fill) {
    const auto prices = elements("test_cash_fills.xml", "FillPrice");
    const auto sizes = elements("test_cash_fills.xml", "FillQuantity");
    const auto equity = elements("test_cash_equity.xml", "decimal");
    ASSERT_EQ(prices.size(), 13U);
    ASSERT_EQ(equity.size(), prices.size() + 1);
    for (const CostMethod method : {CostMethod::kFifo, CostMethod::kAverage}) {
        Account account("USD", method);
        account.transfer("USD", money(equity.front()));
        for (std::size_t i = 0; i < prices.size(); ++i) {
            account.set_mark("CASH", price(prices[i]));
            account.fill(day(1), "CASH", bought(sizes[i], prices[i]));
            EXPECT_EQ(account.equity(), money(equity[i + 1])) << "after fill " << i + 1;
        }
    }
}

// test_forex_fills.xml, test_forex_equity.xml: MCH bought and sold for JWB in an account of USD. Before
// fill n, from 1 on, MCH is worth n / (n + 1) USD and JWB 1 / (n + 1).
TEST_F(PublishedAccounts, of_a_currency_pair_has_the_published_equity_after_each_fill) {
    const auto prices = elements("test_forex_fills.xml", "FillPrice");
    const auto sizes = elements("test_forex_fills.xml", "FillQuantity");
    const auto equity = elements("test_forex_equity.xml", "decimal");
    ASSERT_EQ(prices.size(), 13U);
    ASSERT_EQ(equity.size(), prices.size() + 1);
    Account account("USD", CostMethod::kFifo);
    account.declare("MCHJWB", {.currency = "JWB", .delivers = "MCH"});
    account.transfer("USD", money(equity.front()));
    for (std::size_t i = 0; i < prices.size(); ++i) {
        const auto n = static_cast<std::int64_t>(i) + 1;
        account.set_rate("MCH", Price::from_raw(n * Price::kScale / (n + 1)));
        account.set_rate("JWB", Price::from_raw(Price::kScale / (n + 1)));
        account.fill(day(1), "MCHJWB", bought(sizes[i], prices[i]));
        // Published to the cent.
        const Money off = account.equity() - money(equity[i + 1]);
        EXPECT_LE(off.abs(), money("0.005"))
            << "after fill " << n << ": " << to_string(account.equity());
        EXPECT_TRUE(account.balances());
    }
}

}  // namespace
}  // namespace sluice::tests
