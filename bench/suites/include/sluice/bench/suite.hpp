// A suite of measurements and what it says: metrics that targets are set for, tables of contenders,
// hops with the time spent in each, and the host's own jitter beside them.
//
// A suite is one file that ends in a Suite and one line in suites.cpp. It measures in rounds: every
// round runs everything that is compared, in random order, and a metric is one value a round.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/histogram.hpp>

namespace sluice::bench {

// A spin planted in front of one stage, to prove that the check sees it. For the suites only: the
// engine's own code has no such knob.
struct Plant {
    std::string stage;  // "sequencer", "bars", "signals", "risk", "orders"; empty: none
    std::uint64_t ns = 0;
};

struct SuiteOptions {
    int rounds = 0;      // 0: the suite's own number
    bool quick = false;  // a tenth of the work, for trying out and for tests; targets get no surer
    Plant plant{};
    std::vector<std::size_t> cores{};  // those this process may use, at least one
    std::string folder = "/var/tmp";   // where a suite may lay files while it runs
};

// What a target can be set for. `rounds` holds one value a round; a lower one is better unless a
// target says otherwise.
struct Metric {
    std::string name;
    std::string unit;   // "x" is a ratio to the baseline of the same round
    std::string stage;  // the stage or hop that it measures alone; empty: the whole path
    std::vector<double> rounds;
};

// One contender of a table; one value a round in each list.
struct Row {
    std::string name;
    std::vector<double> ns_p50;
    std::vector<double> ns_p99;  // empty: throughput, there is no tail
    std::vector<double> ratio;   // to the table's first row
    core::Histogram all{};       // every value of every round, ns; empty for throughput
};
struct Table {
    std::string name;
    bool is_latency = true;  // ratio: ours over the baseline's; else the baseline's time over ours
    std::vector<Row> rows;
};

// Time spent between two stamps of one path, in its order.
struct Hop {
    std::string path;  // "fused", "two threads"
    std::string name;  // "T4 bars"
    core::Histogram ns{};
};

struct SuiteResult {
    std::string suite;
    int rounds = 0;
    bool real_time = true;  // every burst ran at real-time priority
    std::vector<Metric> metrics{};
    std::vector<Table> tables{};
    std::vector<Hop> hops{};
    std::vector<std::string> notes{};
    double seconds = 0;

    [[nodiscard]] const Metric* find(std::string_view metric) const noexcept;
};

struct Suite {
    const char* name;
    const char* says;       // one line for --list
    std::size_t min_cores;  // fewer: the suite is left out, and said to be
    int rounds;
    // Throws when it cannot measure, or when what it measured came out wrong.
    SuiteResult (*run)(const SuiteOptions& options);
};

[[nodiscard]] const std::vector<Suite>& all_suites();
// Null when there is none of that name.
[[nodiscard]] const Suite* find_suite(std::string_view name);
// Runs one suite with its own number of rounds where the options leave it open.
[[nodiscard]] SuiteResult run_suite(const Suite& suite, const SuiteOptions& options);
// Adds what `more` measured to `into`: further rounds of the same suite.
void pool(SuiteResult& into, const SuiteResult& more);

inline constexpr std::array<std::string_view, 5> kPlantStages{"sequencer", "bars", "signals",
                                                              "risk", "orders"};

}  // namespace sluice::bench
