// The ledger over full books.
#include <algorithm>
#include <utility>

#include <sluice/proofs/fill_audit.hpp>

namespace sluice::proofs {

// What was taken of a level and stands there still is taken.
void FillAudit::replace_levels(const std::vector<ShownLevels::Change>& all) {
    const std::array<BookSide, 2> old = std::exchange(sides_, {});
    for (const BookSide& side : old)
        for (const auto& level : side.levels) last_stood_[level.first] = now_ns_;
    for (const ShownLevels::Change& change : all) {
        change_level(change);
        const auto& before = old[change.is_bid ? 0 : 1].levels;
        const auto was = before.find(change.price_raw);
        if (was == before.end() || change.size_raw == 0) continue;
        sides_[change.is_bid ? 0 : 1].levels[change.price_raw].taken_raw =
            std::min(was->second.taken_raw, change.size_raw);
    }
}

void FillAudit::change_level(const ShownLevels::Change& change) {
    std::map<std::int64_t, Level>& levels = sides_[change.is_bid ? 0 : 1].levels;
    const auto found = levels.find(change.price_raw);
    if (change.size_raw == 0) {
        if (found == levels.end()) return;
        last_stood_[change.price_raw] = now_ns_;
        levels.erase(found);
        return;
    }
    Level& level = levels[change.price_raw];
    level.size_raw = change.size_raw;
    level.taken_raw = std::min(level.taken_raw, change.size_raw);
}

void FillAudit::show(const ShownLevels& levels) {
    ++report_.rows;
    by_levels_ = true;
    const std::int64_t before = now_ns_;
    now_ns_ = std::max(now_ns_, levels.time_ns);
    if (now_ns_ != before) serve(before, now_ns_, nullptr);
    if (levels.is_snapshot) {
        replace_levels(levels.changes);
    } else {
        for (const ShownLevels::Change& change : levels.changes) change_level(change);
    }
    const auto& bids = sides_[0].levels;
    const auto& asks = sides_[1].levels;
    const bool shows = levels.is_live &&
                       (bids.empty() || asks.empty() || bids.rbegin()->first < asks.begin()->first);
    sides_[0].best_raw = shows && !bids.empty() ? bids.rbegin()->first : 0;
    sides_[1].best_raw = shows && !asks.empty() ? asks.begin()->first : 0;
    for (const BookSide& side : sides_)
        if (side.best_raw != 0) last_shown_[side.best_raw] = now_ns_;
    serve(levels.time_ns, now_ns_, nullptr);
}

}  // namespace sluice::proofs
