#include <sluice/adapters/host/findings.hpp>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

namespace sluice::adapters::host {
namespace {

using Cores = std::vector<std::size_t>;
constexpr const char* kTune = "perf/tune does it";

bool has(const Cores& cores, std::size_t core) {
    return std::find(cores.begin(), cores.end(), core) != cores.end();
}
bool has_flag(const HostFacts& facts, std::string_view flag) {
    const auto& flags = facts.cpu_flags;
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
}
std::string list(const Cores& cores) {
    std::string out;
    for (const std::size_t core : cores) {
        if (!out.empty()) out += ',';
        out += std::to_string(core);
    }
    return out.empty() ? "none" : out;
}
std::string rounded(double value) {
    char text[32];
    (void)std::snprintf(text, sizeof text, value < 10 ? "%.1f" : "%.0f", value);
    return text;
}

Finding isolated(const HostFacts& f) {
    if (!f.isolated.empty())
        return {"isolated_cores", Status::kGood, "cores " + list(f.isolated) + " are kept free", "",
                ""};
    return {
        "isolated_cores", Status::kCosts, "no core is kept free of other work",
        "a foreign time slice of 1 to 16 ms whenever something else becomes runnable there; three "
        "spinning threads on two cores waited 16 ms (measured, perf/ring.md's host)",
        "kernel command line isolcpus=managed_irq,domain,CORES, or a cpuset partition; "
        "perf/tune prints the line"};
}

Finding tickless(const HostFacts& f, const Cores& hot) {
    const bool all =
        !f.nohz_full.empty() &&
        std::all_of(hot.begin(), hot.end(), [&](std::size_t c) { return has(f.nohz_full, c); });
    if (all) return {"nohz_full", Status::kGood, "no timer tick on " + list(f.nohz_full), "", ""};
    return {
        "nohz_full", Status::kCosts, "the timer tick runs on the hot cores",
        "an interruption of 1 to 4 us, 100 to 1,000 times a second by the kernel's HZ (known "
        "figure)",
        "kernel command line nohz_full=CORES rcu_nocbs=CORES (a kernel with CONFIG_NO_HZ_FULL)"};
}

Finding governor(const HostFacts& f) {
    std::string name;
    bool all_performance = !f.governors.empty();
    for (const std::string& each : f.governors) {
        all_performance = all_performance && each == "performance";
        if (!each.empty()) name = each;
    }
    if (name.empty())
        return {"governor", Status::kUnknown, "the clock frequency is not controlled from here",
                "unknown: a host or the firmware decides", "ask whoever runs the host"};
    if (all_performance) return {"governor", Status::kGood, "performance on every core", "", ""};
    return {"governor", Status::kCosts, "governor " + name,
            "up to half the speed for the first 10 to 100 us after a quiet moment (known figure)",
            std::string("cpupower frequency-set -g performance; ") + kTune};
}

Finding turbo(const HostFacts& f) {
    if (!f.turbo) return {"turbo", Status::kUnknown, "no control over turbo frequencies", "", ""};
    if (!*f.turbo) return {"turbo", Status::kGood, "off: one frequency", "", ""};
    return {
        "turbo", Status::kNote, "on: faster, at a frequency that varies with load and heat",
        "steps of 5 to 20 us when a core changes its frequency (known figure); without turbo the "
        "median is slower",
        "measure both; perf/tune --no-turbo turns it off"};
}

Finding clock(const HostFacts& f) {
    const bool invariant = has_flag(f, "constant_tsc") && has_flag(f, "nonstop_tsc");
    if (invariant && f.clock_source == "tsc")
        return {"clock", Status::kGood, "tsc, invariant", "", ""};
    const std::string costs =
        f.clock_source == "tsc"
            ? "stamps fall back to the kernel's clock: 28 ns instead of 16 (measured, "
              "perf/ring.md's "
              "host)"
            : "each reading of the clock may be a system call: 0.1 to 1.5 us instead of 28 ns "
              "(known figure)";
    return {"clock", Status::kCosts,
            "clock source " + (f.clock_source.empty() ? "unknown" : f.clock_source) +
                (invariant ? "" : ", counter not invariant"),
            costs, "clocksource=tsc tsc=reliable on the kernel command line"};
}

bool is_device(const Interrupt& interrupt) {
    return !interrupt.name.empty() &&
           interrupt.name.find_first_not_of("0123456789") == std::string::npos;
}

Finding interrupts(const HostFacts& f, const Cores& hot) {
    std::string which;
    std::size_t sources = 0;
    for (const Interrupt& interrupt : f.interrupts) {
        if (!is_device(interrupt)) continue;
        std::uint64_t on_hot = 0;
        for (std::size_t i = 0; i < interrupt.counts.size(); ++i) {
            if (has(hot, f.interrupt_cores[i])) on_hot += interrupt.counts[i];
        }
        if (on_hot == 0) continue;
        if (++sources <= 3) which += (which.empty() ? "" : ", ") + interrupt.name;
    }
    if (f.interrupts.empty())
        return {"interrupts", Status::kUnknown, "/proc/interrupts cannot be read", "", ""};
    if (sources == 0)
        return {"interrupts", Status::kGood, "no device has interrupted the hot cores", "", ""};
    return {"interrupts", Status::kCosts,
            std::to_string(sources) + " devices have interrupted cores " + list(hot) + " (" +
                which + (sources > 3 ? ", ..." : "") + ")",
            "2 to 10 us each time (known figure)",
            std::string("stop irqbalance and move them: /proc/irq/N/smp_affinity_list; ") + kTune};
}

Finding thp(const HostFacts& f) {
    if (f.thp == "always" || f.thp == "madvise")
        return {"transparent_huge_pages", Status::kGood, f.thp, "", ""};
    return {"transparent_huge_pages", Status::kCosts, f.thp.empty() ? "not there" : f.thp,
            "page walks: a scan of columns in small pages took a fifth longer (measured, "
            "perf/store.md)",
            std::string("echo madvise > /sys/kernel/mm/transparent_hugepage/enabled; ") + kTune};
}

Finding huge_pages(const HostFacts& f) {
    if (f.huge_pages.value_or(0) > 0)
        return {"huge_pages", Status::kGood, std::to_string(*f.huge_pages) + " reserved", "", ""};
    return {
        "huge_pages", Status::kNote, "none reserved",
        "nothing for rings of 256 KiB (measured, perf/ring.md); larger ones ask for transparent "
        "pages",
        "sysctl vm.nr_hugepages=N when those cannot be had"};
}

Finding memlock(const ProcessLimits& p) {
    if (p.may_lock) return {"memory_lock", Status::kGood, "memory can be locked", "", ""};
    return {
        "memory_lock", Status::kCosts,
        "this user may lock " + std::to_string(p.memlock_bytes >> 10U) + " KiB",
        "a page fault in the hot path: 0.5 us from memory, milliseconds from a disk (known figure)",
        "LimitMEMLOCK=infinity in the unit, or 'memlock unlimited' in /etc/security/limits.conf"};
}

Finding realtime(const HostFacts& f, const ProcessLimits& p) {
    if (!p.may_realtime)
        return {"real_time", Status::kCosts, "threads cannot be raised above others",
                "a time slice of another thread on the same core: 1 to 16 ms",
                "LimitRTPRIO=90 in the unit, or 'rtprio 90' in /etc/security/limits.conf"};
    if (f.rt_runtime_us.value_or(-1) < 0)
        return {"real_time", Status::kGood, "allowed, unthrottled", "", ""};
    return {
        "real_time", Status::kNote,
        "allowed, throttled to " + std::to_string(*f.rt_runtime_us / 1000) + " ms of each second",
        "a thread that spins at real-time priority without end stops for the rest of each second: "
        "50 ms",
        std::string("sysctl kernel.sched_rt_runtime_us=-1 on isolated cores; ") + kTune};
}

Finding swap(const HostFacts& f) {
    if (f.swap_kib == 0 || f.swappiness.value_or(60) == 0)
        return {"swap", Status::kGood, f.swap_kib == 0 ? "none" : "there, swappiness 0", "", ""};
    return {"swap", Status::kCosts,
            std::to_string(f.swap_kib >> 10U) + " MiB, swappiness " +
                (f.swappiness ? std::to_string(*f.swappiness) : "unknown"),
            "milliseconds when a page that was swapped out is touched; locked memory is not",
            std::string("swapoff -a, or sysctl vm.swappiness=0; ") + kTune};
}

Finding mitigations(const HostFacts& f) {
    if (f.mitigations.empty()) return {"mitigations", Status::kGood, "none is paid for", "", ""};
    return {
        "mitigations", Status::kNote, std::to_string(f.mitigations.size()) + " active",
        "dearer system calls, 0.1 to 1 us each at the sockets (known figure); nothing between tick "
        "and order, which makes none",
        "mitigations=off only on a box that runs nothing but its own code"};
}

Finding siblings(const HostFacts& f, const Cores& hot) {
    for (const Cores& group : f.siblings) {
        const auto busy =
            std::count_if(group.begin(), group.end(), [&](std::size_t c) { return has(hot, c); });
        if (busy > 0)
            return {"smt", Status::kCosts, "hardware threads " + list(group) + " share one core",
                    "up to half the speed while the sibling works (known figure)",
                    "leave the sibling idle, or echo off > /sys/devices/system/cpu/smt/control; "
                    "perf/tune --no-smt"};
    }
    return {"smt", Status::kGood, "no hot core has a sibling", "", ""};
}

Finding steal(const HostFacts& f) {
    if (!f.is_virtual) return {"steal", Status::kGood, "not a virtual machine", "", ""};
    const double share = f.total_ticks == 0 ? 0
                                            : 100.0 * static_cast<double>(f.steal_ticks) /
                                                  static_cast<double>(f.total_ticks);
    return {
        "steal", Status::kNote, "a virtual machine; " + rounded(share) + " % stolen since boot",
        "the host takes cores away as it likes, mostly without counting it as stolen: see jitter",
        "a bare-metal box, or dedicated cores from the provider"};
}

Finding jitter(const MeasuredJitter& j) {
    const bool calm = j.over_10us_per_second < 1 && j.over_1us_per_second < 100;
    return {"jitter_core_" + std::to_string(j.core), calm ? Status::kGood : Status::kCosts,
            rounded(j.over_1us_per_second) + " gaps above 1 us a second, " +
                rounded(j.over_10us_per_second) + " above 10 us, largest " + rounded(j.largest_us) +
                " us",
            rounded(j.lost_share * 100) + " % of the time (measured here)",
            calm ? "" : "the findings above, first those of isolation, tick and interrupts"};
}

Finding io_uring(const HostFacts& f, const ProcessLimits& p) {
    if (p.has_io_uring) return {"io_uring", Status::kGood, "available", "", ""};
    return {"io_uring", Status::kCosts,
            f.io_uring_disabled.value_or(0) > 0 ? "switched off by kernel.io_uring_disabled"
                                                : "refused",
            "the journal writes with one system call a batch instead, off the hot path",
            "sysctl kernel.io_uring_disabled=0; in a container, a seccomp profile that allows it"};
}

Finding numa(const HostFacts& f) {
    if (f.numa_nodes == 1) return {"numa", Status::kGood, "one node", "", ""};
    return {"numa", Status::kNote, std::to_string(f.numa_nodes) + " nodes",
            "60 to 100 ns more for each line that comes from the other node (known figure)",
            "keep hot cores, memory and network card on one: numactl --cpunodebind=N --membind=N"};
}

Finding idle_states(const HostFacts& f) {
    std::uint64_t slowest = 0;
    for (const std::uint64_t us : f.idle_exit_us) slowest = std::max(slowest, us);
    if (f.idle_states.empty())
        return {"c_states", Status::kUnknown, "not controlled from here",
                f.is_virtual
                    ? "waking a sleeping thread costs 15 us on a "
                      "virtual machine (measured on one of 2 cores); a spinning one never sleeps"
                    : "",
                ""};
    if (slowest <= 2) return {"c_states", Status::kGood, "shallow only", "", ""};
    return {"c_states", Status::kCosts, "down to an exit of " + std::to_string(slowest) + " us",
            std::to_string(slowest) +
                " us when a core that slept is needed; a spinning one never "
                "sleeps, its neighbours' wake-ups still move the frequency",
            std::string("hold /dev/cpu_dma_latency at 0, or processor.max_cstate=1; ") + kTune};
}

}  // namespace

const char* to_string(Status status) noexcept {
    switch (status) {
        case Status::kGood: return "good";
        case Status::kCosts: return "costs";
        case Status::kUnknown: return "unknown";
        case Status::kNote: return "note";
    }
    return "unknown";
}

std::vector<Finding> judge(const HostFacts& facts, const ProcessLimits& limits,
                           const std::vector<std::size_t>& hot,
                           const std::vector<MeasuredJitter>& jitters) {
    const Cores& cores = !hot.empty()              ? hot
                         : !facts.isolated.empty() ? facts.isolated
                                                   : facts.online;
    std::vector<Finding> out{
        isolated(facts), tickless(facts, cores), interrupts(facts, cores), governor(facts),
        turbo(facts),    idle_states(facts),     siblings(facts, cores),   numa(facts),
        clock(facts),    memlock(limits),        realtime(facts, limits),  swap(facts),
        thp(facts),      huge_pages(facts),      io_uring(facts, limits),  mitigations(facts),
        steal(facts)};
    for (const MeasuredJitter& each : jitters) out.push_back(jitter(each));
    return out;
}

}  // namespace sluice::adapters::host
