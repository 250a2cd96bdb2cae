// What the kernel says about this machine, as far as latency is concerned. Read from files below a
// root folder, so that a made-up tree describes a made-up machine.
//
// Threads   Any; plain values. Start-up code: allocates, reads some dozens of small files.
// Errors    None: what is not there, or cannot be read, is absent (nullopt, empty).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::adapters::host {

struct Interrupt {
    std::string name;                   // "24", "LOC"
    std::string what;                   // what stands behind the counts
    std::vector<std::uint64_t> counts;  // by position in the header line
};

struct HostFacts {
    std::vector<std::size_t> online;
    std::vector<std::size_t> isolated;  // isolcpus or a cpuset partition
    std::vector<std::size_t> nohz_full;
    std::vector<std::size_t> interrupt_cores;  // header of /proc/interrupts
    std::vector<Interrupt> interrupts;
    std::string command_line;  // the kernel's
    std::string clock_source;
    std::vector<std::string> cpu_flags;       // of the first core
    std::vector<std::string> governors;       // by online core, "" where there is no control
    std::optional<bool> turbo;                // whether the clock may rise above its nominal rate
    std::vector<std::string> idle_states;     // names on the first core
    std::vector<std::uint64_t> idle_exit_us;  // latency of each, as stated
    std::vector<std::vector<std::size_t>> siblings;  // groups of more than one hardware thread
    std::string thp;                                 // always, madvise, never
    std::optional<std::uint64_t> huge_pages;         // reserved, of the default size
    std::optional<std::uint64_t> swappiness;
    std::uint64_t swap_kib = 0;
    std::vector<std::string> mitigations;  // "spectre_v2: Mitigation: ..." where something is paid
    std::optional<std::uint64_t> io_uring_disabled;  // 0 anyone, 1 privileged only, 2 nobody
    std::optional<std::int64_t> rt_runtime_us;       // of each second, -1 unlimited
    std::size_t numa_nodes = 1;
    std::uint64_t steal_ticks = 0;  // since boot, all cores
    std::uint64_t total_ticks = 0;
    bool is_virtual = false;
};

// `root` is "/" or the top of a made-up tree.
[[nodiscard]] HostFacts read_host_facts(const std::filesystem::path& root);

// Limits of this process; not below a root.
struct ProcessLimits {
    std::uint64_t memlock_bytes = 0;  // ~0: unlimited
    std::uint64_t rtprio = 0;
    bool may_lock = false;      // by limit or by privilege
    bool may_realtime = false;  // a thread could be raised, tried
    bool has_io_uring = false;  // a ring could be set up, tried
};
[[nodiscard]] ProcessLimits read_process_limits();

// "0-2,5" -> {0, 1, 2, 5}; what is no such list gives what was understood before the fault.
[[nodiscard]] std::vector<std::size_t> parse_core_list(std::string_view text);

}  // namespace sluice::adapters::host
