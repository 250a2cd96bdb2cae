// A strategy plugin: a shared library made with the kit (kit/), loaded and checked before a run.
// Start-up side, one thread; may throw. What runs per bar is the table's on_bar.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <sluice/kit/abi.hpp>

namespace sluice::adapters::plugin {

// Says what was refused, where, and how to mend it.
struct PluginError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Plugin {
  public:
    // Takes a path; a name without a slash is looked for in `folder` as NAME.so and libNAME.so.
    // Throws PluginError: no such file, no shared library, not a plugin, of another version, or a table
    // that contradicts itself.
    explicit Plugin(const std::string& path_or_name, const std::filesystem::path& folder = ".");

    [[nodiscard]] const SluicePlugin& table() const noexcept { return *table_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    // Of the file's bytes, lower-case hexadecimal.
    [[nodiscard]] const std::string& sha256() const noexcept { return sha256_; }
    [[nodiscard]] std::span<const SluiceParameter> parameters() const noexcept {
        return {table_->parameters, table_->parameter_count};
    }

    // The plugin's defaults, with what was given in their place. Throws PluginError: an unknown name (with
    // the nearest known one), a value out of range or not whole.
    [[nodiscard]] std::vector<double> values(const std::map<std::string, double>& given) const;

  private:
    struct Close {
        void operator()(void* library) const noexcept;
    };
    std::filesystem::path path_;
    std::string sha256_;
    std::unique_ptr<void, Close> library_;
    const SluicePlugin* table_ = nullptr;
};

// The plugin's objects, one an instrument, in one block taken here. The plugin outlives them.
class Instances {
  public:
    // Throws PluginError with the author's message where a constructor threw.
    Instances(const Plugin& plugin, const std::vector<double>& values, std::size_t instruments);
    ~Instances();
    Instances(const Instances&) = delete;
    Instances& operator=(const Instances&) = delete;

    [[nodiscard]] void* at(std::size_t instrument) const noexcept {
        return static_cast<std::byte*>(block_) + instrument * stride_;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return stride_ * made_; }

  private:
    void destroy() noexcept;

    const SluicePlugin& table_;
    std::size_t stride_;
    std::size_t made_ = 0;
    void* block_ = nullptr;
};

}  // namespace sluice::adapters::plugin
