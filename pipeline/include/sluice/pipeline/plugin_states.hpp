// The objects of one plugin, one an instrument, in one block that is taken here. Start-up side.
#pragma once

#include <cstddef>
#include <utility>

#include <sluice/pipeline/plugin_kind.hpp>

namespace sluice::pipeline {

class PluginStates {
  public:
    // Throws PluginError with the author's own message where a constructor threw.
    PluginStates(const PluginKind& plugin, const StrategyValues& values, std::size_t instruments);
    ~PluginStates() { destroy(); }
    PluginStates(PluginStates&& other) noexcept
        : table_(other.table_), stride_(other.stride_), made_(std::exchange(other.made_, 0)),
          block_(std::exchange(other.block_, nullptr)) {}
    PluginStates& operator=(PluginStates&&) = delete;
    PluginStates(const PluginStates&) = delete;
    PluginStates& operator=(const PluginStates&) = delete;

    [[nodiscard]] void* at(std::size_t instrument) const noexcept {
        return static_cast<std::byte*>(block_) + instrument * stride_;
    }

  private:
    void destroy() noexcept;

    const SluicePlugin* table_;
    std::size_t stride_;
    std::size_t made_ = 0;
    void* block_ = nullptr;
};

}  // namespace sluice::pipeline
