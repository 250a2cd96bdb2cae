// Whose doing a result is: the account's profit split by instrument, strategy, regime and version of the
// parameters, in the base currency. The parts add up to the whole, to the last unit of 1e-17.
//
// Each part's money of each currency is converted at the rates of now. Conversion rounds towards zero,
// so a part may lack a unit; what all of them lack goes to the largest. What changing rates did to the
// money paid in is nobody's doing and a row of its own, `currency`.
#pragma once

#include <string>
#include <vector>

#include <sluice/accounting/account.hpp>

namespace sluice::accounting {

struct AttributionBy {
    bool instrument = true;
    bool strategy = true;
    bool regime = true;
    bool parameters = true;
};

struct AttributionRow {
    std::string instrument;  // empty where it is not asked for, or of the account as a whole
    Origin origin;
    bool is_currency = false;  // what rates did to the money paid in
    Money trading;             // realised and unrealised, before costs
    Money commission;          // a cost is negative
    Money dividends;
    Money charges;  // funding, borrowing, interest, fees
    [[nodiscard]] Money profit() const noexcept {
        return trading + commission + dividends + charges;
    }
};

struct Attribution {
    std::vector<AttributionRow> rows;  // by instrument, strategy, regime, parameters; currency last
    Money profit;                      // equity less what was paid in: the sum of the rows
};

// Throws AccountError where a rate is missing.
[[nodiscard]] Attribution attribute(const Account& account, const AttributionBy& by);

}  // namespace sluice::accounting
