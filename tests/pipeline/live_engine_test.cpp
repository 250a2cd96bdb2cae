// A live session and its journal: the same stream through the same stages gives the same orders.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include <sluice/pipeline/live_engine.hpp>

#include "engine_support.hpp"
#include "live_support.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::size_t kSymbols = 3;
constexpr std::uint64_t kTicks = 30'000;

struct Session {
    RunRecord record;
    std::vector<Event> journal;
};

// `prepare` may change the doors before the session starts.
Session live(const Settings& settings, CutMask cuts, ObligingSession& session,
             std::uint64_t seed = 1, std::atomic<std::uint64_t>* durable = nullptr,
             std::uint64_t ahead_at = UINT64_MAX, std::vector<Event> changes = {},
             OperatorInbox* inbox = nullptr) {
    const InstrumentTable instruments(kSymbols);
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    timers.changes = std::move(changes);
    Settings with_grace = settings;
    with_grace.live.clock_grace = Nanos{7'200'000'000'000};  // the ticks alone drive the timers
    const EngineSetup setup{with_grace, instruments, yielding(cuts), timers, Pacer{}};
    WalkingFeed feed{kTicks, kSymbols, seed};
    feed.ahead_at = ahead_at;
    // Holds the whole session: a crowded ring would hold entries back whenever its reader had no turn.
    EventRing ring{1U << 17U};
    JournalTap tap{ring, durable};
    const std::atomic<bool> failed{false};
    std::atomic<bool> done{false};
    Session out;
    std::thread journal{[&] {
        Event event;
        for (;;) {
            // acquire: pairs with the release below; nothing is pushed after it
            const bool last = done.load(std::memory_order_acquire);
            while (ring.try_pop(event)) {
                out.journal.push_back(event);
                // release: what was taken counts as written
                if (durable != nullptr)
                    durable->store(out.journal.size(), std::memory_order_release);
            }
            if (last) return;
            std::this_thread::yield();
        }
    }};
    // The ticks cost no time: on a busy machine they would all be over before the journal has a turn.
    if (durable != nullptr)
        session.before_poll = [&, polls = std::uint64_t{0}](ObligingSession&) mutable {
            if (++polls % 16 == 0)
                while (!tap.safe(tap.records())) std::this_thread::yield();
        };
    RunControl control;
    control.inbox = inbox;
    LiveMetrics metrics;
    out.record = run_live(setup, {feed, session, &tap, &failed}, control, metrics);
    // release: pairs with the acquire above
    done.store(true, std::memory_order_release);
    journal.join();
    return out;
}

class LiveSession : public testing::TestWithParam<int> {};

TEST_P(LiveSession, replays_to_the_same_orders_in_every_placement) {
    ObligingSession session;
    const Settings settings = busy_settings();
    const Session was = live(settings, static_cast<CutMask>(GetParam()), session);
    // Behind a cut a command leaves when its thread had its turn: on a busy machine few come in time.
    const bool is_fused = GetParam() == 0;
    EXPECT_GT(was.record.orders, is_fused ? 50U : 0U);
    EXPECT_GT(was.record.fills, is_fused ? 50U : 0U);
    EXPECT_GT(was.record.cancels + was.record.replaces, is_fused ? 5U : 0U);
    EXPECT_EQ(was.record.ticks.total(), kTicks);
    EXPECT_EQ(was.record.live->unanswered, 0U);
    for (const CutMask cuts : {kFused, CutMask{1}, CutMask{0b1010}}) {
        const Replay replay = again(settings, cuts, was.journal);
        EXPECT_EQ(replay.record.digest, was.record.digest) << describe_cuts(cuts);
        EXPECT_TRUE(replay.check.same());
        EXPECT_TRUE(replay.check.ended);
        EXPECT_EQ(replay.check.matched,
                  was.record.orders + was.record.replaces + was.record.cancels);
        EXPECT_EQ(replay.record.events, was.record.events);
        EXPECT_EQ(replay.record.equity, was.record.equity);
    }
}
INSTANTIATE_TEST_SUITE_P(Placements, LiveSession, testing::Values(0, 1, 0b0100, 0b1111),
                         [](const auto& test) { return "cuts_" + std::to_string(test.param); });

TEST(LiveSession, has_the_changes_of_its_parameters_in_its_journal) {
    ObligingSession session;
    const Settings settings = busy_settings();
    ParameterChange change;
    change.strategy = 0;
    change.parameter = 1;  // the slow average of the trend
    change.value = 9;
    change.version = 1;
    const Session was = live(settings, kFused, session, 1, nullptr, UINT64_MAX,
                             {Event::parameter(StreamTime::min(), change)});
    ObligingSession other;
    EXPECT_NE(was.record.orders, live(settings, kFused, other).record.orders);
    EXPECT_EQ(was.record.parameter_changes, 1U);
    EXPECT_EQ(std::count_if(was.journal.begin(), was.journal.end(),
                            [](const Event& e) { return e.kind() == EventKind::kParameter; }),
              1);
    for (const CutMask cuts : {kFused, CutMask{0b1111}}) {
        const Replay replay = again(settings, cuts, was.journal);
        EXPECT_EQ(replay.record.digest, was.record.digest) << describe_cuts(cuts);
        EXPECT_TRUE(replay.check.same());
        EXPECT_EQ(replay.record.parameter_changes, 1U);
    }
}

TEST(LiveSession, has_what_an_operator_set_in_its_journal) {
    ObligingSession session;
    const Settings settings = busy_settings();
    ParameterChange change;
    change.parameter = 1;  // the slow average of the trend
    change.value = 9;
    OperatorInbox inbox;
    ASSERT_TRUE(inbox.post(Event::parameter({}, change)));
    const Session was = live(settings, kFused, session, 1, nullptr, UINT64_MAX, {}, &inbox);
    EXPECT_EQ(was.record.parameter_changes, 1U);
    std::vector<ParameterChange> recorded;
    for (const Event& event : was.journal)
        if (event.kind() == EventKind::kParameter) recorded.push_back(event.parameter());
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].value, 9);
    EXPECT_EQ(recorded[0].version, 1U);
    for (const CutMask cuts : {kFused, CutMask{0b1111}}) {
        const Replay replay = again(settings, cuts, was.journal);
        EXPECT_EQ(replay.record.digest, was.record.digest) << describe_cuts(cuts);
        EXPECT_TRUE(replay.check.same());
    }
}

TEST(LiveSession, an_order_leaves_only_after_its_record_is_safe) {
    ObligingSession session;
    std::atomic<std::uint64_t> durable{0};
    std::uint64_t left = 0;
    session.on_submit = [&](const ApprovedOrder&) {
        ++left;
        // The record of the order itself is at least as far as the number of orders.
        EXPECT_GE(durable.load(), left);
    };
    const Session was = live(busy_settings(), kFused, session, 1, &durable);
    EXPECT_GT(left, 50U);
    EXPECT_EQ(was.record.live->unanswered, 0U);
}

TEST(LiveSession, holds_entries_back_while_the_order_session_is_down) {
    ObligingSession session;
    std::uint64_t polls = 0;
    std::uint64_t sent_while_down = 0;
    session.before_poll = [&](ObligingSession& s) {
        ++polls;
        s.state_now = polls > 1'000 && polls < 2'500 ? SessionState::kDown : SessionState::kUp;
    };
    session.on_submit = [&](const ApprovedOrder&) {
        sent_while_down += session.state_now == SessionState::kUp ? 0U : 1U;
    };
    const Session was = live(busy_settings(), kFused, session);
    EXPECT_EQ(sent_while_down, 0U);
    EXPECT_EQ(was.record.live->halts[static_cast<std::size_t>(HaltReason::kOrderSession)], 1U);
    EXPECT_GT(was.record.refusals[static_cast<std::size_t>(RefusalReason::kHalted)], 0U);
    const Replay replay = again(busy_settings(), kFused, was.journal);
    EXPECT_EQ(replay.record.digest, was.record.digest);
    EXPECT_TRUE(replay.check.same());
}

TEST(LiveSession, refuses_a_tick_from_the_future_and_holds_entries_back) {
    ObligingSession session;
    const Session was = live(busy_settings(), kFused, session, 1, nullptr, kTicks / 2);
    EXPECT_EQ(was.record.ticks.total(), kTicks);
    EXPECT_EQ(was.record.ticks.refused_invalid, 1U);
    EXPECT_LT(was.record.beats, 3U * 4 * 3'600) << "the clock has not run on to that tick";
    EXPECT_GE(was.record.live->halts[static_cast<std::size_t>(HaltReason::kFeed)], 1U);
    const Replay replay = again(busy_settings(), kFused, was.journal);
    EXPECT_EQ(replay.record.digest, was.record.digest);
}

TEST(LiveSession, a_changed_order_in_the_record_is_found) {
    ObligingSession session;
    Session was = live(busy_settings(), kFused, session);
    const auto changed = std::find_if(was.journal.begin(), was.journal.end(), [](const Event& e) {
        return e.kind() == EventKind::kCancel || e.kind() == EventKind::kApproved;
    });
    ASSERT_NE(changed, was.journal.end());
    *changed = Event::cancel(changed->time(), changed->sequence(), changed->symbol(),
                             static_cast<OrderId>(999'999));
    const Replay replay = again(busy_settings(), kFused, was.journal);
    EXPECT_FALSE(replay.check.same());
    EXPECT_EQ(replay.check.differing, 1U);
    EXPECT_EQ(replay.check.first_difference->recorded.cancel().order,
              static_cast<OrderId>(999'999));
}

TEST(LiveSession, a_record_that_was_cut_off_replays_as_far_as_it_goes) {
    ObligingSession session;
    Session was = live(busy_settings(), kFused, session);
    was.journal.resize(was.journal.size() / 2);
    const Replay replay = again(busy_settings(), CutMask{1}, was.journal);
    EXPECT_FALSE(replay.check.ended);
    EXPECT_TRUE(replay.check.same());
    EXPECT_GT(replay.check.matched, 10U);
}

}  // namespace
}  // namespace sluice::tests::trade_path
