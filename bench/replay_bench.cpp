// Measures replay from the tick store: the common task end to end beside the bare loop and beside
// the same ticks in memory, bars as input, the merge of many instruments, and how time grows with
// length.
//
//   replay_bench [--ticks N] [--rounds R] [--growth N] [--folder DIR] [--json FILE]
//
// Method: bench/burst.hpp. A block is one pass over a million ticks, each time another stretch of
// the range, so that nothing is left in a cache; 20 million ticks are 600 MB of columns. Files are
// in the page cache. --growth replays N and 10 N ticks instead, see replay_growth.hpp.
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include <sluice/core/thread.hpp>

#include "replay_growth.hpp"
#include "replay_measure.hpp"

namespace sluice::bench {
namespace {

using replay::Bench;
using replay::kBlockTicks;
using replay::TempFolder;

void report(std::vector<Contender>& contenders, int rounds, const std::string& json_file) {
    run_rounds(contenders, rounds, 1);
    nlohmann::ordered_json json{{"ticks_per_block", kBlockTicks}, {"rounds", rounds}};
    std::printf("%-38s %9s %11s %24s\n", "", "ns/tick", "M ticks/s", "bare / this (p10..p90)");
    for (const Contender& c : contenders) {
        const double ns = median(c, &Sample::p50);
        const std::vector<double> share = ratios(contenders.front(), c, &Sample::p50);
        std::printf("%-38s %9.2f %11.1f %12.2f (%.2f..%.2f)\n", c.name.c_str(), ns, 1e3 / ns,
                    quantile(share, 0.5), quantile(share, 0.1), quantile(share, 0.9));
        json["results"].push_back({{"name", c.name},
                                   {"ns_per_tick", ns},
                                   {"of_bare", quantile(share, 0.5)},
                                   {"of_bare_p10", quantile(share, 0.1)},
                                   {"of_bare_p90", quantile(share, 0.9)}});
    }
    if (!json_file.empty()) std::ofstream{json_file} << json.dump(2) << "\n";
}

int run(std::size_t ticks, int rounds, std::size_t growth, const std::string& folder,
        const std::string& json_file) {
    const auto cores = core::available_cores();
    if (!cores.empty()) (void)core::pin_this_thread(cores.back());
    const TempFolder temp(folder);
    if (growth != 0) {
        return replay::report_growth(growth, temp.path(), std::min(rounds, 5)) ? 0 : 1;
    }
    Bench bench(ticks, temp.path());
    const bool right = bench.check(true);
    auto contenders =
        bench.contenders(cores.size() > 1 ? std::optional{cores.front()} : std::nullopt);
    report(contenders, rounds, json_file);
    return right ? 0 : 1;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
    std::size_t ticks = 20'000'000;
    int rounds = 19;
    std::size_t growth = 0;
    std::string folder = "/var/tmp";
    std::string json_file;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--ticks") == 0) ticks = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::stoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--growth") == 0) growth = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--folder") == 0) folder = argv[i + 1];
        if (std::strcmp(argv[i], "--json") == 0) json_file = argv[i + 1];
    }
    try {
        return sluice::bench::run(ticks, rounds, growth, folder, json_file);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "replay_bench: %s\n", error.what());
        return 1;
    }
}
