#include <sluice/adapters/exchange/order_books.hpp>

#include <sluice/core/capacity.hpp>

namespace sluice::adapters::exchange {
namespace {

using pipeline::ExchangePrice;
using pipeline::Side;

constexpr std::size_t kMaxCapacity = std::size_t{1} << 26U;
constexpr std::size_t kLadderStep = 16;  // entries: two lines of prices, one of places
constexpr std::size_t kLadderSteps = 31;

std::size_t checked(std::size_t capacity) {
    if (capacity == 0 || capacity > kMaxCapacity)
        core::refuse_capacity_slow("OrderBooks: capacity must be 1..2^26 orders and levels");
    return capacity;
}

}  // namespace

OrderBooks::OrderBooks(std::size_t symbols, std::size_t orders, std::size_t levels)
    : capacity_(checked(orders)), level_capacity_(checked(levels)), index_(capacity_),
      orders_(capacity_ + 1), levels_(capacity_ + 1) {
    ladders_.reserve(2 * symbols);
    for (std::size_t i = 0; i < 2 * symbols; ++i) {
        // A ladder works around the middle of its blocks, which begin at page boundaries: without
        // a step between them all ladders would share the same few sets of the cache.
        const std::size_t step = i % kLadderSteps * kLadderStep;
        ladders_.emplace_back(i % 2 == 0 ? Side::kBuy : Side::kSell, level_capacity_ + step);
    }
}

bool OrderBooks::has_room(std::uint16_t symbol, Side side, ExchangePrice price) const noexcept {
    if (size_ == capacity_) return false;
    const Ladder& levels = ladder(symbol, side);
    return levels.size() < level_capacity_ || levels.find(price).found;
}

void OrderBooks::add(const RestingOrder& made, ExchangePrice price) noexcept {
    std::uint32_t place = orders_free_;
    if (place != kNone)
        orders_free_ = orders_[place].next;
    else
        place = ++orders_used_;
    RestingOrder& order = orders_[place];
    order = made;
    order.level = level_for(order.symbol, order.side, price);
    RestingLevel& level = levels_[order.level];
    order.previous = level.last;
    order.next = kNone;
    if (level.last != kNone)
        orders_[level.last].next = place;
    else
        level.first = place;
    level.last = place;
    ++level.orders;
    level.shares += order.shares;
    index_.insert(order.client, order.ref, place);
    ++size_;
}

void OrderBooks::reduce(std::uint32_t place, std::uint32_t shares) noexcept {
    RestingOrder& order = orders_[place];
    levels_[order.level].shares -= shares;
    order.shares -= shares;
    if (order.shares == 0) remove(place);
}

void OrderBooks::rename(std::uint32_t place, std::uint64_t ref,
                        pipeline::TimeInForce tif) noexcept {
    RestingOrder& order = orders_[place];
    index_.erase(order.client, order.ref);
    order.ref = ref;
    order.tif = tif;
    index_.insert(order.client, ref, place);
}

std::uint32_t OrderBooks::level_for(std::uint16_t symbol, Side side, ExchangePrice price) noexcept {
    Ladder& levels = ladder(symbol, side);
    const auto at = levels.find(price);
    if (at.found) return levels.at(at);
    std::uint32_t place = levels_free_;
    if (place != kNone)
        levels_free_ = levels_[place].first;
    else
        place = ++levels_used_;
    levels_[place] = {0, kNone, kNone, 0, price};
    (void)levels.insert(at, price, place);
    return place;
}

void OrderBooks::remove(std::uint32_t place) noexcept {
    RestingOrder& order = orders_[place];
    RestingLevel& level = levels_[order.level];
    if (order.previous != kNone)
        orders_[order.previous].next = order.next;
    else
        level.first = order.next;
    if (order.next != kNone)
        orders_[order.next].previous = order.previous;
    else
        level.last = order.previous;
    if (--level.orders == 0) {
        Ladder& levels = ladder(order.symbol, order.side);
        levels.erase(levels.find(level.price));
        level.first = levels_free_;
        levels_free_ = order.level;
    }
    index_.erase(order.client, order.ref);
    order.next = orders_free_;
    orders_free_ = place;
    --size_;
}

}  // namespace sluice::adapters::exchange
