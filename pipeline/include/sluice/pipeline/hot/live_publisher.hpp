// What a live session tells other threads of itself while it runs: the display about once a second,
// a stretch of counts and latencies every `live.metrics_every`.
// Owned by the sequencer, called from its checks; constant time, no allocation.
#pragma once

#include <cstdint>

#include <sluice/pipeline/hot/live_run.hpp>

namespace sluice::pipeline {

// Counted by the sequencer.
struct LiveTally {
    std::uint64_t ticks = 0;
    std::uint64_t orders = 0;
    std::uint64_t reports = 0;
    std::int64_t feed_delay = 0;  // of the last datagram, ns
};

class LivePublisher {
  public:
    explicit LivePublisher(LiveRun& run)
        : run_(run), publish_every_(ticks_of(Nanos{1'000'000'000})),
          stretch_(ticks_of(run.times.stretch)), stretch_end_(core::Tsc::now() + stretch_) {}

    // `clock`: the local time at `now`. In a moment without work, as a rule; but a feed that leaves
    // none is what people want to see most.
    void look(std::uint64_t now, StreamTime clock, bool idle, const LiveTally& tally) noexcept {
        if (now < next_publish_ || (!idle && now < next_publish_ + publish_every_)) return;
        publish(now, tally);
        if (now >= stretch_end_) end_stretch(now, clock, tally, false);
    }
    // The last words: whatever is left of a stretch counts as one.
    void finish(std::uint64_t now, StreamTime clock, const LiveTally& tally) noexcept {
        publish(now, tally);
        end_stretch(now, clock, tally, true);
    }

  private:
    [[nodiscard]] std::uint64_t ticks_of(Nanos time) const noexcept {
        return static_cast<std::uint64_t>(run_.tsc.ticks_per_second() * 1e-9 *
                                          static_cast<double>(time.count()));
    }

    void publish(std::uint64_t now, const LiveTally& tally) noexcept {
        next_publish_ = now + publish_every_;
        LiveMetrics& m = run_.metrics;
        const auto put = [](auto& to, auto value) {
            to.store(value, std::memory_order_relaxed);  // relaxed: for display only
        };
        const auto ns = [this](const core::Histogram& h, double q) {
            return run_.tsc.to_ns(h.percentile(q));
        };
        put(m.ticks, tally.ticks);
        put(m.orders, tally.orders);
        put(m.reports, tally.reports);
        put(m.tick_to_order_p50, ns(run_.recent.tick_to_order, 50));
        put(m.tick_to_order_p99, ns(run_.recent.tick_to_order, 99));
        put(m.acknowledge_p50, ns(run_.recent.acknowledge, 50));
        put(m.acknowledge_p99, ns(run_.recent.acknowledge, 99));
        put(m.feed_delay, tally.feed_delay);
        put(m.feed, run_.feed.state());
        put(m.session, run_.session.state());
        put(run_.control.ticks_taken, tally.ticks);
    }

    void end_stretch(std::uint64_t now, StreamTime clock, const LiveTally& tally,
                     bool last) noexcept {
        stretch_end_ = now + stretch_;
        const auto ns = [this](std::uint64_t ticks) { return run_.tsc.to_ns(ticks); };
        const auto same = [](std::uint64_t value) { return value; };
        LiveStretch s;
        s.end_ns = static_cast<std::uint64_t>(core::ns_since_epoch(clock));
        s.ticks = tally.ticks;
        s.orders = tally.orders;
        s.reports = tally.reports;
        for (const std::uint64_t halts : run_.live.halts) s.halts += halts;
        s.journal_waits = run_.live.journal_waits;
        s.feed = run_.feed.counts();
        s.tick_to_order = span_of(run_.recent.tick_to_order, ns);
        s.acknowledge = span_of(run_.recent.acknowledge, ns);
        s.feed_delay = span_of(run_.recent.feed_delay, same);
        s.feed_ahead = run_.recent.feed_ahead;
        s.feed_ahead_max_ns = run_.recent.feed_ahead_max;
        // Full: its reader waits for a disk. Then this stretch goes on and is part of the next row.
        if (run_.metrics.stretches.try_push(s) != core::PushResult::kOk && !last) return;
        run_.live.latencies.merge(run_.recent);
        run_.recent.clear();
    }
    template <class ToNs>
    [[nodiscard]] static LatencySpan span_of(const core::Histogram& values,
                                             const ToNs& ns) noexcept {
        return {values.count(), ns(values.percentile(50)), ns(values.percentile(99)),
                ns(values.percentile(99.9)), ns(values.max())};
    }

    LiveRun& run_;
    std::uint64_t publish_every_;
    std::uint64_t stretch_;
    std::uint64_t stretch_end_;
    std::uint64_t next_publish_ = 0;
};

}  // namespace sluice::pipeline
