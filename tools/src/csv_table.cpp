#include "csv_table.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sluice/tools/arguments.hpp>

namespace sluice::tools {

namespace fs = std::filesystem;
using adapters::csv::RecordFault;
using core::Money;

namespace {

std::string listed(const std::set<std::string>& names) {
    std::string out = "there are";
    for (const std::string& name : names) out += " " + name;
    return out;
}

}  // namespace

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(file.string() + ": cannot be read; is the path right?");
    std::ostringstream bytes;
    bytes << in.rdbuf();
    if (in.bad()) throw std::runtime_error(file.string() + ": reading broke off");
    return bytes.str();
}

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

CsvTable::CsvTable(const fs::path& file, const std::vector<std::string>& required,
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

bool CsvTable::next() {
    do {
        if (!records_.next()) return false;
    } while (records_.text().empty());
    if (records_.fault() != RecordFault::kOk) fail(describe(records_.fault()));
    if (records_.fields().size() != width_)
        fail("there are " + std::to_string(records_.fields().size()) + " fields, and " +
             std::to_string(width_) + " columns");
    return true;
}

void CsvTable::fail(const std::string& what) const {
    throw std::runtime_error(place() + ": " + what);
}

std::string CsvTable::text(const std::string& column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() ? "" : std::string(records_.fields()[found->second]);
}

std::string CsvTable::needed(const std::string& column) const {
    std::string out = text(column);
    if (out.empty()) fail("the column '" + column + "' is empty, and this row needs it");
    return out;
}

Money CsvTable::money(const std::string& column) const {
    const std::string given = needed(column);
    try {
        return parse_money(given);
    } catch (const std::runtime_error& error) {
        fail(column + " '" + given + "': " + error.what());
    }
}

std::int64_t CsvTable::whole(const std::string& column) const {
    const std::string given = needed(column);
    std::int64_t out{};
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), out);
    if (error != std::errc{} || end != given.data() + given.size())
        fail(column + " '" + given + "' is not a whole number");
    return out;
}

core::StreamTime CsvTable::time() const {
    try {
        return parse_time(needed("time"), "time");
    } catch (const UsageError& error) {
        fail(error.what());
    }
}

}  // namespace sluice::tools
