// The kinds of strategies there are, by their declarations. Start-up side: may throw.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include <sluice/pipeline/strategy_declaration.hpp>

namespace sluice::pipeline {

// Those that are built in, in the order of StrategyKind; plugins are in plugin_kind.hpp.
[[nodiscard]] std::span<const StrategyDeclaration* const> strategy_declarations() noexcept;
[[nodiscard]] const StrategyDeclaration& declaration_of(StrategyKind kind) noexcept;
// Built in or a plugin; null when no kind has this name.
[[nodiscard]] const StrategyDeclaration* find_strategy(std::string_view name) noexcept;

// The keys that every [[strategy]] has: no parameter of a plugin may have such a name.
inline constexpr std::array<std::string_view, 9> kStrategyKeys{
    "kind",          "name",           "timeframe",       "bars",
    "weight",        "weight_ranging", "weight_trending", "weight_volatile",
    "symbol_weights"};

// "1 to 512", and a value as the configuration writes it: "10", "2.0".
[[nodiscard]] std::string range_text(const StrategyParameter& parameter);
[[nodiscard]] std::string value_text(const StrategyParameter& parameter, double value);

// The tables of the guide: one for each kind, Markdown.
[[nodiscard]] std::string strategy_tables_markdown();

}  // namespace sluice::pipeline
