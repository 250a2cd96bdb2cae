// Runs a live session through the pipeline, or the journal of one again.
// Start-up and shut-down side, as engine.hpp.
#pragma once

#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/hot/journal_sequencer.hpp>
#include <sluice/pipeline/hot/journal_tap.hpp>
#include <sluice/pipeline/journal_source.hpp>
#include <sluice/pipeline/live_feed.hpp>
#include <sluice/pipeline/live_metrics.hpp>
#include <sluice/pipeline/order_session.hpp>

namespace sluice::pipeline {

// The instantiations are in src/hot/live_placements.cpp.
struct LiveRun;
extern template PlacementEntry<Outbox, LiveRun> placement_entry<Outbox, LiveRun>(CutMask) noexcept;
extern template PlacementEntry<Outbox, JournalRun> placement_entry<Outbox, JournalRun>(
    CutMask) noexcept;

struct LiveDoors {
    LiveFeed& feed;
    OrderSession& session;
    JournalTap* journal = nullptr;                      // null: no journal is kept
    const std::atomic<bool>* journal_failed = nullptr;  // null with it
};

// Blocks until control.stop is set or the exchange has ended the session, open orders are dealt
// with as configured, and the books are closed. `metrics` may be read meanwhile.
[[nodiscard]] RunRecord run_live(const EngineSetup& setup, const LiveDoors& doors,
                                 RunControl& control, LiveMetrics& metrics);

// The same stages over what a session recorded. `check` says whether they asked for the same orders.
// Timers are on record, so setup.timers is not used; nor is the pacer.
[[nodiscard]] RunRecord run_journal(const EngineSetup& setup, JournalSource& source,
                                    RunControl& control, JournalCheck& check);

}  // namespace sluice::pipeline
