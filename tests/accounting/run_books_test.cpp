// The engine's books of several currencies beside accounting::Account, which counts by itself, and beside
// integers of 512 bits: after every fill, mark, charge and new rate the same, to the last unit of 1e-17.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <sluice/accounting/account.hpp>
#include <sluice/pipeline/currency_table.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/run_record.hpp>

#include "core/wide_int.hpp"

namespace sluice::tests {
namespace {

using accounting::Account;
using core::Money;
using core::Price;
using core::Quantity;
using core::SymbolId;
using core::wide::Int512;
using pipeline::ChargeBasis;
using pipeline::CurrencyId;
using pipeline::Portfolio;
using pipeline::sum_of;

Int512 wide(Money money) { return core::wide::of(money.raw()); }

constexpr std::array kCurrencyNames{"USD", "EUR", "JPY"};

// Of the account's currency, two of another one, one of a third; a future and a contract of half a unit.
struct Dealt {
    CurrencyId currency;
    std::int64_t factor;
    std::int64_t part;
};
constexpr std::array<Dealt, 4> kDealt{{{0, 1, 1}, {1, 50, 1}, {1, 1, 2}, {2, 1, 1}}};

pipeline::InstrumentTable dealt() {
    pipeline::InstrumentTable out(kDealt.size());
    for (std::size_t i = 0; i < kDealt.size(); ++i) {
        out[i].symbol = std::string(1, static_cast<char>('A' + i));
        out[i].currency = kCurrencyNames[kDealt[i].currency];
        out[i].multiplier =
            Quantity::from_raw(Quantity::kScale * kDealt[i].factor / kDealt[i].part);
        out[i].lot_size = Quantity::from_raw(kDealt[i].part);
    }
    return out;
}

pipeline::AccountSettings stated() {
    pipeline::AccountSettings out;
    out.capital = Money::from_units(1'000'000);
    out.rates = {"EUR=1.0812", "JPY=0.006671"};
    return out;
}

// Cash, positions and rates in wide integers, one currency after the other.
class Ledger {
  public:
    explicit Ledger(Money capital) : capital_(wide(capital)) { cash_[0] = capital_; }

    void fill(std::size_t i, const Int512& underlying, std::int64_t price,
              std::int64_t commission) {
        if (marks_[i] == 0) marks_[i] = price;
        held_[i] += underlying;
        cash_[kDealt[i].currency] -= underlying * price + commission;
    }
    void mark(std::size_t i, std::int64_t price) { marks_[i] = price; }
    void rate(CurrencyId currency, std::int64_t rate) { rates_[currency] = rate; }
    void charge(CurrencyId currency, const Int512& amount) { cash_[currency] += amount; }

    [[nodiscard]] const Int512& cash(std::size_t currency) const { return cash_.at(currency); }
    [[nodiscard]] Int512 worth(std::size_t currency) const {
        Int512 sum = cash_.at(currency);
        for (std::size_t i = 0; i < kDealt.size(); ++i)
            if (kDealt[i].currency == currency) sum += held_[i] * marks_[i];
        return sum;
    }
    // Division of Int512 cuts towards zero.
    [[nodiscard]] Int512 in_account(std::size_t currency, const Int512& amount) const {
        return currency == 0 ? amount : Int512{amount * rates_.at(currency) / Price::kScale};
    }
    [[nodiscard]] Int512 equity() const {
        Int512 sum = 0;
        for (std::size_t c = 0; c < kCurrencyNames.size(); ++c) sum += in_account(c, worth(c));
        return sum;
    }
    // At least what all is worth, whatever is rounded, and hardly more.
    [[nodiscard]] Int512 gross() const {
        Int512 sum = 0;
        for (std::size_t i = 0; i < kDealt.size(); ++i) {
            const Int512 value = Int512{boost::multiprecision::abs(held_[i])} * marks_[i];
            const std::size_t c = kDealt[i].currency;
            sum += c == 0 ? value
                          : Int512{(value * rates_.at(c) + (Price::kScale - 1)) / Price::kScale};
        }
        return sum;
    }

  private:
    Int512 capital_;
    std::array<Int512, 3> cash_{};
    std::array<Int512, 4> held_{};
    std::array<std::int64_t, 4> marks_{};
    std::array<std::int64_t, 3> rates_{Price::kScale, 1'081'200'000, 6'671'000};
};

void book(Account& account, std::size_t i, const pipeline::Charge& charge) {
    const std::string symbol = dealt()[i].symbol;
    const accounting::ChargeKind kind = charge.basis == ChargeBasis::kShort
                                            ? accounting::ChargeKind::kBorrow
                                            : accounting::ChargeKind::kFunding;
    if (charge.basis == ChargeBasis::kUnit) return account.dividend(symbol, charge.price);
    if (charge.basis == ChargeBasis::kAmount)
        return account.charge({kind, charge.value.money(), dealt()[i].currency, symbol, {}});
    account.charge_share(symbol,
                         {kind, Price::from_raw(charge.rate()), charge.parts, charge.price});
}

rc::Gen<pipeline::Charge> any_charge() {
    return rc::gen::exec([] {
        pipeline::Charge out;
        out.kind = static_cast<pipeline::ChargeKind>(
            *rc::gen::inRange<int>(0, pipeline::kChargeKindCount));
        out.basis =
            static_cast<ChargeBasis>(*rc::gen::inRange<int>(0, pipeline::kChargeBasisCount));
        const bool shares = out.basis >= ChargeBasis::kValue;
        const std::int64_t most = shares ? pipeline::kRateScale : 1'000'000'000'000'000;
        out.value = pipeline::PackedMoney{Money::from_raw(*rc::gen::inRange(-most, most + 1))};
        if (!shares || *rc::gen::arbitrary<bool>())
            out.price = Price::from_raw(*rc::gen::inRange<std::int64_t>(1, 100'000'000'000));
        out.parts = *rc::gen::element<std::uint16_t>(1, 365);
        return out;
    });
}

void check(const Portfolio& books, const Account& account, const Ledger& ledger, Money capital) {
    RC_ASSERT(books.equity() == account.equity());
    RC_ASSERT(wide(books.equity()) == ledger.equity());
    RC_ASSERT(wide(books.gross_exposure()) == ledger.gross());
    RC_ASSERT(account.balances());
    const accounting::Amounts worth = account.worth();
    Int512 realised = 0;
    for (std::size_t c = 0; c < kCurrencyNames.size(); ++c) {
        const auto currency = static_cast<CurrencyId>(c);
        const Portfolio::Book& book = books.book(currency);
        const auto known = worth.find(kCurrencyNames[c]);
        RC_ASSERT(books.worth(currency) == (known == worth.end() ? Money{} : known->second));
        RC_ASSERT(wide(book.cash) == ledger.cash(c));
        RC_ASSERT(wide(books.worth(currency)) == ledger.worth(c));
        // What the books promise of each currency by itself.
        Money profit;
        Money charges = sum_of(books.charges(core::kNoSymbol, currency));
        for (std::size_t i = 0; i < kDealt.size(); ++i) {
            if (kDealt[i].currency != c) continue;
            const auto symbol = static_cast<SymbolId>(i);
            const Portfolio::Position& p = books.position(symbol);
            profit += p.realised + p.unrealised() - p.commission;
            charges += sum_of(books.charges(symbol));
        }
        RC_ASSERT(charges == book.charged());
        RC_ASSERT(books.worth(currency) - (c == 0 ? capital : Money{}) == profit + charges);
        realised += ledger.in_account(c, wide(book.realised));
    }
    RC_ASSERT(wide(books.realised()) == realised);
    RC_ASSERT(books.equity() - capital ==
              books.realised() + books.unrealised() - books.commission() + books.charges());
}

struct Both {
    Portfolio books;
    Account account{"USD", accounting::CostMethod::kAverage};
    Ledger ledger;
    Money translation{};

    void fill(std::size_t i) {
        const auto symbol = static_cast<SymbolId>(i);
        const std::int64_t open = books.position(symbol).quantity.raw();
        const bool closes = open != 0 && *rc::gen::inRange(0, 5) == 0;
        const std::int64_t part = kDealt[i].part;
        const auto size = *rc::gen::suchThat(
            rc::gen::oneOf(rc::gen::inRange<std::int64_t>(-4, 5),
                           rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'001)),
            [](std::int64_t raw) { return raw != 0; });
        const Quantity quantity = Quantity::from_raw(closes ? -open : size * part);
        const Price price = Price::from_raw(any_price());
        const auto commission = *rc::gen::inRange<std::int64_t>(-1'000, 1'000'000'000'000'000);
        books.apply_fill(symbol, quantity, price, Money::from_raw(commission));
        account.fill(
            {}, dealt()[i].symbol,
            {.quantity = quantity, .price = price, .commission = Money::from_raw(commission)});
        ledger.fill(i, Int512{quantity.raw() / part} * kDealt[i].factor, price.raw(), commission);
    }
    void mark(std::size_t i) {
        const Price price = Price::from_raw(any_price());
        books.mark(static_cast<SymbolId>(i), price);
        account.set_mark(dealt()[i].symbol, price);
        ledger.mark(i, price.raw());
    }
    void charge(std::size_t i) {
        const pipeline::Charge charge = *any_charge();
        const Money amount = books.apply_charge(static_cast<SymbolId>(i), charge).amount.money();
        ledger.charge(kDealt[i].currency, wide(amount));
        book(account, i, charge);
    }
    void charge_the_account() {
        pipeline::Charge charge;
        charge.currency = *rc::gen::inRange<CurrencyId>(0, kCurrencyNames.size());
        charge.value = pipeline::PackedMoney{Money::from_raw(
            *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000))};
        const pipeline::Charged charged = books.apply_charge(core::kNoSymbol, charge);
        RC_ASSERT(charged.currency == charge.currency);
        ledger.charge(charge.currency, wide(charged.amount.money()));
        account.charge({accounting::ChargeKind::kFee,
                        charge.value.money(),
                        kCurrencyNames[charge.currency],
                        {},
                        {}});
    }
    void rate() {
        const auto currency = *rc::gen::inRange<CurrencyId>(1, kCurrencyNames.size());
        const Price rate = Price::from_raw(*rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(1, 10), rc::gen::inRange<std::int64_t>(1, 2'000'000'000),
            rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000)));
        const Money before = books.equity();
        books.set_rate(currency, rate);
        translation += books.equity() - before;
        account.set_rate(kCurrencyNames[currency], rate);
        ledger.rate(currency, rate.raw());
    }
    static std::int64_t any_price() {
        return *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(1, 10),
                               rc::gen::inRange<std::int64_t>(1, 10'000'000'000'000));
    }
};

RC_GTEST_PROP(RunBooks, are_the_accounts_in_every_currency_to_the_last_unit, ()) {
    const pipeline::AccountSettings settings = stated();
    const pipeline::InstrumentTable table = dealt();
    Both both{.books = {settings.capital, table, currencies_of(settings, table)},
              .ledger = Ledger{settings.capital}};
    both.account.set_rate("EUR", Price::from_raw(1'081'200'000));
    both.account.set_rate("JPY", Price::from_raw(6'671'000));
    both.account.transfer("USD", settings.capital);
    for (std::size_t i = 0; i < table.size(); ++i)
        both.account.declare(table[i].symbol, {.currency = table[i].currency,
                                               .multiplier = kDealt[i].factor,
                                               .part = kDealt[i].part});
    std::vector<Money> curve{settings.capital};
    const auto steps = *rc::gen::inRange(0, 40);
    for (int step = 0; step < steps; ++step) {
        const auto i = *rc::gen::inRange<std::size_t>(0, kDealt.size());
        switch (*rc::gen::inRange(0, 8)) {
            case 0: both.charge(i); break;
            case 1: both.charge_the_account(); break;
            case 2:
            case 3: both.mark(i); break;
            case 4:
            case 5: both.rate(); break;
            default: both.fill(i); break;
        }
        check(both.books, both.account, both.ledger, settings.capital);
        curve.push_back(both.books.equity());
    }
    Money peak = curve.front();
    Money drawdown;
    for (const Money each : curve) {
        peak = std::max(peak, each);
        drawdown = std::max(drawdown, peak - each);
    }
    RC_ASSERT(both.books.peak_equity() == peak);
    RC_ASSERT(both.books.max_drawdown() == drawdown);
    RC_ASSERT(both.books.translation() == both.translation);
}

// 100 SAP at 140 EUR, bought on credit: the gain in dollars is on both the price and the rate.
TEST(RunBooks, say_what_rates_have_done_by_themselves) {
    pipeline::InstrumentTable table(1);
    table[0].symbol = "SAP";
    table[0].currency = "EUR";
    pipeline::AccountSettings settings;
    settings.rates = {"EUR=1.1"};
    Portfolio books{settings.capital, table, currencies_of(settings, table)};
    const SymbolId sap{0};
    books.apply_fill(sap, Quantity::from_units(100), Price::from_units(140), Money::from_units(1));
    EXPECT_EQ(books.book(1).cash, Money::from_units(-14'001));
    books.mark(sap, Price::from_units(150));  // worth 999 EUR
    EXPECT_EQ(books.equity() - settings.capital,
              Price::from_raw(1'100'000'000) * Quantity::from_units(999));
    EXPECT_TRUE(books.translation().is_zero());
    books.set_rate(1, Price::from_raw(1'200'000'000));
    EXPECT_EQ(books.equity() - settings.capital,
              Price::from_raw(1'200'000'000) * Quantity::from_units(999));
    EXPECT_EQ(books.translation(), Price::from_raw(100'000'000) * Quantity::from_units(999));
    EXPECT_EQ(books.unrealised(), Money::from_units(1'200));
    EXPECT_EQ(books.cash(),
              settings.capital - Price::from_raw(1'200'000'000) * Quantity::from_units(14'001));
    // Neither its own currency, nor one that is none, nor a rate that is none.
    const Money before = books.equity();
    books.set_rate(0, Price::from_units(2));
    books.set_rate(9, Price::from_units(2));
    books.set_rate(1, Price{});
    EXPECT_EQ(books.equity(), before);
}

TEST(RunBooks, have_a_rate_of_each_currency_that_they_hold) {
    pipeline::InstrumentTable table(1);
    table[0].symbol = "SAP.XETR";
    table[0].currency = "EUR";
    const auto says = [&](std::vector<std::string> rates) -> std::string {
        pipeline::AccountSettings settings;
        settings.rates = std::move(rates);
        try {
            (void)currencies_of(settings, table);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "nothing";
    };
    EXPECT_EQ(says({"EUR=1.08"}), "nothing");
    EXPECT_NE(says({}).find("SAP.XETR is priced in EUR"), std::string::npos);
    EXPECT_NE(says({"GBP=1.3"}).find("account.rates"), std::string::npos);
    for (const char* entry :
         {"EUR", "EUR=", "=1", "EUR=x", "EUR=0", "EUR=-1", "EUR=100000001", "EUR=0.000000999"})
        EXPECT_NE(says({entry}).find(std::string("'") + entry + "'"), std::string::npos) << entry;
    EXPECT_NE(says({"USD=1", "EUR=1"}).find("own currency"), std::string::npos);
    EXPECT_NE(says({"EUR=1", "EUR=2"}).find("twice"), std::string::npos);
}

}  // namespace
}  // namespace sluice::tests
