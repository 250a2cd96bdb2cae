// A live session whose journal or whose stages do not keep up: entries halt and resume, and what is
// not on record does not leave.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "engine_support.hpp"
#include "live_support.hpp"

namespace sluice::tests::trade_path {
namespace {

// Its feed and its journal's reader do as a test says, once a round on the sequencer's thread: nothing
// depends on when threads have their turn.
class CrowdedSession {
  public:
    explicit CrowdedSession(std::size_t ring_capacity) : ring_(ring_capacity) {
        settings.risk.daily_loss = settings.account.capital;
        // The ticks, which begin an hour ago, drive the timers.
        settings.live.clock_grace = Nanos{3'610'000'000'000};
    }

    Settings settings = busy_settings();
    std::size_t symbols = 3;
    CutMask cuts = kFused;
    ObligingSession session;
    // At least so many ticks come with the next poll; 0: none do.
    std::function<std::size_t()> next_ticks = [] { return std::size_t{1}; };
    // Of so many records that wait, how many the journal's reader leaves there.
    std::function<std::size_t(std::size_t)> leaves = [](std::size_t) { return std::size_t{0}; };

    [[nodiscard]] std::uint64_t ticks() const { return feed_->counts().messages; }
    [[nodiscard]] const std::vector<Event>& journal() const { return journal_; }
    [[nodiscard]] std::size_t recorded(EventKind kind) const {
        return static_cast<std::size_t>(std::count_if(
            journal_.begin(), journal_.end(), [kind](const Event& e) { return e.kind() == kind; }));
    }
    // Halts and their ends for this reason, as they are on record.
    [[nodiscard]] const std::vector<EventKind>& turns_of(HaltReason reason) const {
        return turns_[static_cast<std::size_t>(reason)];
    }

    RunRecord run(std::uint64_t many, RecordObserver* observer = nullptr) {
        const InstrumentTable instruments(symbols);
        TimerPlan timers;
        timers.beat = settings.clock.beat;
        EngineSetup setup{settings, instruments, yielding(cuts), timers, Pacer{}};
        if (observer != nullptr) setup.observers.push_back(observer);
        WalkingFeed walk{many, symbols, 1};
        feed_ = &walk;
        SteeredFeed feed{*this};
        JournalTap tap{ring_, nullptr};
        const std::atomic<bool> failed{false};
        session.before_poll = [this](ObligingSession&) { read(leaves(ring_.size_approx())); };
        RunControl control;
        LiveMetrics metrics;
        RunRecord record = run_live(setup, {feed, session, &tap, &failed}, control, metrics);
        read(0);
        return record;
    }

  private:
    class SteeredFeed final : public LiveFeed {
      public:
        explicit SteeredFeed(CrowdedSession& owner) : owner_(owner) {}
        [[nodiscard]] std::span<Event> poll(std::uint64_t now) noexcept override {
            block_.clear();
            const std::size_t least = owner_.next_ticks();
            while (block_.size() < least && state() != FeedState::kEnded) {
                const std::span<Event> more = owner_.feed_->poll(now);
                block_.insert(block_.end(), more.begin(), more.end());
            }
            return block_;
        }
        [[nodiscard]] FeedState state() const noexcept override { return owner_.feed_->state(); }
        [[nodiscard]] const FeedCounts& counts() const noexcept override {
            return owner_.feed_->counts();
        }

      private:
        CrowdedSession& owner_;
        std::vector<Event> block_;
    };

    void read(std::size_t left) {
        Event event;
        while ((left == 0 || ring_.size_approx() > left) && ring_.try_pop(event)) {
            journal_.push_back(event);
            if (event.kind() == EventKind::kHalt || event.kind() == EventKind::kResume)
                turns_[static_cast<std::size_t>(event.halt_reason())].push_back(event.kind());
        }
    }

    EventRing ring_;
    WalkingFeed* feed_ = nullptr;
    std::vector<Event> journal_;
    std::array<std::vector<EventKind>, kHaltReasonCount> turns_;
};

std::uint64_t halts_for(const RunRecord& record, HaltReason reason) {
    return record.live->halts[static_cast<std::size_t>(reason)];
}
std::uint64_t halted_entries(const RunRecord& record) {
    return record.refusals[static_cast<std::size_t>(RefusalReason::kHalted)];
}

TEST(LiveOverload, a_crowded_journal_halts_entries_until_its_reader_has_caught_up) {
    CrowdedSession crowded{4'096};
    const auto is_slow = [&] { return crowded.ticks() >= 5'000 && crowded.ticks() < 20'000; };
    // Over three quarters, the reader takes some, and leaves more than a quarter.
    crowded.leaves = [&](std::size_t waiting) -> std::size_t {
        if (!is_slow()) return 0;
        return waiting > 3'400 ? 2'000 : waiting;
    };
    // Rounds without work are those in which the sequencer looks around.
    crowded.next_ticks = [rounds = 0U]() mutable -> std::size_t {
        return ++rounds % 4 == 0 ? 0U : 1U;
    };
    std::uint64_t orders_afterwards = 0;
    crowded.session.on_submit = [&](const ApprovedOrder&) {
        if (crowded.ticks() >= 20'000) ++orders_afterwards;
    };
    const RunRecord record = crowded.run(30'000);
    EXPECT_EQ(crowded.turns_of(HaltReason::kJournal),
              (std::vector<EventKind>{EventKind::kHalt, EventKind::kResume}));
    EXPECT_EQ(halts_for(record, HaltReason::kJournal), 1U);
    EXPECT_GT(halted_entries(record), 0U);
    EXPECT_GT(orders_afterwards, 0U);
    EXPECT_EQ(record.live->journal_waits, 0U) << "entries halt before the ring is full";
    EXPECT_FALSE(record.live->journal_failed);
    EXPECT_EQ(record.live->journal_records, crowded.journal().size());
    const Replay replay = again(crowded.settings, kFused, crowded.journal());
    EXPECT_EQ(replay.record.digest, record.digest);
    EXPECT_TRUE(replay.check.same());
    EXPECT_TRUE(replay.check.ended);
}

// The ring fills within one burst, before the sequencer has looked around, and nobody reads it any
// more: orders that no record was made for come back, and what was open can still be cancelled.
TEST(LiveOverload, a_journal_that_stands_still_ends_recording_and_lets_only_cancels_leave) {
    CrowdedSession crowded{256};
    crowded.symbols = 20;
    crowded.settings.risk.max_orders_per_second = 1'000;
    crowded.session.fills = false;
    bool stands_still = false;
    crowded.next_ticks = [&]() -> std::size_t {
        if (stands_still || crowded.ticks() < 10'000) return 1;
        stands_still = true;
        return 2'000;
    };
    crowded.leaves = [&](std::size_t waiting) { return stands_still ? waiting : 0; };
    std::vector<OrderId> sent;
    crowded.session.on_submit = [&](const ApprovedOrder& order) { sent.push_back(order.id()); };
    const RunRecord record = crowded.run(30'000);
    EXPECT_TRUE(record.live->journal_failed);
    EXPECT_EQ(record.live->journal_waits, 1U);
    EXPECT_EQ(halts_for(record, HaltReason::kJournal), 1U) << "which does not end";
    EXPECT_GT(halted_entries(record), 0U);
    EXPECT_GT(record.live->refused, 0U);
    EXPECT_EQ(record.ticks.total(), 30'000U) << "the session is not deaf";
    EXPECT_EQ(record.live->unanswered, 0U);

    // What is on record is whole up to where it ends, and all that has left is there.
    EXPECT_EQ(record.live->journal_records, crowded.journal().size());
    std::uint64_t number = 0;
    std::vector<OrderId> recorded;
    for (const Event& event : crowded.journal()) {
        if (event.kind() == EventKind::kApproved) {
            recorded.push_back(event.approved().id());
        } else if (event.kind() != EventKind::kCancel) {
            ASSERT_EQ(static_cast<std::uint64_t>(event.sequence()), ++number);
        }
    }
    EXPECT_GT(recorded.size(), 50U);
    EXPECT_EQ(sent, recorded);
    EXPECT_GT(crowded.session.counts().cancels, crowded.recorded(EventKind::kCancel));
    const Replay replay = again(crowded.settings, kFused, crowded.journal(), crowded.symbols);
    EXPECT_FALSE(replay.check.ended);
    EXPECT_TRUE(replay.check.same());
}

// On the recorder's thread, whose full ring holds the stages up.
class SlowObserver final : public RecordObserver {
  public:
    std::atomic<bool> is_slow{false};
    void take(const Event&) override {
        // relaxed: stands alone
        if (is_slow.load(std::memory_order_relaxed))
            std::this_thread::sleep_for(std::chrono::microseconds{200});
    }
};

TEST(LiveOverload, a_crowded_ring_to_the_stages_halts_entries_until_they_have_caught_up) {
    CrowdedSession crowded{1U << 14U};
    crowded.cuts = CutMask{0b0001};
    SlowObserver observer;
    crowded.next_ticks = [&]() -> std::size_t {
        const bool is_slow = crowded.ticks() >= 5'000 && crowded.ticks() < 20'000;
        observer.is_slow.store(is_slow, std::memory_order_relaxed);  // relaxed: stands alone
        const auto& seen = crowded.turns_of(HaltReason::kOverload);
        const bool is_halted = !seen.empty() && seen.back() == EventKind::kHalt;
        return is_slow || !is_halted ? 1U : 0U;
    };
    std::uint64_t orders_afterwards = 0;
    crowded.session.on_submit = [&](const ApprovedOrder&) {
        if (crowded.ticks() >= 20'000) ++orders_afterwards;
    };
    const RunRecord record = crowded.run(30'000, &observer);
    EXPECT_GE(halts_for(record, HaltReason::kOverload), 1U);
    const std::vector<EventKind>& turns = crowded.turns_of(HaltReason::kOverload);
    ASSERT_GE(turns.size(), 2U);
    EXPECT_EQ(turns[0], EventKind::kHalt);
    EXPECT_EQ(turns[1], EventKind::kResume);
    EXPECT_GT(halted_entries(record), 0U);
    EXPECT_GT(orders_afterwards, 0U);
    EXPECT_EQ(record.ticks.total(), 30'000U) << "a full ring is waited for";
    const Replay replay = again(crowded.settings, kFused, crowded.journal());
    EXPECT_EQ(replay.record.digest, record.digest);
    EXPECT_TRUE(replay.check.same());
    EXPECT_TRUE(replay.check.ended);
}

}  // namespace
}  // namespace sluice::tests::trade_path
