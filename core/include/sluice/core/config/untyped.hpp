#pragma once
// What a schema does, over an untyped settings object; Schema<Settings> is the typed face of it.
// Start-up and tool code, any one thread at a time per settings object; allocates. Input is bounded
// by kMaxDocumentBytes and kMaxNesting.

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/spec.hpp>

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::core::config {

inline constexpr std::size_t kMaxDocumentBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxNesting = 16;  // of brackets, and of dots in one key

/// A configuration text and the name by which messages call it.
struct Document {
    std::string name;
    std::string text;
};

/// Where each key that was given, rather than left at its default, was written; by full path, a
/// table's key as "strategy[0].fast".
using Origins = std::map<std::string, Position, std::less<>>;

struct Outcome {
    std::vector<Diagnostic> diagnostics;  // empty: the settings are complete and valid
    Origins origins;
};

/// Reads a whole file. A fault is added to `faults` and leaves the text empty.
[[nodiscard]] Document read_document(const std::filesystem::path& file,
                                     std::vector<Diagnostic>& faults);

/// Fills `settings` with defaults, then the document, then the overrides ("section.key=value", the
/// last one wins). Never throws for what the input holds; SchemaError where the text of a default
/// table of the schema is not TOML.
[[nodiscard]] Outcome load(const SchemaSpec& schema, void* settings, const Document& document,
                           const std::vector<std::string>& overrides);

/// A complete, documented TOML text that loads back to the same settings.
void write(const SchemaSpec& schema, const void* settings, std::ostream& out);

/// One `path = value` line per key in the order of the paths: equal for equal settings, whatever
/// the file they came from looked like.
[[nodiscard]] std::string canonical_text(const SchemaSpec& schema, const void* settings);

/// XXH3-128 of the canonical text, 32 hexadecimal digits.
[[nodiscard]] std::string fingerprint(const SchemaSpec& schema, const void* settings);

struct Explanation {
    bool known = false;
    std::string text;
};

/// What a key, a section or an array of tables is; the empty path lists all. An unknown path gets
/// known = false and the nearest valid one.
[[nodiscard]] Explanation explain(const SchemaSpec& schema, std::string_view path);

}  // namespace sluice::core::config
