// ring_bench: the measurements of ring_measure.hpp by themselves; `sluice bench ring` has the same
// with the host's jitter beside them.
//
//   ring_bench [--rounds N] [--only TEXT] [--json FILE] [--gate]
//
// --only runs the sections with TEXT in their name. --gate makes the exit status 1 when a target
// of perf/ring.md is missed. Needs two cores.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/thread.hpp>

#include "report.hpp"
#include "ring_measure.hpp"

namespace core = sluice::core;
namespace bench = sluice::bench;

int main(int argc, char** argv) {
    int rounds = 25;
    const char* json = nullptr;
    std::string only;
    bool is_gate = false;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--rounds" && i + 1 < argc) {
            rounds = std::max(1, std::atoi(argv[++i]));
        } else if (argument == "--only" && i + 1 < argc) {
            only = argv[++i];
        } else if (argument == "--json" && i + 1 < argc) {
            json = argv[++i];
        } else if (argument == "--gate") {
            is_gate = true;
        } else {
            std::fputs("usage: ring_bench [--rounds N] [--only TEXT] [--json FILE] [--gate]\n",
                       stderr);
            return 2;
        }
    }
    const std::vector<std::size_t> cores = core::available_cores();
    if (cores.size() < 2) {
        std::fputs("ring_bench: needs two cores, this process may use one\n", stderr);
        return 77;  // "skipped" to ctest and automake
    }
    bench::ring::Context context{.duo = {cores[0], cores[1]}, .clock = core::TscClock::calibrate()};
    std::vector<bench::Section> sections = bench::ring::make_sections(context);
    std::erase_if(sections, [&](const bench::Section& section) {
        return section.name.find(only) == std::string::npos;
    });
    bool all_pass = true;
    for (bench::Section& section : sections) {
        bench::run_rounds(section.contenders, rounds, 7);
        bench::print(section);
        for (const bench::Gate& gate : section.gates) {
            all_pass = all_pass && bench::passes(section, gate);
        }
    }
    if (!context.duo.has_priority()) {
        std::puts("\nreal-time priority was refused: expect noise");
    }
    if (json != nullptr) {
        bench::write_json(json, sections, rounds, context.clock.ticks_per_second(),
                          context.duo.has_priority());
    }
    return is_gate && !all_pass ? 1 : 0;
}
