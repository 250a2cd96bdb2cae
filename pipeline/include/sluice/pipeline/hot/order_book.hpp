// OrderBook: one instrument's book, built from what happened to each order (book_tables.hpp,
// OrderRow; the action letters are those of Databento's market-by-order schema).
//
// Threads   One.
// Bounds    Orders and levels a side given at construction; what does not fit is refused (kFull).
// Cost      40 to 65 ns an update with 10,000 to 50,000 orders (bench/book_bench.cpp), less with
//           prefetch(); best bid and ask are one load.
//           A level that comes or goes costs what BookLadder says. Clearing touches all of the
//           index. Nothing allocates after construction.
//
//   BookIndex  id ──> order ──> level {price, quantity, count, first, last}
//                     order <──> order <──> order        first in, first served
//   BookLadder price ──> level, bids and asks, best last
//
// 'A' adds at the end of its level's queue. 'C' takes `quantity` off an order; nothing left removes
// it. 'M' gives an order a new price and quantity: it keeps its place in the queue unless the price
// changed or the quantity grew; quantity 0 removes it. 'R' clears. 'T', 'F' and 'N' change nothing.
// The first row of a run of snapshot rows clears the book: a snapshot replaces it whole.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <sluice/core/aligned_block.hpp>
#include <sluice/pipeline/book_tables.hpp>
#include <sluice/pipeline/hot/book_index.hpp>
#include <sluice/pipeline/hot/book_ladder.hpp>
#include <sluice/pipeline/hot/book_types.hpp>

namespace sluice::pipeline {

enum class [[nodiscard]] OrderOutcome : std::uint8_t{
    kAdded,
    kCancelled,  // in part or whole
    kModified, kCleared,
    kPassed,  // 'T', 'F', 'N'
    // From here on the update was not lawful; the book stayed as it was, except after kOverCancel.
    kDuplicateAdd,  // an id that rests already
    kOrphanCancel,  // an id that does not rest
    kOrphanModify,  // likewise
    kOverCancel,    // more than was left: the order is removed
    kRefused,       // side, quantity or action that cannot be; a sum beyond what a level holds
    kFull,          // no room for another order or level
};
inline constexpr std::size_t kOrderOutcomeCount = 11;
[[nodiscard]] const char* to_string(OrderOutcome outcome) noexcept;

struct OrderBookCapacity {
    std::size_t orders = std::size_t{1} << 18U;
    std::size_t levels = std::size_t{1} << 14U;  // a side
};

class OrderBook {
  public:
    // std::invalid_argument when a capacity is 0 or beyond 2^28.
    explicit OrderBook(OrderBookCapacity capacity = {});

    [[gnu::hot]] OrderOutcome apply(const OrderRow& row) noexcept;
    // Empties the book; what was counted stays.
    void clear() noexcept;
    // Starts loading what apply() of a row with this order will read: a hint for a caller that
    // knows the rows to come, two or three rows ahead.
    void prefetch(std::int64_t order) const noexcept { index_.prefetch(order); }

    // The n-th best level, from 0; n < depth(side).
    [[nodiscard]] BookLevel level(Side side, std::size_t n) const noexcept {
        const Level& found = levels_[ladder(side).payload(n)];
        return {core::Price::from_raw(found.price_raw),
                core::Quantity::from_raw(found.quantity_raw), found.count};
    }
    [[nodiscard]] std::size_t depth(Side side) const noexcept { return ladder(side).size(); }
    [[nodiscard]] bool two_sided() const noexcept { return !bids_.empty() && !asks_.empty(); }
    [[nodiscard]] std::size_t resting() const noexcept { return resting_; }

    struct Resting {
        std::int64_t order;
        Side side;
        core::Price price;
        core::Quantity quantity;  // 0 when the order does not rest
    };
    [[nodiscard]] Resting find(std::int64_t order) const noexcept;
    // Calls fn(order id, quantity) for the orders of the n-th best level, first in the queue first.
    template <class Fn>
    void for_each_order(Side side, std::size_t n, Fn&& fn) const {
        for (std::uint32_t i = levels_[ladder(side).payload(n)].first; i != kNone;
             i = orders_[i].next)
            fn(orders_[i].id, core::Quantity::from_raw(orders_[i].quantity_raw));
    }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::uint64_t count(OrderOutcome outcome) const noexcept {
        return counts_[static_cast<std::size_t>(outcome)];
    }
    [[nodiscard]] const BookCrossings& crossings() const noexcept { return crossings_; }

  private:
    static constexpr std::uint32_t kNone = 0;  // place 0 of both pools is never used
    struct Order {
        std::int64_t id;
        std::int64_t quantity_raw;  // > 0
        std::uint32_t previous;     // in the queue
        std::uint32_t next;         // in the queue, or in the list of free places
        std::uint32_t level;
        std::uint32_t unused;
    };
    struct Level {
        std::int64_t price_raw;
        std::int64_t quantity_raw;  // sum of its orders
        std::uint32_t first;        // or the next free place
        std::uint32_t last;
        std::uint32_t count;
        Side side;
    };
    static_assert(sizeof(Order) == 32 && sizeof(Level) == 32, "two to a cache line");

    // Places 1..capacity of a block: handed out in order, then those given back, last first.
    struct Free {
        std::uint32_t list = kNone;
        std::uint32_t used = 0;  // highest place ever handed out
    };

    [[nodiscard]] BookLadder<std::uint32_t>& ladder(Side side) noexcept {
        return side == Side::kBuy ? bids_ : asks_;
    }
    [[nodiscard]] const BookLadder<std::uint32_t>& ladder(Side side) const noexcept {
        return side == Side::kBuy ? bids_ : asks_;
    }
    [[nodiscard]] OrderOutcome change(const OrderRow& row) noexcept;
    [[nodiscard]] OrderOutcome add(const OrderRow& row) noexcept;
    [[nodiscard]] OrderOutcome cancel(const OrderRow& row) noexcept;
    [[nodiscard]] OrderOutcome modify(const OrderRow& row) noexcept;
    [[nodiscard]] std::uint32_t level_for(Side side, std::int64_t price_raw) noexcept;
    [[nodiscard]] bool fits(std::uint32_t level_place, std::int64_t more_raw) const noexcept;
    void append(std::uint32_t place, std::uint32_t level_place) noexcept;
    void unlink(std::uint32_t place) noexcept;
    void drop_level(std::uint32_t level_place) noexcept;
    [[nodiscard]] bool take_level_along(Level& level, std::int64_t price_raw) noexcept;
    void remove(std::size_t slot, std::uint32_t place) noexcept;

    std::size_t order_capacity_;
    BookIndex index_;
    BookLadder<std::uint32_t> bids_;
    BookLadder<std::uint32_t> asks_;
    core::AlignedBlock orders_block_;
    core::AlignedBlock levels_block_;
    Order* orders_;
    Level* levels_;
    Free free_orders_;
    Free free_levels_;
    std::size_t resting_ = 0;
    bool in_snapshot_ = false;
    std::uint64_t rows_ = 0;
    std::array<std::uint64_t, kOrderOutcomeCount> counts_{};
    BookCrossings crossings_;
};

}  // namespace sluice::pipeline
