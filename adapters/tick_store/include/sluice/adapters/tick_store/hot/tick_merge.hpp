// Merges the trade, quote and level columns of many instruments and days into one stream of events.
//
// Order: time; ties by SymbolId, then quotes, trades, levels, then row order. A column that goes
// back in time keeps its row order, and its rows come as soon as they are the least: as if each had
// the greatest time up to it.
//
// A lone feed costs building its events only. Several feeds go a window of time at a time, with as
// many rows as one call may give: the times of the window are read feed by feed and sorted
// (row_order.hpp), then the events are built feed by feed, each where it belongs in the order. So
// columns are read in stretches, and no branch depends on which feed is next, which cannot be
// predicted. The span of the window follows how dense the rows are. A piece that ends within the
// window ends it, because what follows in that feed is not known yet; a time with more rows than a
// call may give is given in the order of ties, over several calls.
//
// One thread: the one that drives the source. All memory is taken by add() and start(); fill()
// allocates nothing, throws nothing and calls nothing but memory. About 4 ns an event alone, and
// 10 ns more from fifty feeds that alternate at random (perf/replay.md).
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/adapters/tick_store/hot/row_order.hpp>
#include <sluice/adapters/tick_store/hot/tick_piece.hpp>

namespace sluice::adapters::tick_store {

class TickMerge {
  public:
    using Kind = TickKind;

    // A feed: one instrument, one kind, its pieces in the order of their days. No empty pieces.
    void add(core::SymbolId symbol, Kind kind, std::vector<TickPiece> pieces);
    // Takes the rest of the memory; call once, after the last add(). `deferred` may be null where
    // no piece is; it outlives the merge.
    void start(DeferredPieces* deferred = nullptr);

    // Writes up to out.size() events, returns how many; 0 at the end.
    [[gnu::hot]] std::size_t fill(std::span<pipeline::Event> out) noexcept;

    // The next trades as columns, where one feed of trades comes for a stretch; else no rows, and
    // fill() has what is next. Valid until either is called again.
    [[nodiscard]] pipeline::TickColumns next_columns() noexcept;

    // Events in all, once start() was called.
    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }
    // Files of pieces that ended since the last clear; their events have been copied out.
    [[nodiscard]] std::span<const std::uint32_t> drained() const noexcept { return drained_; }
    void clear_drained() noexcept { drained_.clear(); }

  private:
    static constexpr std::size_t kNoLeaf = SIZE_MAX;
    // Columns at once: at most what a caller should see no stop for, and no fewer than are worth
    // it.
    static constexpr std::size_t kColumnsMost = 16384;
    static constexpr std::size_t kColumnsLeast = 64;
    // So that a window of rows at random does not meet more than kRowsMost.
    static constexpr std::size_t kRowsWanted = RowOrder::kRowsMost * 7 / 8;
    static constexpr std::uint64_t kFirstSpan = 1'000'000'000;  // a second, until rows are seen

    struct Feed {
        core::SymbolId symbol{};
        Kind kind{};
        std::size_t next_piece = 0;
        std::vector<TickPiece> pieces;
    };
    // What a feed that has not ended needs. Leaves are places in this order, that of ties.
    struct Cursor {
        TickPiece now;
        std::uint32_t feed;
        core::SymbolId symbol;
        Kind kind;
        std::size_t taken;  // rows of the window in hand
        std::int64_t next;  // time after those
    };
    // The end of a window, since its start: rows before `limit`, and from the first `closed` leaves
    // also those at it.
    struct Bound {
        std::uint64_t limit;
        std::size_t closed;
        [[nodiscard]] bool is_one_time() const noexcept { return limit + (closed != 0) <= 1; }
    };

    // Both return the leaf whose piece has ended, or kNoLeaf; `written` grows by what was built.
    std::size_t fill_alone(std::span<pipeline::Event> out, std::size_t& written) noexcept;
    std::size_t fill_window(std::span<pipeline::Event> out, std::size_t& written) noexcept;
    [[nodiscard]] Bound first_bound(std::int64_t start, std::size_t room) const noexcept;
    [[nodiscard]] std::size_t take_rows(std::int64_t start, Bound bound, std::size_t room) noexcept;
    void take_from(std::size_t leaf, std::int64_t start, std::uint64_t limit, std::size_t place,
                   std::size_t most) noexcept;
    void adapt_span(Bound bound, std::size_t rows) noexcept;
    std::size_t build_window(std::span<pipeline::Event> out, std::size_t rows) noexcept;

    [[nodiscard]] std::size_t first_leaf() const noexcept {
        return static_cast<std::size_t>(std::min_element(times_.begin(), times_.end()) -
                                        times_.begin());
    }
    // Rows at the cursor that come before those of all other feeds, as far as it is worth knowing.
    [[nodiscard]] std::size_t rows_ahead(std::size_t leaf) const noexcept;
    void end_columns() noexcept {
        if (columns_ended_ != kNoLeaf) next_piece_slow(columns_ended_);
        columns_ended_ = kNoLeaf;
    }
    [[gnu::cold, gnu::noinline]] void next_piece_slow(std::size_t leaf) noexcept;
    void begin_piece(std::size_t leaf) noexcept;

    std::vector<Feed> feeds_;
    std::vector<Cursor> cursors_;
    // By leaf, apart from the cursors because they are searched: time of the next row or, where
    // that goes back, of any before it; and of the last row of the piece.
    std::vector<std::int64_t> times_;
    std::vector<std::int64_t> last_times_;
    std::uint64_t span_ = kFirstSpan;  // of a window of kRowsWanted rows, in nanoseconds
    RowOrder order_;
    std::vector<std::uint32_t> drained_;
    std::size_t columns_ended_ = kNoLeaf;  // its piece ends with the columns handed out last
    std::uint64_t total_ = 0;
    DeferredPieces* deferred_ = nullptr;
};

inline std::size_t TickMerge::fill_alone(std::span<pipeline::Event> out,
                                         std::size_t& written) noexcept {
    Cursor& cursor = cursors_[0];
    const std::size_t left = cursor.now.end - cursor.now.row;
    const std::size_t n = std::min(left, out.size());
    build_events(out.data(), cursor.kind, cursor.now, cursor.symbol, n,
                 [](std::size_t i) { return i; });
    cursor.now.row += n;
    written += n;
    if (n == left) return 0;
    times_[0] = cursor.now.time[cursor.now.row];
    return kNoLeaf;
}

// Span and ends of pieces: rows up to the last one of a piece, in the order of ties, are all known.
// No other piece can end within that, so at most one ends with a window.
inline TickMerge::Bound TickMerge::first_bound(std::int64_t start,
                                               std::size_t room) const noexcept {
    Bound bound{std::max<std::uint64_t>(1, span_ * room / RowOrder::kRowsMost), 0};
    for (std::size_t leaf = 0; leaf < times_.size(); ++leaf) {
        const std::int64_t last = std::max(last_times_[leaf], times_[leaf]);
        const std::uint64_t since =
            static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(start);
        if (since < bound.limit) bound = {since, leaf + 1};
    }
    return bound;
}

// Counts the rows of one feed within the limit, at most `most`, and gives them to the order.
inline void TickMerge::take_from(std::size_t leaf, std::int64_t start, std::uint64_t limit,
                                 std::size_t place, std::size_t most) noexcept {
    Cursor& cursor = cursors_[leaf];
    const TickPiece& p = cursor.now;
    const std::int64_t* const time = p.time + p.row;
    const std::size_t left = p.end - p.row;
    const std::size_t stop = std::min(left, most);
    std::int64_t now = times_[leaf];
    std::size_t i = 0;
    while (i < stop) {
        // Unsigned, because two times may lie further apart than an int64 can say.
        const std::uint64_t since =
            static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(start);
        if (since >= limit) break;
        order_.set(place + i, since);
        if (++i < left) now = std::max(now, time[i]);
    }
    cursor.taken = i;
    cursor.next = now;
}

// The rows of the window; more than `room` means that it has to be smaller. Rows of one time are in
// order as they are taken, so of those no more than `room` are taken.
inline std::size_t TickMerge::take_rows(std::int64_t start, Bound bound,
                                        std::size_t room) noexcept {
    std::size_t rows = 0;
    const std::size_t most = bound.is_one_time() ? room : room + 1;
    for (std::size_t leaf = 0; leaf < cursors_.size(); ++leaf) {
        take_from(leaf, start, bound.limit + (leaf < bound.closed ? 1U : 0U), rows, most - rows);
        rows += cursors_[leaf].taken;
        if (rows > room) break;
        prefetch_rows(cursors_[leaf].now, cursors_[leaf].kind, cursors_[leaf].taken);
    }
    return rows;
}

// A window that a piece ended says nothing of how dense the rows are.
inline void TickMerge::adapt_span(Bound bound, std::size_t rows) noexcept {
    if (bound.closed != 0) return;
    const std::uint64_t most = std::min(8 * span_, RowOrder::kSpanMost);
    span_ = std::clamp<std::uint64_t>(bound.limit * kRowsWanted / rows, 1, most);
}

inline std::size_t TickMerge::build_window(std::span<pipeline::Event> out,
                                           std::size_t rows) noexcept {
    std::size_t ended = kNoLeaf;
    const std::uint16_t* ranks = order_.ranks();
    for (std::size_t leaf = 0; rows != 0; ++leaf) {
        Cursor& cursor = cursors_[leaf];
        if (cursor.taken == 0) continue;
        build_events(out.data(), cursor.kind, cursor.now, cursor.symbol, cursor.taken,
                     [ranks](std::size_t i) { return ranks[i]; });
        ranks += cursor.taken;
        rows -= cursor.taken;
        cursor.now.row += cursor.taken;
        times_[leaf] = cursor.next;
        if (cursor.now.row == cursor.now.end) ended = leaf;
    }
    return ended;
}

inline std::size_t TickMerge::fill_window(std::span<pipeline::Event> out,
                                          std::size_t& written) noexcept {
    const std::size_t room = std::min(out.size(), RowOrder::kRowsMost - 1);
    const std::int64_t start = times_[first_leaf()];
    Bound bound = first_bound(start, room);
    std::size_t rows = take_rows(start, bound, room);
    while (rows > room) {
        bound = {std::max<std::uint64_t>(1, bound.limit / 2), 0};
        rows = take_rows(start, bound, room);
    }
    adapt_span(bound, rows);
    order_.sort(rows, static_cast<unsigned>(std::bit_width(bound.limit)));
    written += rows;
    return build_window(out, rows);
}

inline std::size_t TickMerge::fill(std::span<pipeline::Event> out) noexcept {
    end_columns();
    std::size_t written = 0;
    while (written < out.size() && !cursors_.empty()) {
        const bool alone = cursors_.size() == 1;
        const auto rest = out.subspan(written);
        const std::size_t ended = alone ? fill_alone(rest, written) : fill_window(rest, written);
        if (ended != kNoLeaf) next_piece_slow(ended);
        // A window need not fill the block, and one of the few rows left would cost as much again.
        if (out.size() - written < out.size() / 4) break;
    }
    return written;
}

}  // namespace sluice::adapters::tick_store
