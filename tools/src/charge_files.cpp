#include "charge_files.hpp"

#include <algorithm>
#include <stdexcept>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/tools/arguments.hpp>

namespace sluice::tools {

namespace fs = std::filesystem;
using core::Money;
using core::Price;
using pipeline::Charge;
using pipeline::ChargeBasis;
using pipeline::ChargeKind;
using pipeline::PackedMoney;

namespace {

constexpr const char* kOtherKinds[] = {"deposit", "withdrawal", "mark", "split"};

std::optional<ChargeKind> kind_of(const std::string& name) {
    for (std::size_t i = 0; i < pipeline::kChargeKindCount; ++i)
        if (const auto kind = static_cast<ChargeKind>(i); name == to_string(kind)) return kind;
    return std::nullopt;
}

// A share of the position's value, the price of which may be stated.
void take_share(const CsvTable& row, Rated by, Charge& charge) {
    const Price rate = row.fixed<Price>("rate");
    if (by == Rated::kByAnEntry && row.has("amount"))
        row.fail("has both an amount and a rate; leave one empty");
    if (rate.raw() > pipeline::kMostRate || rate.raw() < -pipeline::kMostRate)
        row.fail("rate '" + row.text("rate") +
                 "' is more than the whole value; a rate of 0.01 % is 0.0001");
    charge.basis = charge.kind == ChargeKind::kBorrow ? ChargeBasis::kShort : ChargeBasis::kValue;
    charge.value = PackedMoney{Money::from_raw(rate.raw())};
    if (by == Rated::kByTheRun) {
        const std::int64_t parts = row.whole("parts");
        if (parts < 1 || parts > pipeline::kDaysPerYear) row.fail("parts is from 1 to 365");
        charge.parts = static_cast<std::uint16_t>(parts);
    }
    if (!row.has("price")) return;
    charge.price = row.fixed<Price>("price");
    if (charge.price.raw() <= 0) row.fail("price '" + row.text("price") + "' is not above zero");
}

}  // namespace

const std::vector<std::string>& entry_columns() {
    static const std::vector<std::string> kColumns{"symbol", "currency",  "amount",    "price",
                                                   "rate",   "units",     "for_units", "strategy",
                                                   "regime", "parameters"};
    return kColumns;
}

std::optional<pipeline::PlannedCharge> charge_of(const CsvTable& row, Rated by) {
    const std::string name = row.needed("kind");
    if (name == "rate")
        return pipeline::PlannedCharge{row.time(), {},          row.needed("currency"),
                                       {},         row.place(), row.fixed<Price>("price")};
    const std::optional<ChargeKind> kind = kind_of(name);
    if (!kind) return std::nullopt;
    pipeline::PlannedCharge out{row.time(), row.text("symbol"), {}, {}, row.place(), {}};
    Charge& charge = out.charge;
    charge.kind = *kind;
    if (*kind == ChargeKind::kDividend) {
        out.symbol = row.needed("symbol");
        charge.basis = ChargeBasis::kUnit;
        charge.price = row.fixed<Price>("price");
    } else if (row.has("rate")) {
        if (*kind != ChargeKind::kFunding && *kind != ChargeKind::kBorrow)
            row.fail(std::string("a ") + to_string(*kind) + " has no rate; state its amount");
        out.symbol = row.needed("symbol");
        take_share(row, by, charge);
    } else {
        out.currency = row.needed("currency");
        charge.value = PackedMoney{row.money("amount")};
    }
    return out;
}

ChargeEntries read_charges(const fs::path& file) {
    ChargeEntries out;
    out.file = file;
    try {
        CsvTable row(file, {"time", "kind"}, entry_columns());
        while (row.next()) {
            if (auto charge = charge_of(row)) {
                out.charges.push_back(std::move(*charge));
                continue;
            }
            const std::string kind = row.needed("kind");
            if (std::find(std::begin(kOtherKinds), std::end(kOtherKinds), kind) ==
                std::end(kOtherKinds))
                row.fail("the kind '" + kind +
                         "' is not known; there are dividend, funding, borrow, interest, fee, "
                         "rate, and for sluice account deposit, withdrawal, mark, split");
            ++out.others;
        }
    } catch (const UsageError&) {
        throw;
    } catch (const std::runtime_error& error) {
        throw UsageError(std::string("account.entries: ") + error.what());
    }
    std::stable_sort(out.charges.begin(), out.charges.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    return out;
}

ChargeEntries read_charges(const pipeline::Settings& settings) {
    if (settings.account.entries.empty()) return {};
    return read_charges(fs::path(settings.account.entries));
}

pipeline::ChargePlan plan_charges(const ChargeEntries& entries, const pipeline::Settings& settings,
                                  const pipeline::InstrumentTable& instruments,
                                  const pipeline::TimerPlan& timers) {
    try {
        return pipeline::plan_charges(entries.charges, settings, instruments, timers);
    } catch (const pipeline::PlanError& error) {
        throw UsageError(std::string("account.entries: ") + error.what());
    }
}

void keep_entries(const fs::path& folder, const ChargeEntries& entries) {
    if (entries.file.empty()) return;
    adapters::run_folder::AtomicFile file{folder / kKeptEntries};
    file.append(text_of(entries.file));
    file.commit();
}

void warn_of_left_out(pipeline::RunRecord& record, const ChargeEntries& entries,
                      const pipeline::ChargePlan& plan) {
    // Of rates before the start the last of each currency holds there.
    const auto outside = static_cast<std::size_t>(
        std::count_if(
            plan.entries.begin(), plan.entries.end(),
            [&](core::StreamTime time) { return time < record.from || time > record.to; }) +
        std::count_if(plan.rates.begin(), plan.rates.end(),
                      [&](core::StreamTime time) { return time > record.to; }));
    std::string why;
    const auto add = [&why](std::size_t count, const char* what) {
        if (count != 0) why += (why.empty() ? "" : ", ") + std::to_string(count) + " " + what;
    };
    add(outside, "outside the run's time");
    add(plan.other_instruments, "of instruments that the run has not");
    add(plan.other_currencies, "of currencies that the run has not");
    add(entries.others, "of kinds that only sluice account books");
    if (!why.empty()) record.warnings.push_back("account.entries: left out were " + why);
}

}  // namespace sluice::tools
