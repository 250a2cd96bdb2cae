#include <sluice/adapters/tick_store/hot/tick_merge.hpp>

#include <algorithm>
#include <bit>
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
        cursors_.push_back({feed.pieces.front(), i, feed.symbol, feed.kind});
        if (cursors_.back().now.deferred != 0) deferred_->load(cursors_.back().now);
        pieces += feed.pieces.size();
        for (const TickPiece& piece : feed.pieces) total_ += piece.end - piece.row;
    }
    drained_.reserve(pieces);
    picks_.resize(kPicksMax);
    trades_at_.resize(kPicksMax);
    quotes_at_.resize(kPicksMax);
    tree_.resize(2 * std::bit_ceil(std::max<std::size_t>(1, feeds_.size())));
    build_tree();
}

// All matches anew, over the cursors there are. Empty places are on the right and lose every tie.
void TickMerge::build_tree() noexcept {
    leaves_ = std::bit_ceil(std::max<std::size_t>(1, cursors_.size()));
    for (std::size_t leaf = 0; leaf < leaves_; ++leaf) {
        tree_[leaves_ + leaf] = {std::numeric_limits<std::int64_t>::max(), leaf};
        if (leaf < cursors_.size()) {
            const TickPiece& now = cursors_[leaf].now;
            tree_[leaves_ + leaf].time = now.time[now.row];
        }
    }
    for (std::size_t node = leaves_ - 1; node >= 1; --node) {
        const Match& left = tree_[2 * node];
        const Match& right = tree_[2 * node + 1];
        tree_[node] = right.time < left.time ? right : left;
    }
}

// Once per piece of a day: the next one of that feed, or one feed less.
void TickMerge::next_piece_slow(std::size_t leaf) noexcept {
    Cursor& cursor = cursors_[leaf];
    Feed& feed = feeds_[cursor.feed];
    drained_.push_back(cursor.now.file);  // within the capacity reserved by start()
    if (feed.next_piece != feed.pieces.size()) {
        cursor.now = feed.pieces[feed.next_piece++];
        if (cursor.now.deferred != 0) deferred_->load(cursor.now);
    } else {
        cursors_.erase(cursors_.begin() + static_cast<std::ptrdiff_t>(leaf));
    }
    build_tree();
}

std::size_t TickMerge::rows_ahead(std::size_t leaf) const noexcept {
    const TickPiece& p = cursors_[leaf].now;
    const std::size_t most = std::min(p.end - p.row, kColumnsMost);
    if (cursors_.size() == 1) return most;
    // The first time that is another feed's turn. On the right, an equal time loses to the left.
    std::int64_t turn = std::numeric_limits<std::int64_t>::max();
    for (std::size_t node = leaves_ + leaf; node > 1; node >>= 1U) {
        const std::int64_t other = tree_[node ^ 1U].time;
        const bool after = (node & 1U) == 0 && other != std::numeric_limits<std::int64_t>::max();
        turn = std::min(turn, after ? other + 1 : other);
    }
    const std::int64_t* const first = p.time + p.row;
    if (most < kColumnsLeast || first[kColumnsLeast - 1] >= turn) return 0;
    // Row by row, because a column may go back in time and forth again.
    const auto is_others = [turn](std::int64_t time) { return time >= turn; };
    return static_cast<std::size_t>(std::find_if(first, first + most, is_others) - first);
}

pipeline::TickColumns TickMerge::next_columns() noexcept {
    end_columns();
    if (cursors_.empty()) return {};
    const std::size_t leaf = tree_[1].leaf;
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
        (void)play(leaf, p.time[p.row]);
    }
    return columns;
}

}  // namespace sluice::adapters::tick_store
