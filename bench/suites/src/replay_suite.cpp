// The suite `replay`: the common task from the tick store, beside the bare loop over the same ticks in
// memory. Lays a store of 600 MB under the folder of the options and removes it.
#include <stdexcept>
#include <utility>

#include <sluice/core/thread.hpp>

#include "from_section.hpp"
#include "replay_measure.hpp"
#include "suites_here.hpp"

namespace sluice::bench {
namespace {

SuiteResult run(const SuiteOptions& options) {
    (void)core::pin_this_thread(options.cores.back());
    const replay::TempFolder folder(options.folder);
    const std::size_t ticks = options.quick ? 400'000 : 20'000'000;
    replay::Bench bench(ticks, folder.path(), options.quick ? 100'000 : replay::kBlockTicks,
                        options.quick ? 100'000 : 2'000'000);
    if (!bench.check(false))
        throw std::runtime_error("the replay did not trade as the bare loop of the same task did");

    Section section{"from the store, ns a tick", "bare loop", false, {}, bench.contenders()};
    run_rounds(section.contenders, options.rounds, 1);
    const auto& c = section.contenders;
    SuiteResult result;
    result.metrics.push_back(ratio_metric("plain_store_of_bare", c[0], c[2]));
    result.metrics.push_back(ratio_metric("packed_store_of_bare", c[0], c[3]));
    result.metrics.push_back(absolute_metric("plain_store_ns", "ns", c[2]));
    Metric merge{"merge_50_ns", "ns", "", {}};  // what a tick costs more than from one instrument
    for (std::size_t i = 0; i < c[4].samples.size(); ++i)
        merge.rounds.push_back(c[6].samples[i].p50 - c[4].samples[i].p50);
    result.metrics.push_back(std::move(merge));
    Metric bars{"bars_rate", "M/s", "", {}};
    for (int i = 0; i < 3; ++i) bars.rounds.push_back(bench.bars_per_second() / 1e6);
    result.metrics.push_back(std::move(bars));
    result.tables.push_back(to_table(section));
    return result;
}

}  // namespace

const Suite kReplaySuite{"replay", "the common task replayed from the tick store", 1, 15, &run};

}  // namespace sluice::bench
