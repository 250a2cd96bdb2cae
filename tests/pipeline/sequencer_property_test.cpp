// Random streams through the sequencer: the order it promises, and that stages on other threads,
// whose commands come late, change nothing.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <utility>

#include "sequencer_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Admission;
using pipeline::kFlagOutOfOrder;
using pipeline::OnStop;
using pipeline::Pacer;
using pipeline::RunControl;
using pipeline::TimerPlan;
using pipeline::Timers;

constexpr std::int64_t kBeatEvery = 40;

struct Scenario {
    std::vector<Event> ticks;
    std::int64_t order_latency = 1;
    std::int64_t response_latency = 0;
    std::size_t block = 1;
    TimerPlan plan;
};

Scenario any_scenario() {
    Scenario s;
    s.order_latency = *rc::gen::inRange<std::int64_t>(1, 30);
    s.response_latency = *rc::gen::inRange<std::int64_t>(0, 30);
    s.block = *rc::gen::inRange<std::size_t>(1, 8);
    s.plan.beat = Nanos{kBeatEvery};
    std::int64_t now = *rc::gen::inRange<std::int64_t>(0, 100);
    const auto count = *rc::gen::inRange<std::size_t>(0, 120);
    for (std::size_t i = 0; i < count; ++i) {
        now += *rc::gen::inRange<std::int64_t>(0, 15);
        const std::int64_t back =
            *rc::gen::inRange(0, 6) == 0 ? *rc::gen::inRange<std::int64_t>(0, 40) : 0;
        // One in eight has no price, and is refused.
        const std::int64_t raw =
            *rc::gen::inRange(0, 8) == 0 ? 0 : *rc::gen::inRange<std::int64_t>(1, 100);
        s.ticks.push_back(trade_at(at_ns(now - back), 0, Price::from_raw(raw), shares(1)));
    }
    return s;
}

// A third of the ticks, some beats, and two answers in three lead to a command.
bool leads_to_a_command(const Event& event) {
    switch (event.kind()) {
        case EventKind::kTrade: return event.trade().price.raw() % 3 == 0;
        case EventKind::kBeat: return core::ns_since_epoch(event.time()) % (3 * kBeatEvery) == 0;
        case EventKind::kReport: return static_cast<std::uint64_t>(event.report().order) % 3 != 0;
        default: return false;
    }
}

template <bool kSplit>
struct Streamed {
    explicit Streamed(
        const Scenario& s, std::function<bool()> arrives_early = [] { return false; })
        : venue{s.order_latency, s.response_latency}, lane{venue} {
        lane.commands = leads_to_a_command;
        lane.arrives_early = std::move(arrives_early);
        ListSource source{s.ticks, s.block};
        RunControl control;
        pipeline::Sequencer<FakeVenue, FakeLane<kSplit>> sequencer{
            venue, lane, Timers{s.plan}, Admission{false, 1}, Pacer{}, control, OnStop::kCancel};
        sequencer.run(source);
        checksum = sequencer.checksum();
    }
    FakeVenue venue;
    FakeLane<kSplit> lane;
    std::uint64_t checksum = 0;
};

void expect_same(const std::vector<Event>& a, const std::vector<Event>& b) {
    const std::size_t common = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < common; ++i) {
        RC_ASSERT(a[i].time() == b[i].time());
        RC_ASSERT(a[i].kind() == b[i].kind());
        RC_ASSERT(a[i].flags() == b[i].flags());
        RC_ASSERT(a[i].sequence() == b[i].sequence());
        if (a[i].kind() == EventKind::kReport)
            RC_ASSERT(a[i].report().order == b[i].report().order);
    }
    RC_ASSERT(a.size() == b.size());
}

RC_GTEST_PROP(Sequencer, gives_one_stream_whether_commands_come_at_once_or_late, ()) {
    const Scenario s = any_scenario();
    const Streamed<false> fused{s};
    const Streamed<true> late{s};
    expect_same(fused.lane.log, late.lane.log);
    RC_ASSERT(fused.checksum == late.checksum);

    auto coins = *rc::gen::container<std::vector<bool>>(64, rc::gen::arbitrary<bool>());
    std::size_t next = 0;
    const Streamed<true> now_and_then{s, [&] { return bool{coins[next++ % coins.size()]}; }};
    expect_same(fused.lane.log, now_and_then.lane.log);
}

// The refused tick at 23 takes the clock past the first command's arrival, so the next one goes
// back; the command it leads to is nevertheless sent at the time that the stages know, 4.
TEST(Sequencer, waits_for_the_command_of_a_tick_that_went_back_behind_a_refused_one) {
    Scenario s;
    s.order_latency = 20;
    s.response_latency = 15;
    s.plan.beat = Nanos{kBeatEvery};
    for (const auto& [ns, raw] : std::vector<std::pair<std::int64_t, std::int64_t>>{
             {1, 1}, {2, 3}, {23, 0}, {4, 3}, {41, 1}})
        s.ticks.push_back(trade_at(at_ns(ns), 0, Price::from_raw(raw), shares(1)));
    const Streamed<false> fused{s};
    const Streamed<true> split{s};
    const auto times = [](const std::vector<Event>& log) {
        std::vector<std::int64_t> out;
        for (const Event& e : log) out.push_back(core::ns_since_epoch(e.time()));
        return out;
    };
    EXPECT_EQ(times(fused.lane.log), times(split.lane.log));
}

// 0: the venue, 1: the clock, 2: the market.
int rank(const Event& event) {
    if (event.kind() == EventKind::kReport) return 0;
    return pipeline::is_market(event.kind()) ? 2 : 1;
}

RC_GTEST_PROP(Sequencer, keeps_the_order_it_promises, ()) {
    const Scenario s = any_scenario();
    const Streamed<false> run{s};
    const auto& log = run.lane.log;
    RC_ASSERT(log.size() >= 2U);
    RC_ASSERT(log.back().kind() == EventKind::kEnd);

    StreamTime latest = StreamTime::min();
    int latest_rank = 0;
    std::vector<std::int64_t> beats;
    std::vector<StreamTime> reports;
    std::vector<std::int64_t> market;
    bool stopped = false;
    for (std::size_t i = 0; i < log.size(); ++i) {
        const Event& e = log[i];
        RC_ASSERT(e.sequence() == static_cast<Sequence>(i + 1));
        const bool marked = pipeline::is_market(e.kind()) && (e.flags() & kFlagOutOfOrder) != 0;
        if (!marked) {
            RC_ASSERT(e.time() >= latest);
            // The first event tells the state of the session, the last two end the stream.
            stopped = stopped || e.kind() == EventKind::kStop;
            if (e.time() == latest && i > 1 && !stopped) RC_ASSERT(rank(e) >= latest_rank);
            if (e.time() > latest || rank(e) > latest_rank) latest_rank = rank(e);
            latest = e.time();
        }
        if (e.kind() == EventKind::kBeat) beats.push_back(core::ns_since_epoch(e.time()));
        if (e.kind() == EventKind::kReport) reports.push_back(e.time());
        if (e.kind() == EventKind::kTrade) market.push_back(core::ns_since_epoch(e.time()));
    }

    // Every tick that makes sense is there, in the order of the source.
    std::vector<std::int64_t> expected_market;
    for (const Event& e : s.ticks) {
        if (e.trade().price.raw() > 0) expected_market.push_back(core::ns_since_epoch(e.time()));
    }
    RC_ASSERT(market == expected_market);
    // Every beat of the period is there, once.
    for (std::size_t i = 0; i < beats.size(); ++i) {
        RC_ASSERT(beats[i] % kBeatEvery == 0);
        if (i > 0) RC_ASSERT(beats[i] - beats[i - 1] == kBeatEvery);
    }
    // Each command was answered, when it was due.
    RC_ASSERT(reports.size() == run.lane.sent.size());
    std::vector<StreamTime> due;
    for (const StreamTime sent : run.lane.sent)
        due.push_back(sent + Nanos{s.order_latency + s.response_latency});
    std::sort(due.begin(), due.end());
    RC_ASSERT(reports == due);
}

}  // namespace
}  // namespace sluice::tests
