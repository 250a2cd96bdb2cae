// The port of a venue that lives inside the process: it sees the market before the engine does,
// takes commands with their time of sending, and answers with reports that are due later.
// A template parameter, not a base class: it is called for every tick.
#pragma once

#include <concepts>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

// Where the commands of the stages go, whatever lies behind: an event of kind kApproved or kCancel,
// its time that of sending, its sequence that of its cause.
template <class T>
concept CommandTarget = requires(T target, const Event& command) {
    { target.take(command) }
    noexcept;
};

template <class V>
concept Venue = CommandTarget<V> && requires(V venue, const V& view, const Event& event) {
    // Every admitted trade and quote, and the session's timers, before the stages see them.
    { venue.template on_market<EventKind::kTrade>(event) }
    noexcept;
    { venue.template on_market<EventKind::kQuote>(event) }
    noexcept;
    { venue.on_timer(event) }
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

// A venue that can say of an instrument that its trades mean nothing to it, until it is next due or
// given a command: on_market() may then be left out.
template <class V>
concept RunVenue = Venue<V> && requires(const V& view, SymbolId symbol) {
    { view.ignores_trades(symbol) }
    noexcept->std::same_as<bool>;
};

// A venue that fills against full books: it is shown every update of a level, and no stage is.
template <class V>
concept DepthVenue = requires(V venue, const V& view, const Event& level) {
    { view.reads_levels() }
    noexcept->std::same_as<bool>;
    { venue.on_level(level) }
    noexcept;
};

// A venue that is told of prints from outside the session, which are no part of the stream.
template <class V>
concept HearsClosedPrints = requires(V venue, const Event& print) {
    { venue.on_closed_print(print) }
    noexcept;
};

}  // namespace sluice::pipeline
