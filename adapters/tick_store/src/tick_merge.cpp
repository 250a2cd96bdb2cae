#include <sluice/adapters/tick_store/hot/tick_merge.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace sluice::adapters::tick_store {

void TickMerge::add(core::SymbolId symbol, Kind kind, std::vector<TickPiece> pieces) {
    if (!pieces.empty()) feeds_.push_back({symbol, kind, 1, std::move(pieces)});
}

void TickMerge::start(DeferredPieces* deferred) {
    deferred_ = deferred;
    std::sort(feeds_.begin(), feeds_.end(), [](const Feed& a, const Feed& b) {
        return std::pair{a.symbol, a.kind} < std::pair{b.symbol, b.kind};
    });
    std::size_t pieces = 0;
    cursors_.reserve(feeds_.size());
    for (std::uint32_t i = 0; i < feeds_.size(); ++i) {
        const Feed& feed = feeds_[i];
        cursors_.push_back({feed.pieces.front(), i, feed.symbol, feed.kind, 0, 0});
        pieces += feed.pieces.size();
        for (const TickPiece& piece : feed.pieces) total_ += piece.end - piece.row;
    }
    times_.resize(cursors_.size());
    last_times_.resize(cursors_.size());
    for (std::size_t leaf = 0; leaf < cursors_.size(); ++leaf) begin_piece(leaf);
    drained_.reserve(pieces);
}

void TickMerge::begin_piece(std::size_t leaf) noexcept {
    TickPiece& now = cursors_[leaf].now;
    if (now.deferred != 0) deferred_->load(now);
    times_[leaf] = now.time[now.row];
    last_times_[leaf] = now.time[now.end - 1];
}

// Once per piece of a day: the next one of that feed, or one feed less.
void TickMerge::next_piece_slow(std::size_t leaf) noexcept {
    Cursor& cursor = cursors_[leaf];
    Feed& feed = feeds_[cursor.feed];
    drained_.push_back(cursor.now.file);  // within the capacity reserved by start()
    if (feed.next_piece != feed.pieces.size()) {
        cursor.now = feed.pieces[feed.next_piece++];
        begin_piece(leaf);
        return;
    }
    const auto place = static_cast<std::ptrdiff_t>(leaf);
    cursors_.erase(cursors_.begin() + place);
    times_.erase(times_.begin() + place);
    last_times_.erase(last_times_.begin() + place);
}

std::size_t TickMerge::rows_ahead(std::size_t leaf) const noexcept {
    const TickPiece& p = cursors_[leaf].now;
    const std::size_t most = std::min(p.end - p.row, kColumnsMost);
    if (cursors_.size() == 1) return most;
    // The first time that is another feed's turn: a later leaf has to wait until after a tie.
    constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
    std::int64_t earlier = kNever;
    std::int64_t later = kNever;
    for (std::size_t i = 0; i < leaf; ++i) earlier = std::min(earlier, times_[i]);
    for (std::size_t i = leaf + 1; i < times_.size(); ++i) later = std::min(later, times_[i]);
    const std::int64_t turn = std::min(earlier, later == kNever ? later : later + 1);
    const std::int64_t* const first = p.time + p.row;
    if (most < kColumnsLeast || first[kColumnsLeast - 1] >= turn) return 0;
    // Row by row, because a column may go back in time and forth again.
    const auto is_others = [turn](std::int64_t time) { return time >= turn; };
    return static_cast<std::size_t>(std::find_if(first, first + most, is_others) - first);
}

pipeline::TickColumns TickMerge::next_columns() noexcept {
    end_columns();
    if (cursors_.empty()) return {};
    const std::size_t leaf = first_leaf();
    Cursor& cursor = cursors_[leaf];
    if (cursor.kind != Kind::kTrades) return {};
    TickPiece& p = cursor.now;
    const std::size_t rows = rows_ahead(leaf);
    if (rows == 0) return {};
    const pipeline::TickColumns columns{cursor.symbol,
                                        rows,
                                        p.time + p.row,
                                        p.price_or_bid + p.row,
                                        p.quantity_or_bid_size + p.row,
                                        p.conditions + p.row,
                                        p.exchange + p.row,
                                        p.flags + p.row};
    p.row += rows;
    if (p.row == p.end) {
        columns_ended_ = leaf;
    } else {
        times_[leaf] = p.time[p.row];
    }
    return columns;
}

}  // namespace sluice::adapters::tick_store
