// `sluice doctor`: what of this machine costs latency, how much, and how to mend it.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <sluice/adapters/host/findings.hpp>
#include <sluice/bench/jitter.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {
namespace {

namespace host = adapters::host;

struct DoctorArguments {
    std::string cores;
    std::string root = "/";
    double seconds = 1.0;
    bool json = false;
};

std::vector<std::size_t> hot_cores(const std::string& text) {
    if (text.empty()) return {};
    std::vector<std::size_t> cores = host::parse_core_list(text);
    if (cores.empty() || text.find_first_not_of("0123456789,-") != std::string::npos)
        throw UsageError("--cores " + text + ": expected a list such as 2,3 or 2-5");
    return cores;
}

std::vector<host::MeasuredJitter> measure(const DoctorArguments& arguments,
                                          const std::vector<std::size_t>& hot) {
    std::vector<host::MeasuredJitter> out;
    if (arguments.root != "/") return out;  // a described machine cannot be measured
    const std::vector<std::size_t> usable = core::available_cores();
    for (const std::size_t core : hot) {
        if (std::find(usable.begin(), usable.end(), core) == usable.end())
            throw UsageError("--cores: this process may not use core " + std::to_string(core));
    }
    for (const std::size_t core : hot.empty() ? usable : hot) {
        if (out.size() == 4) break;
        const bench::Jitter j = bench::measure_jitter(core, arguments.seconds);
        out.push_back({core, j.per_second(j.over_1us), j.per_second(j.over_10us),
                       j.per_second(j.over_100us), static_cast<double>(j.largest_ns) / 1e3,
                       j.lost_share});
    }
    return out;
}

void print(const std::vector<host::Finding>& findings) {
    std::size_t costly = 0;
    for (const host::Finding& f : findings) {
        costly += f.status == host::Status::kCosts ? 1U : 0U;
        char head[64];
        (void)std::snprintf(head, sizeof head, "%-8s %-23s ", to_string(f.status),
                            f.subject.c_str());
        std::cout << head << f.found << "\n";
        const std::string indent(33, ' ');
        if (!f.costs.empty()) std::cout << indent << "costs: " << f.costs << "\n";
        if (!f.mend.empty()) std::cout << indent << "mend:  " << f.mend << "\n";
    }
    std::cout << "\n"
              << costly << " of " << findings.size()
              << " findings cost latency. docs/guides/latency.md says what to do first.\n";
}

void print_json(const std::vector<host::Finding>& findings) {
    nlohmann::ordered_json out{{"findings", nlohmann::ordered_json::array()}};
    for (const host::Finding& f : findings) {
        out["findings"].push_back({{"subject", f.subject},
                                   {"status", to_string(f.status)},
                                   {"found", f.found},
                                   {"costs", f.costs},
                                   {"mend", f.mend}});
    }
    std::cout << out.dump(2) << "\n";
}

int examine(const DoctorArguments& arguments) {
    const std::vector<std::size_t> hot = hot_cores(arguments.cores);
    const host::HostFacts facts = host::read_host_facts(arguments.root);
    if (facts.online.empty())
        throw std::runtime_error(arguments.root +
                                 ": no processors are described there "
                                 "(sys/devices/system/cpu/online); is /sys mounted?");
    const auto findings = judge(facts, host::read_process_limits(), hot, measure(arguments, hot));
    if (arguments.json) {
        print_json(findings);
    } else {
        print(findings);
    }
    return 0;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
    CLI::App* command =
        app.add_subcommand("doctor", "Check this machine: what costs latency, and how to mend it");
    auto arguments = std::make_shared<DoctorArguments>();
    command->add_option("--cores", arguments->cores,
                        "The cores that are to trade, such as 2,3; the isolated ones, or all");
    command->add_option("--seconds", arguments->seconds, "How long to measure each core's jitter")
        ->check(CLI::Range(0.01, 600.0))
        ->capture_default_str();
    command->add_option("--root", arguments->root,
                        "Read /proc and /sys below this folder instead; measures nothing");
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback(
        [&action, arguments] { action = [arguments] { return examine(*arguments); }; });
}

}  // namespace sluice::tools
