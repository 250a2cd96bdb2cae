// A recorded run, run again under a watcher: over the ticks of a store in the simulated venue, or
// over the journal of a live session. The decisions are those of the engine, by the same stages.
// One thread; out of memory ends the program, because stages do not throw.
#pragma once

#include <cstdint>

#include <sluice/core/hot/fixed_queue.hpp>
#include <sluice/pipeline/hot/journal_sequencer.hpp>
#include <sluice/pipeline/hot/outbox.hpp>
#include <sluice/pipeline/hot/sequencer.hpp>
#include <sluice/proofs/observed_lane.hpp>

namespace sluice::proofs {

struct RerunResult {
    std::uint64_t checksum = 0;  // of the market data, as RunRecord has it
    std::uint64_t events = 0;
};

// `control.stop` set while the source ends: a run that was interrupted there.
template <pipeline::Venue V, class Watcher>
[[nodiscard]] RerunResult rerun(const pipeline::Settings& settings,
                                const pipeline::InstrumentTable& instruments, V& venue,
                                pipeline::MarketSource& source, pipeline::TimerPlan timers,
                                pipeline::RunControl& control, Watcher& watcher) {
    using pipeline::SignalStage;
    using Lane = ObservedLane<V, SignalStage, Watcher>;
    ObservedStages<SignalStage> stages{settings, instruments, SignalStage{settings, instruments}};
    Lane lane{stages, venue, watcher};
    pipeline::Sequencer<V, Lane> sequencer{
        venue,
        lane,
        pipeline::Timers{std::move(timers)},
        pipeline::Admission{settings.bars.use_suspicious, instruments.size()},
        pipeline::Pacer{},
        control,
        settings.engine.on_stop};
    sequencer.run(source);
    return {sequencer.checksum(), sequencer.events()};
}

template <class Watcher>
[[nodiscard]] RerunResult rerun_journal(const pipeline::Settings& settings,
                                        const pipeline::InstrumentTable& instruments,
                                        pipeline::JournalSource& source, Watcher& watcher) {
    using pipeline::Outbox;
    using pipeline::SignalStage;
    using Lane = ObservedLane<Outbox, SignalStage, Watcher>;
    constexpr std::size_t kCommandWindow = 65'536;  // as run_journal() has it
    Outbox outbox{4 * static_cast<std::size_t>(settings.execution.max_open_orders) +
                  pipeline::kMaxInstruments};
    ObservedStages<SignalStage> stages{settings, instruments, SignalStage{settings, instruments}};
    Lane lane{stages, outbox, watcher};
    pipeline::RunControl control;
    pipeline::JournalRun run{source, control, core::FixedQueue<pipeline::Event>{kCommandWindow},
                             core::FixedQueue<pipeline::Event>{kCommandWindow}};
    run.result.counts.seen.resize(instruments.size());
    pipeline::JournalSequencer<Lane> sequencer{outbox, lane, run};
    sequencer.run();
    return {run.result.checksum, run.result.events};
}

}  // namespace sluice::proofs
