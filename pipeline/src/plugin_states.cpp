#include <sluice/pipeline/plugin_states.hpp>

#include <array>
#include <new>

namespace sluice::pipeline {

PluginStates::PluginStates(const PluginKind& plugin, const StrategyValues& values,
                           std::size_t instruments)
    : table_(plugin.table), stride_((table_->state_bytes + table_->state_align - 1) /
                                    table_->state_align * table_->state_align) {
    const std::string where = "plugin '" + plugin.file + "' (" + table_->name + ")";
    try {
        block_ = ::operator new (stride_* instruments, std::align_val_t{table_->state_align});
    } catch (const std::bad_alloc&) {
        throw PluginError(where + ": there is no memory for " + std::to_string(instruments) +
                          " times " + std::to_string(stride_) + " bytes");
    }
    std::array<char, 256> message{};
    for (; made_ < instruments; ++made_) {
        if (table_->create(at(made_), values.data(), message.data(), message.size()) !=
            kSluiceThrew)
            continue;
        message.back() = '\0';
        destroy();
        throw PluginError(where + ": its constructor threw: " + message.data());
    }
}

void PluginStates::destroy() noexcept {
    if (block_ == nullptr) return;
    while (made_ > 0) table_->destroy(at(--made_));
    ::operator delete (block_, std::align_val_t{table_->state_align});
    block_ = nullptr;
}

}  // namespace sluice::pipeline
