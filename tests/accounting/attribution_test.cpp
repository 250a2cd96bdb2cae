// Whose doing a result is: by hand, and that the parts always add up.
#include <sluice/accounting/attribution.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include <sluice/accounting/days.hpp>
#include <sluice/accounting/reconciliation.hpp>

#include "accounting/support.hpp"

namespace sluice::tests {
namespace {

using accounting::Account;
using accounting::AccountError;
using accounting::Attribution;
using accounting::AttributionRow;
using accounting::ChargeKind;
using accounting::CostMethod;
using accounting::Days;
using accounting::Discrepancy;
using accounting::DiscrepancyKind;
using accounting::Fill;
using accounting::Origin;
using accounting::Split;
using accounting::Statement;

Fill by(const std::string& strategy, std::string_view units, std::string_view at,
        std::string_view commission = "0") {
    return {.quantity = quantity(units),
            .price = price(at),
            .commission = money(commission),
            .origin = {strategy, "", ""}};
}

TEST(Attribution, gives_each_strategy_its_own_on_one_instrument) {
    Account account("USD", CostMethod::kAverage);
    account.transfer("USD", money("1000"));
    account.fill(day(1), "ABC", by("trend", "10", "10", "1"));
    account.fill(day(1), "ABC", by("reversion", "-4", "11", "0.5"));
    account.set_mark("ABC", price("12"));
    account.dividend("ABC", price("0.5"));
    const Attribution all =
        attribute(account, {.instrument = false, .regime = false, .parameters = false});
    ASSERT_EQ(all.rows.size(), 2U);
    const AttributionRow& reversion = all.rows[0];
    const AttributionRow& trend = all.rows[1];
    EXPECT_EQ(trend.origin.strategy, "trend");
    EXPECT_EQ(to_string(trend.trading), "20");
    EXPECT_EQ(to_string(trend.commission), "-1");
    EXPECT_EQ(to_string(trend.dividends), "5");
    EXPECT_EQ(to_string(reversion.trading), "-4");
    EXPECT_EQ(to_string(reversion.dividends), "-2");
    EXPECT_EQ(to_string(reversion.profit()), "-6.5");
    EXPECT_EQ(to_string(all.profit), "17.5");
}

TEST(Attribution, keeps_what_rates_did_to_the_money_paid_in_apart) {
    Account account("USD", CostMethod::kAverage);
    account.set_rate("EUR", price("1.1"));
    account.transfer("EUR", money("100"));
    account.set_rate("EUR", price("1.2"));
    const Attribution all = attribute(account, {});
    ASSERT_EQ(all.rows.size(), 1U);
    EXPECT_TRUE(all.rows[0].is_currency);
    EXPECT_EQ(to_string(all.rows[0].profit()), "10");
    EXPECT_EQ(to_string(all.profit), "10");
}

// Random fills, dividends, splits, charges and transfers of three instruments in three currencies.
void random_entry(Account& account) {
    const std::string names[] = {"ABC", "SAP", "EURUSD"};
    const std::string name = names[*rc::gen::inRange(0, 3)];
    const Origin origin{std::to_string(*rc::gen::inRange(0, 3)),
                        std::to_string(*rc::gen::inRange(0, 2)), ""};
    const auto amount = [](std::int64_t most) {
        return *rc::gen::inRange<std::int64_t>(-most, most);
    };
    switch (*rc::gen::inRange(0, 8)) {
        case 0:
            account.charge({ChargeKind::kFunding, core::Money::from_raw(amount(1'000'000'000'000)),
                            "GBP", *rc::gen::arbitrary<bool>() ? name : "", origin});
            break;
        case 1: account.transfer("EUR", core::Money::from_raw(amount(INT64_MAX / 4))); break;
        case 2:
            account.set_rate("EUR", Price::from_raw(std::abs(amount(2'000'000'000)) + 1));
            break;
        case 3:
            if (name != "EURUSD")
                account.dividend(name, Price::from_raw(std::abs(amount(999'999'999))));
            break;
        case 4:
            if (name != "EURUSD")
                account.split(day(1), name,
                              Split{*rc::gen::inRange<std::int64_t>(1, 8),
                                    *rc::gen::inRange<std::int64_t>(1, 8),
                                    *rc::gen::arbitrary<bool>() ? price("17.123456789") : Price{}});
            break;
        default: {
            const std::int64_t units = amount(1'000'000'000'000);
            if (units == 0) return;
            account.fill(day(1), name,
                         Fill{.quantity = Quantity::from_raw(units),
                              .price = Price::from_raw(std::abs(amount(500'000'000'000)) + 1),
                              .commission = core::Money::from_raw(amount(1'000'000'000'000'000)),
                              .commission_currency = *rc::gen::arbitrary<bool>() ? "GBP" : "",
                              .origin = origin});
        }
    }
}

RC_GTEST_PROP(AttributionProperty, adds_up_to_the_last_unit_whatever_happened, ()) {
    Account account("USD", *rc::gen::arbitrary<bool>() ? CostMethod::kFifo : CostMethod::kAverage);
    account.declare("SAP", {.currency = "EUR", .multiplier = 3});
    account.declare("EURUSD", {.currency = "USD", .delivers = "EUR"});
    account.set_rate("EUR", price("1.123456789"));
    account.set_rate("GBP", price("1.3333"));
    const int entries = *rc::gen::inRange(1, 60);
    for (int i = 0; i < entries; ++i) {
        random_entry(account);
        RC_ASSERT(account.balances());
    }
    for (unsigned mask = 0; mask < 16; ++mask) {
        const Attribution all = attribute(
            account, {(mask & 1U) != 0, (mask & 2U) != 0, (mask & 4U) != 0, (mask & 8U) != 0});
        core::Money sum;
        for (const AttributionRow& row : all.rows) sum += row.profit();
        RC_ASSERT(sum == account.equity() - account.paid_in());
        RC_ASSERT(sum == all.profit);
    }
}

TEST(DailyResults, are_of_days_in_the_account_s_zone) {
    Account account("USD", CostMethod::kFifo);
    Days days("America/New_York");
    const auto at = [&](std::int64_t hour) {
        const core::StreamTime time{core::Nanos{(19'723 * 24 + hour) * 3'600'000'000'000LL}};
        days.before(time, account);  // hours of 2024-01-01, UTC
        return time;
    };
    at(15);
    account.transfer("USD", money("1000"));
    account.fill(at(16), "ABC", by("", "10", "10"));
    at(20);
    account.set_mark("ABC", price("11"));
    at(28);  // 23:00 in New York: still the first
    account.set_mark("ABC", price("12"));
    at(30);
    account.set_mark("ABC", price("9"));
    account.transfer("USD", money("-100"));
    days.finish(account);
    ASSERT_EQ(days.results().size(), 2U);
    EXPECT_EQ(pipeline::iso_date(days.results()[0].date), "2024-01-01");
    EXPECT_EQ(to_string(days.results()[0].profit), "20");
    EXPECT_EQ(to_string(days.results()[0].paid_in), "1000");
    EXPECT_EQ(pipeline::iso_date(days.results()[1].date), "2024-01-02");
    EXPECT_EQ(to_string(days.results()[1].profit), "-30");
    EXPECT_EQ(to_string(days.results()[1].equity), "890");
}

TEST(Reconciliation, names_every_discrepancy) {
    Account account("USD", CostMethod::kAverage);
    account.transfer("USD", money("10000"));
    account.fill(day(1), "AAA", by("", "10", "10"));
    account.fill(day(1), "BBB", by("", "10", "10"));
    account.fill(day(1), "CCC", by("", "10", "10"));
    account.fill(day(1), "DDD", by("", "3", "1"));
    account.fill(day(1), "DDD", by("", "4", "2"));  // 11 for 7: 1.571428571
    Statement statement;
    statement.positions["AAA"] = {quantity("10"), price("10")};
    statement.positions["BBB"] = {quantity("12"), price("10")};
    statement.positions["DDD"] = {quantity("7"), price("1.57")};
    statement.positions["EEE"] = {quantity("-1"), {}};
    statement.cash = {{"USD", money("9689.5")}, {"EUR", money("0")}};
    const std::vector<Discrepancy> found = reconcile(account, statement);
    ASSERT_EQ(found.size(), 5U);
    EXPECT_EQ(found[0].kind, DiscrepancyKind::kQuantity);
    EXPECT_EQ(found[0].subject, "BBB");
    EXPECT_EQ(found[0].difference, "2");
    EXPECT_EQ(found[1].kind, DiscrepancyKind::kMissingThere);
    EXPECT_EQ(found[1].subject, "CCC");
    EXPECT_EQ(found[2].kind, DiscrepancyKind::kAveragePrice);
    EXPECT_EQ(found[2].ours, "1.571428571");
    EXPECT_EQ(found[3].kind, DiscrepancyKind::kMissingHere);
    EXPECT_EQ(found[3].theirs, "-1");
    EXPECT_EQ(found[4].kind, DiscrepancyKind::kCash);
    EXPECT_EQ(found[4].difference, "0.5");
}

TEST(Reconciliation, is_silent_where_both_agree) {
    Account account("USD", CostMethod::kFifo);
    account.transfer("USD", money("500"));
    account.fill(day(1), "AAA", by("", "10", "10"));
    Statement statement;
    statement.positions["AAA"] = {quantity("10"), {}};
    statement.cash = {{"USD", money("400")}};
    EXPECT_TRUE(reconcile(account, statement).empty());
}

}  // namespace
}  // namespace sluice::tests
