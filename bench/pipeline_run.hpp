// A pass of the fused pipeline over any source, timed alone: what the benchmarks of the pipeline and
// of replays share.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include <pthread.h>
#include <sched.h>

#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/hot/placements.hpp>
#include <sluice/pipeline/recorder.hpp>

#include "burst.hpp"
#include "common_task.hpp"

namespace sluice::bench {

using adapters::sim_venue::SimVenue;
using pipeline::LaneState;

struct Outcome {
    double seconds = 0;
    std::uint64_t fills = 0;
    std::uint64_t bars = 0;
    std::string profit;
    std::string digest;
};

// One pass over what the source gives through a lane of our making, with the settings of the common
// task; the clock runs over the pass alone. `more` is what the lane takes beside its state. Nobody
// reads the records meanwhile, so kRecords has to hold all of them: a power of two.
template <class BenchLane, std::size_t kRecords = std::size_t{1} << 18U, class V, class... More>
Outcome run_lane(pipeline::MarketSource& source, const pipeline::InstrumentTable& instruments,
                 const pipeline::Settings& settings, V& venue, More&... more) {
    pipeline::EventRing records{kRecords};
    auto state = std::make_unique<LaneState<V>>(settings, instruments, venue, pipeline::Placement{},
                                                records);
    pipeline::RunControl control;
    pipeline::TimerPlan plan;
    plan.beat = settings.clock.beat;
    BenchLane lane{*state, more...};
    pipeline::Sequencer<V, BenchLane> sequencer{venue,
                                                lane,
                                                pipeline::Timers{plan},
                                                pipeline::Admission{false, instruments.size()},
                                                pipeline::Pacer{},
                                                control,
                                                settings.engine.on_stop};

    Outcome out;
    const auto start = std::chrono::steady_clock::now();
    sequencer.run(source);
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

    pipeline::Recorder recorder{settings, instruments, nullptr};
    pipeline::Event event;
    while (records.try_pop(event)) recorder.take(event);
    pipeline::RunRecord record;
    const pipeline::Portfolio& books = state->stages.risk.portfolio();
    recorder.finish(books, sequencer.checksum(), record);
    out.fills = record.fills;
    out.bars = state->stages.bars.closed().front();
    out.profit = core::to_string(books.equity() - books.capital());
    out.digest = record.digest;
    return out;
}

// The same through the first kLast stages, fused, as the engine runs them. A function of its own:
// perf/instructions counts what happens inside it.
template <std::size_t kLast>
[[gnu::noinline]] Outcome run_stages(pipeline::MarketSource& source,
                                     const pipeline::InstrumentTable& instruments) {
    const pipeline::Settings settings = common_task_settings();
    SimVenue venue{settings, instruments};
    return run_lane<pipeline::Lane<SimVenue, pipeline::kFused, kLast>>(source, instruments,
                                                                       settings, venue);
}

// Real-time priority or the usual one; false when the host refuses. Threads begun meanwhile have it too.
inline bool raise_this_thread(bool on) noexcept {
    sched_param param{};
    param.sched_priority = on ? 50 : 0;
    return ::pthread_setschedparam(::pthread_self(), on ? SCHED_FIFO : SCHED_OTHER, &param) == 0;
}

// A block at real-time priority on one core, then a pause as long.
// `fn` returns the seconds that `ticks` ticks took.
template <class Fn>
Sample burst(std::size_t ticks, Fn&& fn) {
    (void)raise_this_thread(true);
    const double seconds = fn();
    (void)raise_this_thread(false);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    const double ns = seconds * 1e9 / static_cast<double>(ticks);
    return {ns, ns};
}

}  // namespace sluice::bench
