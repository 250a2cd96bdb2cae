// What kinds of events there are, and the flags of those of the market. Plain values, any thread.
#pragma once

#include <cstdint>

namespace sluice::pipeline {

enum class EventKind : std::uint8_t {
    kNone,
    // Sequenced: they enter at the sequencer.
    kTrade,
    kQuote,
    kReport,
    kBeat,      // the clock, every clock.beat
    kDayStart,  // daily limits reset
    kSessionOpen,
    kSessionClose,
    kHalt,  // no new exposure until kResume for the same reason
    kResume,
    kStop,  // the operator's stop: no new exposure, open orders as configured
    kEnd,   // the last event of a run: books are closed
    // Derived: a stage makes them while it handles a sequenced one.
    kBar,
    kIntent,
    kApproved,
    kCancel,
    kRefusal,
    kIncident,
    kEquity,
    // Neither: a marker that the sequencer sends down the rings to learn that all before it is done.
    kSync,
    // Sequenced: what the last session has left of its loss limits, before the first tick.
    kRestore,
    // Derived: what this one would leave.
    kRiskMark,
    // Later than the others; a journal keeps the numbers of sequenced kinds, so they stay.
    kParameter,    // sequenced: a strategy's parameter has another value from here on
    kRegime,       // derived: an instrument's regime has changed
    kQuoteIntent,  // derived: the quote that market making wants, until the next one
    kCharge,       // sequenced: money comes or goes without a trade
    kCharged,      // derived: what the books made of it
    kLevel,        // sequenced: the new size of a price level; for the venue, no stage sees it
    kRate,         // sequenced: a currency is worth something else from here on
};

[[nodiscard]] constexpr bool is_sequenced(EventKind kind) noexcept {
    return (kind >= EventKind::kTrade && kind <= EventKind::kEnd) || kind == EventKind::kRestore ||
           kind == EventKind::kParameter || kind == EventKind::kCharge ||
           kind == EventKind::kLevel || kind == EventKind::kRate;
}
[[nodiscard]] constexpr bool is_session(EventKind kind) noexcept {
    return kind == EventKind::kSessionOpen || kind == EventKind::kSessionClose;
}
[[nodiscard]] constexpr bool is_market(EventKind kind) noexcept {
    return kind == EventKind::kTrade || kind == EventKind::kQuote;
}

// Flags of trades and quotes.
inline constexpr std::uint8_t kFlagSuspicious = 1;  // so marked by the data's vendor
inline constexpr std::uint8_t kFlagOutOfOrder = 2;  // its time is before the stream's
inline constexpr std::uint8_t kFlagConflated = 4;   // stands for several, under overload
inline constexpr std::uint8_t kFlagSampled = 8;     // the stages take the time of it
inline constexpr std::uint8_t kFlagFromBar = 16;    // trades: made of a bar; may be of nothing
// Flags of levels: which side, and kRowSnapshot, kRowEventEnd, kRowGapBefore of the row (table_key.hpp).
inline constexpr std::uint8_t kFlagBidLevel = 4;
inline constexpr std::uint8_t kFlagAskLevel = 8;

}  // namespace sluice::pipeline
