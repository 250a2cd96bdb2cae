// What stands between this machine and a steady tail of latency: one finding a subject, with what it
// costs and how to mend it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <sluice/adapters/host/host_facts.hpp>

namespace sluice::adapters::host {

enum class Status { kGood, kCosts, kUnknown, kNote };
[[nodiscard]] const char* to_string(Status status) noexcept;

struct Finding {
    std::string subject;  // a stable name: "governor"
    Status status = Status::kNote;
    std::string found;
    std::string costs;  // with where the figure is from; empty when nothing is lost
    std::string mend;
};

// The gaps of a pinned loop, measured a moment ago.
struct MeasuredJitter {
    std::size_t core = 0;
    double over_1us_per_second = 0;
    double over_10us_per_second = 0;
    double over_100us_per_second = 0;
    double largest_us = 0;
    double lost_share = 0;
};

// `hot`: the cores that are meant to trade; empty: the isolated ones, or else all online.
[[nodiscard]] std::vector<Finding> judge(const HostFacts& facts, const ProcessLimits& limits,
                                         const std::vector<std::size_t>& hot,
                                         const std::vector<MeasuredJitter>& jitter);

}  // namespace sluice::adapters::host
