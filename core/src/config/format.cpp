// How values and ranges are written, and whether a value is inside its range.

#include <sluice/core/config/spec.hpp>

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/units.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sluice::core::config {

namespace {

std::string quoted(std::string_view text) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else if (c == '\t') {
            result += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            result += "\\u00";
            result += kHex[byte >> 4U];
            result += kHex[byte & 0xfU];
        } else {
            result += c;
        }
    }
    return result + '"';
}

template <class List, class Format>
std::string bracketed(const List& list, Format format) {
    std::string text = "[";
    for (const auto& element : list) {
        if (text.size() > 1) text += ", ";
        text += format(element);
    }
    return text + "]";
}

std::string format_int(const KeySpec& key, std::int64_t value) {
    switch (key.type) {
        case ValueType::kDecimal: return format_decimal(value, key.scale);
        case ValueType::kDuration:
        case ValueType::kDurationList: return quoted(format_duration(value));
        case ValueType::kTimeOfDay: return quoted(format_time_of_day(value));
        default: return std::to_string(value);
    }
}

/// One bound, with the element's unit: "1000 units", `"5m"`.
std::string format_bound(const KeySpec& key, const Value& bound) {
    const std::string text = format_value(key, bound);
    return key.unit.empty() ? text : text + " " + key.unit;
}

bool is_open(const Value& bound) {
    if (const auto* integer = std::get_if<std::int64_t>(&bound)) {
        return *integer == std::numeric_limits<std::int64_t>::min() ||
               *integer == std::numeric_limits<std::int64_t>::max();
    }
    const auto* real = std::get_if<double>(&bound);
    return real != nullptr && std::abs(*real) == std::numeric_limits<double>::max();
}

template <class T>
bool outside(const KeySpec& key, const T& value) {
    return (key.min && value < std::get<T>(*key.min)) || (key.max && value > std::get<T>(*key.max));
}

std::string outside_text(const KeySpec& key, const Value& value) {
    return "is " + printable(format_bound(key, value)) + ", outside the range " +
           format_range(key) + "; choose a value in that range";
}

std::string count_text(const KeySpec& key, std::string_view noun) {
    return std::to_string(key.min_count) + " to " + std::to_string(key.max_count) + " " +
           std::string(noun);
}

std::string count_fault(const KeySpec& key, std::size_t count, std::string_view noun) {
    if (count >= key.min_count && count <= key.max_count) return {};
    return "has " + std::to_string(count) + " " + std::string(noun) + ", but must have " +
           count_text(key, noun);
}

}  // namespace

std::string format_value(const KeySpec& key, const Value& value) {
    if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return format_int(key, *integer);
    if (const auto* real = std::get_if<double>(&value)) return format_real(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
    if (const auto* durations = std::get_if<DurationList>(&value)) {
        return bracketed(*durations, [&key](std::int64_t nanos) { return format_int(key, nanos); });
    }
    return bracketed(std::get<TextList>(value), [](const auto& text) { return quoted(text); });
}

std::string format_range(const KeySpec& key) {
    std::string text;
    if (key.type == ValueType::kChoice) {
        for (const auto& option : key.options) {
            text += text.empty() ? "one of " : ", ";
            text += quoted(option.name);
        }
        return text;
    }
    const bool low = key.min && !is_open(*key.min);
    const bool high = key.max && !is_open(*key.max);
    if (low && high) {
        text = format_value(key, *key.min) + " to " + format_bound(key, *key.max);
    } else if (low) {
        text = "at least " + format_bound(key, *key.min);
    } else if (high) {
        text = "at most " + format_bound(key, *key.max);
    }
    if (key.type == ValueType::kText) return count_text(key, "bytes");
    if (key.type == ValueType::kDurationList || key.type == ValueType::kTextList) {
        return count_text(key, "elements") + (text.empty() ? "" : ", each " + text);
    }
    return text;
}

std::string range_fault(const KeySpec& key, const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return outside(key, *integer) ? outside_text(key, value) : std::string{};
    }
    if (const auto* real = std::get_if<double>(&value)) {
        if (!std::isfinite(*real)) return "is not a finite number; give a number";
        return outside(key, *real) ? outside_text(key, value) : std::string{};
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (key.type == ValueType::kText) return count_fault(key, text->size(), "bytes");
        const bool known =
            std::any_of(key.options.begin(), key.options.end(),
                        [text](const Option& option) { return option.name == *text; });
        return known ? std::string{}
                     : "is " + quoted(printable(*text)) + ", but must be " + format_range(key);
    }
    if (const auto* durations = std::get_if<DurationList>(&value)) {
        for (const std::int64_t nanos : *durations) {
            if (outside(key, nanos)) {
                return "holds " + format_int(key, nanos) + ", but must have " + format_range(key);
            }
        }
        return count_fault(key, durations->size(), "elements");
    }
    if (const auto* texts = std::get_if<TextList>(&value)) {
        return count_fault(key, texts->size(), "elements");
    }
    return {};
}

}  // namespace sluice::core::config
