#include "set_rules.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <sluice/tools/arguments.hpp>

namespace sluice::tools {
namespace {

std::optional<double> number(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

SetRules::Term SetRules::term_of(const std::string& given, std::string text,
                                 const std::vector<std::string>& keys) {
    std::erase(text, ' ');
    Term term;
    if (const auto value = number(text)) {
        term.factor = *value;
        return term;
    }
    const auto times = text.find('*');
    if (times != std::string::npos) {
        const auto factor = number(text.substr(0, times));
        if (!factor)
            throw UsageError("--require '" + given + "': '" + text.substr(0, times) +
                             "' is no number");
        term.factor = *factor;
        text.erase(0, times + 1);
    }
    const auto found = std::find(keys.begin(), keys.end(), text);
    if (found == keys.end())
        throw UsageError("--require '" + given + "': '" + text +
                         "' is neither a number nor a key that is searched over");
    term.key = static_cast<std::size_t>(found - keys.begin());
    return term;
}

SetRules::SetRules(const std::vector<std::string>& given, const std::vector<std::string>& keys)
    : keys_(keys) {
    for (const std::string& text : given) {
        const auto at = text.find_first_of("<>");
        if (at == std::string::npos)
            throw UsageError(
                "--require takes such as 'strategy[0].fast < strategy[0].slow', not '" + text +
                "'");
        const bool or_equal = at + 1 < text.size() && text[at + 1] == '=';
        Rule rule{term_of(text, text.substr(0, at), keys),
                  term_of(text, text.substr(at + (or_equal ? 2 : 1)), keys), !or_equal};
        if (text[at] == '>') std::swap(rule.left, rule.right);
        rules_.push_back(rule);
    }
}

double SetRules::value_of(const Term& term, const std::vector<std::string>& values) const {
    if (term.key == kNumber) return term.factor;
    const auto value = number(values.at(term.key));
    if (!value)
        throw UsageError("--require: " + keys_[term.key] + " is '" + values[term.key] +
                         "' in a set, which is no number");
    return term.factor * *value;
}

bool SetRules::allow(const std::vector<std::string>& values) const {
    return std::all_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
        const double left = value_of(rule.left, values);
        const double right = value_of(rule.right, values);
        return rule.strict ? left < right : left <= right;
    });
}

}  // namespace sluice::tools
