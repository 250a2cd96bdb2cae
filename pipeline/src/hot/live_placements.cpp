// The whole tick-to-order path of live sessions and of their journals, in every placement.
#include <sluice/pipeline/hot/journal_sequencer.hpp>
#include <sluice/pipeline/hot/live_sequencer.hpp>

namespace sluice::pipeline {

static_assert(CommandTarget<Outbox> && !Venue<Outbox>);

template PlacementEntry<Outbox, LiveRun> placement_entry<Outbox, LiveRun>(CutMask) noexcept;
template PlacementEntry<Outbox, JournalRun> placement_entry<Outbox, JournalRun>(CutMask) noexcept;

}  // namespace sluice::pipeline
