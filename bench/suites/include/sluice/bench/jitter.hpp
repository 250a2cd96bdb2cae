// The host's own noise: a pinned loop that reads the processor's counter, and what is missing
// between two readings. Whatever a program measures on this core has these gaps in it.
//
// Threads   The caller's; it is pinned to `core` and raised to real-time priority while it measures,
//           in bursts of 40 ms with a pause as long, and put back afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sluice/core/histogram.hpp>

namespace sluice::bench {

struct Jitter {
    std::size_t core = 0;
    double seconds = 0;  // spent measuring
    std::uint64_t over_1us = 0;
    std::uint64_t over_10us = 0;
    std::uint64_t over_100us = 0;
    std::uint64_t largest_ns = 0;
    double lost_share = 0;      // of the time, in gaps above 1 us
    core::Histogram gaps_ns{};  // above 200 ns

    [[nodiscard]] double per_second(std::uint64_t count) const noexcept {
        return seconds > 0 ? static_cast<double>(count) / seconds : 0;
    }
};

[[nodiscard]] Jitter measure_jitter(std::size_t core, double seconds);

// What the numbers of a run depend on.
struct Host {
    std::string cpu;
    std::string kernel;
    std::string compiler;
    bool is_optimised = false;  // the suites' own code always is; this is the build's type
    double tsc_hz = 0;
    bool has_invariant_tsc = false;
    std::size_t cores = 0;      // that this process may use
    bool has_isolated = false;  // cores that the kernel keeps free of other work
};
[[nodiscard]] Host describe_host();

}  // namespace sluice::bench
