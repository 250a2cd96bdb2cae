// The TOML form of Settings: every key with its type, unit, range, default and documentation.
#pragma once

#include <sluice/core/config/schema.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

using SettingsSchema = core::config::Schema<Settings>;

// With the kinds of strategies that there are when it is made; see plugin_kind.hpp.
[[nodiscard]] SettingsSchema make_settings_schema();

// The [[plugin]] tables of a configuration, whatever else it says; none where something is wrong in them.
[[nodiscard]] std::vector<PluginSettings> plugins_named_in(
    const core::config::Document& document, const std::vector<std::string>& overrides);

}  // namespace sluice::pipeline
