#pragma once
// The texts for a name that the schema does not have.

#include <sluice/core/config/spec.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sluice::core::config {

/// "unknown key 'a.b'; did you mean 'a.c'?", or the keys that the section has.
[[nodiscard]] std::string unknown_key_message(const SchemaSpec& schema, std::string_view path);

/// The same for a key of one table; `path` is "strategy[0].fst", `kind` may be null.
[[nodiscard]] std::string unknown_table_key_message(const TablesSpec& tables, const GroupSpec* kind,
                                                    std::string_view path, std::string_view name);

/// "[a], [b], [[c]]": every section and array of the schema.
[[nodiscard]] std::string section_names(const SchemaSpec& schema);

}  // namespace sluice::core::config
