#include <sluice/proofs/level_display.hpp>

#include <utility>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::proofs {

void LevelDisplay::lose(std::int64_t time_ns, std::vector<ShownLevels>& out) {
    if (live_) out.push_back({time_ns, false, false, {}});
    live_ = false;
}

void LevelDisplay::add(const pipeline::LevelRow& row, std::vector<ShownLevels>& out) {
    const bool snapshot = (row.flags & pipeline::kRowSnapshot) != 0;
    // The event before ended without its last row: what it would have changed is not known.
    if (in_event_ && (row.sequence != now_.sequence || snapshot != now_.snapshot)) {
        in_event_ = false;
        const bool old = live_ && !(now_.snapshot && after_snapshot_) && now_.sequence <= sequence_;
        if (!old) lose(row.time_ns, out);
    }
    if (!in_event_) {
        in_event_ = true;
        broken_ = false;
        now_ = {row.time_ns, row.sequence, row.previous, snapshot, {}};
    }
    now_.time_ns = row.time_ns;
    broken_ = broken_ || row.quantity_raw < 0 || (row.side != 'B' && row.side != 'A');
    now_.changes.push_back({row.side == 'B', row.price_raw, row.quantity_raw});
    if ((row.flags & pipeline::kRowEventEnd) != 0) end_event(out);
}

void LevelDisplay::end_event(std::vector<ShownLevels>& out) {
    in_event_ = false;
    if (now_.snapshot) {
        // Only updates make a book newer than a snapshot: one after another is always taken.
        if (live_ && !after_snapshot_ && now_.sequence < sequence_) return;
        if (broken_) return lose(now_.time_ns, out);
        live_ = true;
        after_snapshot_ = true;
        sequence_ = now_.sequence;
        out.push_back({now_.time_ns, true, true, std::move(now_.changes)});
        while (live_ && !waiting_.empty()) {
            const Venue event = std::move(waiting_.front());
            if (event.sequence > sequence_ && event.previous > sequence_) {
                waiting_.front() = event;  // too old a snapshot
                return lose(now_.time_ns, out);
            }
            waiting_.pop_front();
            if (event.sequence > sequence_) apply(event, out);
        }
        return;
    }
    if (live_ && now_.sequence <= sequence_) return;
    if (live_ && now_.previous > sequence_) lose(now_.time_ns, out);
    if (!live_) {
        waiting_.push_back(std::move(now_));
    } else if (broken_) {
        lose(now_.time_ns, out);
    } else {
        apply(now_, out);
    }
}

void LevelDisplay::apply(const Venue& event, std::vector<ShownLevels>& out) {
    sequence_ = event.sequence;
    after_snapshot_ = false;
    out.push_back({now_.time_ns, false, true, event.changes});
}

}  // namespace sluice::proofs
