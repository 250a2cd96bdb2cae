#include <sluice/accounting/account.hpp>

#include <algorithm>

#include <sluice/core/decimal.hpp>

namespace sluice::accounting {
namespace {

constexpr core::Int128 kMostMoney =
    static_cast<core::Int128>(1'000'000'000'000'000) * Money::kScale;
constexpr std::int64_t kMostUnits = 10'000'000'000;
constexpr std::int64_t kMostMultiplier = 100'000'000;
constexpr std::int64_t kMostSplit = 1'000'000;
constexpr std::int64_t kMostParts = 1'000;

[[noreturn]] void refuse(const std::string& what) { throw AccountError(what); }

// price * quantity * multiplier.
Money cost_of(Price price, Quantity quantity, const InstrumentTerms& terms) {
    if (quantity.raw() % terms.part != 0)
        refuse("a quantity whose share of the multiplier has more than eight decimals");
    const Quantity parts = Quantity::from_raw(quantity.raw() / terms.part);
    core::Int128 raw{};
    if (__builtin_mul_overflow((price * parts).raw(), static_cast<core::Int128>(terms.multiplier),
                               &raw) ||
        raw > kMostMoney || raw < -kMostMoney)
        refuse("an amount beyond 10^15 currency units: is the price or the quantity right?");
    return Money::from_raw(raw);
}
void check(Money amount) {
    if (amount.raw() > kMostMoney || amount.raw() < -kMostMoney)
        refuse("an amount beyond 10^15 currency units");
}
Money money_of(Quantity delivered) {
    static_assert(Money::kScale % Quantity::kScale == 0);
    return Money::from_raw(static_cast<core::Int128>(delivered.raw()) *
                           (Money::kScale / Quantity::kScale));
}
void add(Amounts& to, const Amounts& from) {
    for (const auto& [currency, amount] : from) to[currency] += amount;
}

}  // namespace

const char* to_string(ChargeKind kind) noexcept {
    switch (kind) {
        case ChargeKind::kFunding: return "funding";
        case ChargeKind::kBorrow: return "borrow";
        case ChargeKind::kInterest: return "interest";
        case ChargeKind::kFee: break;
    }
    return "fee";
}

Account::Account(std::string base_currency, CostMethod method)
    : base_(std::move(base_currency)), method_(method) {
    if (base_.empty()) refuse("an account needs a base currency");
    rates_[base_] = Price::from_units(1);
}

void Account::declare(const std::string& instrument, const InstrumentTerms& terms) {
    if (terms.currency.empty()) refuse(instrument + " has no currency");
    if (terms.multiplier < 1 || terms.part < 1 || terms.part > Quantity::kScale ||
        terms.multiplier / terms.part > kMostMultiplier)
        refuse(instrument + ": a multiplier is above 0 and up to 100000000, with eight decimals");
    if (terms.part != 1 && !terms.delivers.empty())
        refuse(instrument + ": a currency pair has a multiplier of 1");
    if (terms.delivers == terms.currency) refuse(instrument + " delivers what it is priced in");
    if (!holdings_.try_emplace(instrument, Holding{terms, Lots{method_}, Price{}}).second)
        refuse(instrument + " is declared twice, or after its first entry");
}

Holding& Account::holding(const std::string& instrument) {
    if (instrument.empty()) refuse("an entry without an instrument");
    return holdings_
        .try_emplace(instrument, Holding{InstrumentTerms{base_, 1}, Lots{method_}, Price{}})
        .first->second;
}

Cell& Account::cell(const std::string& instrument, const Origin& origin) {
    return cells_.try_emplace({instrument, origin}, Cell{instrument, origin, {}, {}}).first->second;
}

void Account::set_rate(const std::string& currency, Price rate) {
    if (currency.empty()) refuse("a rate without a currency");
    if (rate.raw() <= 0) refuse("the rate of " + currency + " is not above zero");
    if (currency == base_) refuse("the rate of the base currency is 1");
    rates_[currency] = rate;
}

void Account::set_mark(const std::string& instrument, Price mark) {
    Holding& held = holding(instrument);
    static_cast<void>(cost_of(mark, held.lots.quantity(), held.terms));
    held.mark = mark;
}

void Account::transfer(const std::string& currency, Money amount) {
    check(amount);
    const Money base = in_base(currency, amount);
    cash_[currency] += amount;
    transfers_[currency] += amount;
    paid_in_ += base;
}

void Account::fill(core::StreamTime time, const std::string& instrument, const Fill& fill) {
    if (fill.quantity.is_zero()) refuse(instrument + ": a fill of nothing");
    if (fill.quantity.abs() > Quantity::from_units(kMostUnits))
        refuse(instrument + ": a fill of more than 10^10 units");
    check(fill.commission);
    Holding& held = holding(instrument);
    const InstrumentTerms& terms = held.terms;
    const Quantity after = held.lots.quantity() + fill.quantity;
    if (after.abs() > Quantity::from_units(kMostUnits))
        refuse(instrument + ": a position of more than 10^10 units");
    const Money cost = cost_of(fill.price, fill.quantity, terms);
    const Price mark = held.mark.is_zero() ? fill.price : held.mark;
    static_cast<void>(cost_of(mark, after, terms));

    std::vector<ClosedLot> closed;
    held.lots.fill(time, fill, terms.multiplier, closed, terms.part);
    for (ClosedLot& lot : closed) closed_.emplace_back(instrument, std::move(lot));
    held.mark = mark;

    Cell& mine = cell(instrument, fill.origin);
    mine.quantity += fill.quantity;
    mine.moved.trading[terms.currency] -= cost;
    cash_[terms.currency] -= cost;
    if (!terms.delivers.empty()) {
        mine.moved.trading[terms.delivers] += money_of(fill.quantity);
        cash_[terms.delivers] += money_of(fill.quantity);
    }
    if (!fill.commission.is_zero()) {
        const std::string& currency =
            fill.commission_currency.empty() ? terms.currency : fill.commission_currency;
        mine.moved.commission[currency] -= fill.commission;
        cash_[currency] -= fill.commission;
    }
}

void Account::dividend(const std::string& instrument, Price per_unit) {
    Holding& held = holding(instrument);
    if (!held.terms.delivers.empty()) refuse(instrument + ": a currency pair pays no dividend");
    static_cast<void>(cost_of(per_unit, held.lots.quantity(), held.terms));
    for (auto& [key, cell] : cells_) {
        if (cell.instrument != instrument || cell.quantity.is_zero()) continue;
        const Money paid = cost_of(per_unit, cell.quantity, held.terms);
        cell.moved.dividends[held.terms.currency] += paid;
        cash_[held.terms.currency] += paid;
    }
}

void Account::split(core::StreamTime time, const std::string& instrument, const Split& split) {
    if (split.units < 1 || split.for_units < 1 || split.units > kMostSplit ||
        split.for_units > kMostSplit)
        refuse(instrument + ": a split is of 1 to 1000000 units for as many");
    Holding& held = holding(instrument);
    if (!held.terms.delivers.empty()) refuse(instrument + ": a currency pair is not split");
    if (held.terms.part != 1) refuse(instrument + ": a part of a unit is not split");
    if (scaled(held.lots.quantity(), split.units, split.for_units).abs() >
        Quantity::from_units(kMostUnits))
        refuse(instrument + ": the split makes more than 10^10 units");
    std::vector<Cell*> owners;
    std::vector<Quantity> parts;
    for (auto& [key, cell] : cells_) {
        if (cell.instrument != instrument) continue;
        owners.push_back(&cell);
        parts.push_back(cell.quantity);
    }
    parts = scaled_parts(parts, split.units, split.for_units);
    held.lots.split(split.units, split.for_units);
    for (std::size_t i = 0; i < owners.size(); ++i) owners[i]->quantity = parts[i];
    held.mark = Price::from_raw(static_cast<std::int64_t>(core::mul_div(
        held.mark.raw(), split.for_units, split.units, core::Rounding::kHalfAwayFromZero)));
    if (split.cash_in_lieu.raw() <= 0) return;
    // The fraction of the whole position is sold in the name of the origin that holds most.
    const std::int64_t fraction = held.lots.quantity().raw() % Quantity::kScale;
    if (fraction == 0) return;
    const auto largest = std::max_element(
        owners.begin(), owners.end(),
        [](const Cell* a, const Cell* b) { return a->quantity.abs() < b->quantity.abs(); });
    fill(time, instrument,
         Fill{.quantity = Quantity::from_raw(-fraction),
              .price = split.cash_in_lieu,
              .origin = (*largest)->origin});
}

void Account::charge(const Charge& charge) {
    check(charge.amount);
    if (charge.currency.empty()) refuse("a charge without a currency");
    if (!charge.instrument.empty()) static_cast<void>(holding(charge.instrument));
    cell(charge.instrument, charge.origin).moved.charges[charge.currency] += charge.amount;
    cash_[charge.currency] += charge.amount;
}

void Account::charge_share(const std::string& instrument, const ShareCharge& charge) {
    Holding& held = holding(instrument);
    if (!held.terms.delivers.empty())
        refuse(instrument + ": a currency pair has no value to share");
    if (charge.rate > Price::from_units(1) || charge.rate < Price::from_units(-1) ||
        charge.parts < 1 || charge.parts > kMostParts)
        refuse(instrument + ": a rate is a share of at most the whole value");
    const bool borrows = charge.kind == ChargeKind::kBorrow;
    const Quantity whole = held.lots.quantity();
    if (whole.is_zero() || (borrows && whole.raw() > 0)) return;
    const Price price = charge.price.is_zero() ? held.mark : charge.price;
    const auto share = [&](Quantity quantity) {
        const Money value = cost_of(price, quantity, held.terms);
        const Money out = Money::from_raw(core::mul_div(value.raw(), charge.rate.raw(),
                                                        Price::kScale * charge.parts,
                                                        core::Rounding::kTowardZero));
        return borrows ? out : -out;
    };
    const std::string& currency = held.terms.currency;
    const Money total = share(whole);
    Money left = total;
    Cell* largest = nullptr;
    for (auto& [key, cell] : cells_) {
        if (cell.instrument != instrument || cell.quantity.is_zero()) continue;
        const Money part = share(cell.quantity);
        cell.moved.charges[currency] += part;
        left -= part;
        if (largest == nullptr || cell.quantity.abs() > largest->quantity.abs()) largest = &cell;
    }
    if (largest == nullptr) return;  // nobody holds any
    largest->moved.charges[currency] += left;
    cash_[currency] += total;
}

Money Account::in_base(const std::string& currency, Money amount) const {
    if (currency == base_ || amount.is_zero()) return amount;
    const auto rate = rates_.find(currency);
    if (rate == rates_.end())
        refuse("no rate of " + currency + " in " + base_ +
               " is known yet: enter one before it is needed");
    return Money::from_raw(core::mul_div(amount.raw(), rate->second.raw(), Price::kScale,
                                         core::Rounding::kTowardZero));
}

Money Account::value(const Holding& holding, Quantity quantity) const {
    if (!holding.terms.delivers.empty()) return {};
    return cost_of(holding.mark, quantity, holding.terms);
}

Money Account::unrealised(const Holding& holding) const {
    return cost_of(holding.mark, holding.lots.quantity(), holding.terms) - holding.lots.basis();
}

Amounts Account::worth() const {
    Amounts out = cash_;
    for (const auto& [name, held] : holdings_)
        out[held.terms.currency] += value(held, held.lots.quantity());
    return out;
}

Money Account::equity() const {
    Money sum;
    for (const auto& [currency, amount] : worth()) sum += in_base(currency, amount);
    return sum;
}

bool Account::balances() const {
    Amounts sum = transfers_;
    std::map<std::string, Quantity> units;
    std::map<std::string, Money> traded;
    for (const auto& [key, cell] : cells_) {
        for (const Amounts* moved : {&cell.moved.trading, &cell.moved.commission,
                                     &cell.moved.dividends, &cell.moved.charges})
            add(sum, *moved);
        if (cell.instrument.empty()) continue;
        units[cell.instrument] += cell.quantity;
        const auto in_quote = cell.moved.trading.find(holdings_.at(cell.instrument).terms.currency);
        if (in_quote != cell.moved.trading.end()) traded[cell.instrument] += in_quote->second;
    }
    for (const auto& [currency, amount] : sum) {
        const auto held = cash_.find(currency);
        if ((held == cash_.end() ? Money{} : held->second) != amount) return false;
    }
    for (const auto& [currency, amount] : cash_)
        if (!amount.is_zero() && !sum.contains(currency)) return false;
    return std::all_of(holdings_.begin(), holdings_.end(), [&](const auto& one) {
        const auto& [name, held] = one;
        return units[name] == held.lots.quantity() &&
               traded[name] == held.lots.realised() - held.lots.basis();
    });
}

}  // namespace sluice::accounting
