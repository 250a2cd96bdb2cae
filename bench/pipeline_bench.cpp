// Measures the fused pipeline on the common task: ticks per second and nanoseconds per tick, whole
// and stage by stage, beside the bare loop in the same rounds.
//
//   pipeline_bench [--ticks N] [--rounds R] [--json FILE]
//   pipeline_bench --stages K --ticks N      one run of the first K stages, for callgrind
//
// Method: bench/burst.hpp. A block is one pass over a million ticks; contenders are run in random
// order in every round, and ratios are taken within a round.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <sluice/core/thread.hpp>

#include "pipeline_measure.hpp"

namespace sluice::bench {
namespace {

constexpr std::size_t kBlockTicks = 1'000'000;

int check_whole(std::span<const CommonTick> ticks) {
    const Outcome engine = run_first(pipeline::kStageCount, ticks);
    const BareResult bare = BareLoop::run(ticks);
    std::printf(
        "%zu ticks: engine %llu bars, %llu fills, profit %s; bare loop %llu bars, %llu "
        "fills, profit %.6f\n",
        ticks.size(), static_cast<unsigned long long>(engine.bars),
        static_cast<unsigned long long>(engine.fills), engine.profit.c_str(),
        static_cast<unsigned long long>(bare.bars), static_cast<unsigned long long>(bare.fills),
        bare.profit);
    std::printf("one pass: %.1f M ticks/s\n",
                static_cast<double>(ticks.size()) / engine.seconds / 1e6);
    return engine.fills == bare.fills && engine.bars == bare.bars ? 0 : 1;
}

int compare(std::span<const CommonTick> ticks, int rounds, const std::string& json_file) {
    const auto block = ticks.first(std::min(kBlockTicks, ticks.size()));
    std::vector<Contender> contenders = fused_contenders(block);
    run_rounds(contenders, rounds, 1);

    nlohmann::ordered_json json{{"ticks_per_block", block.size()}, {"rounds", rounds}};
    std::printf("%-28s %10s %12s %26s\n", "", "ns/tick", "M ticks/s", "x bare (p10..p90)");
    for (const Contender& c : contenders) {
        const double ns = median(c, &Sample::p50);
        const std::vector<double> ratio = ratios(c, contenders.front(), &Sample::p50);
        std::printf("%-28s %10.2f %12.1f %12.2f (%.2f..%.2f)\n", c.name.c_str(), ns, 1e3 / ns,
                    quantile(ratio, 0.5), quantile(ratio, 0.1), quantile(ratio, 0.9));
        json["results"].push_back({{"name", c.name},
                                   {"ns_per_tick", ns},
                                   {"ratio_to_bare", quantile(ratio, 0.5)},
                                   {"ratio_p10", quantile(ratio, 0.1)},
                                   {"ratio_p90", quantile(ratio, 0.9)}});
    }
    if (!json_file.empty()) std::ofstream{json_file} << json.dump(2) << "\n";
    return 0;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
    std::size_t ticks = 20'000'000;
    int rounds = 25;
    std::optional<std::size_t> stages;
    std::string json_file;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--ticks") == 0) ticks = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::stoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--stages") == 0) stages = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--json") == 0) json_file = argv[i + 1];
    }
    const auto data = sluice::bench::make_common_ticks(ticks);
    if (stages) return sluice::bench::run_first(*stages, data).bars + 1 > 0 ? 0 : 1;
    const auto cores = sluice::core::available_cores();
    if (!cores.empty()) (void)sluice::core::pin_this_thread(cores.back());
    const int wrong = sluice::bench::check_whole(data);
    return sluice::bench::compare(data, rounds, json_file) + wrong;
}
