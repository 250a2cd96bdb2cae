// Which ticks the sequencer takes by the run: with a lane that keeps what it is given.
#include <gtest/gtest.h>

#include <string>

#include "sequencer_support.hpp"
#include "tick_run_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Admission;
using pipeline::kFlagSuspicious;
using pipeline::OnStop;
using pipeline::Pacer;
using pipeline::RunControl;
using pipeline::TimerPlan;
using pipeline::Timers;

class IdleVenue : public FakeVenue {
  public:
    IdleVenue() : FakeVenue(100, 50) {}
    [[nodiscard]] bool ignores_trades(SymbolId) const noexcept { return ignores; }
    bool ignores = true;
};
static_assert(pipeline::RunVenue<IdleVenue>);

// A run shows as "run FIRST..LAST", anything else as the sequencer's events do.
template <bool kIsSplit>
class RunLoggingLane {
  public:
    static constexpr bool kSplit = kIsSplit;

    template <EventKind kKnown>
    void release(Event& event) noexcept {
        const char* const name = event.kind() == EventKind::kTrade  ? "trade "
                                 : event.kind() == EventKind::kBeat ? "beat "
                                                                    : "other ";
        log.push_back(name + std::to_string(core::ns_since_epoch(event.time())));
        last_sequence = event.sequence();
    }
    void limit_run(SymbolId, RunLimits& limits) const noexcept {
        limits.until = std::min(limits.until, until);
        limits.most = std::min(limits.most, most);
    }
    [[nodiscard]] bool release_run(const TickRun& run) noexcept {
        if (!bears) return false;
        log.push_back("run " + std::to_string(run.time[0]) + ".." +
                      std::to_string(run.time[run.size - 1]));
        EXPECT_EQ(static_cast<std::uint64_t>(run.last_sequence),
                  static_cast<std::uint64_t>(last_sequence) + run.size);
        last_sequence = run.last_sequence;
        return true;
    }
    void sync() noexcept {}
    [[nodiscard]] bool flat() const noexcept { return true; }

    StreamTime until = StreamTime::max();
    std::size_t most = SIZE_MAX;
    bool bears = true;
    Sequence last_sequence{};
    std::vector<std::string> log;
};
static_assert(pipeline::RunLane<RunLoggingLane<false>>);

struct TickRunBounds : testing::Test {
    TickRunBounds() { plan.beat = Nanos{1000}; }

    template <bool kSplit = false>
    std::vector<std::string> stream(const std::vector<Event>& events, Pacer pacer = {}) {
        ColumnSource source{events, 1000, 8};
        RunControl control;
        RunLoggingLane<kSplit> to;
        to.until = lane.until;
        to.most = lane.most;
        to.bears = lane.bears;
        pipeline::Sequencer sequencer{venue, to,      Timers{plan},   Admission{false, 1},
                                      pacer, control, OnStop::kCancel};
        sequencer.run(source);
        EXPECT_EQ(control.ticks_taken.load(), events.size());
        EXPECT_EQ(sequencer.events(), static_cast<std::uint64_t>(to.last_sequence));
        counts = sequencer.take_counts();
        EXPECT_EQ(counts.seen[0].trades, events.size());
        // Without what opens and ends every stream.
        return {to.log.begin() + 1, to.log.end() - 2};
    }
    static Event tick(std::int64_t ns, std::uint8_t flags = 0) {
        return trade_at(at_ns(ns), 0, price("10"), shares(1), flags);
    }
    static std::vector<Event> ticks(std::int64_t first, std::int64_t last, std::int64_t step) {
        std::vector<Event> out;
        for (; first <= last; first += step) out.push_back(tick(first));
        return out;
    }

    TimerPlan plan;
    IdleVenue venue;
    RunLoggingLane<false> lane;
    pipeline::AdmissionCounts counts;
};
using Stream = std::vector<std::string>;

TEST_F(TickRunBounds, a_quiet_market_is_one_run) {
    EXPECT_EQ(stream(ticks(100, 900, 10)), (Stream{"run 100..900"}));
}

TEST_F(TickRunBounds, a_run_ends_before_a_timer_and_goes_on_after_it) {
    EXPECT_EQ(stream(ticks(500, 1500, 10)),
              (Stream{"run 500..990", "beat 1000", "trade 1000", "run 1010..1500"}));
}

TEST_F(TickRunBounds, a_run_ends_where_a_stage_says_so) {
    lane.until = at_ns(300);
    lane.most = 5;
    EXPECT_EQ(stream(ticks(100, 160, 10)), (Stream{"run 100..140", "trade 150", "trade 160"}));
    EXPECT_EQ(stream(ticks(270, 320, 10)), (Stream{"trade 270", "trade 280", "trade 290",
                                                   "trade 300", "trade 310", "trade 320"}));
}

TEST_F(TickRunBounds, a_tick_that_goes_back_or_has_a_flag_goes_by_itself) {
    auto events = ticks(100, 700, 10);
    events[32] = tick(100);
    EXPECT_EQ(stream(events), (Stream{"run 100..410", "trade 100", "run 430..700"}));
    EXPECT_EQ(counts.out_of_order, 1U);
    events[32] = tick(420, kFlagSuspicious);
    EXPECT_EQ(stream(events), (Stream{"run 100..410", "run 430..700"}));
    EXPECT_EQ(counts.suspicious, 1U);
}

TEST_F(TickRunBounds, no_run_begins_before_the_stream_s_time) {
    auto events = ticks(100, 500, 100);
    const auto earlier = ticks(450, 490, 10);
    events.insert(events.end(), earlier.begin(), earlier.end());
    const auto rows = stream(events);
    EXPECT_EQ(counts.out_of_order, 5U);
    EXPECT_EQ(rows.front(), "run 100..500");
    EXPECT_EQ(rows.back(), "trade 490");
}

TEST_F(TickRunBounds, nothing_goes_by_the_run_where_the_venue_looks_at_trades) {
    venue.ignores = false;
    EXPECT_EQ(stream(ticks(100, 500, 10)).size(), 41U);
    EXPECT_EQ(venue.market.size(), 41U);
}

TEST_F(TickRunBounds, nothing_goes_by_the_run_where_a_stage_cannot_bear_it) {
    lane.bears = false;
    EXPECT_EQ(stream(ticks(100, 500, 10)).size(), 41U);
}

TEST_F(TickRunBounds, nothing_goes_by_the_run_off_session) {
    plan.session_enabled = true;
    plan.boundaries = {{at_ns(400), EventKind::kSessionOpen}};
    EXPECT_EQ(stream(ticks(100, 300, 10)), Stream{});
    EXPECT_EQ(counts.off_session, 21U);
}

TEST_F(TickRunBounds, nothing_goes_by_the_run_at_the_pace_of_the_clock_or_split) {
    EXPECT_EQ(stream(ticks(100, 500, 10), Pacer{1.0}).size(), 41U);
    EXPECT_EQ(stream<true>(ticks(100, 500, 10)).size(), 41U);
}

TEST_F(TickRunBounds, a_report_that_is_due_ends_a_run) {
    venue.cancel(OrderId{1}, symbol(0), at_ns(150));  // there at 250, back at 300
    EXPECT_EQ(stream(ticks(100, 900, 10)),
              (Stream{"run 100..240", "trade 250", "trade 260", "trade 270", "trade 280",
                      "trade 290", "other 300", "trade 300", "run 310..900"}));
}

}  // namespace
}  // namespace sluice::tests
