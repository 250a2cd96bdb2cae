// Targets: limits that metrics are held to, read from a TOML file (perf/targets.toml is built in).
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <sluice/bench/jitter.hpp>
#include <sluice/bench/suite.hpp>

namespace sluice::bench {

struct Target {
    std::string suite;
    std::string metric;
    double limit = 0;
    bool at_least = false;  // else at most
    std::string unit;
    std::string kind;         // "ratio", "difference": to a baseline of the same rounds; "absolute"
    double quantile = 0.5;    // of the rounds' values, counted from the good side
    double noise = 0;         // allowance, a share of the limit
    bool tuned_only = false;  // hosts = "tuned": asked only where cores are isolated
    std::string why;
};

class TargetsError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Throws TargetsError naming the file, the line and the remedy.
[[nodiscard]] std::vector<Target> read_targets(const std::string& file);
[[nodiscard]] std::vector<Target> built_in_targets();

enum class Verdict { kMet, kMissed, kNotMeasured, kNotAsked };

struct Checked {
    Target target;
    Verdict verdict = Verdict::kNotMeasured;
    double measured = 0;
    double allowed = 0;  // the limit with its noise
    double excess = 0;   // how many times the limit; above 1 is worse
    std::string stage;   // of the metric
};

[[nodiscard]] Checked check(const Target& target, const SuiteResult& result, const Host& host);
[[nodiscard]] bool any_missed(const std::vector<Checked>& checked);
// The stage whose own metric is furthest beyond its limit; empty when none is.
[[nodiscard]] std::string worst_stage(const std::vector<Checked>& checked);

}  // namespace sluice::bench
