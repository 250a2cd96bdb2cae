// One search of one method on one test function, step by step: what `sluice bench optimizer` prints.
//
// Threads: the caller's. Bounds: kMostTraced evaluations. Cost: that of the method's proposals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::bench {

inline constexpr std::size_t kMostTraced = 10'000;

struct TraceRequest {
    std::string function;
    std::string method = "gp";
    std::size_t budget = 100;
    std::uint64_t seed = 1;
};

struct TraceStep {
    double value = 0.0;   // as observed, with the function's noise
    double best = 0.0;    // the least observed so far
    double regret = 0.0;  // of the noise-free value at the best observed point
    double cpu_s = 0.0;   // spent on choosing the point
};

struct Named {
    std::string_view name;
    std::string says;
};
std::vector<Named> traced_functions();
std::vector<Named> traced_methods();

// Throws std::invalid_argument for an unknown function or method.
std::vector<TraceStep> trace_optimizer(const TraceRequest& request);

// Both the same for the same request, but for the seconds in the second.
std::string trace_csv(const std::vector<TraceStep>& steps);
std::string trace_json(const TraceRequest& request, const std::vector<TraceStep>& steps);

}  // namespace sluice::bench
