// Merges the trade and quote columns of many instruments and days into one stream of events.
//
// Order: time; ties by SymbolId, then quotes before trades, then row order. A column that goes
// back in time keeps its row order, and its rows come as soon as they are the least.
//
// One thread: the one that drives the source. All memory is taken by add() and start(); fill()
// allocates nothing, throws nothing and calls nothing but memory. A lone feed costs building its
// events only. Several feeds meet in a tournament whose every match is a conditional move: which
// feed is next cannot be predicted, so a branch on it would cost more than the whole event. For
// the same reason a stretch is picked first and built second, one kind at a time. About 4 ns an
// event alone, and 15 ns from six feeds that alternate at random.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/core/ids.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/market_source.hpp>

namespace sluice::adapters::tick_store {

// A stretch of rows [row, end) of mapped columns. Pointers of the other kind are null.
struct TickPiece {
    const std::int64_t* time = nullptr;
    const std::int64_t* price_or_bid = nullptr;
    const std::int64_t* quantity_or_bid_size = nullptr;
    const std::int64_t* ask = nullptr;
    const std::int64_t* ask_size = nullptr;
    const std::uint32_t* conditions = nullptr;
    const std::uint8_t* exchange = nullptr;
    const std::uint8_t* flags = nullptr;
    std::size_t row = 0;
    std::size_t end = 0;
    std::uint32_t file = 0;      // the mapping it lives in, reported by drained()
    std::uint32_t deferred = 0;  // not 0: pointers are set by DeferredPieces::load()
};

// Makes pieces that do not lie in a mapping as they are needed, one per feed at a time.
class DeferredPieces {
  public:
    DeferredPieces() = default;
    DeferredPieces(const DeferredPieces&) = delete;
    DeferredPieces& operator=(const DeferredPieces&) = delete;
    virtual ~DeferredPieces() = default;
    // Sets the pointers; the piece that the same feed had before is done with. Must not allocate.
    virtual void load(TickPiece& piece) noexcept = 0;
};

class TickMerge {
  public:
    enum class Kind : std::uint8_t { kQuotes = 0, kTrades = 1 };  // in the order of a tie

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
    static constexpr std::size_t kPicksMax = 1024;
    static constexpr std::size_t kNoLeaf = SIZE_MAX;
    // Columns at once: at most what a caller should see no stop for, and no fewer than are worth it.
    static constexpr std::size_t kColumnsMost = 16384;
    static constexpr std::size_t kColumnsLeast = 64;

    struct Feed {
        core::SymbolId symbol{};
        Kind kind{};
        std::size_t next_piece = 0;
        std::vector<TickPiece> pieces;
    };
    // What a feed that has not ended needs per event. Kept in the order of ties.
    struct Cursor {
        TickPiece now;
        std::uint32_t feed;
        core::SymbolId symbol;
        Kind kind;
    };
    struct Match {
        std::int64_t time;
        std::size_t leaf;  // index of its cursor
    };
    struct Pick {
        std::size_t row;
        std::size_t leaf;
    };

    using Slot = pipeline::Event;
    static void build_trade(Slot& slot, const Cursor& cursor, std::size_t row) noexcept;
    static void build_quote(Slot& slot, const Cursor& cursor, std::size_t row) noexcept;
    // Both return the leaf whose piece has ended, or kNoLeaf; `written` grows by what was built.
    std::size_t fill_alone(std::span<Slot> out, std::size_t& written) noexcept;
    std::size_t fill_merged(std::span<Slot> out, std::size_t& written) noexcept;
    // Rows at the cursor that come before those of all other feeds, as far as it is worth knowing.
    [[nodiscard]] std::size_t rows_ahead(std::size_t leaf) const noexcept;
    void end_columns() noexcept {
        if (columns_ended_ != kNoLeaf) next_piece_slow(columns_ended_);
        columns_ended_ = kNoLeaf;
    }
    [[nodiscard]] Match play(std::size_t leaf, std::int64_t time) noexcept;
    [[gnu::cold, gnu::noinline]] void next_piece_slow(std::size_t leaf) noexcept;
    void build_tree() noexcept;

    std::vector<Feed> feeds_;
    std::vector<Cursor> cursors_;
    std::vector<Match> tree_;  // winners; 1 is the root, leaves from leaves_ on
    std::size_t leaves_ = 1;   // a power of two
    std::vector<Pick> picks_;
    std::vector<std::uint16_t> trades_at_;
    std::vector<std::uint16_t> quotes_at_;
    std::vector<std::uint32_t> drained_;
    std::size_t columns_ended_ = kNoLeaf;  // its piece ends with the columns handed out last
    std::uint64_t total_ = 0;
    DeferredPieces* deferred_ = nullptr;
};

inline void TickMerge::build_trade(Slot& slot, const Cursor& cursor, std::size_t row) noexcept {
    const TickPiece& p = cursor.now;
    // Built in place: copying a line just written costs more than writing it.
    pipeline::emplace_event(slot, [&] {
        return pipeline::Event::trade(
            core::time_from_ns<core::StreamTime>(p.time[row]), cursor.symbol,
            pipeline::Trade{core::Price::from_raw(p.price_or_bid[row]),
                            core::Quantity::from_raw(p.quantity_or_bid_size[row]), 0,
                            p.conditions[row], p.exchange[row]},
            p.flags[row]);
    });
}

inline void TickMerge::build_quote(Slot& slot, const Cursor& cursor, std::size_t row) noexcept {
    const TickPiece& p = cursor.now;
    pipeline::emplace_event(slot, [&] {
        return pipeline::Event::quote(
            core::time_from_ns<core::StreamTime>(p.time[row]), cursor.symbol,
            pipeline::Quote{core::Price::from_raw(p.price_or_bid[row]),
                            core::Price::from_raw(p.ask[row]),
                            core::Quantity::from_raw(p.quantity_or_bid_size[row]),
                            core::Quantity::from_raw(p.ask_size[row]), 0},
            p.flags[row]);
    });
}

inline std::size_t TickMerge::fill_alone(std::span<Slot> out, std::size_t& written) noexcept {
    Cursor& cursor = cursors_[0];
    const std::size_t left = cursor.now.end - cursor.now.row;
    const std::size_t n = left < out.size() ? left : out.size();
    const std::size_t first = cursor.now.row;
    if (cursor.kind == Kind::kTrades)
        for (std::size_t i = 0; i < n; ++i) build_trade(out[i], cursor, first + i);
    else
        for (std::size_t i = 0; i < n; ++i) build_quote(out[i], cursor, first + i);
    cursor.now.row += n;
    written += n;
    return n == left ? 0 : kNoLeaf;
}

// Replays the matches of one leaf whose time has changed. The left side wins a tie. Written with
// a mask because compilers turn a conditional expression here into a branch: 46 ns an event.
inline TickMerge::Match TickMerge::play(std::size_t leaf, std::int64_t time) noexcept {
    Match winner{time, leaf};
    for (std::size_t node = leaves_ + leaf; node > 1; node >>= 1U) {
        tree_[node] = winner;
        const Match other = tree_[node ^ 1U];
        // On the right, an equal time loses to the left: other <= winner, else other < winner.
        const auto bar =
            static_cast<std::int64_t>(static_cast<std::uint64_t>(other.time) - (node & 1U));
        const std::uint64_t mask = 0U - static_cast<std::uint64_t>(bar < winner.time);
        const auto mine = static_cast<std::uint64_t>(winner.time);
        winner.time = static_cast<std::int64_t>(
            mine ^ ((mine ^ static_cast<std::uint64_t>(other.time)) & mask));
        winner.leaf ^= (winner.leaf ^ other.leaf) & mask;
    }
    tree_[1] = winner;
    return winner;
}

inline std::size_t TickMerge::fill_merged(std::span<Slot> out, std::size_t& written) noexcept {
    const std::size_t most = out.size() < kPicksMax ? out.size() : kPicksMax;
    std::size_t ended = kNoLeaf;
    std::size_t trades = 0;
    std::size_t quotes = 0;
    std::size_t n = 0;
    for (std::size_t leaf = tree_[1].leaf; n < most; ++n) {
        Cursor& cursor = cursors_[leaf];
        picks_[n] = {cursor.now.row, leaf};
        // Written to both lists, counted in one.
        const auto is_trade = static_cast<std::size_t>(cursor.kind);
        trades_at_[trades] = static_cast<std::uint16_t>(n);
        quotes_at_[quotes] = static_cast<std::uint16_t>(n);
        trades += is_trade;
        quotes += 1 - is_trade;
        if (++cursor.now.row == cursor.now.end) [[unlikely]] {
            ended = leaf;
            ++n;
            break;
        }
        leaf = play(leaf, cursor.now.time[cursor.now.row]).leaf;
    }
    for (std::size_t i = 0; i < trades; ++i) {
        const Pick pick = picks_[trades_at_[i]];
        build_trade(out[trades_at_[i]], cursors_[pick.leaf], pick.row);
    }
    for (std::size_t i = 0; i < quotes; ++i) {
        const Pick pick = picks_[quotes_at_[i]];
        build_quote(out[quotes_at_[i]], cursors_[pick.leaf], pick.row);
    }
    written += n;
    return ended;
}

inline std::size_t TickMerge::fill(std::span<Slot> out) noexcept {
    end_columns();
    std::size_t written = 0;
    while (written < out.size() && !cursors_.empty()) {
        const auto rest = out.subspan(written);
        const std::size_t ended =
            cursors_.size() == 1 ? fill_alone(rest, written) : fill_merged(rest, written);
        if (ended != kNoLeaf) next_piece_slow(ended);
    }
    return written;
}

}  // namespace sluice::adapters::tick_store
