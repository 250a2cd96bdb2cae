#include "account_files.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/core/decimal.hpp>

#include "charge_files.hpp"

namespace sluice::tools {
namespace {

namespace fs = std::filesystem;
using accounting::Account;
using core::Money;
using core::Price;
using core::Quantity;

accounting::ChargeKind accounted(pipeline::ChargeKind kind) {
    switch (kind) {
        case pipeline::ChargeKind::kFunding: return accounting::ChargeKind::kFunding;
        case pipeline::ChargeKind::kBorrow: return accounting::ChargeKind::kBorrow;
        case pipeline::ChargeKind::kInterest: return accounting::ChargeKind::kInterest;
        case pipeline::ChargeKind::kDividend:
        case pipeline::ChargeKind::kFee: break;
    }
    return accounting::ChargeKind::kFee;
}

std::function<void(Account&)> charging(const pipeline::PlannedCharge& planned,
                                       const accounting::Origin& origin) {
    using pipeline::ChargeBasis;
    const pipeline::Charge& charge = planned.charge;
    const std::string& symbol = planned.symbol;
    if (planned.rate)
        return [currency = planned.currency, rate = *planned.rate](Account& account) {
            account.set_rate(currency, rate);
        };
    if (charge.basis == ChargeBasis::kUnit)
        return
            [symbol, price = charge.price](Account& account) { account.dividend(symbol, price); };
    const accounting::ChargeKind kind = accounted(charge.kind);
    if (charge.basis == ChargeBasis::kAmount)
        return [c = accounting::Charge{kind, charge.value.money(), planned.currency, symbol,
                                       origin}](Account& account) { account.charge(c); };
    return [symbol, c = accounting::ShareCharge{kind, Price::from_raw(charge.rate()), charge.parts,
                                                charge.price}](Account& account) {
        account.charge_share(symbol, c);
    };
}

// Two entries of one are the same: what they state, but for the price that a share is taken at, which a run
// fills in.
std::string name_of(const pipeline::PlannedCharge& planned) {
    const pipeline::Charge& charge = planned.charge;
    const std::string time = std::to_string(core::ns_since_epoch(planned.time)) + " ";
    if (planned.rate) return time + planned.currency + " at " + core::to_string(*planned.rate);
    std::string out = time + to_string(charge.kind) + " " + planned.symbol + " ";
    if (charge.basis == pipeline::ChargeBasis::kUnit)
        return out + "of " + core::to_string(charge.price);
    return out + core::to_string(charge.value.money()) + "/" + std::to_string(charge.parts) +
           (charge.basis == pipeline::ChargeBasis::kAmount ? " " + planned.currency : " shares");
}

// What a row of entries does, by its kind.
std::function<void(Account&)> booking(const CsvTable& row, const std::string& kind,
                                      core::StreamTime time) {
    if (const auto charge = charge_of(row)) return charging(*charge, row.origin());
    if (kind == "deposit" || kind == "withdrawal") {
        const Money amount = row.money("amount");
        if (amount.raw() <= 0) row.fail("the amount of a " + kind + " is above zero");
        return [currency = row.needed("currency"), amount = kind == "deposit" ? amount : -amount](
                   Account& account) { account.transfer(currency, amount); };
    }
    if (kind == "mark")
        return [symbol = row.needed("symbol"), price = row.fixed<Price>("price")](
                   Account& account) { account.set_mark(symbol, price); };
    if (kind == "split") {
        accounting::Split split{row.whole("units"), row.whole("for_units"), {}};
        if (!row.text("price").empty()) split.cash_in_lieu = row.fixed<Price>("price");
        return [symbol = row.needed("symbol"), split, time](Account& account) {
            account.split(time, symbol, split);
        };
    }
    row.fail("the kind '" + kind +
             "' is not known; there are deposit, withdrawal, rate, mark, dividend, split, "
             "funding, borrow, interest, fee");
}

accounting::InstrumentTerms with_multiplier(Quantity multiplier) {
    accounting::InstrumentTerms out;
    const std::int64_t common = std::gcd(multiplier.raw(), Quantity::kScale);
    out.multiplier = multiplier.raw() / common;
    out.part = Quantity::kScale / common;
    return out;
}

}  // namespace

void read_fills(const fs::path& file, std::vector<AccountEntry>& entries) {
    CsvTable row(file, {"time", "symbol", "side", "quantity", "price"},
                 {"order_id", "commission", "commission_currency", "position_after", "strategy",
                  "regime", "parameters"});
    while (row.next()) {
        const std::string side = row.needed("side");
        if (side != "buy" && side != "sell") row.fail("side '" + side + "' is buy or sell");
        const Quantity quantity = row.fixed<Quantity>("quantity");
        if (quantity.raw() <= 0) row.fail("the quantity is above zero; side says which way");
        accounting::Fill fill{
            .quantity = side == "buy" ? quantity : -quantity,
            .price = row.fixed<Price>("price"),
            .commission = row.text("commission").empty() ? Money{} : row.money("commission"),
            .commission_currency = row.text("commission_currency"),
            .origin = row.origin()};
        const core::StreamTime time = row.time();
        entries.push_back(
            {time, row.place(), [time, fill, symbol = row.needed("symbol")](Account& account) {
                 account.fill(time, symbol, fill);
             }});
    }
}

void read_entries(const fs::path& file, std::vector<AccountEntry>& entries) {
    CsvTable row(file, {"time", "kind"}, entry_columns());
    while (row.next()) {
        const core::StreamTime time = row.time();
        const auto charge = charge_of(row);
        entries.push_back({time, row.place(), booking(row, row.needed("kind"), time),
                           charge ? name_of(*charge) : ""});
    }
}

void read_run(const fs::path& folder, std::vector<AccountEntry>& entries) {
    std::vector<AccountEntry> fills;
    read_fills(folder / "fills.csv", fills);
    std::size_t booked = 0;
    core::StreamTime latest = core::StreamTime::min();
    const auto book = [&](AccountEntry entry) {
        latest = std::max(latest, entry.time);
        entry.time = latest;
        entries.push_back(std::move(entry));
    };
    if (fs::exists(folder / "charges.csv")) {  // runs of before there were any have none
        CsvTable row(folder / "charges.csv", {"time", "kind", "after_fills"},
                     {"symbol", "currency", "amount", "price", "rate", "parts"});
        while (row.next()) {
            const auto after = static_cast<std::size_t>(row.whole("after_fills"));
            if (after > fills.size())
                row.fail("comes after more fills than fills.csv has; is it of the same run?");
            for (; booked < after; ++booked) book(std::move(fills[booked]));
            auto charge = charge_of(row, Rated::kByTheRun);
            if (!charge)
                row.fail("the kind '" + row.text("kind") + "' is neither a charge nor a rate");
            book({charge->time, row.place(), charging(*charge, {}), name_of(*charge),
                  charge->rate.has_value()});
        }
    }
    for (; booked < fills.size(); ++booked) book(std::move(fills[booked]));
}

void read_instruments(const fs::path& file, Account& account) {
    CsvTable row(file, {"symbol", "currency"}, {"multiplier", "delivers"});
    while (row.next()) {
        try {
            accounting::InstrumentTerms terms =
                row.text("multiplier").empty() ? accounting::InstrumentTerms{}
                                               : with_multiplier(row.fixed<Quantity>("multiplier"));
            terms.currency = row.needed("currency");
            terms.delivers = row.text("delivers");
            account.declare(row.needed("symbol"), terms);
        } catch (const accounting::AccountError& error) {
            row.fail(error.what());
        }
    }
}

accounting::Statement read_statement(const fs::path& file) {
    CsvTable row(file, {"kind", "name", "value"}, {"average_price"});
    accounting::Statement out;
    while (row.next()) {
        const std::string kind = row.needed("kind");
        const std::string name = row.needed("name");
        if (kind == "cash") {
            if (!out.cash) out.cash.emplace();
            if (!out.cash->emplace(name, row.money("value")).second)
                row.fail("cash in " + name + " is stated twice");
        } else if (kind == "position") {
            accounting::StatedPosition position{row.fixed<Quantity>("value"), {}};
            if (!row.text("average_price").empty())
                position.average_price = row.fixed<Price>("average_price");
            if (!out.positions.emplace(name, position).second)
                row.fail("the position in " + name + " is stated twice");
        } else {
            row.fail("the kind '" + kind + "' is cash or position");
        }
    }
    return out;
}

RunBooks read_run_books(const fs::path& folder) {
    const fs::path file = folder / "summary.json";
    const std::string text = text_of(file);
    try {
        const auto summary = nlohmann::json::parse(text);
        const auto& books = summary.at("books");
        RunBooks out{books.at("currency").get<std::string>(),
                     parse_money(books.at("capital").get<std::string>()),
                     parse_money(books.at("equity").get<std::string>()),
                     {},
                     {}};
        const auto fixed_of = [](const auto& node, auto& value) {
            return core::parse_fixed(node.template get<std::string>(), value) ==
                   core::DecimalError::kOk;
        };
        if (books.contains("currencies"))
            for (const auto& one : books.at("currencies")) {
                const auto name = one.at("currency").get<std::string>();
                if (Price rate; name != out.currency && fixed_of(one.at("rate_stated"), rate))
                    out.rates[name] = rate;
            }
        for (const auto& instrument : summary.at("instruments")) {
            const auto symbol = instrument.at("symbol").get<std::string>();
            Price mark;
            if (core::parse_fixed(instrument.at("mark").get<std::string>(), mark) ==
                core::DecimalError::kOk)
                out.marks[symbol] = mark;
            // Runs of before there was one counted without.
            Quantity multiplier;
            if (core::parse_fixed(instrument.value("multiplier", "1"), multiplier) !=
                core::DecimalError::kOk)
                multiplier = Quantity::from_units(1);
            accounting::InstrumentTerms& terms = out.terms[symbol] = with_multiplier(multiplier);
            terms.currency = instrument.value("currency", out.currency);
        }
        return out;
    } catch (const nlohmann::json::exception& error) {
        throw std::runtime_error(file.string() +
                                 ": is no summary of a finished run: " + error.what());
    }
}

}  // namespace sluice::tools
