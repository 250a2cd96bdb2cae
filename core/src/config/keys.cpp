#include <sluice/core/config/keys.hpp>

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/units.hpp>

#include <algorithm>

namespace sluice::core::config {

namespace {

constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();

KeySpec start(std::string_view name, ValueType type, std::string_view doc) {
    KeySpec spec;
    spec.name = name;
    spec.path = name;
    spec.type = type;
    spec.doc = doc;
    return spec;
}

std::int64_t spelt(std::string_view name, std::string_view text, ParsedInt parsed) {
    if (!parsed.ok()) {
        throw SchemaError("'" + std::string(name) + "': \"" + std::string(text) +
                          "\" is not spelt as a value of its type");
    }
    return parsed.value;
}

std::int64_t duration_of(std::string_view name, std::string_view text, std::int64_t otherwise) {
    return text.empty() ? otherwise : spelt(name, text, parse_duration(text));
}

}  // namespace

KeySpec make_key(std::string_view name, const BoolKey& key) {
    KeySpec spec = start(name, ValueType::kBoolean, key.doc);
    spec.fallback = key.fallback;
    return spec;
}

KeySpec make_key(std::string_view name, const IntegerKey& key, std::int64_t field_min,
                 std::int64_t field_max) {
    const std::int64_t min = key.min.value_or(field_min);
    const std::int64_t max = key.max.value_or(field_max);
    if (min < field_min || max > field_max) {
        throw SchemaError("'" + std::string(name) + "': its range is wider than the field's type");
    }
    KeySpec spec = start(name, ValueType::kInteger, key.doc);
    spec.unit = key.unit;
    spec.min = min;
    spec.max = max;
    spec.fallback = key.fallback;
    spec.required = key.required;
    return spec;
}

KeySpec make_key(std::string_view name, const DecimalKey& key, std::int64_t field_scale) {
    KeySpec spec = start(name, ValueType::kDecimal, key.doc);
    spec.unit = key.unit;
    spec.scale = key.scale != 0 ? key.scale : field_scale;
    if (decimal_places(spec.scale) < 0) {
        throw SchemaError("'" + std::string(name) + "': a decimal needs a scale, a power of ten");
    }
    const auto value = [&](std::string_view text) {
        return spelt(name, text, parse_decimal(text, spec.scale));
    };
    spec.min = key.min.empty() ? kInt64Min : value(key.min);
    spec.max = key.max.empty() ? kInt64Max : value(key.max);
    spec.fallback = value(key.fallback);
    spec.required = key.required;
    return spec;
}

KeySpec make_key(std::string_view name, const RealKey& key) {
    KeySpec spec = start(name, ValueType::kReal, key.doc);
    spec.unit = key.unit;
    spec.min = key.min;
    spec.max = key.max;
    spec.fallback = key.fallback;
    spec.required = key.required;
    return spec;
}

KeySpec make_key(std::string_view name, const TextKey& key) {
    KeySpec spec = start(name, ValueType::kText, key.doc);
    spec.min_count = key.min_bytes;
    spec.max_count = key.max_bytes;
    spec.fallback = std::string(key.fallback);
    spec.required = key.required;
    return spec;
}

KeySpec make_key(std::string_view name, const DurationKey& key) {
    KeySpec spec = start(name, ValueType::kDuration, key.doc);
    spec.min = duration_of(name, key.min, 0);
    spec.max = duration_of(name, key.max, kInt64Max);
    spec.fallback = spelt(name, key.fallback, parse_duration(key.fallback));
    spec.required = key.required;
    return spec;
}

KeySpec make_key(std::string_view name, const TimeOfDayKey& key) {
    const auto value = [name](std::string_view text) {
        return spelt(name, text, parse_time_of_day(text));
    };
    KeySpec spec = start(name, ValueType::kTimeOfDay, key.doc);
    spec.min = value(key.min);
    spec.max = value(key.max);
    spec.fallback = value(key.fallback);
    spec.required = key.required;
    return spec;
}

KeySpec make_key(std::string_view name, const DurationListKey& key) {
    KeySpec spec = start(name, ValueType::kDurationList, key.doc);
    spec.min = duration_of(name, key.min, 0);
    spec.max = duration_of(name, key.max, kInt64Max);
    spec.min_count = key.min_count;
    spec.max_count = key.max_count;
    DurationList fallback;
    for (const auto text : key.fallback)
        fallback.push_back(spelt(name, text, parse_duration(text)));
    spec.fallback = std::move(fallback);
    return spec;
}

KeySpec make_key(std::string_view name, const TextListKey& key) {
    KeySpec spec = start(name, ValueType::kTextList, key.doc);
    spec.min_count = key.min_count;
    spec.max_count = key.max_count;
    spec.fallback = TextList(key.fallback.begin(), key.fallback.end());
    return spec;
}

KeySpec make_choice(std::string_view name, std::vector<Option> options, std::string_view fallback,
                    bool required, std::string_view doc) {
    for (auto option = options.begin(); option != options.end(); ++option) {
        const bool again = std::any_of(options.begin(), option, [&](const Option& other) {
            return other.name == option->name;
        });
        if (again) throw SchemaError("'" + std::string(name) + "': option named twice");
    }
    KeySpec spec = start(name, ValueType::kChoice, doc);
    spec.options = std::move(options);
    spec.fallback = std::string(fallback);
    spec.required = required;
    return spec;
}

}  // namespace sluice::core::config
