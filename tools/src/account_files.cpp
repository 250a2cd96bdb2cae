#include "account_files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <numeric>
#include <set>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/adapters/csv/csv_records.hpp>
#include <sluice/core/config/nearest.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/tools/arguments.hpp>

namespace sluice::tools {
namespace {

namespace fs = std::filesystem;
using accounting::Account;
using adapters::csv::CsvRecords;
using adapters::csv::RecordFault;
using core::Money;
using core::Price;
using core::Quantity;

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(file.string() + ": cannot be read; is the path right?");
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (in.bad()) throw std::runtime_error(file.string() + ": reading broke off");
    return bytes.str();
}

// A CSV file with a header, row by row. Columns are found by name.
class Rows {
  public:
    Rows(const fs::path& file, const std::vector<std::string>& required,
         const std::vector<std::string>& optional)
        : file_(file.string()), text_(text_of(file)), records_(text_) {
        if (!records_.next() || records_.fault() != RecordFault::kOk)
            throw std::runtime_error(file_ + ": is empty; its first line must name the columns");
        std::set<std::string> known(required.begin(), required.end());
        known.insert(optional.begin(), optional.end());
        for (std::size_t i = 0; i < records_.fields().size(); ++i) {
            const std::string name(records_.fields()[i]);
            if (!columns_.emplace(name, i).second)
                throw std::runtime_error(file_ + ":1: the column '" + name + "' is there twice");
            if (!known.contains(name))
                throw std::runtime_error(file_ + ":1: the column '" + name + "' is not known; " +
                                         listed(known));
        }
        width_ = records_.fields().size();
        for (const std::string& name : required)
            if (!columns_.contains(name))
                throw std::runtime_error(file_ + ":1: there is no column '" + name + "'");
    }

    [[nodiscard]] bool next() {
        do {
            if (!records_.next()) return false;
        } while (records_.text().empty());
        if (records_.fault() != RecordFault::kOk) fail(describe(records_.fault()));
        if (records_.fields().size() != width_)
            fail("there are " + std::to_string(records_.fields().size()) + " fields, and " +
                 std::to_string(width_) + " columns");
        return true;
    }
    [[nodiscard]] std::string place() const {
        return file_ + ":" + std::to_string(records_.line());
    }
    [[noreturn]] void fail(const std::string& what) const {
        throw std::runtime_error(place() + ": " + what);
    }

    [[nodiscard]] std::string text(const std::string& column) const {
        const auto found = columns_.find(column);
        return found == columns_.end() ? "" : std::string(records_.fields()[found->second]);
    }
    [[nodiscard]] std::string needed(const std::string& column) const {
        std::string out = text(column);
        if (out.empty()) fail("the column '" + column + "' is empty, and this row needs it");
        return out;
    }
    template <class Fixed>
    [[nodiscard]] Fixed fixed(const std::string& column) const {
        Fixed out;
        const std::string given = needed(column);
        const core::DecimalError error = core::parse_fixed(given, out);
        if (error != core::DecimalError::kOk)
            fail(column + " '" + given + "': " + core::describe(error));
        return out;
    }
    [[nodiscard]] Money money(const std::string& column) const {
        const std::string given = needed(column);
        try {
            return parse_money(given);
        } catch (const std::runtime_error& error) {
            fail(column + " '" + given + "': " + error.what());
        }
    }
    [[nodiscard]] std::int64_t whole(const std::string& column) const {
        const std::string given = needed(column);
        std::int64_t out{};
        const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), out);
        if (error != std::errc{} || end != given.data() + given.size())
            fail(column + " '" + given + "' is not a whole number");
        return out;
    }
    [[nodiscard]] core::StreamTime time() const {
        try {
            return parse_time(needed("time"), "time");
        } catch (const UsageError& error) {
            fail(error.what());
        }
    }
    [[nodiscard]] accounting::Origin origin() const {
        return {text("strategy"), text("regime"), text("parameters")};
    }
    [[nodiscard]] static std::string listed(const std::set<std::string>& names) {
        std::string out = "there are";
        for (const std::string& name : names) out += " " + name;
        return out;
    }

  private:
    std::string file_;
    std::string text_;
    CsvRecords records_;
    std::map<std::string, std::size_t> columns_;
    std::size_t width_ = 0;
};

// What a row of entries does, by its kind.
std::function<void(Account&)> booking(const Rows& row, const std::string& kind,
                                      core::StreamTime time) {
    using accounting::Charge;
    using accounting::ChargeKind;
    const auto charge = [&](ChargeKind what) -> std::function<void(Account&)> {
        return [c = Charge{what, row.money("amount"), row.needed("currency"), row.text("symbol"),
                           row.origin()}](Account& account) { account.charge(c); };
    };
    if (kind == "funding") return charge(ChargeKind::kFunding);
    if (kind == "borrow") return charge(ChargeKind::kBorrow);
    if (kind == "interest") return charge(ChargeKind::kInterest);
    if (kind == "fee") return charge(ChargeKind::kFee);
    if (kind == "deposit" || kind == "withdrawal") {
        const Money amount = row.money("amount");
        if (amount.raw() <= 0) row.fail("the amount of a " + kind + " is above zero");
        return [currency = row.needed("currency"), amount = kind == "deposit" ? amount : -amount](
                   Account& account) { account.transfer(currency, amount); };
    }
    if (kind == "rate")
        return [currency = row.needed("currency"), price = row.fixed<Price>("price")](
                   Account& account) { account.set_rate(currency, price); };
    if (kind == "mark")
        return [symbol = row.needed("symbol"), price = row.fixed<Price>("price")](
                   Account& account) { account.set_mark(symbol, price); };
    if (kind == "dividend")
        return [symbol = row.needed("symbol"), price = row.fixed<Price>("price")](
                   Account& account) { account.dividend(symbol, price); };
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

Money parse_money(const std::string& text) {
    constexpr std::size_t kDecimals = 17;
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string units = text.substr(0, point);
    std::string decimals = point < text.size() ? text.substr(point + 1) : "";
    const bool negative = units.starts_with('-');
    if (negative || units.starts_with('+')) units.erase(0, 1);
    const auto digits = [](const std::string& part) {
        return std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (units.size() + decimals.size() == 0 || !digits(units) || !digits(decimals))
        throw std::runtime_error("not a decimal number");
    if (units.size() > 15) throw std::runtime_error("more than 15 digits before the point");
    while (decimals.ends_with('0')) decimals.pop_back();
    if (decimals.size() > kDecimals) throw std::runtime_error("more than 17 decimals");
    decimals.resize(kDecimals, '0');
    std::int64_t whole = 0;
    std::int64_t fraction = 0;
    std::from_chars(units.data(), units.data() + units.size(), whole);
    std::from_chars(decimals.data(), decimals.data() + decimals.size(), fraction);
    const Money out = Money::from_units(whole) + Money::from_raw(fraction);
    return negative ? -out : out;
}

void read_fills(const fs::path& file, std::vector<AccountEntry>& entries) {
    Rows row(file, {"time", "symbol", "side", "quantity", "price"},
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
    Rows row(file, {"time", "kind"},
             {"symbol", "currency", "amount", "price", "units", "for_units", "strategy", "regime",
              "parameters"});
    while (row.next()) {
        const core::StreamTime time = row.time();
        entries.push_back({time, row.place(), booking(row, row.needed("kind"), time)});
    }
}

void read_instruments(const fs::path& file, Account& account) {
    Rows row(file, {"symbol", "currency"}, {"multiplier", "delivers"});
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
    Rows row(file, {"kind", "name", "value"}, {"average_price"});
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
                     {}};
        for (const auto& instrument : summary.at("instruments")) {
            const auto symbol = instrument.at("symbol").get<std::string>();
            Price mark;
            if (core::parse_fixed(instrument.at("mark").get<std::string>(), mark) ==
                core::DecimalError::kOk)
                out.marks[symbol] = mark;
            // Runs of before there was one counted without.
            Quantity multiplier;
            if (core::parse_fixed(instrument.value("multiplier", "1"), multiplier) !=
                    core::DecimalError::kOk ||
                multiplier == Quantity::from_units(1))
                continue;
            accounting::InstrumentTerms& terms = out.terms[symbol] = with_multiplier(multiplier);
            terms.currency = out.currency;
        }
        return out;
    } catch (const nlohmann::json::exception& error) {
        throw std::runtime_error(file.string() +
                                 ": is no summary of a finished run: " + error.what());
    }
}

}  // namespace sluice::tools
