// `sluice bench optimizer`: one search on a test function, as CSV.
#include "verb_bench_optimizer.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/bench/optimizer_trace.hpp>
#include <sluice/tools/arguments.hpp>

namespace sluice::tools {
namespace {

struct TraceArguments {
    bench::TraceRequest request;
    bool list = false;
    std::string json;
};

void print_list() {
    for (const bench::Named& f : bench::traced_functions())
        std::cout << "function\t" << f.name << "\t" << f.says << "\n";
    for (const bench::Named& m : bench::traced_methods())
        std::cout << "method\t" << m.name << "\t" << m.says << "\n";
}

void check_named(const std::vector<bench::Named>& known, const std::string& name,
                 const std::string& what) {
    const bool is_known = std::any_of(known.begin(), known.end(),
                                      [&](const bench::Named& n) { return n.name == name; });
    if (is_known) return;
    std::string names;
    for (const bench::Named& n : known) (names += names.empty() ? "" : ", ") += n.name;
    throw UsageError("\"" + name + "\" is no " + what + "; there are " + names);
}

int run_trace(const TraceArguments& arguments) {
    if (arguments.list) {
        print_list();
        return 0;
    }
    const bench::TraceRequest& request = arguments.request;
    if (request.function.empty())
        throw UsageError("--function is missing; sluice bench optimizer --list names them");
    check_named(bench::traced_functions(), request.function, "function");
    check_named(bench::traced_methods(), request.method, "method");
    const std::vector<bench::TraceStep> steps = bench::trace_optimizer(request);
    std::cout << bench::trace_csv(steps);
    if (!arguments.json.empty()) {
        adapters::run_folder::AtomicFile file{arguments.json};
        file.append(bench::trace_json(request, steps) + "\n");
        file.commit();
    }
    return 0;
}

}  // namespace

void add_bench_optimizer(CLI::App& bench, Action& action) {
    CLI::App* command = bench.add_subcommand(
        "optimizer", "Search a test function; print the best value so far as CSV");
    auto arguments = std::make_shared<TraceArguments>();
    bench::TraceRequest& request = arguments->request;
    command->add_option("--function", request.function, "Which; --list names them");
    command->add_option("--method", request.method, "How to search")->capture_default_str();
    command->add_option("--budget", request.budget, "Evaluations")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, bench::kMostTraced));
    command->add_option("--seed", request.seed, "Of draws and noise")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    command->add_flag("--list", arguments->list, "Name the functions and the methods");
    command->add_option("--json", arguments->json,
                        "Also write the trace to this file, with the seconds a proposal took");
    command->callback(
        [&action, arguments] { action = [arguments] { return run_trace(*arguments); }; });
}

}  // namespace sluice::tools
