#include <sluice/pipeline/hot/level_book.hpp>

namespace sluice::pipeline {

const char* to_string(BookState state) noexcept {
    switch (state) {
        case BookState::kEmpty: return "empty";
        case BookState::kLive: return "live";
        case BookState::kStale: return "stale";
    }
    return "unknown";
}

const char* to_string(LevelOutcome outcome) noexcept {
    switch (outcome) {
        case LevelOutcome::kSet: return "set";
        case LevelOutcome::kDeleted: return "deleted";
        case LevelOutcome::kAbsentDelete: return "absent-delete";
        case LevelOutcome::kSnapshot: return "snapshot";
        case LevelOutcome::kOld: return "old";
        case LevelOutcome::kPending: return "pending";
        case LevelOutcome::kRefused: return "refused";
        case LevelOutcome::kFull: return "full";
        case LevelOutcome::kDropped: return "dropped";
    }
    return "unknown";
}

LevelOutcome LevelBook::apply(const LevelRow& row) noexcept {
    ++rows_;
    const bool snapshot = (row.flags & kRowSnapshot) != 0;
    if (in_event_ && (row.sequence != event_sequence_ || snapshot != event_is_snapshot_))
        [[unlikely]]
        torn_slow();
    if (!in_event_) begin_event(row, snapshot);
    LevelOutcome outcome = LevelOutcome::kOld;
    switch (mode_) {
        case Mode::kApply: outcome = set(row); break;
        case Mode::kSnapshot:
            outcome = set(row);
            if (!is_fault(outcome)) outcome = LevelOutcome::kSnapshot;
            break;
        case Mode::kPending: outcome = keep(row); break;
        case Mode::kOld: break;
        case Mode::kDropped: outcome = LevelOutcome::kDropped; break;
    }
    if (is_fault(outcome)) [[unlikely]]
        fault_slow();
    if ((row.flags & kRowEventEnd) != 0) end_event();
    return outcome;
}

void LevelBook::clear() noexcept {
    bids_.clear();
    asks_.clear();
    pending_size_ = 0;
    state_ = BookState::kEmpty;
    in_event_ = lost_ = last_was_snapshot_ = false;
}

void LevelBook::begin_event(const LevelRow& row, bool snapshot) noexcept {
    in_event_ = true;
    event_sequence_ = row.sequence;
    event_is_snapshot_ = snapshot;
    if (snapshot) {
        // Only updates make a book newer than a snapshot: one after another is always taken.
        if (state_ == BookState::kLive && !last_was_snapshot_ && row.sequence < sequence_) {
            ++counts_.old_snapshots;
            mode_ = Mode::kOld;
            return;
        }
        bids_.clear();
        asks_.clear();
        if (state_ == BookState::kLive) state_ = BookState::kStale;  // until its last row
        mode_ = Mode::kSnapshot;
    } else if (state_ != BookState::kLive) {
        mode_ = Mode::kPending;
    } else {
        mode_ = judge(row);
    }
}

// The rule of the header, on a live book.
LevelBook::Mode LevelBook::judge(const LevelRow& row) noexcept {
    if (row.sequence <= sequence_) [[unlikely]] {
        ++counts_.old;
        return Mode::kOld;
    }
    if (row.previous > sequence_) [[unlikely]] {
        gap_slow();
        return Mode::kPending;
    }
    if (row.previous < sequence_ && !last_was_snapshot_) [[unlikely]]
        ++counts_.overlapping;
    return Mode::kApply;
}

void LevelBook::end_event() noexcept {
    in_event_ = false;
    if (mode_ == Mode::kApply) {
        finish(event_sequence_);
    } else if (mode_ == Mode::kSnapshot) {
        sequence_ = event_sequence_;
        last_was_snapshot_ = true;
        state_ = BookState::kLive;
        ++counts_.snapshots;
        if (lost_) ++counts_.resyncs;
        lost_ = false;
        look();
        if (pending_size_ != 0) catch_up_slow();
    }
}

void LevelBook::finish(std::int64_t sequence) noexcept {
    sequence_ = sequence;
    last_was_snapshot_ = false;
    ++counts_.applied;
    look();
}

void LevelBook::look() noexcept {
    ++crossings_.events;
    if (two_sided()) crossings_.look(bids_.price_raw(0), asks_.price_raw(0), rows_);
}

LevelOutcome LevelBook::set(const LevelRow& row) noexcept {
    if ((row.side != 'B' && row.side != 'A') || row.quantity_raw < 0) [[unlikely]]
        return LevelOutcome::kRefused;
    BookLadder<std::int64_t>& levels = row.side == 'B' ? bids_ : asks_;
    const auto place = levels.find(row.price_raw);
    if (row.quantity_raw == 0) {
        if (!place.found) {
            ++counts_.absent_deletes;
            return LevelOutcome::kAbsentDelete;
        }
        levels.erase(place);
        ++counts_.deletes;
        return LevelOutcome::kDeleted;
    }
    if (place.found)
        levels.at(place) = row.quantity_raw;
    else if (!levels.insert(place, row.price_raw, row.quantity_raw)) [[unlikely]]
        return LevelOutcome::kFull;
    return LevelOutcome::kSet;
}

LevelOutcome LevelBook::keep(const LevelRow& row) noexcept {
    if (pending_size_ == pending_capacity_) [[unlikely]]
        drop_oldest_slow();
    if (mode_ == Mode::kDropped) [[unlikely]]
        return LevelOutcome::kDropped;
    pending_[(pending_first_ + pending_size_) % pending_capacity_] = row;
    ++pending_size_;
    return LevelOutcome::kPending;
}

void LevelBook::pop_pending(std::size_t n) noexcept {
    pending_first_ = (pending_first_ + n) % pending_capacity_;
    pending_size_ -= n;
}

// Makes room by whole events. What is missing afterwards shows as a gap, unless the snapshot to
// come covers it.
void LevelBook::drop_oldest_slow() noexcept {
    const std::int64_t sequence = pending(0).sequence;
    std::size_t n = 1;
    while (n < pending_size_ && pending(n).sequence == sequence) ++n;
    pop_pending(n);
    ++counts_.dropped;
    if (pending_size_ == 0 && sequence == event_sequence_) mode_ = Mode::kDropped;
}

// A snapshot is complete: the events that were kept go through the rule.
void LevelBook::catch_up_slow() noexcept {
    while (pending_size_ != 0) {
        const LevelRow first = pending(0);
        std::size_t rows = 1;
        bool whole = (first.flags & kRowEventEnd) != 0;
        for (; !whole && rows < pending_size_ && pending(rows).sequence == first.sequence; ++rows)
            whole = (pending(rows).flags & kRowEventEnd) != 0;
        if (whole || first.sequence <= sequence_) {
            const Mode mode = judge(first);
            if (mode == Mode::kPending) return;  // too old a snapshot: kept for the next one
            for (std::size_t i = 0; mode == Mode::kApply && i < rows; ++i) {
                if (!is_fault(set(pending(i)))) continue;
                pop_pending(rows);
                fault_slow();
                return;
            }
            if (mode == Mode::kApply) finish(first.sequence);
            pop_pending(rows);
        } else {
            pop_pending(rows);
            ++counts_.torn;
            lose();
            return;
        }
    }
}

void LevelBook::gap_slow() noexcept {
    ++counts_.gaps;
    if (counts_.first_gap_row == 0) counts_.first_gap_row = rows_;
    lose();
}

// The event in hand ended without its last row.
void LevelBook::torn_slow() noexcept {
    in_event_ = false;
    if (mode_ != Mode::kApply && mode_ != Mode::kSnapshot) return;
    ++counts_.torn;
    lose();
}

// A row that cannot be, or found no room: the book is no longer the venue's.
void LevelBook::fault_slow() noexcept {
    ++counts_.refused;
    mode_ = Mode::kDropped;
    lose();
}

void LevelBook::lose() noexcept {
    lost_ = true;
    if (state_ == BookState::kLive) state_ = BookState::kStale;
}

}  // namespace sluice::pipeline
