#include <sluice/bench/optimizer_trace.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/statistics/normal.hpp>
#include <sluice/research/optimizer.hpp>

#include "optimizer_functions.hpp"

namespace sluice::bench {
namespace {

// The noise of a seed is drawn apart from what the optimiser draws.
constexpr std::uint64_t kNoiseStream = 0x4E6F6973;

const TestFunction& find_function(const std::string& name) {
    const auto found = std::find_if(kTestFunctions.begin(), kTestFunctions.end(),
                                    [&](const TestFunction& f) { return f.name == name; });
    if (found == kTestFunctions.end())
        throw std::invalid_argument("\"" + name + "\" is no test function");
    return *found;
}

double thread_cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double standard_normal(core::Random& random) {
    // The middle of a cell of [0, 1), so that the quantile is finite.
    const double share = (static_cast<double>(random.next() >> 12U) + 0.5) * 0x1p-52;
    return pipeline::statistics::normal_quantile(share);
}

void add_number(std::string& out, double number) {
    std::array<char, 40> digits{};  // the shortest text that reads back as the same number
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

}  // namespace

std::vector<Named> traced_functions() {
    std::vector<Named> out;
    for (const TestFunction& f : kTestFunctions) {
        std::string says = std::to_string(f.dimensions) + " parameters";
        if (f.mixed) says += ", two of them integers and one a category";
        if (f.noise_sd > 0.0) says += ", observed with noise";
        out.push_back({f.name, says});
    }
    return out;
}

std::vector<Named> traced_methods() {
    std::vector<Named> out;
    for (const research::Method& m : research::methods())
        out.push_back({m.name, std::string{m.says}});
    return out;
}

std::vector<TraceStep> trace_optimizer(const TraceRequest& request) {
    const TestFunction& function = find_function(request.function);
    research::OptimizerOptions options;
    options.seed = request.seed;
    const auto optimizer = research::make_optimizer(request.method, space_of(function), options);
    core::Random noise{request.seed, kNoiseStream, 0};
    std::vector<TraceStep> out;
    while (out.size() < std::min(request.budget, kMostTraced)) {
        TraceStep step;
        const double before = thread_cpu_s();
        const research::Point point = optimizer->ask();
        step.cpu_s = thread_cpu_s() - before;
        const double true_one = true_value(function, point);
        step.value = true_one + function.noise_sd * standard_normal(noise);
        const bool better = out.empty() || step.value < out.back().best;
        step.best = better ? step.value : out.back().best;
        step.regret = better ? true_one - function.minimum : out.back().regret;
        optimizer->tell(point, step.value);
        out.push_back(step);
    }
    return out;
}

std::string trace_csv(const std::vector<TraceStep>& steps) {
    std::string out = "evaluation,value,best,regret\n";
    for (std::size_t i = 0; i < steps.size(); ++i) {
        out += std::to_string(i + 1);
        for (const double number : {steps[i].value, steps[i].best, steps[i].regret}) {
            out += ",";
            add_number(out, number);
        }
        out += "\n";
    }
    return out;
}

std::string trace_json(const TraceRequest& request, const std::vector<TraceStep>& steps) {
    nlohmann::ordered_json out{{"function", request.function},
                               {"method", request.method},
                               {"budget", request.budget},
                               {"seed", request.seed}};
    auto& trace = out["trace"] = nlohmann::ordered_json::array();
    for (const TraceStep& step : steps)
        trace.push_back({{"value", step.value},
                         {"best", step.best},
                         {"regret", step.regret},
                         {"cpu_s", step.cpu_s}});
    return out.dump(1);
}

}  // namespace sluice::bench
