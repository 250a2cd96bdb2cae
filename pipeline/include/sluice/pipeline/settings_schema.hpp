// The TOML form of Settings: every key with its type, unit, range, default and documentation.
#pragma once

#include <sluice/core/config/schema.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

using SettingsSchema = core::config::Schema<Settings>;

[[nodiscard]] SettingsSchema make_settings_schema();

}  // namespace sluice::pipeline
