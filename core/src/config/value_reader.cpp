#include "value_reader.hpp"

#include <sluice/core/config/nearest.hpp>
#include <sluice/core/config/units.hpp>

#include <charconv>
#include <utility>

namespace sluice::core::config {

namespace {

using Fault = std::optional<ValueFault>;

std::string spelt_out(const Node& node) {
    std::string text(kind_name(node));
    switch (node.kind) {
        case Node::Kind::kBoolean: return text + (node.boolean ? " (true)" : " (false)");
        case Node::Kind::kText: return text + " (\"" + printable(node.text) + "\")";
        case Node::Kind::kArray:
        case Node::Kind::kTable: return text;
        default: return text + " (" + printable(node.text) + ")";
    }
}

std::string_view spelling_of(ValueType type) noexcept {
    switch (type) {
        case ValueType::kDuration:
            return ", a whole number and one of ns, us, ms, s, m, h, d, in quotes";
        case ValueType::kTimeOfDay: return ", HH:MM or HH:MM:SS, in quotes";
        case ValueType::kText:
        case ValueType::kChoice: return ", in quotes";
        default: return "";
    }
}

std::string expected(const KeySpec& key) {
    std::string text = "must be a ";
    if (key.type == ValueType::kInteger) text = "must be an ";
    text += to_string(key.type);
    if (!key.unit.empty()) text += " in " + key.unit;
    text += spelling_of(key.type);
    return text + " (for example " + key.name + " = " + format_value(key, key.fallback) + ")";
}

Fault wrong_type(const KeySpec& key, const Node& node) {
    return ValueFault{ErrorKind::kWrongType, expected(key) + ", not " + spelt_out(node)};
}

Fault too_large(const KeySpec& key, const Node& node) {
    const std::string range = format_range(key);
    return ValueFault{ErrorKind::kOutOfRange, "is " + printable(node.text) +
                                                  ", which 64 bits do not hold; choose a value " +
                                                  (range.empty() ? "nearer to 0" : "in " + range)};
}

/// What a spelling came to: a value, or the fault of the node that holds it.
Fault accept(const KeySpec& key, const Node& node, ParsedInt parsed, Value& value) {
    switch (parsed.status) {
        case ParseStatus::kOk: value = parsed.value; return std::nullopt;
        case ParseStatus::kMalformed: return wrong_type(key, node);
        case ParseStatus::kOverflow: return too_large(key, node);
        case ParseStatus::kTooPrecise: break;
    }
    const int places = key.type == ValueType::kTimeOfDay ? 9 : decimal_places(key.scale);
    return ValueFault{ErrorKind::kOutOfRange,
                      "is " + printable(node.text) + ", finer than can be kept; give at most " +
                          std::to_string(places) + " digits after the point"};
}

Fault read_decimal(const KeySpec& key, const Node& node, Value& value) {
    switch (node.kind) {
        case Node::Kind::kHugeInteger: return too_large(key, node);
        case Node::Kind::kInteger:
        case Node::Kind::kReal:
            return accept(key, node, parse_decimal(node.text, key.scale), value);
        default: return wrong_type(key, node);
    }
}

Fault read_real(const KeySpec& key, const Node& node, Value& value) {
    if (node.kind == Node::Kind::kReal) {
        value = node.real;
        return std::nullopt;
    }
    if (node.kind != Node::Kind::kInteger && node.kind != Node::Kind::kHugeInteger) {
        return wrong_type(key, node);
    }
    double real = 0.0;
    const char* const end = node.text.data() + node.text.size();
    const auto [stop, error] = std::from_chars(node.text.data(), end, real);
    if (stop != end || error != std::errc{}) return wrong_type(key, node);
    value = real;
    return std::nullopt;
}

Fault read_integer(const KeySpec& key, const Node& node, Value& value) {
    if (node.kind == Node::Kind::kHugeInteger) return too_large(key, node);
    if (node.kind != Node::Kind::kInteger) return wrong_type(key, node);
    value = node.integer;
    return std::nullopt;
}

Fault read_list(const KeySpec& key, const Node& node, Value& value) {
    if (node.kind != Node::Kind::kArray) return wrong_type(key, node);
    DurationList durations;
    TextList texts;
    for (const Node& element : node.elements) {
        if (element.kind != Node::Kind::kText) return wrong_type(key, element);
        if (key.type == ValueType::kTextList) {
            texts.push_back(element.text);
            continue;
        }
        Value nanos;
        if (auto fault = accept(key, element, parse_duration(element.text), nanos)) return fault;
        durations.push_back(std::get<std::int64_t>(nanos));
    }
    if (key.type == ValueType::kTextList) {
        value = std::move(texts);
    } else {
        value = std::move(durations);
    }
    return std::nullopt;
}

Fault read_typed(const KeySpec& key, const Node& node, Value& value) {
    const bool is_text = node.kind == Node::Kind::kText;
    switch (key.type) {
        case ValueType::kBoolean:
            if (node.kind != Node::Kind::kBoolean) return wrong_type(key, node);
            value = node.boolean;
            return std::nullopt;
        case ValueType::kInteger: return read_integer(key, node, value);
        case ValueType::kDecimal: return read_decimal(key, node, value);
        case ValueType::kReal: return read_real(key, node, value);
        case ValueType::kText:
        case ValueType::kChoice:
            if (!is_text) return wrong_type(key, node);
            value = node.text;
            return std::nullopt;
        case ValueType::kDuration:
            if (!is_text) return wrong_type(key, node);
            return accept(key, node, parse_duration(node.text), value);
        case ValueType::kTimeOfDay:
            if (!is_text && node.kind != Node::Kind::kTime) return wrong_type(key, node);
            return accept(key, node, parse_time_of_day(node.text), value);
        case ValueType::kDurationList:
        case ValueType::kTextList: return read_list(key, node, value);
    }
    return wrong_type(key, node);
}

}  // namespace

Fault read_value(const KeySpec& key, const Node& node, Value& value) {
    Value candidate;
    if (auto fault = read_typed(key, node, candidate)) return fault;
    std::string fault = range_fault(key, candidate);
    if (fault.empty()) {
        value = std::move(candidate);
        return std::nullopt;
    }
    if (key.type == ValueType::kChoice) {
        std::vector<std::string> names;
        for (const auto& option : key.options) names.push_back(option.name);
        const std::string near = nearest(node.text, names);
        if (!near.empty()) fault += "; did you mean \"" + near + "\"?";
    }
    return ValueFault{ErrorKind::kOutOfRange, std::move(fault)};
}

}  // namespace sluice::core::config
