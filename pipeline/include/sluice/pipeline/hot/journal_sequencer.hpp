// T3 sequenced, from a journal: the recorded stream goes through the stages again, number for
// number, and each command they give is held against the one on record.
// Runs on the thread of the first group; constant time per record.
#pragma once

#include <cstdint>
#include <optional>

#include <sluice/core/attributes.hpp>
#include <sluice/core/hot/fixed_queue.hpp>
#include <sluice/pipeline/hot/outbox.hpp>
#include <sluice/pipeline/hot/placements.hpp>
#include <sluice/pipeline/journal_source.hpp>

namespace sluice::pipeline {

// How the commands made again compare with those on record.
struct JournalCheck {
    std::uint64_t matched = 0;
    std::uint64_t differing = 0;
    std::uint64_t missing = 0;  // on record, not made again
    std::uint64_t extra = 0;    // made again, not on record: lawful only after a torn end
    bool ended = false;         // the record goes on to the end of its session
    struct Pair {
        Event recorded;
        Event made;
    };
    std::optional<Pair> first_difference{};

    [[nodiscard]] bool same() const noexcept {
        return differing == 0 && missing == 0 && (extra == 0 || !ended);
    }
};

struct JournalRun {
    JournalSource& source;
    RunControl& control;
    // Commands on record, and commands made again, until the other one comes.
    core::FixedQueue<Event> recorded;
    core::FixedQueue<Event> made;
    HeadResult result{};
    JournalCheck check{};

    template <CommandTarget V, CutMask kCuts>
    static void run(LaneState<V>& state, JournalRun& head) noexcept;
};

template <class Lane>
class JournalSequencer {
  public:
    JournalSequencer(Outbox& outbox, Lane& lane, JournalRun& run)
        : outbox_(outbox), lane_(lane), run_(run), recorded_(run.recorded), made_(run.made) {}

    [[gnu::hot]] void run() noexcept {
        for (auto block = run_.source.next_block(); !block.empty();
             block = run_.source.next_block()) {
            // relaxed: the flag stands alone, nothing else is published through it
            if (run_.control.stop.load(std::memory_order_relaxed)) break;
            for (const Event& record : block) take(record);
            ticks_ += block.size();
            run_.control.ticks_taken.store(ticks_, std::memory_order_relaxed);  // for display
        }
        finish();
    }

  private:
    SLUICE_ALWAYS_INLINE void take(const Event& record) noexcept {
        switch (record.kind()) {
            case EventKind::kTrade: release<EventKind::kTrade>(record); break;
            case EventKind::kQuote: release<EventKind::kQuote>(record); break;
            case EventKind::kApproved:
            case EventKind::kCancel: expect(record); break;
            default:
                if (is_sequenced(record.kind())) release<EventKind::kNone>(record);
        }
    }
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void release(const Event& record) noexcept {
        Event event = record;
        count<kKnown>(event);
        lane_.template release<kKnown>(event);
        lane_.let_go();
        if (!outbox_.empty()) collect();
    }
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void count(const Event& event) noexcept {
        HeadResult& r = run_.result;
        if (r.events++ == 0) r.first = event.time();
        if (event.time() > r.last) r.last = event.time();
        if constexpr (kKnown == EventKind::kNone) {
            r.beats += event.kind() == EventKind::kBeat ? 1U : 0U;
            run_.check.ended = event.kind() == EventKind::kEnd;
        } else {
            auto& seen = r.counts.seen[core::index_of(event.symbol())];
            (kKnown == EventKind::kTrade ? seen.trades : seen.quotes) += 1;
            r.counts.out_of_order += (event.flags() & kFlagOutOfOrder) != 0 ? 1U : 0U;
            checksum_.template add<kKnown>(event);
        }
    }

    SLUICE_NEVER_INLINE void expect(const Event& command) noexcept {
        if (recorded_.room() == 0) {
            lane_.sync();
            collect();
        }
        if (recorded_.room() == 0) {  // more on record than was made again
            ++run_.check.missing;
            recorded_.pop();
        }
        recorded_.push(command);
        collect();
    }
    void collect() noexcept {
        (void)lane_.take_commands();
        while (!outbox_.empty()) {
            if (made_.room() == 0) {
                ++run_.check.extra;
                made_.pop();
            }
            made_.push(outbox_.pop());
        }
        while (!made_.empty() && !recorded_.empty()) {
            compare(recorded_.front(), made_.front());
            recorded_.pop();
            made_.pop();
        }
    }
    void compare(const Event& recorded, const Event& made) noexcept {
        if (same(recorded, made)) {
            ++run_.check.matched;
            return;
        }
        if (run_.check.differing++ == 0) run_.check.first_difference = {recorded, made};
    }
    [[nodiscard]] static bool same(const Event& a, const Event& b) noexcept {
        if (a.kind() != b.kind() || a.time() != b.time() || a.sequence() != b.sequence() ||
            a.symbol() != b.symbol())
            return false;
        if (a.kind() == EventKind::kCancel) return a.cancel().order == b.cancel().order;
        const ApprovedOrder& x = a.approved();
        const ApprovedOrder& y = b.approved();
        return x.id() == y.id() && x.limit() == y.limit() && x.quantity() == y.quantity() &&
               x.side() == y.side() && x.type() == y.type() &&
               x.time_in_force() == y.time_in_force() && x.is_replacement() == y.is_replacement() &&
               x.flags() == y.flags() && x.distance_bps() == y.distance_bps();
    }

    [[gnu::cold]] void finish() noexcept {
        if (!run_.check.ended) {  // cut off: the books are closed where the record ends
            Event end = Event::timer(run_.result.last, EventKind::kEnd);
            end.place(static_cast<Sequence>(run_.result.events + 1), 0);
            lane_.template release<EventKind::kNone>(end);
            lane_.let_go();
        }
        lane_.sync();
        collect();
        for (; !recorded_.empty(); recorded_.pop()) ++run_.check.missing;
        for (; !made_.empty(); made_.pop()) ++run_.check.extra;
        run_.result.checksum = checksum_.value();
    }

    Outbox& outbox_;
    Lane& lane_;
    JournalRun& run_;
    core::FixedQueue<Event>& recorded_;  // not met yet by what was made, and the other way round
    core::FixedQueue<Event>& made_;
    StreamChecksum checksum_;
    std::uint64_t ticks_ = 0;
};

template <CommandTarget V, CutMask kCuts>
[[gnu::hot]] void JournalRun::run(LaneState<V>& state, JournalRun& head) noexcept {
    Lane<V, kCuts> lane{state};
    JournalSequencer<Lane<V, kCuts>> sequencer{state.venue, lane, head};
    sequencer.run();
}

}  // namespace sluice::pipeline
