// The port of a venue that lives inside the process: it sees the market before the engine does,
// takes commands with their time of sending, and answers with reports that are due later.
// A template parameter, not a base class: it is called for every tick.
#pragma once

#include <concepts>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

template <class V>
concept Venue = requires(V venue, const V& view, const Event& event, const ApprovedOrder& order,
                         OrderId id, SymbolId symbol, StreamTime now) {
    // Every admitted trade and quote, and the session's timers, before the stages see them.
    { venue.template on_market<EventKind::kTrade>(event) }
    noexcept;
    { venue.template on_market<EventKind::kQuote>(event) }
    noexcept;
    { venue.on_timer(event) }
    noexcept;
    // Commands, in the order they were sent.
    { venue.submit(order, now) }
    noexcept;
    { venue.cancel(id, symbol, now) }
    noexcept;
    // When it next has something to do, max() when nothing; then what that yields: a report, or an
    // event of kind kNone when it was an arrival inside the venue.
    { view.next_due() }
    noexcept->std::same_as<StreamTime>;
    { venue.pop_due() }
    noexcept->std::same_as<Event>;
    // No command arrives sooner than this after it was sent.
    { view.order_latency() }
    noexcept->std::same_as<Nanos>;
};

}  // namespace sluice::pipeline
