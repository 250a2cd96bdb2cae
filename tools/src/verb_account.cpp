// `sluice account`: an account kept exactly from fills and what else happened to it; whose doing its
// result is, day by day, and how it differs from a statement.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/accounting/attribution.hpp>
#include <sluice/accounting/days.hpp>
#include <sluice/accounting/reconciliation.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/table_key.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/verbs.hpp>

#include "account_files.hpp"

namespace sluice::tools {
namespace {

using accounting::Account;
using accounting::Attribution;
using accounting::AttributionBy;
using accounting::AttributionRow;
using accounting::CostMethod;
using accounting::Days;
using accounting::Discrepancy;
using core::Money;
using nlohmann::ordered_json;

struct AccountArguments {
    std::string run;
    std::vector<std::string> fills;
    std::vector<std::string> entries;
    std::string instruments;
    std::string statement;
    std::string currency;
    std::string capital;
    std::string method = "average";
    std::string zone = "America/New_York";
    std::string by = "instrument,strategy,regime,parameters";
    bool json = false;
};

AttributionBy parse_by(const std::string& text) {
    AttributionBy out{false, false, false, false};
    for (const std::string& name : parse_list(text, "--by")) {
        if (name == "instrument")
            out.instrument = true;
        else if (name == "strategy")
            out.strategy = true;
        else if (name == "regime")
            out.regime = true;
        else if (name == "parameters")
            out.parameters = true;
        else
            throw UsageError("--by: '" + name +
                             "' is none of instrument, strategy, regime, parameters");
    }
    return out;
}

CostMethod parse_method(const std::string& name) {
    if (name == "average") return CostMethod::kAverage;
    if (name == "fifo") return CostMethod::kFifo;
    throw UsageError("--method: '" + name + "' is average or fifo");
}

Money parse_capital(const std::string& text) {
    try {
        return parse_money(text);
    } catch (const std::runtime_error& error) {
        throw UsageError("--capital: '" + text + "' is " + error.what());
    }
}

Days days_of(const std::string& zone) {
    try {
        return Days(zone);
    } catch (const std::exception& error) {
        throw UsageError(std::string("--zone: ") + error.what());
    }
}

struct Kept {
    Account account;
    Days days;
    std::optional<RunBooks> run;
    std::size_t runs_own = 0;  // of --entries, which the run has booked itself
};

// The entries that the run has booked are not booked twice; how many they are.
std::size_t leave_out_booked(const std::vector<AccountEntry>& booked,
                             std::vector<AccountEntry>& entries) {
    std::multiset<std::string> known;
    for (const AccountEntry& entry : booked)
        if (!entry.charge.empty()) known.insert(entry.charge);
    return std::erase_if(entries, [&](const AccountEntry& entry) {
        const auto same = entry.charge.empty() ? known.end() : known.find(entry.charge);
        if (same == known.end()) return false;
        known.erase(same);
        return true;
    });
}

// Books everything in order of time; among equal times entries come before fills, files as given.
Kept keep(const AccountArguments& arguments) {
    std::optional<RunBooks> run;
    std::vector<AccountEntry> entries;
    for (const std::string& file : arguments.entries) read_entries(file, entries);
    std::size_t runs_own = 0;
    if (!arguments.run.empty()) {
        run = read_run_books(arguments.run);
        std::vector<AccountEntry> booked;
        read_run(arguments.run, booked);
        runs_own = leave_out_booked(booked, entries);
        std::move(booked.begin(), booked.end(), std::back_inserter(entries));
    }
    for (const std::string& file : arguments.fills) read_fills(file, entries);
    const std::string currency = !arguments.currency.empty() ? arguments.currency
                                 : run                       ? run->currency
                                                             : "USD";
    Kept kept{Account(currency, parse_method(arguments.method)), days_of(arguments.zone),
              std::move(run), runs_own};
    if (!arguments.instruments.empty()) read_instruments(arguments.instruments, kept.account);
    if (kept.run)
        for (const auto& [symbol, terms] : kept.run->terms) {
            const bool is_usual =  // what is not declared is taken so
                terms.currency == currency && terms.multiplier == 1 && terms.part == 1;
            if (!is_usual && !kept.account.holdings().contains(symbol))
                kept.account.declare(symbol, terms);
        }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const AccountEntry& a, const AccountEntry& b) { return a.time < b.time; });
    if (kept.run && kept.run->currency == currency)
        for (const auto& [name, rate] : kept.run->rates) kept.account.set_rate(name, rate);
    else  // what the run's rates are in is another currency
        std::erase_if(entries, [](const AccountEntry& entry) { return entry.is_rate_of_run; });
    if (!entries.empty()) kept.days.before(entries.front().time, kept.account);
    if (!arguments.capital.empty())
        kept.account.transfer(currency, parse_capital(arguments.capital));
    else if (kept.run)
        kept.account.transfer(kept.run->currency, kept.run->capital);
    for (const AccountEntry& entry : entries) {
        try {
            kept.days.before(entry.time, kept.account);
            entry.book(kept.account);
        } catch (const accounting::AccountError& error) {
            throw std::runtime_error(entry.place + ": " + error.what());
        }
    }
    if (kept.run)
        for (const auto& [symbol, mark] : kept.run->marks)
            if (kept.account.holdings().contains(symbol)) kept.account.set_mark(symbol, mark);
    kept.days.finish(kept.account);
    return kept;
}

ordered_json row_json(const AttributionRow& row, const AttributionBy& by) {
    ordered_json out;
    if (row.is_currency) {
        out["currency_translation"] = true;
    } else {
        if (by.instrument) out["instrument"] = row.instrument;
        if (by.strategy) out["strategy"] = row.origin.strategy;
        if (by.regime) out["regime"] = row.origin.regime;
        if (by.parameters) out["parameters"] = row.origin.parameters;
    }
    out["trading"] = to_string(row.trading);
    out["commission"] = to_string(row.commission);
    out["dividends"] = to_string(row.dividends);
    out["charges"] = to_string(row.charges);
    out["profit"] = to_string(row.profit());
    return out;
}

ordered_json report_json(const Kept& kept, const Attribution& attribution, const AttributionBy& by,
                         const std::vector<Discrepancy>& found, bool stated) {
    const Account& account = kept.account;
    ordered_json out{{"schema", "sluice.account/1"},
                     {"currency", account.base_currency()},
                     {"method", account.method() == CostMethod::kFifo ? "fifo" : "average"},
                     {"equity", to_string(account.equity())},
                     {"paid_in", to_string(account.paid_in())},
                     {"profit", to_string(attribution.profit)},
                     {"balances", account.balances()},
                     {"cash", ordered_json::object()},
                     {"positions", ordered_json::array()},
                     {"attribution", ordered_json::array()},
                     {"days", ordered_json::array()},
                     {"closed_lots", account.closed().size()}};
    for (const auto& [currency, amount] : account.cash()) out["cash"][currency] = to_string(amount);
    for (const auto& [symbol, held] : account.holdings())
        out["positions"].push_back({{"symbol", symbol},
                                    {"quantity", to_string(held.lots.quantity())},
                                    {"average_price", to_string(average_price(held))},
                                    {"mark", to_string(held.mark)},
                                    {"currency", held.terms.currency},
                                    {"realised", to_string(held.lots.realised())},
                                    {"unrealised", to_string(account.unrealised(held))}});
    for (const AttributionRow& row : attribution.rows)
        out["attribution"].push_back(row_json(row, by));
    for (const accounting::DayResult& day : kept.days.results())
        out["days"].push_back({{"date", pipeline::iso_date(day.date)},
                               {"equity", to_string(day.equity)},
                               {"paid_in", to_string(day.paid_in)},
                               {"profit", to_string(day.profit)}});
    if (kept.run) {
        out["run_equity"] = to_string(kept.run->equity);
        out["entries_of_the_run"] = kept.runs_own;
    }
    if (stated) {
        out["discrepancies"] = ordered_json::array();
        for (const Discrepancy& d : found)
            out["discrepancies"].push_back({{"kind", to_string(d.kind)},
                                            {"subject", d.subject},
                                            {"ours", d.ours},
                                            {"theirs", d.theirs},
                                            {"difference", d.difference}});
    }
    return out;
}

std::string name_of(const AttributionRow& row) {
    if (row.is_currency) return "currency translation";
    std::string out;
    for (const std::string& part :
         {row.instrument, row.origin.strategy, row.origin.regime, row.origin.parameters})
        if (!part.empty()) out += (out.empty() ? "" : " / ") + part;
    return out.empty() ? "the account as a whole" : out;
}

void print(const Kept& kept, const Attribution& attribution, const std::vector<Discrepancy>& found,
           bool stated) {
    const Account& account = kept.account;
    std::cout << "Equity " << to_string(account.equity()) << " " << account.base_currency()
              << ", paid in " << to_string(account.paid_in()) << ", profit "
              << to_string(attribution.profit) << "\n\nCash\n";
    for (const auto& [currency, amount] : account.cash())
        std::cout << "  " << currency << " " << to_string(amount) << "\n";
    std::cout << "\nPositions\n";
    for (const auto& [symbol, held] : account.holdings())
        std::cout << "  " << symbol << " " << to_string(held.lots.quantity()) << " at "
                  << to_string(average_price(held)) << ", mark " << to_string(held.mark)
                  << ", realised " << to_string(held.lots.realised()) << ", unrealised "
                  << to_string(account.unrealised(held)) << " " << held.terms.currency << "\n";
    std::cout << "\nWhose doing\n";
    for (const AttributionRow& row : attribution.rows)
        std::cout << "  " << name_of(row) << ": " << to_string(row.profit()) << " (trading "
                  << to_string(row.trading) << ", commission " << to_string(row.commission)
                  << ", dividends " << to_string(row.dividends) << ", charges "
                  << to_string(row.charges) << ")\n";
    std::cout << "\nDays\n";
    for (const accounting::DayResult& day : kept.days.results())
        std::cout << "  " << pipeline::iso_date(day.date) << " profit " << to_string(day.profit)
                  << ", equity " << to_string(day.equity) << "\n";
    if (kept.run) std::cout << "\nThe run's own books have " << to_string(kept.run->equity) << "\n";
    if (kept.runs_own != 0)
        std::cout << "Entries that the run has booked itself, and that were not booked twice: "
                  << kept.runs_own << "\n";
    if (!stated) return;
    std::cout << "\nThe statement "
              << (found.empty() ? "agrees.\n"
                                : "differs in " + std::to_string(found.size()) + ":\n");
    for (const Discrepancy& d : found)
        std::cout << "  " << to_string(d.kind) << " " << d.subject << ": ours " << d.ours
                  << ", theirs " << d.theirs << ", difference " << d.difference << "\n";
}

int run(const AccountArguments& arguments) {
    if (arguments.run.empty() && arguments.fills.empty() && arguments.entries.empty())
        throw UsageError("name a run's folder, or give --fills or --entries");
    const AttributionBy by = parse_by(arguments.by);
    const Kept kept = keep(arguments);
    const Attribution attribution = attribute(kept.account, by);
    std::vector<Discrepancy> found;
    const bool stated = !arguments.statement.empty();
    if (stated) found = reconcile(kept.account, read_statement(arguments.statement));
    if (arguments.json)
        std::cout << report_json(kept, attribution, by, found, stated).dump(2) << "\n";
    else
        print(kept, attribution, found, stated);
    // A run alone must come to what its own books say; with more entries there is no telling.
    const bool alone = kept.run && arguments.fills.empty() && arguments.entries.empty() &&
                       arguments.capital.empty();
    if (alone && kept.account.equity() != kept.run->equity) {
        std::cerr << "sluice: fills, charges and rates do not come to the equity of the run's own "
                     "books\n";
        return 1;
    }
    return found.empty() ? 0 : 1;
}

}  // namespace

void add_account(CLI::App& app, Action& action) {
    auto arguments = std::make_shared<AccountArguments>();
    CLI::App* command = app.add_subcommand(
        "account", "Keep an account from fills: currencies, lots, days, attribution, a statement");
    command->add_option("run", arguments->run,
                        "Folder of a finished run; its fills and charges are taken");
    command->add_option("--fills", arguments->fills, "CSV of fills, with the columns of a run's");
    command->add_option("--entries", arguments->entries,
                        "CSV of deposits, rates, marks, dividends, splits, funding and charges");
    command->add_option(
        "--instruments", arguments->instruments,
        "CSV of currencies and multipliers; else those of the run, or the account's and 1");
    command->add_option("--statement", arguments->statement,
                        "CSV of what the venue or broker says; every difference is named");
    command->add_option("--currency", arguments->currency,
                        "Of the account; else the run's, or USD");
    command->add_option("--capital", arguments->capital, "Paid in at the start; else the run's");
    command->add_option("--method", arguments->method, "average or fifo");
    command->add_option("--zone", arguments->zone, "IANA time zone whose days are summed up");
    command->add_option("--by", arguments->by, "Attribution by these, comma between");
    command->add_flag("--json", arguments->json, "Print JSON");
    command->footer(
        "Exit status 1: the statement differs, or a run's fills and charges do not come to its "
        "own books.\nColumns and rules: docs/guides/accounts.md.");
    command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace sluice::tools
