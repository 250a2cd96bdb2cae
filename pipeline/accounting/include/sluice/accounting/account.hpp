// A whole account, off the hot path: cash in several currencies, positions, fills, commissions in any
// currency, dividends, splits, funding, borrowing; and whose doing each unit of its result is.
//
// Everything is linear and exact. Each pair of instrument and origin has a cell of its own, with the
// units that it holds and the money that it moved; the account is the sum of its cells and of what was
// paid in. So in every currency, to the last unit of 1e-17:
//
//   cash = paid in + sum over cells of all money moved          (balances() says whether)
//
// Only the conversion into the base currency rounds, towards zero, once for each currency.
//
// Threads  one. Errors: AccountError; the account is then as before. Amounts beyond 10^15 currency
//          units and 10^10 units an entry are refused, so that no sum overflows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sluice/accounting/entries.hpp>
#include <sluice/accounting/lots.hpp>

namespace sluice::accounting {

// By currency, in the order of their names.
using Amounts = std::map<std::string, Money>;

// What a cell's money was moved by.
struct Moved {
    Amounts trading;  // bought negative, sold positive
    Amounts commission;
    Amounts dividends;
    Amounts charges;
};

struct Cell {
    std::string instrument;  // empty: the account as a whole
    Origin origin;
    Quantity quantity;
    Moved moved;
};

struct Holding {
    InstrumentTerms terms;
    Lots lots;
    Price mark;  // zero until there is one
};

class Account {
  public:
    Account(std::string base_currency, CostMethod method);

    // ---- entries -----------------------------------------------------------------------------

    // Before the instrument's first entry; one that is not declared is priced in the base currency.
    void declare(const std::string& instrument, const InstrumentTerms& terms);
    // How much of the base currency one unit of `currency` is worth from now on.
    void set_rate(const std::string& currency, Price rate);
    void set_mark(const std::string& instrument, Price mark);
    // Paid in, or out where negative. Needs the currency's rate.
    void transfer(const std::string& currency, Money amount);
    void fill(core::StreamTime time, const std::string& instrument, const Fill& fill);
    // To each who holds a unit; whoever is short pays it.
    void dividend(const std::string& instrument, Price per_unit);
    // Marks change with the units. Cash in lieu is booked as a fill at its price.
    void split(core::StreamTime time, const std::string& instrument, const Split& split);
    void charge(const Charge& charge);
    // Shared out by who holds how much; what rounding leaves goes to who holds most.
    void charge_share(const std::string& instrument, const ShareCharge& charge);

    // ---- what it is --------------------------------------------------------------------------

    [[nodiscard]] const std::string& base_currency() const noexcept { return base_; }
    [[nodiscard]] CostMethod method() const noexcept { return method_; }
    [[nodiscard]] const Amounts& cash() const noexcept { return cash_; }
    [[nodiscard]] const std::map<std::string, Holding>& holdings() const noexcept {
        return holdings_;
    }
    [[nodiscard]] const std::map<std::pair<std::string, Origin>, Cell>& cells() const noexcept {
        return cells_;
    }
    [[nodiscard]] const std::vector<std::pair<std::string, ClosedLot>>& closed() const noexcept {
        return closed_;
    }
    // Cash and positions at their marks.
    [[nodiscard]] Amounts worth() const;
    // The same in the base currency. Throws AccountError where a rate is missing.
    [[nodiscard]] Money equity() const;
    // Paid in, in the base currency at the rates of those moments; equity() less this is the result.
    [[nodiscard]] Money paid_in() const noexcept { return paid_in_; }
    [[nodiscard]] const Amounts& transfers() const noexcept { return transfers_; }
    // A position at its mark; nothing for a currency pair, whose value is cash.
    [[nodiscard]] Money value(const Holding& holding, Quantity quantity) const;
    [[nodiscard]] Money unrealised(const Holding& holding) const;
    // `amount` of a currency in the base currency, towards zero.
    [[nodiscard]] Money in_base(const std::string& currency, Money amount) const;

    // Whether all of the identities above hold.
    [[nodiscard]] bool balances() const;

  private:
    [[nodiscard]] Holding& holding(const std::string& instrument);
    [[nodiscard]] Cell& cell(const std::string& instrument, const Origin& origin);

    std::string base_;
    CostMethod method_;
    std::map<std::string, Price> rates_;
    Amounts cash_;
    Amounts transfers_;
    Money paid_in_;
    std::map<std::string, Holding> holdings_;
    std::map<std::pair<std::string, Origin>, Cell> cells_;
    std::vector<std::pair<std::string, ClosedLot>> closed_;
};

}  // namespace sluice::accounting
