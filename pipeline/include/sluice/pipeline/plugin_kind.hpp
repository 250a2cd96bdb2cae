// Kinds of strategies that are not built in. Whoever has loaded a plugin (adapters/plugin) hands in its
// table here, before the settings are read; from then on its name is a kind like any other, and its
// parameters are keys of the configuration. Start-up side, one thread; kinds stay until the program ends.
#pragma once

#include <memory>
#include <span>
#include <stdexcept>
#include <string>

#include <sluice/pipeline/hot/strategies/plugin_strategy.hpp>

namespace sluice::pipeline {

// Says what was refused, where, and how to mend it.
struct PluginError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct PluginKind {
    const SluicePlugin* table = nullptr;  // checked
    std::string file;                     // whole path
    std::string sha256;                   // of its bytes, hexadecimal
    std::shared_ptr<const void> library;  // holds the table and its code in memory
    HeapCalls heap_calls = nullptr;       // null: nobody counts
};

// Makes it a kind. The same file again is the same kind. Throws PluginError where its name is another
// kind's, or a parameter's name that of a key which every strategy has.
StrategyKind add_plugin_kind(PluginKind plugin);

// Null for a kind that is built in.
[[nodiscard]] const PluginKind* plugin_of(StrategyKind kind) noexcept;
// In the order in which they were added.
[[nodiscard]] std::span<const StrategyDeclaration* const> plugin_declarations() noexcept;

}  // namespace sluice::pipeline
