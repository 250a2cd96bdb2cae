#include <sluice/pipeline/strategy_catalogue.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <sluice/pipeline/hot/strategies.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

namespace {

template <std::size_t... I>
constexpr std::array<const StrategyDeclaration*, sizeof...(I)> declarations_of(
    std::index_sequence<I...> /*kinds*/) {
    return {&std::variant_alternative_t<I, AnyStrategy>::kDeclaration...};
}
constexpr auto kDeclarations = declarations_of(std::make_index_sequence<kStrategyKinds>{});

std::size_t index_of_parameter(StrategyKind kind, std::string_view name) {
    const StrategyDeclaration& declaration = declaration_of(kind);
    const std::size_t index = declaration.find(name);
    if (index == declaration.parameters.size())
        throw std::invalid_argument("a strategy of kind " + std::string(declaration.name) +
                                    " has no parameter '" + std::string(name) + "'");
    return index;
}

}  // namespace

std::span<const StrategyDeclaration* const> strategy_declarations() noexcept {
    return kDeclarations;
}

const StrategyDeclaration& declaration_of(StrategyKind kind) noexcept {
    return *kDeclarations[static_cast<std::size_t>(kind)];
}

const StrategyDeclaration* find_strategy(std::string_view name) noexcept {
    const auto found = std::find_if(kDeclarations.begin(), kDeclarations.end(),
                                    [&](const auto* d) { return d->name == name; });
    return found == kDeclarations.end() ? nullptr : *found;
}

const char* to_string(StrategyKind kind) noexcept { return declaration_of(kind).name.data(); }

std::string value_text(const StrategyParameter& parameter, double value) {
    std::array<char, 400> text{};  // any double, written out
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
    std::string out(text.data(), end);
    if (parameter.type == ParameterType::kReal && out.find('.') == std::string::npos) out += ".0";
    return out;
}

std::string range_text(const StrategyParameter& parameter) {
    return value_text(parameter, parameter.min) + " to " + value_text(parameter, parameter.max);
}

std::string strategy_tables_markdown() {
    std::string out;
    for (const StrategyDeclaration* d : kDeclarations) {
        out += "### " + std::string(d->name) + ": " + std::string(d->doc) + "\n\n" +
               std::string(d->manual) +
               "\n\n| parameter | unit | range | default | may change | meaning |\n"
               "|---|---|---|---|---|---|\n";
        for (const StrategyParameter& p : d->parameters)
            out += "| `" + std::string(p.name) + "` | " + std::string(p.unit) + " | " +
                   range_text(p) + " | " + value_text(p, p.fallback) + " | " +
                   (p.changes ? "yes" : "no") + " | " + std::string(p.doc) + " |\n";
        for (const ParameterOrder& order : d->orders)
            out += "\n`" + std::string(d->parameters[order.lower].name) + "` is smaller than `" +
                   std::string(d->parameters[order.upper].name) + "`.\n";
        if (d != kDeclarations.back()) out += "\n";
    }
    return out;
}

void StrategySettings::set(std::string_view parameter, double value) {
    values[index_of_parameter(kind, parameter)] = value;
}

double StrategySettings::get(std::string_view parameter) const {
    return resolved()[index_of_parameter(kind, parameter)];
}

StrategyValues StrategySettings::resolved() const noexcept {
    const StrategyDeclaration& declaration = declaration_of(kind);
    StrategyValues out = declaration.fallbacks();
    for (std::size_t i = 0; i < declaration.parameters.size(); ++i)
        if (!std::isnan(values[i])) out[i] = values[i];
    return out;
}

bool StrategySettings::quotes(std::string_view symbol) const noexcept {
    return symbols.empty() || std::find(symbols.begin(), symbols.end(), symbol) != symbols.end();
}

std::optional<double> StrategySettings::weight_of(std::string_view symbol) const {
    std::optional<double> own;
    for (const std::string& entry : symbol_weights) {
        const std::size_t equals = entry.rfind('=');
        double value = 0;
        const char* const end = entry.data() + entry.size();
        if (equals == std::string::npos || equals == 0 ||
            std::from_chars(entry.data() + equals + 1, end, value).ptr != end ||
            equals + 1 == entry.size() || !kWeightDeclaration.accepts(value))
            throw std::invalid_argument("'" + entry + "' is not SYMBOL=WEIGHT with a weight from " +
                                        range_text(kWeightDeclaration));
        if (std::string_view{entry}.substr(0, equals) == symbol) own = value;
    }
    return own;
}

}  // namespace sluice::pipeline
