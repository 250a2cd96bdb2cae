// What a running live session shows to other threads, and what it leaves behind when it ends.
// The sequencer's thread writes; readers take single values, each consistent by itself.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include <sluice/core/histogram.hpp>
#include <sluice/pipeline/live_feed.hpp>
#include <sluice/pipeline/order_session.hpp>

namespace sluice::pipeline {

// Published about once a second, from a moment without work. Nanoseconds; 0 when there is none yet.
struct LiveMetrics {
    std::atomic<std::uint64_t> ticks{0};
    std::atomic<std::uint64_t> orders{0};
    std::atomic<std::uint64_t> reports{0};
    std::atomic<std::uint64_t> tick_to_order_p50{0};
    std::atomic<std::uint64_t> tick_to_order_p99{0};
    std::atomic<std::uint64_t> acknowledge_p50{0};
    std::atomic<std::uint64_t> acknowledge_p99{0};
    std::atomic<std::int64_t> feed_delay{
        0};  // local clock less the exchange's, of the last datagram
    std::atomic<FeedState> feed{FeedState::kWaiting};
    std::atomic<SessionState> session{SessionState::kDown};
};

struct LiveResult {
    core::Histogram tick_to_order;  // datagram taken to order handed to the system; TSC ticks
    core::Histogram acknowledge;    // order sent to the first report of it; TSC ticks
    // Clock skew and way together: local clock at a datagram less the exchange's time in it, ns.
    core::Histogram feed_delay;
    std::uint64_t feed_ahead = 0;     // datagrams whose time was later than the local clock
    std::int64_t feed_ahead_max = 0;  // by how much at most, ns
    std::array<std::uint64_t, kHaltReasonCount> halts{};
    std::uint64_t refused = 0;        // commands that the session did not take
    std::uint64_t journal_waits = 0;  // times the journal's ring was full
    bool journal_failed = false;      // recording ended before the session did
    std::uint64_t unanswered = 0;     // orders still open when the wait for them ended
    FeedCounts feed;
    SessionCounts session;
};

}  // namespace sluice::pipeline
