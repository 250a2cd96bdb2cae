// The port through which market data enters: replayed, generated or live.
// Called by one thread at a time, once per block, so its virtual call is not per event.
#pragma once

#include <cstdint>
#include <new>
#include <span>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/tick_run.hpp>

namespace sluice::pipeline {

class MarketSource {
  public:
    MarketSource() = default;
    MarketSource(const MarketSource&) = delete;
    MarketSource& operator=(const MarketSource&) = delete;
    virtual ~MarketSource() = default;

    // The next trades and quotes in arrival order, at least one; empty when the source has ended.
    // The block stays valid until the next call and belongs to the caller until then: the sequencer
    // numbers its events in place, because copying a line just written costs more than the whole
    // path of a tick. Sources build events in place for the same reason (see emplace_event()).
    // Times normally do not decrease; an event that
    // does go back is passed on as it is, and the sequencer marks it.
    // Must not throw or allocate once the first block has been returned.
    [[nodiscard]] virtual std::span<Event> next_block() noexcept = 0;

    // The next trades as columns, where they are of one instrument for a stretch and the source holds
    // them so: they can then be taken by the run. No rows otherwise: next_block() has what comes next.
    // Whichever of the two is asked, the ticks are the same in the same order.
    [[nodiscard]] virtual TickColumns next_columns() noexcept { return {}; }

    // Events in all, for progress; 0 when unknown.
    [[nodiscard]] virtual std::uint64_t size_hint() const noexcept = 0;
};

// Builds an event where it will stay: `make` returns it, and no copy is made.
//   emplace_event(block[i], [&] { return Event::trade(...); });
template <class Make>
void emplace_event(Event& slot, Make&& make) noexcept {
    ::new (static_cast<void*>(&slot)) Event(make());
}

}  // namespace sluice::pipeline
