// Settings from a configuration, with the plugins that it names: each is loaded, made a kind of strategy,
// and tried over generated bars with the parameters that it is to run with. Whoever reads a
// configuration does it here.
#pragma once

#include <string>
#include <vector>

#include <sluice/adapters/plugin/plugin.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::tools {

// `file` empty: the defaults. Plugins are looked for from the file's folder on. Throws ConfigError, and
// UsageError for a plugin that is refused.
[[nodiscard]] pipeline::Settings load_settings(const std::string& file,
                                               const std::vector<std::string>& overrides);
// What a run has written down; `name` stands for the file in messages.
[[nodiscard]] pipeline::Settings load_recorded_settings(const std::string& text,
                                                        const std::string& name);

// How plugins' calls of the heap are counted from here on; null: not at all. Of the program, at start.
void count_heap_calls_by(pipeline::HeapCalls calls) noexcept;
[[nodiscard]] pipeline::HeapCalls heap_counter() noexcept;

}  // namespace sluice::tools
