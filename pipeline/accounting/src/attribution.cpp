#include <sluice/accounting/attribution.hpp>

#include <algorithm>
#include <map>

namespace sluice::accounting {
namespace {

struct Part {
    Amounts trading;
    Amounts commission;
    Amounts dividends;
    Amounts charges;
};

void add(Amounts& to, const Amounts& from) {
    for (const auto& [currency, amount] : from) to[currency] += amount;
}
Money in_base(const Account& account, const Amounts& amounts) {
    Money sum;
    for (const auto& [currency, amount] : amounts) sum += account.in_base(currency, amount);
    return sum;
}

}  // namespace

Attribution attribute(const Account& account, const AttributionBy& by) {
    std::map<std::pair<std::string, Origin>, Part> parts;
    for (const auto& [key, cell] : account.cells()) {
        Part& part =
            parts[{by.instrument ? cell.instrument : "",
                   {by.strategy ? cell.origin.strategy : "", by.regime ? cell.origin.regime : "",
                    by.parameters ? cell.origin.parameters : ""}}];
        add(part.trading, cell.moved.trading);
        add(part.commission, cell.moved.commission);
        add(part.dividends, cell.moved.dividends);
        add(part.charges, cell.moved.charges);
        if (cell.instrument.empty()) continue;
        const Holding& held = account.holdings().at(cell.instrument);
        part.trading[held.terms.currency] += account.value(held, cell.quantity);
    }
    Attribution out;
    out.profit = account.equity() - account.paid_in();
    Money given;
    for (const auto& [key, part] : parts) {
        out.rows.push_back({key.first, key.second, false, in_base(account, part.trading),
                            in_base(account, part.commission), in_base(account, part.dividends),
                            in_base(account, part.charges)});
        given += out.rows.back().profit();
    }
    Money currency = in_base(account, account.transfers()) - account.paid_in();
    if (!currency.is_zero()) {
        AttributionRow row;
        row.is_currency = true;
        row.trading = currency;
        out.rows.push_back(row);
        given += currency;
    }
    if (out.rows.empty()) return out;
    const auto largest = std::max_element(out.rows.begin(), out.rows.end(),
                                          [](const AttributionRow& a, const AttributionRow& b) {
                                              return a.trading.abs() < b.trading.abs();
                                          });
    largest->trading += out.profit - given;
    return out;
}

}  // namespace sluice::accounting
