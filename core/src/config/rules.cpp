#include "rules.hpp"

#include <utility>

namespace sluice::core::config {

namespace {

/// "{0}" becomes the first of `names`; what names none stays as it is.
std::string fill_in(std::string_view text, const std::vector<std::string>& names) {
    std::string filled;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool slot = text[i] == '{' && i + 2 < text.size() && text[i + 2] == '}' &&
                          text[i + 1] >= '0' && text[i + 1] <= '9';
        const auto index = slot ? static_cast<std::size_t>(text[i + 1] - '0') : names.size();
        if (index < names.size()) {
            filled += names[index];
            i += 2;
        } else {
            filled += text[i];
        }
    }
    return filled;
}

}  // namespace

std::string describe_key(std::string_view path, const Given& given, std::string_view home) {
    const auto origin = given.origins.find(path);
    const Position where = origin == given.origins.end() ? Position{} : origin->second;
    return std::string(path) + " (" + describe_place(where, home) + ")";
}

void check_rule(const RuleSpec& rule, std::string_view prefix, const void* settings,
                const Given& given, const RuleContext& context, std::vector<Diagnostic>& faults) {
    std::vector<std::string> names;
    std::string first_path;
    Position where;
    for (const auto& key : rule.keys) {
        const std::string path = prefix.empty() ? key : std::string(prefix) + "." + key;
        if (given.refused.contains(path)) return;
        if (first_path.empty()) first_path = path;
        const auto origin = given.origins.find(path);
        if (where.is_default() && origin != given.origins.end()) where = origin->second;
        names.push_back(describe_key(path, given, context.home));
    }
    const std::string verdict = rule.verdict(settings);
    if (verdict.empty()) return;
    faults.push_back({ErrorKind::kContradiction, where.is_default() ? context.otherwise : where,
                      first_path, fill_in(verdict, names)});
}

}  // namespace sluice::core::config
