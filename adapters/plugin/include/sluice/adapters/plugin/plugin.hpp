// A strategy plugin: a shared library made with the kit (kit/), loaded and checked before a run.
// Start-up side, one thread; may throw. What runs per bar is the table's on_bar.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <sluice/pipeline/plugin_kind.hpp>

namespace sluice::adapters::plugin {

using pipeline::PluginError;

class Plugin {
  public:
    // Takes a path or a name, NAME.so or libNAME.so; what is not absolute is looked for from `folder` on.
    // Throws PluginError: no such file, no shared library, not a plugin, of another version, or a table
    // that contradicts itself.
    explicit Plugin(const std::string& path_or_name, const std::filesystem::path& folder = ".");

    [[nodiscard]] const SluicePlugin& table() const noexcept { return *table_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // Of the file's bytes, lower-case hexadecimal.
    [[nodiscard]] const std::string& sha256() const noexcept { return sha256_; }
    // What makes it a kind of strategy.
    [[nodiscard]] pipeline::PluginKind kind(pipeline::HeapCalls heap_calls) const {
        return {table_, path_.string(), sha256_, library_, heap_calls};
    }

  private:
    std::filesystem::path path_;
    std::string sha256_;
    std::shared_ptr<void> library_;
    const SluicePlugin* table_ = nullptr;
};

}  // namespace sluice::adapters::plugin
