// Runs a stream through the pipeline in a chosen placement and returns the record of it.
// Start-up and shut-down side: allocates, starts threads, throws; nothing here runs per event.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sluice/core/thread.hpp>
#include <sluice/pipeline/hot/placements.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/pacer.hpp>
#include <sluice/pipeline/record_observer.hpp>
#include <sluice/pipeline/recorder.hpp>
#include <sluice/pipeline/row_sink.hpp>
#include <sluice/pipeline/run_record.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

struct EngineSetup {
    const Settings& settings;
    const InstrumentTable& instruments;
    Placement placement;
    TimerPlan timers;
    Pacer pacer;
    std::vector<RecordObserver*> observers{};  // not owned
    RowSink* rows = nullptr;                   // not owned; null: the run's rows are not kept
};

namespace detail {

// The parts of run_groups() that do not depend on the venue.
void drain_into(Recorder& recorder, const std::vector<RecordObserver*>& observers, EventRing& ring,
                const std::atomic<bool>& finished);
void collect(RunRecord& record, const EngineSetup& setup, const Stages& stages,
             const HeadResult& head);
// Takes some milliseconds, to measure the clock that the stamps are of.
void collect_latency(RunRecord& record, const Trace& trace);
[[nodiscard]] LatencyRecord latency_row(std::string hop, const core::Histogram& ns);
[[nodiscard]] LatencyRecord latency_row(std::string hop, const core::Histogram& ticks,
                                        const core::TscClock& clock);
[[nodiscard]] core::ThreadOptions thread_options(const Placement& placement, std::size_t thread,
                                                 const std::string& name);

}  // namespace detail

// Runs the threads of a placement: the first group is `run`'s head, each other one its stages.
// Blocks until the stream has ended and the books are closed; the caller's thread only waits.
// Throws what a thread could not be started for.
template <CommandTarget V, class Run>
[[nodiscard]] RunRecord run_groups(const EngineSetup& setup, V& target, Run& run) {
    EventRing records{static_cast<std::size_t>(setup.settings.engine.ring_capacity)};
    auto state = std::make_unique<LaneState<V>>(setup.settings, setup.instruments, target,
                                                setup.placement, records);
    const PlacementEntry<V, Run> entry = placement_entry<V, Run>(setup.placement.cuts);
    Recorder recorder{setup.settings, setup.instruments, setup.rows};
    std::atomic<bool> finished{false};
    core::PinnedThread recording{{"sl-record", {}}, [&](const std::stop_token&) {
                                     detail::drain_into(recorder, setup.observers, records,
                                                        finished);
                                 }};

    const auto started = std::chrono::steady_clock::now();
    {
        std::vector<core::PinnedThread> groups;
        std::size_t thread = 1;
        for (std::size_t k = 0; k < kStageCount; ++k) {
            if (entry.group[k] == nullptr) continue;
            groups.emplace_back(
                detail::thread_options(setup.placement, thread++, kStageNames[k]),
                [&state, group = entry.group[k]](const std::stop_token&) { group(*state); });
        }
        core::PinnedThread first{detail::thread_options(setup.placement, 0, "sequencer"),
                                 [&](const std::stop_token&) { entry.head(*state, run); }};
        first.join();
        for (core::PinnedThread& group : groups) group.join();
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
    // release: pairs with the acquire in drain_into(); nothing is pushed after it
    finished.store(true, std::memory_order_release);
    recording.join();

    RunRecord record;
    recorder.finish(state->stages.risk.portfolio(), run.result.checksum, record);
    record.wall_seconds = wall.count();
    detail::collect(record, setup, state->stages, run.result);
    detail::collect_latency(record, state->trace);
    // relaxed: the threads that set it have been joined, or it is a flag of the caller's
    record.interrupted = run.control.stop.load(std::memory_order_relaxed);
    return record;
}

// A replay or a paper session: until the source has ended or control.stop is set.
template <Venue V>
[[nodiscard]] RunRecord run_engine(const EngineSetup& setup, V& venue, MarketSource& source,
                                   RunControl& control) {
    HeadRun head{source,
                 Timers{setup.timers},
                 Admission{setup.settings.bars.use_suspicious, setup.instruments.size()},
                 setup.pacer,
                 control,
                 setup.settings.engine.on_stop};
    return run_groups(setup, venue, head);
}

}  // namespace sluice::pipeline
