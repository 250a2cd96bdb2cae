#include <sluice/accounting/reconciliation.hpp>

#include <set>

#include <sluice/core/decimal.hpp>

namespace sluice::accounting {
namespace {

template <class Fixed>
Discrepancy differ(DiscrepancyKind kind, const std::string& subject, Fixed ours, Fixed theirs) {
    return {kind, subject, core::to_string(ours), core::to_string(theirs),
            core::to_string(theirs - ours)};
}

}  // namespace

const char* to_string(DiscrepancyKind kind) noexcept {
    switch (kind) {
        case DiscrepancyKind::kMissingThere: return "missing_there";
        case DiscrepancyKind::kMissingHere: return "missing_here";
        case DiscrepancyKind::kQuantity: return "quantity";
        case DiscrepancyKind::kAveragePrice: return "average_price";
        case DiscrepancyKind::kCash: break;
    }
    return "cash";
}

Price average_price(const Holding& holding) {
    const std::int64_t quantity = holding.lots.quantity().raw();
    if (quantity == 0) return {};
    // basis (1e-17) / quantity (1e-8) is a price (1e-9): no scale is left to apply. Both divisors at once,
    // so that it is rounded once; a position of 10^10 units and a multiplier of 10^6 would not fit
    // 64 bits together.
    const core::Int128 divisor = core::widening_mul(
        (quantity > 0 ? quantity : -quantity) / holding.terms.part, holding.terms.multiplier);
    const core::Int128 basis =
        quantity > 0 ? holding.lots.basis().raw() : -holding.lots.basis().raw();
    const core::Int128 magnitude = basis < 0 ? -basis : basis;
    core::Int128 price = (magnitude + divisor / 2) / divisor;
    if (basis < 0) price = -price;
    if (price > INT64_MAX || price < INT64_MIN)
        throw AccountError("an average price beyond what a price can be");
    return Price::from_raw(static_cast<std::int64_t>(price));
}

std::vector<Discrepancy> reconcile(const Account& account, const Statement& statement) {
    std::vector<Discrepancy> out;
    std::set<std::string> names;
    for (const auto& [name, holding] : account.holdings())
        if (holding.terms.delivers.empty()) names.insert(name);  // a pair's position is cash
    for (const auto& [name, stated] : statement.positions) names.insert(name);
    for (const std::string& name : names) {
        const auto held = account.holdings().find(name);
        const auto stated = statement.positions.find(name);
        const Quantity ours =
            held == account.holdings().end() ? Quantity{} : held->second.lots.quantity();
        const Quantity theirs =
            stated == statement.positions.end() ? Quantity{} : stated->second.quantity;
        if (ours != theirs) {
            const DiscrepancyKind kind = theirs.is_zero() ? DiscrepancyKind::kMissingThere
                                         : ours.is_zero() ? DiscrepancyKind::kMissingHere
                                                          : DiscrepancyKind::kQuantity;
            out.push_back(differ(kind, name, ours, theirs));
        } else if (!ours.is_zero() && stated->second.average_price) {
            const Price cost = average_price(held->second);
            if (cost != *stated->second.average_price)
                out.push_back(differ(DiscrepancyKind::kAveragePrice, name, cost,
                                     *stated->second.average_price));
        }
    }
    if (!statement.cash) return out;
    std::set<std::string> currencies;
    for (const auto& [currency, amount] : account.cash()) currencies.insert(currency);
    for (const auto& [currency, amount] : *statement.cash) currencies.insert(currency);
    const auto of = [](const Amounts& amounts, const std::string& currency) {
        const auto found = amounts.find(currency);
        return found == amounts.end() ? Money{} : found->second;
    };
    for (const std::string& currency : currencies) {
        const Money ours = of(account.cash(), currency);
        const Money theirs = of(*statement.cash, currency);
        if (ours != theirs) out.push_back(differ(DiscrepancyKind::kCash, currency, ours, theirs));
    }
    return out;
}

}  // namespace sluice::accounting
