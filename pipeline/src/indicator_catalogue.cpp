#include <sluice/pipeline/indicator_catalogue.hpp>

#include <charconv>
#include <cmath>
#include <optional>

#include <sluice/core/config/nearest.hpp>

#include "indicator_declare.hpp"

namespace sluice::pipeline {

namespace {

using Type = IndicatorParameter::Type;

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
    const std::string near = core::config::nearest(name, known);
    return near.empty() ? "" : "; did you mean '" + near + "'?";
}

std::optional<double> parse_number(std::string_view text) {
    double value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end.ec != std::errc{} || end.ptr != text.data() + text.size() ||
        !std::isfinite(value))
        return std::nullopt;
    return value;
}

double parse_value(const IndicatorSpec& spec, const IndicatorParameter& parameter,
                   std::string_view text) {
    const auto refuse = [&] {
        return IndicatorError(spec.name + ": " + parameter.name + "=" + std::string(text) +
                              " is not allowed; it takes " +
                              (parameter.type == Type::kWhole ? "a whole number, " : "") +
                              format_range(parameter));
    };
    if (parameter.type == Type::kChoice) {
        for (std::size_t i = 0; i < parameter.choices.size(); ++i)
            if (parameter.choices[i] == text) return static_cast<double>(i);
        throw refuse();
    }
    const auto value = parse_number(text);
    if (!value || *value < parameter.lowest || *value > parameter.highest ||
        (parameter.type == Type::kWhole && *value != std::floor(*value)))
        throw refuse();
    return *value;
}

std::size_t parameter_index(const IndicatorSpec& spec, std::string_view name) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < spec.parameters.size(); ++i) {
        if (spec.parameters[i].name == name) return i;
        known.push_back(spec.parameters[i].name);
    }
    std::string all;
    for (const std::string& each : known) all += (all.empty() ? "" : ", ") + each;
    throw IndicatorError(spec.name + " has no parameter '" + std::string(name) + "'" +
                         suggestion(name, known) +
                         (all.empty() ? "; it has none" : "; it has " + all));
}

void check_order(const IndicatorSpec& spec, const IndicatorArguments& arguments) {
    for (const auto& [low, high] : spec.rising)
        if (arguments.real(low) >= arguments.real(high))
            throw IndicatorError(spec.name + ": " + low + " must be below " + high + ", but " +
                                 low + "=" + shortest(arguments.real(low)) + " and " + high + "=" +
                                 shortest(arguments.real(high)));
}

}  // namespace

std::string_view to_string(IndicatorInput input) noexcept {
    switch (input) {
        case IndicatorInput::kValue: return "value";
        case IndicatorInput::kCandle: return "bar";
        case IndicatorInput::kPair: return "pair";
        case IndicatorInput::kBookTop: break;
    }
    return "book top";
}

std::string shortest(double value) {
    char text[64];
    const double size = std::abs(value);
    const bool plain = value == 0 || (size >= 1e-5 && size < 1e15);
    const auto end = std::to_chars(text, text + sizeof text, value,
                                   plain ? std::chars_format::fixed : std::chars_format::general);
    return {text, end.ptr};
}

std::string format_value(const IndicatorParameter& parameter, double value) {
    if (parameter.type == Type::kChoice)
        return parameter.choices.at(static_cast<std::size_t>(value));
    return shortest(value);
}

std::string format_range(const IndicatorParameter& parameter) {
    if (parameter.type != Type::kChoice)
        return shortest(parameter.lowest) + " to " + shortest(parameter.highest);
    std::string out;
    for (std::size_t i = 0; i < parameter.choices.size(); ++i)
        out += (i == 0                              ? ""
                : i + 1 == parameter.choices.size() ? " or "
                                                    : ", ") +
               parameter.choices[i];
    return out;
}

double IndicatorArguments::real(std::string_view name) const {
    for (const auto& [key, value] : values_)
        if (key == name) return value;
    throw std::logic_error("no parameter '" + std::string(name) + "' is declared");
}
std::size_t IndicatorArguments::whole(std::string_view name) const {
    return static_cast<std::size_t>(real(name));
}

const std::vector<IndicatorSpec>& indicator_catalogue() {
    static const std::vector<IndicatorSpec> catalogue = [] {
        std::vector<IndicatorSpec> all;
        declare::add_averages(all);
        declare::add_momentum(all);
        declare::add_ranges(all);
        declare::add_statistics(all);
        return all;
    }();
    return catalogue;
}

const IndicatorSpec& find_indicator(std::string_view name) {
    std::vector<std::string> known;
    for (const IndicatorSpec& spec : indicator_catalogue()) {
        if (spec.name == name) return spec;
        known.push_back(spec.name);
    }
    throw IndicatorError("there is no indicator '" + std::string(name) + "'" +
                         suggestion(name, known));
}

IndicatorArguments parse_arguments(const IndicatorSpec& spec, std::string_view text) {
    std::vector<std::pair<std::string, double>> values;
    for (const IndicatorParameter& parameter : spec.parameters)
        values.emplace_back(parameter.name, parameter.fallback);
    std::vector<bool> given(values.size());
    while (!trimmed(text).empty()) {
        const std::size_t comma = text.find(',');
        const std::string_view part = text.substr(0, comma);
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
        const std::size_t equals = part.find('=');
        if (equals == std::string_view::npos)
            throw IndicatorError(spec.name + ": '" + std::string(trimmed(part)) +
                                 "' must be name=value, as in period=14");
        const std::size_t i = parameter_index(spec, trimmed(part.substr(0, equals)));
        if (given[i]) throw IndicatorError(spec.name + ": " + values[i].first + " is given twice");
        given[i] = true;
        values[i].second = parse_value(spec, spec.parameters[i], trimmed(part.substr(equals + 1)));
    }
    IndicatorArguments arguments{std::move(values)};
    check_order(spec, arguments);
    return arguments;
}

std::unique_ptr<AnyIndicator> make_indicator(std::string_view name, std::string_view arguments) {
    const IndicatorSpec& spec = find_indicator(name);
    return spec.make(parse_arguments(spec, arguments));
}

}  // namespace sluice::pipeline
