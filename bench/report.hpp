#pragma once
// What a measurement says: sections of contenders beside a baseline, as a table and as JSON, with
// the targets that some of them are held to.

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <sys/utsname.h>

#include <nlohmann/json.hpp>

#include "burst.hpp"

namespace sluice::bench {

struct Gate {
    std::size_t contender;  // index in its section
    double limit;           // hop: at most; rate: at least
};

struct Section {
    std::string name;
    std::string baseline;  // contenders[0]
    bool is_latency;       // p50 over the baseline's; else the baseline's over ours (a speed-up)
    std::vector<Gate> gates;
    std::vector<Contender> contenders;
};

inline double median_ratio(const Section& section, std::size_t i, double q) {
    const Contender& base = section.contenders[0];
    const Contender& it = section.contenders[i];
    return quantile(
        section.is_latency ? ratios(it, base, &Sample::p50) : ratios(base, it, &Sample::p50), q);
}

inline bool passes(const Section& section, const Gate& gate) {
    const double ratio = median_ratio(section, gate.contender, 0.5);
    return section.is_latency ? ratio <= gate.limit : ratio >= gate.limit;
}

inline void print(const Section& section) {
    std::printf("\n%s (ratio to %s: median of rounds, p10..p90)\n", section.name.c_str(),
                section.baseline.c_str());
    for (std::size_t i = 0; i < section.contenders.size(); ++i) {
        const Contender& it = section.contenders[i];
        const double p50 = median(it, &Sample::p50);
        std::printf("  %-44s %7.2f ns", it.name.c_str(), p50);
        if (section.is_latency) {
            std::printf("  p99 %6.1f ns", median(it, &Sample::p99));
        } else {
            std::printf("  %6.1f M/s", 1e3 / p50);
        }
        std::printf("  %5.2f (%.2f..%.2f)", median_ratio(section, i, 0.5),
                    median_ratio(section, i, 0.1), median_ratio(section, i, 0.9));
        for (const Gate& gate : section.gates) {
            if (gate.contender == i) {
                std::printf("  %s %s %.2f", passes(section, gate) ? "pass" : "FAIL",
                            section.is_latency ? "<=" : ">=", gate.limit);
            }
        }
        std::printf("\n");
    }
}

inline std::string cpu_model() {
    std::ifstream info{"/proc/cpuinfo"};
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name")) {
            return line.substr(line.find(':') + 2);
        }
    }
    return "unknown";
}

inline void write_json(const char* path, const std::vector<Section>& sections, int rounds,
                       double tsc_hz, bool has_priority) {
    utsname host{};
    (void)::uname(&host);
    nlohmann::ordered_json report{{"cpu", cpu_model()},      {"kernel", host.release},
                                  {"compiler", __VERSION__}, {"tsc_hz", tsc_hz},
                                  {"rounds", rounds},        {"real_time_priority", has_priority}};
    for (const Section& section : sections) {
        for (std::size_t i = 0; i < section.contenders.size(); ++i) {
            const Contender& it = section.contenders[i];
            nlohmann::ordered_json result{{"section", section.name},
                                          {"name", it.name},
                                          {"baseline", section.baseline},
                                          {"ns_p50", median(it, &Sample::p50)},
                                          {"ratio_median", median_ratio(section, i, 0.5)},
                                          {"ratio_p10", median_ratio(section, i, 0.1)},
                                          {"ratio_p90", median_ratio(section, i, 0.9)}};
            if (section.is_latency) {
                result["ns_p99"] = median(it, &Sample::p99);
            }
            for (const Gate& gate : section.gates) {
                if (gate.contender == i) {
                    result["limit"] = gate.limit;
                    result["pass"] = passes(section, gate);
                }
            }
            report["results"].push_back(std::move(result));
        }
    }
    std::ofstream file{path};
    file << report.dump(1) << '\n';
    if (!file.flush()) {
        std::fprintf(stderr, "cannot write %s\n", path);
        std::exit(2);
    }
}

}  // namespace sluice::bench
