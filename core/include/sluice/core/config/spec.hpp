#pragma once
// The schema without its types: what the loader, the writer and `explain` work on. Filled through
// schema.hpp at start-up, read-only afterwards, so that any thread may then use it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sluice::core::config {

enum class ValueType : std::uint8_t {
    kBoolean,
    kInteger,
    kDecimal,  // int64 in 1/scale of the unit
    kReal,
    kText,
    kChoice,     // one of the options' names
    kDuration,   // int64 nanoseconds
    kTimeOfDay,  // int64 nanoseconds since midnight
    kDurationList,
    kTextList
};

/// "decimal", "list of durations" …: as the reader of a message or a comment knows it.
[[nodiscard]] std::string_view to_string(ValueType type) noexcept;

using DurationList = std::vector<std::int64_t>;
using TextList = std::vector<std::string>;

/// One value in its neutral form; ValueType says which alternative a key uses.
using Value = std::variant<bool, std::int64_t, double, std::string, DurationList, TextList>;

struct Option {
    std::string name;
    std::string doc;
};

/// One key. `settings` below is the plain struct, or the table's item, that holds the value.
struct KeySpec {
    std::string name{};  // within its section
    std::string path{};  // from the root; for a key of a table "strategy.fast"
    ValueType type{};
    std::string unit{};
    std::string doc{};
    std::int64_t scale = 1;      // of a decimal
    std::optional<Value> min{};  // inclusive; of each element of a list
    std::optional<Value> max{};
    std::size_t min_count = 0;  // elements of a list, bytes of a text
    std::size_t max_count = 0;
    std::vector<Option> options{};  // of a choice
    Value fallback{};
    bool required = false;  // no default: a table must give it
    std::function<void(void* settings, const Value&)> store{};
    std::function<Value(const void* settings)> fetch{};
};

/// A condition over several keys. `verdict` is empty where it holds; otherwise it says what is
/// wrong, and "{0}", "{1}" … in it become the keys with their places.
struct RuleSpec {
    std::vector<std::string> keys;  // names within the group, full paths for a rule of the schema
    std::function<std::string(const void* settings)> verdict;
};

/// A section, or the keys that one kind of table has.
struct GroupSpec {
    std::string path{};
    std::string doc{};
    std::vector<KeySpec> keys{};
    std::vector<RuleSpec> rules{};
    bool in_tables = false;

    [[nodiscard]] const KeySpec* find(std::string_view name) const noexcept;
};

/// An array of tables: `[[name]]`, each read into one item of a vector.
struct TablesSpec {
    GroupSpec common{};                               // common.path is the array's name
    std::string kind_key{};                           // empty: all tables have the same keys
    std::vector<std::unique_ptr<GroupSpec>> kinds{};  // path is "name (kind)", see kind_names
    std::vector<std::string> kind_names{};            // parallel to kinds
    std::vector<std::string> unique_keys{};
    std::vector<std::string> default_entries{};  // TOML text of one table each
    std::size_t min_count = 0;
    std::size_t max_count = 0;
    std::function<void(void* settings)> clear{};
    std::function<void*(void* settings)> append{};  // a fresh item; valid until the next one
    std::function<std::size_t(const void* settings)> count{};
    std::function<const void*(const void* settings, std::size_t)> at{};

    [[nodiscard]] const GroupSpec* find_kind(std::string_view kind) const noexcept;
};

struct SchemaSpec {
    std::string title{};
    std::vector<std::unique_ptr<GroupSpec>> sections{};
    std::vector<std::unique_ptr<TablesSpec>> tables{};
    std::vector<RuleSpec> rules{};

    [[nodiscard]] const GroupSpec* find_section(std::string_view path) const noexcept;
    [[nodiscard]] const TablesSpec* find_tables(std::string_view name) const noexcept;
    [[nodiscard]] const KeySpec* find_key(std::string_view path) const noexcept;  // of sections
    /// Whether `path` is a section, or a table that only holds sections.
    [[nodiscard]] bool has_section_under(std::string_view path) const noexcept;
    /// Every section's key by its full path, in the order of declaration.
    [[nodiscard]] std::vector<std::string> key_paths() const;
};

// Declaration, each refusing what is wrong with SchemaError.
GroupSpec& add_section(SchemaSpec& schema, std::string_view path, std::string_view doc);
TablesSpec& add_tables(SchemaSpec& schema, std::string_view name, std::string_view doc);
GroupSpec& add_kind(TablesSpec& tables, std::string_view kind, std::string_view doc);
void add_key(SchemaSpec& schema, GroupSpec& group, KeySpec key);
void add_rule(GroupSpec& group, RuleSpec rule);
void add_rule(SchemaSpec& schema, RuleSpec rule);

/// The keys that a table of this kind has: the common ones, then its own. A null kind: the common
/// ones alone.
[[nodiscard]] std::vector<const KeySpec*> keys_of(const TablesSpec& tables, const GroupSpec* kind);

/// The kind that `item` has, null where the tables have none.
[[nodiscard]] const GroupSpec* kind_of(const TablesSpec& tables, const void* item);

/// The value as TOML text, exact: `1000.5`, `"5m"`, `["1m", "1h"]`.
[[nodiscard]] std::string format_value(const KeySpec& key, const Value& value);

/// "0 to 1000000", "at least 1", `one of "fused", "split"`; empty where everything is allowed.
[[nodiscard]] std::string format_range(const KeySpec& key);

/// Why `value` is not allowed, empty where it is. Says nothing of the TOML type.
[[nodiscard]] std::string range_fault(const KeySpec& key, const Value& value);

}  // namespace sluice::core::config
