// Runs a plugin over generated bars, twice, and reports what would harm a run: `sluice strategy check`, and
// before every run.
// One thread. The bars are a seeded random walk with gaps and flat stretches; the same on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sluice/adapters/plugin/plugin.hpp>

namespace sluice::adapters::plugin {

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

    // A run may begin with it.
    [[nodiscard]] bool harmless() const noexcept {
        return !threw_at && heap_calls == 0 && non_finite == 0 && out_of_range == 0 &&
               deterministic;
    }
    [[nodiscard]] bool passed() const noexcept { return harmless() && ready_at.has_value(); }
    // What is wrong and how to mend it, a sentence each.
    [[nodiscard]] std::vector<std::string> faults() const;
};

inline constexpr std::size_t kCheckBars = 2000;
inline constexpr std::uint64_t kCheckSeed = 1;
[[nodiscard]] std::vector<SluiceBar> check_bars(std::size_t count, std::uint64_t seed);

// Throws PluginError where its constructor throws.
[[nodiscard]] CheckReport check(const pipeline::PluginKind& plugin,
                                const pipeline::StrategyValues& values,
                                const std::vector<SluiceBar>& bars);

}  // namespace sluice::adapters::plugin
