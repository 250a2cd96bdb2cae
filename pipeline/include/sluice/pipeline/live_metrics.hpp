// What a running live session shows to other threads, and what it leaves behind when it ends.
// The sequencer's thread writes; readers take single values, each consistent by itself.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include <sluice/core/histogram.hpp>
#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/pipeline/live_feed.hpp>
#include <sluice/pipeline/order_session.hpp>

namespace sluice::pipeline {

struct LiveLatencies {
    core::Histogram tick_to_order;  // datagram taken to order handed to the system; TSC ticks
    core::Histogram acknowledge;    // order sent to the first report of it; TSC ticks
    // Clock skew and way together: local clock at a datagram less the exchange's time in it, ns.
    core::Histogram feed_delay;
    // Datagrams whose time was later than the local clock, which no delay is: the exchange's clock is
    // ahead of ours by more than the way takes.
    std::uint64_t feed_ahead = 0;
    std::int64_t feed_ahead_max = 0;  // by how much at most, ns

    void merge(const LiveLatencies& other) noexcept {
        tick_to_order.merge(other.tick_to_order);
        acknowledge.merge(other.acknowledge);
        feed_delay.merge(other.feed_delay);
        feed_ahead += other.feed_ahead;
        feed_ahead_max = std::max(feed_ahead_max, other.feed_ahead_max);
    }
    void clear() noexcept {
        tick_to_order.clear();
        acknowledge.clear();
        feed_delay.clear();
        feed_ahead = 0;
        feed_ahead_max = 0;
    }
};

// One latency over a stretch of the session, nanoseconds.
struct LatencySpan {
    std::uint64_t count = 0;
    std::uint64_t p50_ns = 0;
    std::uint64_t p99_ns = 0;
    std::uint64_t p999_ns = 0;
    std::uint64_t max_ns = 0;
};

// One stretch of the session, `live.metrics_every` long: counts are of the whole session up to its
// end, latencies of the stretch alone.
struct LiveStretch {
    std::uint64_t end_ns = 0;  // local clock, since the epoch
    std::uint64_t ticks = 0;
    std::uint64_t orders = 0;
    std::uint64_t reports = 0;
    std::uint64_t halts = 0;
    std::uint64_t journal_waits = 0;
    FeedCounts feed;
    LatencySpan tick_to_order;
    LatencySpan acknowledge;
    LatencySpan feed_delay;
    std::uint64_t feed_ahead = 0;  // of the stretch alone, as latencies are
    std::int64_t feed_ahead_max_ns = 0;
};

// Published about once a second, from a moment without work. Nanoseconds, of the stretch that runs; 0
// when there is none yet.
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
    // Those that have ended, for one reader; one that finds no room becomes part of the next.
    core::SpscRing<LiveStretch> stretches{16};
};

struct LiveResult {
    LiveLatencies latencies;
    std::array<std::uint64_t, kHaltReasonCount> halts{};
    std::uint64_t refused = 0;        // commands that the session did not take
    std::uint64_t journal_waits = 0;  // times the journal's ring was full
    bool journal_failed = false;      // recording ended before the session did
    std::uint64_t unanswered = 0;     // orders still open when the wait for them ended
    FeedCounts feed;
    SessionCounts session;
};

}  // namespace sluice::pipeline
