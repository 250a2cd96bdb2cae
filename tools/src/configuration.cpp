#include <sluice/tools/configuration.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <sluice/adapters/plugin/plugin_check.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/tools/arguments.hpp>

namespace sluice::tools {

namespace {

namespace fs = std::filesystem;
namespace config = core::config;
using adapters::plugin::Plugin;
using pipeline::PluginError;
using pipeline::PluginSettings;
using pipeline::Settings;

pipeline::HeapCalls the_heap_counter = nullptr;

// A plugin that is a kind already. A search reads thousands of configurations that name the same one.
struct LoadedPlugin {
    PluginSettings found;
    std::uintmax_t bytes = 0;
    fs::file_time_type written{};

    [[nodiscard]] bool is_unchanged() const {
        std::error_code none;
        return fs::file_size(found.file, none) == bytes &&
               fs::last_write_time(found.file, none) == written;
    }
};

// Its place and its bytes take the place of what was asked for.
void load_plugin(PluginSettings& named, const fs::path& folder) {
    static std::map<std::pair<std::string, std::string>, LoadedPlugin> all;  // by file and folder
    LoadedPlugin& known = all[{named.file, folder.string()}];
    const bool is_known = !known.found.file.empty() && known.is_unchanged() &&
                          (named.sha256.empty() || named.sha256 == known.found.sha256);
    if (!is_known) {
        const Plugin plugin{named.file, folder};
        if (!named.sha256.empty() && named.sha256 != plugin.sha256())
            throw PluginError("plugin '" + plugin.path().string() +
                              "' is another file than the configuration names: its SHA-256 is " +
                              plugin.sha256() + ", not " + named.sha256 +
                              "; put the old file back, or leave sha256 out to take the new one");
        (void)add_plugin_kind(plugin.kind(the_heap_counter));
        std::error_code none;
        known = {{plugin.path().string(), plugin.sha256()},
                 fs::file_size(plugin.path(), none),
                 fs::last_write_time(plugin.path(), none)};
    }
    named = known.found;
}

void try_strategies(const Settings& settings) {
    static std::vector<SluiceBar> bars;  // made for the first that needs them
    for (const pipeline::StrategySettings& strategy : settings.signals.strategies) {
        const pipeline::PluginKind* const plugin = plugin_of(strategy.kind);
        if (plugin == nullptr) continue;
        if (bars.empty())
            bars = adapters::plugin::check_bars(adapters::plugin::kCheckBars,
                                                adapters::plugin::kCheckSeed);
        const auto report = adapters::plugin::check(*plugin, strategy.resolved(), bars);
        if (report.harmless()) continue;
        std::string text = "strategy '" + strategy.name + "' (plugin '" + plugin->file +
                           "') is refused, after " + std::to_string(report.bars) +
                           " generated bars:";
        for (const std::string& fault : report.faults()) text += "\n  " + fault;
        throw PluginError(text + "\nsluice strategy check says more");
    }
}

// Made anew when there are more kinds of strategies than before: a search reads thousands of
// configurations, and the schema costs more than each of them. One thread, as loading plugins is.
const pipeline::SettingsSchema& schema_now() {
    static std::optional<pipeline::SettingsSchema> schema;
    static std::size_t kinds = 0;
    const std::size_t now = pipeline::plugin_declarations().size();
    if (!schema || kinds != now) {
        schema.emplace(pipeline::make_settings_schema());
        kinds = now;
    }
    return *schema;
}

Settings load(const config::Document& document, const fs::path& folder,
              const std::vector<std::string>& overrides) {
    std::vector<PluginSettings> plugins = pipeline::plugins_named_in(document, overrides);
    try {
        for (PluginSettings& plugin : plugins) load_plugin(plugin, folder);
        Settings settings =
            schema_now().load_text(document.text, document.name, overrides).settings;
        settings.plugins = std::move(plugins);
        try_strategies(settings);
        return settings;
    } catch (const PluginError& error) {
        throw UsageError(document.name + ": " + error.what());
    }
}

}  // namespace

Settings load_settings(const std::string& file, const std::vector<std::string>& overrides) {
    if (file.empty()) return load({"defaults", ""}, fs::current_path(), overrides);
    std::vector<config::Diagnostic> faults;
    const config::Document document = config::read_document(file, faults);
    if (!faults.empty()) throw config::ConfigError(std::move(faults));
    return load(document, fs::absolute(file).parent_path(), overrides);
}

Settings load_recorded_settings(const std::string& text, const std::string& name) {
    return load({name, text}, fs::current_path(), {});
}

void count_heap_calls_by(pipeline::HeapCalls calls) noexcept { the_heap_counter = calls; }
pipeline::HeapCalls heap_counter() noexcept { return the_heap_counter; }

}  // namespace sluice::tools
