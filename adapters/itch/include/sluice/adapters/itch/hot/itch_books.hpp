// ItchBooks: the books of all followed instruments, as far as quotes and trades need them: every
// order's price and shares, and the sum of shares at each price.
//
// Threads   One.
// Bounds    Orders (together) and levels (a side of each book) given at construction. What does not
//           fit is refused with kFull, and the book is not whole from then on.
// Cost      An update is a line of orders and a line of levels; one that makes or ends a level also
//           what BookLadder says. Nothing allocates after construction.
//
//   (book, order) ──> slot {key, level, shares}     four to a line, open addressing
//   level {shares, price, side}                     the sum at each price
//   BookLadder price ──> level                      bids and asks of each book, best last
//   hints price ──> level                           where an add finds its level without a search
//
// ITCH says of every execution and cancellation which order it takes from, so the queue inside
// a level, which pipeline::OrderBook has, is not needed.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/aligned_block.hpp>
#include <sluice/pipeline/hot/book_ladder.hpp>
#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::adapters::itch {

struct BooksCapacity {
    std::size_t orders = std::size_t{1} << 18U;  // 1..2^28
    std::size_t levels = std::size_t{1} << 12U;  // 1..2^18
};

enum class [[nodiscard]] BookOutcome : std::uint8_t{
    kDone,
    kUnknownOrder,  // not held: nothing changed
    kIllegal,       // no shares, a price or order number beyond what is possible, an order that is
                    // there already, more taken than was left (it is then removed)
    kFull,          // no room for the order or its level
};

class ItchBooks {
  public:
    static constexpr std::uint32_t kPriceMax = 0x7FFF'FFFF;  // ITCH's own is 2,000,000,000
    static constexpr std::uint64_t kOrderMax = (std::uint64_t{1} << 48U) - 1;  // of a day
    static constexpr std::uint64_t kLevelSharesMax = 90'000'000'000;  // what a Quantity holds

    // std::invalid_argument when a capacity is out of its range or there are more than 4,096 books.
    ItchBooks(std::size_t books, BooksCapacity capacity);

    struct Order {
        std::uint32_t price = 0;   // 1e-4
        std::uint32_t shares = 0;  // what is left
        pipeline::Side side = pipeline::Side::kBuy;
    };
    struct Top {
        std::uint32_t bid = 0;  // 0: nobody bids
        std::uint32_t ask = 0;
        std::uint64_t bid_shares = 0;
        std::uint64_t ask_shares = 0;
        friend bool operator==(const Top&, const Top&) = default;
    };

    // `book` < books, in all of these.
    [[gnu::hot]] BookOutcome add(std::uint16_t book, std::uint64_t order, pipeline::Side side,
                                 std::uint32_t shares, std::uint32_t price) noexcept;
    // Takes shares off an order; `before` becomes the order as it was.
    [[gnu::hot]] BookOutcome take(std::uint16_t book, std::uint64_t order, std::uint32_t shares,
                                  Order& before) noexcept;
    [[gnu::hot]] BookOutcome remove(std::uint16_t book, std::uint64_t order) noexcept;
    [[gnu::hot]] BookOutcome replace(std::uint16_t book, std::uint64_t order, std::uint64_t with,
                                     std::uint32_t shares, std::uint32_t price) noexcept;

    // A hint that the order will be asked for; any numbers.
    void prefetch(std::uint16_t book, std::uint64_t order) const noexcept {
        __builtin_prefetch(&slots_[home(key_of(book, order))]);
    }

    [[nodiscard]] Top top(std::uint16_t book) const noexcept {
        const Book& it = books_[book];
        Top out;
        if (!it.bids.empty()) {
            const LevelSlot& best = levels_[it.bids.payload(0)];
            out.bid = best.price;
            out.bid_shares = best.shares;
        }
        if (!it.asks.empty()) {
            const LevelSlot& best = levels_[it.asks.payload(0)];
            out.ask = best.price;
            out.ask_shares = best.shares;
        }
        return out;
    }

    struct Level {
        std::uint32_t price;
        std::uint64_t shares;
    };
    [[nodiscard]] std::size_t depth(std::uint16_t book, pipeline::Side side) const noexcept {
        return ladder(book, side).size();
    }
    // The n-th best, from 0; n < depth().
    [[nodiscard]] Level level(std::uint16_t book, pipeline::Side side,
                              std::size_t n) const noexcept {
        const LevelSlot& it = levels_[ladder(book, side).payload(n)];
        return {it.price, it.shares};
    }
    [[nodiscard]] std::size_t resting() const noexcept { return resting_; }

  private:
    using Ladder = pipeline::BookLadder<std::uint32_t>;
    // Enough for the prices at which a market works; a miss costs a search.
    static constexpr std::size_t kHints = 256;
    struct Book {
        Ladder bids;
        Ladder asks;
        std::array<std::uint32_t, kHints> hints;  // the level last seen there, checked when used
    };
    struct Slot {
        std::uint64_t key;  // order number, above it the book
        std::uint32_t level;
        std::uint32_t shares;  // 0: free
    };
    struct LevelSlot {
        std::uint64_t shares;  // 0: free, and price is the next free one
        std::uint32_t price;
        std::uint16_t book;
        std::uint16_t is_sell;

        [[nodiscard]] pipeline::Side side() const noexcept {
            return is_sell != 0 ? pipeline::Side::kSell : pipeline::Side::kBuy;
        }
    };
    static_assert(sizeof(Slot) == 16 && sizeof(LevelSlot) == 16, "four to a cache line");

    [[nodiscard]] static std::uint64_t key_of(std::uint16_t book, std::uint64_t order) noexcept {
        return std::uint64_t{book} << 48U | order;
    }
    // Four numbers in a row share a line; the lines are spread by the high bits of a product with
    // 2^64 / golden ratio.
    [[nodiscard]] std::size_t home(std::uint64_t key) const noexcept {
        const std::uint64_t line = ((key >> 2U) * 0x9E37'79B9'7F4A'7C15U) >> shift_;
        return static_cast<std::size_t>(line << 2U | (key & 3U));
    }
    // The key's slot, or the free one where it belongs.
    [[nodiscard]] std::size_t slot_of(std::uint64_t key) const noexcept {
        std::size_t i = home(key);
        while (slots_[i].shares != 0 && slots_[i].key != key) i = (i + 1) & mask_;
        return i;
    }
    // kNoSlot when the order is not held.
    [[nodiscard]] std::size_t find(std::uint16_t book, std::uint64_t order) const noexcept;
    void erase(std::size_t slot) noexcept;
    [[nodiscard]] Ladder& ladder(std::uint16_t book, pipeline::Side side) noexcept {
        return side == pipeline::Side::kBuy ? books_[book].bids : books_[book].asks;
    }
    [[nodiscard]] const Ladder& ladder(std::uint16_t book, pipeline::Side side) const noexcept {
        return side == pipeline::Side::kBuy ? books_[book].bids : books_[book].asks;
    }
    // The level of a price, made when it is not there; kNoLevel when there is no room for it.
    [[nodiscard]] std::uint32_t level_for(std::uint16_t book, pipeline::Side side,
                                          std::uint32_t price) noexcept;
    void reduce(std::uint32_t level, std::uint32_t shares) noexcept;
    void drop(std::uint32_t level) noexcept;

    static constexpr std::size_t kNoSlot = ~std::size_t{0};
    static constexpr std::uint32_t kNoLevel = 0;  // the first place is never used

    std::size_t order_capacity_;
    std::size_t mask_;
    unsigned shift_;
    core::AlignedBlock block_;
    Slot* slots_;
    core::AlignedBlock levels_block_;
    LevelSlot* levels_;
    std::uint32_t free_level_ = kNoLevel;  // list of those given back
    std::uint32_t used_levels_ = 0;        // highest place ever handed out
    std::vector<Book> books_;
    std::size_t resting_ = 0;
};

}  // namespace sluice::adapters::itch
