#include "searched_keys.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/tools/arguments.hpp>

namespace sluice::tools {
namespace {

using research::Parameter;

struct Searched {
    Parameter parameter;
    std::vector<std::string> names;
};

template <class Number>
std::optional<Number> whole_text(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> out;
    for (;;) {
        const auto end = text.find(at);
        out.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

[[noreturn]] void refuse(const std::string& given) {
    throw UsageError("--search takes key=low:high, key=low:high:log or key=name|name, not '" +
                     given + "'");
}

Searched parse(const std::string& given, const std::string& key, const std::string& range) {
    if (range.find('|') != std::string::npos) {
        std::vector<std::string> names = split(range, '|');
        for (const std::string& name : names)
            if (name.empty() || std::count(names.begin(), names.end(), name) != 1) refuse(given);
        return {Parameter::categorical(key, names.size()), std::move(names)};
    }
    const std::vector<std::string> parts = split(range, ':');
    const bool is_log = parts.size() == 3 && parts[2] == "log";
    if (parts.size() != 2 && !is_log) refuse(given);
    const auto low = whole_text<std::int64_t>(parts[0]);
    const auto high = whole_text<std::int64_t>(parts[1]);
    if (low && high)
        return {is_log ? Parameter::log_integer(key, *low, *high)
                       : Parameter::integer(key, *low, *high),
                {}};
    const auto from = whole_text<double>(parts[0]);
    const auto to = whole_text<double>(parts[1]);
    if (!from || !to) refuse(given);
    return {is_log ? Parameter::log_real(key, *from, *to) : Parameter::real(key, *from, *to), {}};
}

research::Space space_of(const std::vector<std::string>& given, std::vector<std::string>& keys,
                         std::vector<std::vector<std::string>>& names) {
    if (given.empty())
        throw UsageError("--search is required: what may be tried, such as strategy[0].fast=2:20");
    std::vector<Parameter> parameters;
    for (const std::string& text : given) {
        const auto equals = text.find('=');
        if (equals == std::string::npos || equals == 0) refuse(text);
        const std::string key = text.substr(0, equals);
        check_may_vary("--search", key);
        if (std::find(keys.begin(), keys.end(), key) != keys.end())
            throw UsageError("--search " + key + " is given twice");
        Searched searched = parse(text, key, text.substr(equals + 1));
        keys.push_back(key);
        names.push_back(std::move(searched.names));
        parameters.push_back(std::move(searched.parameter));
    }
    try {
        return research::Space{std::move(parameters)};
    } catch (const std::invalid_argument& error) {
        throw UsageError(std::string{"--search: "} + error.what());
    }
}

}  // namespace

void check_may_vary(std::string_view option, const std::string& key) {
    for (const std::string section :
         {"data", "clock", "engine", "report", "journal", "live", "backtest"})
        if (key.starts_with(section + "."))
            throw UsageError(std::string(option) + " " + key +
                             ": all sets share one stream and are measured alike, so keys of [" +
                             section + "] are the same for all; give this one with --set");
    for (const char* const shared : {"account.currency", "account.rates", "account.multipliers",
                                     "account.entries", "account.borrow_rates", "venue.market"})
        if (key == shared)
            throw UsageError(std::string(option) + " " + key +
                             ": all sets share one stream and its instruments, so this key is the "
                             "same for all; give it with --set");
}

SearchedKeys::SearchedKeys(const std::vector<std::string>& given)
    : space_(space_of(given, keys_, names_)) {}

std::vector<std::string> SearchedKeys::values(const research::Point& point) const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (!names_[i].empty()) {
            out.push_back(names_[i][static_cast<std::size_t>(point[i])]);
        } else if (space_[i].is_discrete()) {
            out.push_back(std::to_string(std::llround(point[i])));
        } else {
            out.push_back(adapters::run_folder::shortest(point[i]));
        }
    }
    return out;
}

std::optional<research::Point> SearchedKeys::point(const std::vector<std::string>& values) const {
    research::Point out;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
        if (!names_[i].empty()) {
            const auto found = std::find(names_[i].begin(), names_[i].end(), values[i]);
            if (found == names_[i].end()) return std::nullopt;
            out.push_back(static_cast<double>(found - names_[i].begin()));
        } else if (const auto value = whole_text<double>(values[i])) {
            out.push_back(*value);
        } else {
            return std::nullopt;
        }
    }
    return space_.contains(out) ? std::optional{out} : std::nullopt;
}

}  // namespace sluice::tools
