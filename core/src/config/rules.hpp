#pragma once
// Conditions over several keys, checked once all keys are read.

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/spec.hpp>
#include <sluice/core/config/untyped.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::core::config {

/// What is known of the keys once they are read.
struct Given {
    Origins origins{};
    std::set<std::string, std::less<>> refused{};
};

struct RuleContext {
    std::string_view home;  // the document's name, left out of places
    Position otherwise;     // where a fault is reported whose keys are all at their default
};

/// "risk.max_position (line 14)".
[[nodiscard]] std::string describe_key(std::string_view path, const Given& given,
                                       std::string_view home);

/// Adds a contradiction where the rule does not hold. A rule over a key that was refused says
/// nothing: its value is not the one that was meant.
void check_rule(const RuleSpec& rule, std::string_view prefix, const void* settings,
                const Given& given, const RuleContext& context, std::vector<Diagnostic>& faults);

}  // namespace sluice::core::config
