// LevelBook: one instrument's book, built from the sizes of its price levels (book_tables.hpp,
// LevelRow), with the numbering that ties updates to snapshots and to each other.
//
// Threads   One.
// Bounds    Levels a side and rows kept while waiting for a snapshot, given at construction.
// Cost      What BookLadder says: about 250 ns a row on books of thousands of levels whose updates
//           fall anywhere; best bid and ask are one load. The end of a snapshot applies what
//           was kept meanwhile: at most `pending` rows. Nothing allocates after construction.
//
// The rule is the one that Binance publishes ("How to manage a local order book correctly", spot and
// USD-M futures), said once for both. An event covers the changes after `previous`, up to and
// including `sequence`, and gives sizes, not differences. On a book as of change n
//
//   sequence <= n       it is in the book already: left out
//   previous <= n       it connects: applied, and n becomes its sequence
//   previous >  n       changes are missing: a gap; the book is stale until a snapshot
//
// A snapshot takes longer to ask for than events to arrive, so events that it does not cover may
// stand before it in the stream: without a live book they are kept (the newest `pending` rows) and
// go through the rule once it is there. A snapshot older than the live book is left out.
//
//   kEmpty ──snapshot──> kLive ──gap, torn event, impossible row──> kStale ──snapshot──> kLive
#pragma once

#include <cstddef>
#include <cstdint>

#include <sluice/core/aligned_block.hpp>
#include <sluice/pipeline/book_tables.hpp>
#include <sluice/pipeline/hot/book_ladder.hpp>
#include <sluice/pipeline/hot/book_types.hpp>

namespace sluice::pipeline {

enum class BookState : std::uint8_t {
    kEmpty,  // no snapshot yet
    kLive,   // as the venue's own
    kStale,  // as it was when the thread was lost; a snapshot mends it
};
[[nodiscard]] const char* to_string(BookState state) noexcept;

enum class [[nodiscard]] LevelOutcome : std::uint8_t{
    kSet, kDeleted,
    kAbsentDelete,  // nothing stood there: lawful, a snapshot may be cut off at some depth
    kSnapshot,      // part of a snapshot
    kOld,           // of an event or snapshot that the book has passed
    kPending,       // kept until a snapshot arrives
    // From here on the book is stale.
    kRefused,  // side or quantity that cannot be
    kFull,     // no room for another level
    kDropped,  // of an event that does not fit into the rows kept, or the rest of a refused event
};
inline constexpr std::size_t kLevelOutcomeCount = 9;
[[nodiscard]] const char* to_string(LevelOutcome outcome) noexcept;

struct LevelBookCapacity {
    std::size_t levels = std::size_t{1} << 16U;   // a side
    std::size_t pending = std::size_t{1} << 15U;  // rows
};

// Events unless said otherwise.
struct LevelBookCounts {
    std::uint64_t applied = 0;
    std::uint64_t old = 0;          // left out: the book had passed them
    std::uint64_t overlapping = 0;  // of those applied, with changes that the book had from others
    std::uint64_t gaps = 0;         // how often changes were missing
    std::uint64_t torn = 0;         // that ended without their last row
    std::uint64_t dropped = 0;      // that found no room while waiting for a snapshot
    std::uint64_t snapshots = 0;    // taken over
    std::uint64_t old_snapshots = 0;
    std::uint64_t resyncs = 0;         // snapshots that made a stale book live again
    std::uint64_t deletes = 0;         // rows applied that removed a level
    std::uint64_t absent_deletes = 0;  // rows applied that removed nothing
    std::uint64_t refused = 0;         // rows that cannot be, or found no room
    std::uint64_t first_gap_row = 0;   // from 1: the row that showed the first gap
    friend bool operator==(const LevelBookCounts&, const LevelBookCounts&) = default;
};

class LevelBook {
  public:
    // std::invalid_argument when a capacity is 0 or beyond 2^28.
    explicit LevelBook(LevelBookCapacity capacity = {});

    [[gnu::hot]] LevelOutcome apply(const LevelRow& row) noexcept;
    // Back to kEmpty; what was counted stays.
    void clear() noexcept;

    // The levels are the venue's only while kLive.
    [[nodiscard]] BookState state() const noexcept { return state_; }
    // The last change in the book.
    [[nodiscard]] std::int64_t sequence() const noexcept { return sequence_; }
    // The n-th best level, from 0; n < depth(side).
    [[nodiscard]] BookLevel level(Side side, std::size_t n) const noexcept {
        const BookLadder<std::int64_t>& levels = ladder(side);
        return {core::Price::from_raw(levels.price_raw(n)),
                core::Quantity::from_raw(levels.payload(n)), 0};
    }
    [[nodiscard]] std::size_t depth(Side side) const noexcept { return ladder(side).size(); }
    [[nodiscard]] bool two_sided() const noexcept { return !bids_.empty() && !asks_.empty(); }
    // What stands at the price; 0: nothing.
    [[nodiscard]] core::Quantity quantity_at(Side side, core::Price price) const noexcept {
        const BookLadder<std::int64_t>& levels = ladder(side);
        const auto place = levels.find(price.raw());
        return place.found ? core::Quantity::from_raw(levels.at(place)) : core::Quantity{};
    }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
    [[nodiscard]] const LevelBookCounts& counts() const noexcept { return counts_; }
    [[nodiscard]] const BookCrossings& crossings() const noexcept { return crossings_; }

  private:
    // What becomes of the rows of the event in hand.
    enum class Mode : std::uint8_t { kApply, kSnapshot, kPending, kOld, kDropped };

    [[nodiscard]] const BookLadder<std::int64_t>& ladder(Side side) const noexcept {
        return side == Side::kBuy ? bids_ : asks_;
    }
    [[nodiscard]] static bool is_fault(LevelOutcome outcome) noexcept {
        return outcome == LevelOutcome::kRefused || outcome == LevelOutcome::kFull;
    }
    void begin_event(const LevelRow& row, bool snapshot) noexcept;
    [[nodiscard]] Mode judge(const LevelRow& row) noexcept;
    void end_event() noexcept;
    void finish(std::int64_t sequence) noexcept;
    void look() noexcept;
    [[nodiscard]] LevelOutcome set(const LevelRow& row) noexcept;
    [[nodiscard]] LevelOutcome keep(const LevelRow& row) noexcept;
    [[gnu::cold, gnu::noinline]] void drop_oldest_slow() noexcept;
    [[gnu::cold, gnu::noinline]] void catch_up_slow() noexcept;
    [[gnu::cold, gnu::noinline]] void gap_slow() noexcept;
    [[gnu::cold, gnu::noinline]] void torn_slow() noexcept;
    [[gnu::cold, gnu::noinline]] void fault_slow() noexcept;
    void lose() noexcept;
    [[nodiscard]] const LevelRow& pending(std::size_t n) const noexcept {
        return pending_[(pending_first_ + n) % pending_capacity_];
    }
    void pop_pending(std::size_t n) noexcept;

    std::size_t pending_capacity_;
    BookLadder<std::int64_t> bids_;
    BookLadder<std::int64_t> asks_;
    core::AlignedBlock pending_block_;
    LevelRow* pending_;  // a ring
    std::size_t pending_first_ = 0;
    std::size_t pending_size_ = 0;
    BookState state_ = BookState::kEmpty;
    Mode mode_ = Mode::kOld;
    bool in_event_ = false;
    bool event_is_snapshot_ = false;
    bool last_was_snapshot_ = false;  // what the book took in last
    bool lost_ = false;               // a snapshot to come will be a resynchronisation
    std::int64_t event_sequence_ = 0;
    std::int64_t sequence_ = 0;
    std::uint64_t rows_ = 0;
    LevelBookCounts counts_;
    BookCrossings crossings_;
};

}  // namespace sluice::pipeline
