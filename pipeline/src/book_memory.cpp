// The constructors of the books: the only part of them that allocates and throws.
#include <sluice/core/capacity.hpp>
#include <sluice/pipeline/hot/level_book.hpp>
#include <sluice/pipeline/hot/order_book.hpp>

namespace sluice::pipeline {
namespace {

constexpr std::size_t kCapacityMax = std::size_t{1} << 28U;

[[nodiscard]] std::size_t checked(std::size_t capacity) {
    if (capacity == 0 || capacity > kCapacityMax)
        core::refuse_capacity_slow("an order book's capacities must be 1..2^28");
    return capacity;
}

}  // namespace

OrderBook::OrderBook(OrderBookCapacity capacity)
    : order_capacity_(checked(capacity.orders)), index_(order_capacity_),
      bids_(Side::kBuy, capacity.levels), asks_(Side::kSell, capacity.levels),
      orders_block_((order_capacity_ + 1) * sizeof(Order)),
      levels_block_((2 * capacity.levels + 1) * sizeof(Level)),
      orders_(static_cast<Order*>(orders_block_.data())),
      levels_(static_cast<Level*>(levels_block_.data())) {}

LevelBook::LevelBook(LevelBookCapacity capacity)
    : pending_capacity_(checked(capacity.pending)), bids_(Side::kBuy, capacity.levels),
      asks_(Side::kSell, capacity.levels), pending_block_(pending_capacity_ * sizeof(LevelRow)),
      pending_(static_cast<LevelRow*>(pending_block_.data())) {}

}  // namespace sluice::pipeline
