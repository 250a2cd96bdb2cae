#include <sluice/adapters/host/host_facts.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <utility>

namespace sluice::adapters::host {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCoresMax = 4096;  // a list that claims more is no list

std::string first_line(const fs::path& path) {
    std::ifstream file{path};
    std::string line;
    std::getline(file, line);
    return line;
}
template <class Number>
std::optional<Number> number(const fs::path& path) {
    const std::string text = first_line(path);
    Number value{};
    const auto end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || text.empty()) return {};
    return value;
}
std::vector<std::string> words(const std::string& text) {
    std::istringstream in{text};
    std::vector<std::string> out;
    for (std::string word; in >> word;) out.push_back(word);
    return out;
}
// "always [madvise] never" -> "madvise"
std::string bracketed(const std::string& text) {
    const std::size_t open = text.find('[');
    const std::size_t close = text.find(']', open);
    if (open == std::string::npos || close == std::string::npos) return {};
    return text.substr(open + 1, close - open - 1);
}
std::vector<fs::path> entries(const fs::path& folder) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error))
        out.push_back(it->path());
    std::sort(out.begin(), out.end());
    return out;
}

void read_interrupts(const fs::path& root, HostFacts& facts) {
    std::ifstream file{root / "proc/interrupts"};
    std::string line;
    if (!std::getline(file, line)) return;
    for (const std::string& word : words(line)) {
        if (!word.starts_with("CPU")) continue;
        const auto cores = parse_core_list(std::string_view(word).substr(3));
        if (!cores.empty()) facts.interrupt_cores.push_back(cores.front());
    }
    while (std::getline(file, line)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) continue;
        Interrupt interrupt;
        const auto name = words(line.substr(0, colon));
        interrupt.name = name.empty() ? "" : name.front();
        std::istringstream rest{line.substr(colon + 1)};
        std::uint64_t count = 0;
        while (interrupt.counts.size() < facts.interrupt_cores.size() && rest >> count)
            interrupt.counts.push_back(count);
        rest.clear();
        std::getline(rest >> std::ws, interrupt.what);
        facts.interrupts.push_back(std::move(interrupt));
    }
}

void read_cores(const fs::path& root, HostFacts& facts) {
    const fs::path cpu = root / "sys/devices/system/cpu";
    facts.online = parse_core_list(first_line(cpu / "online"));
    facts.isolated = parse_core_list(first_line(cpu / "isolated"));
    facts.nohz_full = parse_core_list(first_line(cpu / "nohz_full"));
    for (const std::size_t core : facts.online) {
        const fs::path at = cpu / ("cpu" + std::to_string(core));
        facts.governors.push_back(first_line(at / "cpufreq/scaling_governor"));
        auto group = parse_core_list(first_line(at / "topology/thread_siblings_list"));
        const auto& known = facts.siblings;
        if (group.size() > 1 && std::find(known.begin(), known.end(), group) == known.end())
            facts.siblings.push_back(std::move(group));
    }
    if (const auto no_turbo = number<int>(cpu / "intel_pstate/no_turbo")) {
        facts.turbo = *no_turbo == 0;
    } else if (const auto boost = number<int>(cpu / "cpufreq/boost")) {
        facts.turbo = *boost != 0;
    }
    for (const fs::path& state : entries(cpu / "cpu0/cpuidle")) {
        if (number<int>(state / "disable").value_or(0) != 0) continue;
        facts.idle_states.push_back(first_line(state / "name"));
        facts.idle_exit_us.push_back(number<std::uint64_t>(state / "latency").value_or(0));
    }
    for (const fs::path& each : entries(cpu / "vulnerabilities")) {
        const std::string text = first_line(each);
        if (text.starts_with("Mitigation"))
            facts.mitigations.push_back(each.filename().string() + ": " + text);
    }
    const auto nodes = parse_core_list(first_line(root / "sys/devices/system/node/online"));
    facts.numa_nodes = std::max<std::size_t>(1, nodes.size());
}

void read_cpu_info(const fs::path& root, HostFacts& facts) {
    std::ifstream file{root / "proc/cpuinfo"};
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("flags")) continue;
        facts.cpu_flags = words(line.substr(std::min(line.size(), line.find(':') + 1)));
        break;
    }
    const auto& flags = facts.cpu_flags;
    facts.is_virtual = std::find(flags.begin(), flags.end(), "hypervisor") != flags.end();
}

void read_memory(const fs::path& root, HostFacts& facts) {
    facts.thp = bracketed(first_line(root / "sys/kernel/mm/transparent_hugepage/enabled"));
    facts.huge_pages = number<std::uint64_t>(root / "proc/sys/vm/nr_hugepages");
    facts.swappiness = number<std::uint64_t>(root / "proc/sys/vm/swappiness");
    std::ifstream file{root / "proc/meminfo"};
    for (std::string line; std::getline(file, line);) {
        const auto parts = words(line);
        if (parts.size() < 2 || parts[0] != "SwapTotal:") continue;
        (void)std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), facts.swap_kib);
    }
}

void read_time(const fs::path& root, HostFacts& facts) {
    const auto line = words(first_line(root / "proc/stat"));
    for (std::size_t i = 1; i < line.size() && i <= 8; ++i) {
        std::uint64_t ticks = 0;
        (void)std::from_chars(line[i].data(), line[i].data() + line[i].size(), ticks);
        facts.total_ticks += ticks;
        if (i == 8) facts.steal_ticks = ticks;
    }
    facts.clock_source =
        first_line(root / "sys/devices/system/clocksource/clocksource0/current_clocksource");
    facts.rt_runtime_us = number<std::int64_t>(root / "proc/sys/kernel/sched_rt_runtime_us");
}

}  // namespace

std::vector<std::size_t> parse_core_list(std::string_view text) {
    std::vector<std::size_t> out;
    const auto take = [&text](std::size_t& value) {
        const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || value >= kCoresMax) return false;
        text.remove_prefix(static_cast<std::size_t>(at - text.data()));
        return true;
    };
    for (;;) {
        std::size_t first = 0;
        if (!take(first)) return out;
        std::size_t last = first;
        if (text.starts_with('-')) {
            text.remove_prefix(1);
            if (!take(last)) return out;
        }
        for (std::size_t core = first; core <= last; ++core) out.push_back(core);
        if (!text.starts_with(',')) return out;
        text.remove_prefix(1);
    }
}

HostFacts read_host_facts(const std::filesystem::path& root) {
    HostFacts facts;
    read_cores(root, facts);
    read_cpu_info(root, facts);
    read_interrupts(root, facts);
    read_memory(root, facts);
    read_time(root, facts);
    facts.command_line = first_line(root / "proc/cmdline");
    facts.io_uring_disabled = number<std::uint64_t>(root / "proc/sys/kernel/io_uring_disabled");
    return facts;
}

}  // namespace sluice::adapters::host
