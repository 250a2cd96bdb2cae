// The suite `ring`: a hop beside the fresh-line floor, throughput and batches beside boost::lockfree.
#include <utility>

#include "from_section.hpp"
#include "ring_measure.hpp"
#include "suites_here.hpp"

namespace sluice::bench {
namespace {

SuiteResult run(const SuiteOptions& options) {
    ring::Context context{.duo = {options.cores.at(0), options.cores.at(1)},
                          .clock = core::TscClock::calibrate(),
                          .scale = options.quick ? std::size_t{10} : std::size_t{1}};
    std::vector<Section> sections = ring::make_sections(context);
    SuiteResult result;
    for (Section& section : sections) {
        run_rounds(section.contenders, options.rounds, 7);
        result.tables.push_back(to_table(section));
    }
    // Baseline first, the ring second in every section.
    const auto it = [&](std::size_t section) -> const Contender& {
        return sections[section].contenders[1];
    };
    const auto base = [&](std::size_t section) -> const Contender& {
        return sections[section].contenders[0];
    };
    auto& metrics = result.metrics;
    metrics.push_back(ratio_metric("hop_p50", it(0), base(0)));
    metrics.push_back(ratio_metric("hop_p99", it(0), base(0), &Sample::p99));
    metrics.push_back(ratio_metric("single_rate", base(1), it(1)));
    metrics.push_back(ratio_metric("single_8_byte_rate", base(2), it(2)));
    metrics.push_back(ratio_metric("batch_rate", base(3), it(3)));
    result.real_time = context.duo.has_priority();
    return result;
}

}  // namespace

const Suite kRingSuite{"ring", "one hop of an event between two threads, and streams of them", 2,
                       25, &run};

}  // namespace sluice::bench
