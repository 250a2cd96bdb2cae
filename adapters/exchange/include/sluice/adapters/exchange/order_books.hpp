// OrderBooks: the orders that rest at the exchange, by symbol, side, price and time. Keeps them;
// what may trade with what is decided by MatchingEngine.
//
// Threads   One.
// Bounds    Orders in all and prices a side of each symbol, given at construction.
// Cost      Best price and its first order are two loads; adding and removing what BookLadder says,
//           and a line of the index. Nothing allocates after construction.
//
//   OrderIndex (client, ref) ──> order <──> order <──> order   first in, first served
//   BookLadder price ──> level {price, shares, first, last}    two for each symbol
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/adapters/exchange/order_index.hpp>
#include <sluice/pipeline/exchange.hpp>
#include <sluice/pipeline/hot/book_ladder.hpp>

namespace sluice::adapters::exchange {

struct RestingOrder {
    std::uint64_t ref;
    std::uint64_t number;  // the exchange's
    std::uint32_t client;
    std::uint32_t shares;  // > 0
    std::uint32_t level;
    std::uint32_t previous;  // in the queue
    std::uint32_t next;      // in the queue, or in the list of free places
    std::uint16_t symbol;
    pipeline::Side side;
    pipeline::TimeInForce tif;
};
static_assert(sizeof(RestingOrder) == 40);

struct RestingLevel {
    std::uint64_t shares;  // of its orders
    std::uint32_t first;   // or the next free place
    std::uint32_t last;
    std::uint32_t orders;
    pipeline::ExchangePrice price;
};

class OrderBooks {
  public:
    static constexpr std::uint32_t kNone = OrderIndex::kNone;

    // Symbols are numbered from 1. std::invalid_argument when a capacity is 0 or beyond 2^26.
    OrderBooks(std::size_t symbols, std::size_t orders, std::size_t levels);

    [[nodiscard]] std::uint32_t find(std::uint32_t client, std::uint64_t ref) const noexcept {
        return index_.find(client, ref);
    }
    [[nodiscard]] const RestingOrder& order(std::uint32_t place) const noexcept {
        return orders_[place];
    }
    [[nodiscard]] pipeline::ExchangePrice price(std::uint32_t place) const noexcept {
        return levels_[orders_[place].level].price;
    }
    [[nodiscard]] std::size_t depth(std::uint16_t symbol, pipeline::Side side) const noexcept {
        return ladder(symbol, side).size();
    }
    // The n-th best, from 0; n < depth.
    [[nodiscard]] const RestingLevel& level(std::uint16_t symbol, pipeline::Side side,
                                            std::size_t n) const noexcept {
        return levels_[ladder(symbol, side).payload(n)];
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    // Whether add() would find room.
    [[nodiscard]] bool has_room(std::uint16_t symbol, pipeline::Side side,
                                pipeline::ExchangePrice price) const noexcept;

    // To the end of the queue at its price; `order.level` and its links are filled in.
    // has_room(), and (client, ref) rests nowhere.
    void add(const RestingOrder& order, pipeline::ExchangePrice price) noexcept;
    // Takes shares off, at most those there are; the order is gone when none are left.
    void reduce(std::uint32_t place, std::uint32_t shares) noexcept;
    // Keeps its place in the queue under another ref.
    void rename(std::uint32_t place, std::uint64_t ref, pipeline::TimeInForce tif) noexcept;

    // The numbers of places ever used: every resting order is at a place of 1..places().
    [[nodiscard]] std::uint32_t places() const noexcept { return orders_used_; }
    [[nodiscard]] bool rests(std::uint32_t place) const noexcept {
        return orders_[place].shares != 0;
    }

  private:
    using Ladder = pipeline::BookLadder<std::uint32_t>;

    [[nodiscard]] Ladder& ladder(std::uint16_t symbol, pipeline::Side side) noexcept {
        return ladders_[ladder_of(symbol, side)];
    }
    [[nodiscard]] const Ladder& ladder(std::uint16_t symbol, pipeline::Side side) const noexcept {
        return ladders_[ladder_of(symbol, side)];
    }
    [[nodiscard]] static std::size_t ladder_of(std::uint16_t symbol, pipeline::Side side) noexcept {
        return 2 * (static_cast<std::size_t>(symbol) - 1) + static_cast<std::size_t>(side);
    }
    [[nodiscard]] std::uint32_t level_for(std::uint16_t symbol, pipeline::Side side,
                                          pipeline::ExchangePrice price) noexcept;
    void remove(std::uint32_t place) noexcept;

    std::size_t capacity_;
    std::size_t level_capacity_;
    OrderIndex index_;
    std::vector<Ladder> ladders_;
    std::vector<RestingOrder> orders_;  // place 0 is never used
    std::vector<RestingLevel> levels_;  // likewise; no order without a level, no level without one
    std::uint32_t orders_free_ = kNone;
    std::uint32_t orders_used_ = 0;
    std::uint32_t levels_free_ = kNone;
    std::uint32_t levels_used_ = 0;
    std::size_t size_ = 0;
};

}  // namespace sluice::adapters::exchange
