// A strategy out of a plugin, on one instrument: a handle on its table of functions and on its memory,
// which the signals' stage has taken (plugin_states.hpp). What it costs beside the author's code is one
// indirect call a bar, and two to count the heap where somebody counts.
#pragma once

#include <cstdint>

#include <sluice/core/time.hpp>
#include <sluice/kit/abi.hpp>
#include <sluice/pipeline/hot/bar.hpp>
#include <sluice/pipeline/strategy_declaration.hpp>

namespace sluice::pipeline {

// How often the calling thread has asked the heap for memory, or given some back.
using HeapCalls = std::uint64_t (*)() noexcept;

class PluginStrategy {
  public:
    static constexpr std::size_t kCloses = 0;  // its memory is the author's affair

    PluginStrategy(const SluicePlugin& table, void* state, HeapCalls heap) noexcept
        : table_(&table), state_(state), heap_(heap) {}

    // As a built-in one's, and with the bar's end. Once it has failed its code is not called again.
    bool on_bar(const Bar& bar, core::StreamTime end) noexcept {
        if (failed_) return true;
        const SluiceBar raw{bar.open.raw(),  bar.high.raw(),   bar.low.raw(),
                            bar.close.raw(), bar.volume.raw(), core::ns_since_epoch(end)};
        double strength = 0;
        const std::uint64_t before = heap_ == nullptr ? 0 : heap_();
        const SluiceStatus status = table_->on_bar(state_, &raw, &strength);
        if (heap_ != nullptr) heap_calls_ += heap_() - before;
        // A NaN is neither above -1 nor below 1.
        if (status > kSluiceReady || (status == kSluiceReady && !(strength >= -1 && strength <= 1)))
            [[unlikely]] {
            take_out();
            failed_ = true;
        } else {
            ready_ = status == kSluiceReady;
            strength_ = ready_ ? strength : 0;
        }
        return ready_;
    }
    // From here on it wants to be flat, with all its weight.
    void take_out() noexcept {
        ready_ = true;
        strength_ = 0;
    }
    [[nodiscard]] bool ready() const noexcept { return ready_; }
    [[nodiscard]] double strength() const noexcept { return strength_; }
    // None of its parameters changes while it runs.
    void configure(const StrategyValues& /*values*/) noexcept {}

    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] std::uint64_t heap_calls() const noexcept { return heap_calls_; }

  private:
    const SluicePlugin* table_;
    void* state_;
    HeapCalls heap_;
    std::uint64_t heap_calls_ = 0;
    double strength_ = 0;
    bool ready_ = false;
    bool failed_ = false;
};

}  // namespace sluice::pipeline
