// Runs a plugin over generated bars, twice, and reports what would harm a run: `sluice strategy check`.
// One thread. The bars are a seeded random walk with gaps and flat stretches; the same on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <sluice/adapters/plugin/plugin.hpp>

namespace sluice::adapters::plugin {

// How the program counts the heap calls of its thread; without functions nothing is counted.
struct HeapCounter {
    void (*arm)() noexcept = nullptr;
    std::uint64_t (*disarm)() noexcept = nullptr;  // calls since arm()
};

struct CheckReport {
    std::uint64_t bars = 0;                 // that it was given, of one pass
    std::optional<std::uint64_t> ready_at;  // first bar at which it was ready, from 0
    std::optional<std::uint64_t> threw_at;
    std::optional<std::uint64_t> allocated_at;
    std::optional<std::uint64_t> bad_strength_at;
    std::uint64_t heap_calls = 0;
    std::uint64_t non_finite = 0;
    std::uint64_t out_of_range = 0;
    std::uint64_t long_bars = 0;
    std::uint64_t short_bars = 0;
    bool heap_counted = false;
    bool deterministic = true;
    double ns_per_bar = 0;  // mean of the second pass
    std::size_t bytes_per_instrument = 0;

    [[nodiscard]] bool passed() const noexcept {
        return !threw_at && heap_calls == 0 && non_finite == 0 && out_of_range == 0 &&
               deterministic && ready_at.has_value();
    }
};

[[nodiscard]] std::vector<SluiceBar> check_bars(std::size_t count, std::uint64_t seed);

// Throws PluginError where its constructor throws.
[[nodiscard]] CheckReport check(const Plugin& plugin, const std::vector<double>& values,
                                const std::vector<SluiceBar>& bars, HeapCounter heap);

}  // namespace sluice::adapters::plugin
