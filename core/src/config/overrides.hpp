#pragma once
// `--set section.key=value`: puts a value from the command line into the document's tree, before
// anything is read from it, so that an override is checked as if it stood in the file.

#include "document.hpp"

#include <sluice/core/config/spec.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::core::config {

/// Applies them in order, the last one of a key wins. A key of a table is "strategy[0].fast".
/// Texts, durations, times and lists need no quotes or brackets: `bars.frames=1m,5m`.
void apply_overrides(const SchemaSpec& schema, const std::vector<std::string>& overrides,
                     Node& root, std::vector<Diagnostic>& faults);

/// The tables that the schema has where the document has none of that array. SchemaError where
/// their text is not TOML.
[[nodiscard]] Node default_tables(const TablesSpec& tables);

}  // namespace sluice::core::config
