// [[plugin]] of the configuration. It is read twice: first by itself, because the plugins that it names
// say which kinds of strategies there are and what their keys are called; then with all the rest.
#include "settings_sections.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kMaxPlugins = 16;

template <class Owner>
void declare(core::config::Schema<Owner>& schema) {
    schema
        .tables("plugin",
                "A plugin: a strategy of your own in a shared library, docs/guides/strategy.md. "
                "Its name is a kind of [[strategy]].",
                {.min_count = 0, .max_count = kMaxPlugins}, &Owner::plugins)
        .text("file",
              {.min_bytes = 1,
               .fallback = "mine.so",
               .required = true,
               .doc = "The library: a path, or a name such as mine for mine.so or libmine.so; "
                      "looked for from this file's folder on."},
              &PluginSettings::file)
        .text("sha256",
              {.max_bytes = 64,
               .fallback = "",
               .doc = "Of the library's bytes: another file is refused. Empty: none is. A run "
                      "writes down here what it ran with."},
              &PluginSettings::sha256);
}

struct Plugins {
    std::vector<PluginSettings> plugins;
};

}  // namespace

void declare_plugins(SettingsSchema& schema) { declare(schema); }

std::vector<PluginSettings> plugins_named_in(const core::config::Document& document,
                                             const std::vector<std::string>& overrides) {
    core::config::Schema<Plugins> schema{"Plugins"};
    declare(schema);
    Plugins read;
    // Every other key is unknown to this schema; what is wrong in a [[plugin]] the whole one says too.
    const auto outcome = core::config::load(schema.spec(), &read, document, overrides);
    for (const core::config::Diagnostic& fault : outcome.diagnostics)
        if (fault.key.rfind("plugin", 0) == 0) return {};
    return std::move(read.plugins);
}

}  // namespace sluice::pipeline
