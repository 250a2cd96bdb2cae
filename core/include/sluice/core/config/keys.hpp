#pragma once
// What a declaration says of one key, one plain struct per type, written with designated
// initialisers so that a section reads like a table. Values with a unit are given in the spelling
// of the file ("100.50", "250us", "09:30"), so that no declaration multiplies by a scale by hand.
// Every key needs `doc`; a key with `required` (tables only) uses `fallback` as its example.

#include <sluice/core/config/spec.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::core::config {

inline constexpr std::size_t kDefaultMaxTextBytes = 1024;
inline constexpr std::size_t kDefaultMaxListCount = 64;

struct BoolKey {
    bool fallback = false;
    std::string_view doc{};
};

struct IntegerKey {
    std::string_view unit{};
    std::optional<std::int64_t> min{};  // left out: all that the field's type holds
    std::optional<std::int64_t> max{};
    std::int64_t fallback = 0;
    bool required = false;
    std::string_view doc{};
};

/// Exact: stored as int64 in 1/scale of the unit.
struct DecimalKey {
    std::string_view unit{};
    std::string_view min{};  // left out: all that int64 holds
    std::string_view max{};
    std::string_view fallback = "0";
    std::int64_t scale = 0;  // left out: the field type's own
    bool required = false;
    std::string_view doc{};
};

struct RealKey {
    std::string_view unit{};
    double min = std::numeric_limits<double>::lowest();
    double max = std::numeric_limits<double>::max();
    double fallback = 0.0;
    bool required = false;
    std::string_view doc{};
};

struct TextKey {
    std::size_t min_bytes = 0;
    std::size_t max_bytes = kDefaultMaxTextBytes;
    std::string_view fallback{};
    bool required = false;
    std::string_view doc{};
};

template <class T>
struct Choice {
    std::string_view name;
    T value;
    std::string_view doc{};
};

template <class T>
struct ChoiceKey {
    std::vector<Choice<T>> options{};
    T fallback{};
    bool required = false;
    std::string_view doc{};
};

struct DurationKey {
    std::string_view min{};  // left out: not negative
    std::string_view max{};
    std::string_view fallback = "0s";
    bool required = false;
    std::string_view doc{};
};

struct TimeOfDayKey {
    std::string_view min = "00:00";
    std::string_view max = "24:00";
    std::string_view fallback = "00:00";
    bool required = false;
    std::string_view doc{};
};

struct DurationListKey {
    std::string_view min{};  // of each element; left out: not negative
    std::string_view max{};
    std::size_t min_count = 0;
    std::size_t max_count = kDefaultMaxListCount;
    std::vector<std::string_view> fallback{};
    std::string_view doc{};
};

struct TextListKey {
    std::size_t min_count = 0;
    std::size_t max_count = kDefaultMaxListCount;
    std::vector<std::string_view> fallback{};
    std::string_view doc{};
};

// Each turns a declaration into the spec of a key that is not yet bound to a field. SchemaError
// where a spelling is wrong; ranges and names are checked by add_key().
[[nodiscard]] KeySpec make_key(std::string_view name, const BoolKey& key);
[[nodiscard]] KeySpec make_key(std::string_view name, const IntegerKey& key, std::int64_t field_min,
                               std::int64_t field_max);
[[nodiscard]] KeySpec make_key(std::string_view name, const DecimalKey& key,
                               std::int64_t field_scale);
[[nodiscard]] KeySpec make_key(std::string_view name, const RealKey& key);
[[nodiscard]] KeySpec make_key(std::string_view name, const TextKey& key);
[[nodiscard]] KeySpec make_key(std::string_view name, const DurationKey& key);
[[nodiscard]] KeySpec make_key(std::string_view name, const TimeOfDayKey& key);
[[nodiscard]] KeySpec make_key(std::string_view name, const DurationListKey& key);
[[nodiscard]] KeySpec make_key(std::string_view name, const TextListKey& key);
[[nodiscard]] KeySpec make_choice(std::string_view name, std::vector<Option> options,
                                  std::string_view fallback, bool required, std::string_view doc);

}  // namespace sluice::core::config
