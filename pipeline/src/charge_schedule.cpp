#include <sluice/pipeline/charge_schedule.hpp>

#include <algorithm>
#include <stdexcept>

#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/currency_table.hpp>

namespace sluice::pipeline {
namespace {

constexpr std::int64_t kMostBorrowPercent = 1'000;

// The currency that an amount, of that instrument or none, is in.
CurrencyId currency_of(const PlannedCharge& planned, const CurrencyTable& table,
                       const Instrument* instrument) {
    if (planned.currency.empty()) return kAccountCurrency;  // not of an amount
    if (instrument != nullptr && planned.currency != instrument->currency)
        throw PlanError(planned.where + ": is in " + planned.currency + ", but " +
                        instrument->symbol + " is priced in " + instrument->currency +
                        "; state the amount in that, or leave out the symbol");
    const auto found = table.find(planned.currency);
    if (!found)
        throw PlanError(planned.where + ": is in " + planned.currency +
                        ", but account.currency is " + table.names.front() +
                        " and account.rates has no rate of " + planned.currency +
                        "; state one there, or the amount in " + table.names.front());
    return *found;
}

// Nothing where the run has no such currency.
std::optional<Event> rate_event(const PlannedCharge& planned, const CurrencyTable& table) {
    const auto found = table.find(planned.currency);
    if (found == kAccountCurrency)
        throw PlanError(planned.where + ": is a rate of " + planned.currency +
                        ", the account's own currency, which is worth 1; leave it out");
    if (const auto fault = fault_of_rate(*planned.rate))
        throw PlanError(planned.where + ": " + core::to_string(*planned.rate) +
                        " is no rate: " + *fault);
    if (!found) return std::nullopt;
    return Event::rate(planned.time, *found, *planned.rate);
}

void check_dividend(const PlannedCharge& planned, const Settings& settings) {
    if (planned.charge.kind == ChargeKind::kDividend &&
        settings.data.adjust == AdjustmentMode::kAll)
        throw PlanError(planned.where +
                        ": is a dividend, which data.adjust = \"all\" has taken out of the prices "
                        "already; set data.adjust to splits or none");
}

Charge borrowing(std::int64_t rate) {
    Charge out;
    out.value = PackedMoney{Money::from_raw(rate)};
    out.kind = ChargeKind::kBorrow;
    out.basis = ChargeBasis::kShort;
    out.parts = kDaysPerYear;
    return out;
}

}  // namespace

const char* to_string(ChargeKind kind) noexcept {
    switch (kind) {
        case ChargeKind::kDividend: return "dividend";
        case ChargeKind::kFunding: return "funding";
        case ChargeKind::kBorrow: return "borrow";
        case ChargeKind::kInterest: return "interest";
        case ChargeKind::kFee: break;
    }
    return "fee";
}

std::int64_t AccountSettings::borrow_rate_of(std::string_view symbol) const {
    std::int64_t others = 0;
    std::optional<std::int64_t> own;
    for (const std::string& entry : borrow_rates) {
        const std::size_t equals = entry.rfind('=');
        Price percent;
        if (equals == std::string::npos || equals == 0 ||
            core::parse_fixed(std::string_view{entry}.substr(equals + 1), percent) !=
                core::DecimalError::kOk ||
            percent.raw() < 0 || percent.raw() % 100 != 0 ||
            percent > Price::from_units(kMostBorrowPercent))
            throw std::invalid_argument(
                "'" + entry + "' is not SYMBOL=PERCENT with 0 to " +
                std::to_string(kMostBorrowPercent) +
                " percent, seven decimals at most; * is every other symbol");
        const std::string_view name = std::string_view{entry}.substr(0, equals);
        if (name == symbol) own = percent.raw() / 100;
        if (name == "*") others = percent.raw() / 100;
    }
    return own.value_or(others);
}

ChargePlan plan_charges(const std::vector<PlannedCharge>& planned, const Settings& settings,
                        const InstrumentTable& instruments, const TimerPlan& timers) {
    ChargePlan out;
    const CurrencyTable table = currency_table_of(settings.account);
    for (const PlannedCharge& each : planned) {
        if (each.rate) {
            const std::optional<Event> event = rate_event(each, table);
            if (!event) {
                ++out.other_currencies;
                continue;
            }
            out.rates.push_back(each.time);
            out.charges.push_back(*event);
            continue;
        }
        const auto found = std::find_if(instruments.begin(), instruments.end(),
                                        [&](const auto& i) { return i.symbol == each.symbol; });
        if (!each.symbol.empty() && found == instruments.end()) {
            ++out.other_instruments;
            continue;
        }
        check_dividend(each, settings);
        const bool whole = each.symbol.empty();
        const auto symbol =
            whole ? core::kNoSymbol : static_cast<SymbolId>(found - instruments.begin());
        Charge charge = each.charge;
        charge.currency = currency_of(each, table, whole ? nullptr : &*found);
        out.entries.push_back(each.time);
        out.charges.push_back(Event::charge(each.time, symbol, charge));
    }
    for (std::size_t i = 0; i < instruments.size(); ++i) {
        const std::int64_t rate = settings.account.borrow_rate_of(instruments[i].symbol);
        if (rate == 0) continue;
        for (const TimerPlan::Boundary& day : timers.boundaries)
            if (day.kind == EventKind::kDayStart)
                out.charges.push_back(
                    Event::charge(day.time, static_cast<SymbolId>(i), borrowing(rate)));
    }
    std::stable_sort(out.charges.begin(), out.charges.end(),
                     [](const Event& a, const Event& b) { return a.time() < b.time(); });
    return out;
}

}  // namespace sluice::pipeline
