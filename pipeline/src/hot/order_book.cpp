#include <sluice/pipeline/hot/order_book.hpp>

namespace sluice::pipeline {

const char* to_string(OrderOutcome outcome) noexcept {
    switch (outcome) {
        case OrderOutcome::kAdded: return "added";
        case OrderOutcome::kCancelled: return "cancelled";
        case OrderOutcome::kModified: return "modified";
        case OrderOutcome::kCleared: return "cleared";
        case OrderOutcome::kPassed: return "passed";
        case OrderOutcome::kDuplicateAdd: return "duplicate-add";
        case OrderOutcome::kOrphanCancel: return "orphan-cancel";
        case OrderOutcome::kOrphanModify: return "orphan-modify";
        case OrderOutcome::kOverCancel: return "over-cancel";
        case OrderOutcome::kRefused: return "refused";
        case OrderOutcome::kFull: return "full";
    }
    return "unknown";
}

OrderOutcome OrderBook::apply(const OrderRow& row) noexcept {
    ++rows_;
    const bool snapshot = (row.flags & kRowSnapshot) != 0;
    if (snapshot && !in_snapshot_) clear();
    in_snapshot_ = snapshot;
    const OrderOutcome outcome = change(row);
    ++counts_[static_cast<std::size_t>(outcome)];
    if ((row.flags & kRowEventEnd) != 0) {
        ++crossings_.events;
        if (two_sided()) crossings_.look(bids_.price_raw(0), asks_.price_raw(0), rows_);
    }
    return outcome;
}

OrderOutcome OrderBook::change(const OrderRow& row) noexcept {
    switch (row.action) {
        case 'A': return add(row);
        case 'C': return cancel(row);
        case 'M': return modify(row);
        case 'R': clear(); return OrderOutcome::kCleared;
        case 'T':
        case 'F':
        case 'N': return OrderOutcome::kPassed;
        default: return OrderOutcome::kRefused;
    }
}

OrderOutcome OrderBook::add(const OrderRow& row) noexcept {
    if ((row.side != 'B' && row.side != 'A') || row.quantity_raw <= 0) [[unlikely]]
        return OrderOutcome::kRefused;
    const std::size_t slot = index_.slot_of(row.order);
    if (index_.place_in(slot) != kNone) [[unlikely]]
        return OrderOutcome::kDuplicateAdd;
    if (resting_ == order_capacity_) [[unlikely]]
        return OrderOutcome::kFull;
    const std::uint32_t level =
        level_for(row.side == 'B' ? Side::kBuy : Side::kSell, row.price_raw);
    if (level == kNone) [[unlikely]]
        return OrderOutcome::kFull;
    if (!fits(level, row.quantity_raw)) [[unlikely]]
        return OrderOutcome::kRefused;

    std::uint32_t place = free_orders_.list;
    if (place != kNone)
        free_orders_.list = orders_[place].next;
    else
        place = ++free_orders_.used;
    orders_[place].id = row.order;
    orders_[place].quantity_raw = row.quantity_raw;
    index_.insert(slot, row.order, place);
    ++resting_;
    append(place, level);
    return OrderOutcome::kAdded;
}

OrderOutcome OrderBook::cancel(const OrderRow& row) noexcept {
    const std::size_t slot = index_.slot_of(row.order);
    const std::uint32_t place = index_.place_in(slot);
    if (place == kNone) [[unlikely]]
        return OrderOutcome::kOrphanCancel;
    if (row.quantity_raw <= 0) [[unlikely]]
        return OrderOutcome::kRefused;
    Order& order = orders_[place];
    if (row.quantity_raw < order.quantity_raw) {
        order.quantity_raw -= row.quantity_raw;
        levels_[order.level].quantity_raw -= row.quantity_raw;
        return OrderOutcome::kCancelled;
    }
    const bool over = row.quantity_raw > order.quantity_raw;
    remove(slot, place);
    return over ? OrderOutcome::kOverCancel : OrderOutcome::kCancelled;
}

OrderOutcome OrderBook::modify(const OrderRow& row) noexcept {
    const std::size_t slot = index_.slot_of(row.order);
    const std::uint32_t place = index_.place_in(slot);
    if (place == kNone) [[unlikely]]
        return OrderOutcome::kOrphanModify;
    Order& order = orders_[place];
    Level& level = levels_[order.level];
    const bool same_side = static_cast<char>(row.side) == (level.side == Side::kBuy ? 'B' : 'A');
    if (!same_side || row.quantity_raw < 0) [[unlikely]]
        return OrderOutcome::kRefused;
    if (row.quantity_raw == 0) {
        remove(slot, place);
        return OrderOutcome::kModified;
    }
    if (row.price_raw == level.price_raw && row.quantity_raw <= order.quantity_raw) {
        level.quantity_raw -= order.quantity_raw - row.quantity_raw;
        order.quantity_raw = row.quantity_raw;
        return OrderOutcome::kModified;
    }
    // To the end of a queue: its own level's, or another's.
    const bool stays = row.price_raw == level.price_raw;
    if (!stays && level.count == 1 && take_level_along(level, row.price_raw)) {
        order.quantity_raw = row.quantity_raw;
        level.quantity_raw = row.quantity_raw;
        return OrderOutcome::kModified;
    }
    const std::uint32_t target = stays ? order.level : level_for(level.side, row.price_raw);
    if (target == kNone) [[unlikely]]
        return OrderOutcome::kFull;
    if (!fits(target, stays ? row.quantity_raw - order.quantity_raw : row.quantity_raw))
        [[unlikely]]
        return OrderOutcome::kRefused;
    const std::uint32_t source = order.level;
    unlink(place);
    order.quantity_raw = row.quantity_raw;
    append(place, target);
    if (levels_[source].count == 0) drop_level(source);
    return OrderOutcome::kModified;
}

// An order that is alone at its level need not leave it where no other level lies between: most often the
// best one. A full ladder refuses another price, as it would a new level.
bool OrderBook::take_level_along(Level& level, std::int64_t price_raw) noexcept {
    BookLadder<std::uint32_t>& levels = ladder(level.side);
    if (levels.full() || !levels.move_price(levels.find(level.price_raw), price_raw)) return false;
    level.price_raw = price_raw;
    return true;
}

OrderBook::Resting OrderBook::find(std::int64_t id) const noexcept {
    const std::uint32_t place = index_.find(id);
    if (place == kNone) return {id, Side::kBuy, {}, {}};
    const Order& order = orders_[place];
    const Level& level = levels_[order.level];
    return {id, level.side, core::Price::from_raw(level.price_raw),
            core::Quantity::from_raw(order.quantity_raw)};
}

void OrderBook::clear() noexcept {
    if (resting_ == 0) return;
    index_.clear();
    bids_.clear();
    asks_.clear();
    free_orders_ = {};
    free_levels_ = {};
    resting_ = 0;
}

// The level at a price, made when it is not there; kNone when there is no room for it.
std::uint32_t OrderBook::level_for(Side side, std::int64_t price_raw) noexcept {
    BookLadder<std::uint32_t>& levels = ladder(side);
    const auto place = levels.find(price_raw);
    if (place.found) return levels.at(place);
    if (levels.full()) [[unlikely]]
        return kNone;
    std::uint32_t out = free_levels_.list;
    if (out != kNone)
        free_levels_.list = levels_[out].first;
    else
        out = ++free_levels_.used;  // the pool has room for both ladders
    levels_[out] = {price_raw, 0, kNone, kNone, 0, side};
    (void)levels.insert(place, price_raw, out);
    return out;
}

// Whether a level's sum can hold that much more. An empty level always can, so none made for an
// order is left behind empty.
bool OrderBook::fits(std::uint32_t level_place, std::int64_t more_raw) const noexcept {
    std::int64_t sum{};
    return !__builtin_add_overflow(levels_[level_place].quantity_raw, more_raw, &sum);
}

void OrderBook::append(std::uint32_t place, std::uint32_t level_place) noexcept {
    Level& level = levels_[level_place];
    Order& order = orders_[place];
    order.level = level_place;
    order.previous = level.last;
    order.next = kNone;
    if (level.last != kNone)
        orders_[level.last].next = place;
    else
        level.first = place;
    level.last = place;
    ++level.count;
    level.quantity_raw += order.quantity_raw;
}

void OrderBook::unlink(std::uint32_t place) noexcept {
    const Order& order = orders_[place];
    Level& level = levels_[order.level];
    if (order.previous != kNone)
        orders_[order.previous].next = order.next;
    else
        level.first = order.next;
    if (order.next != kNone)
        orders_[order.next].previous = order.previous;
    else
        level.last = order.previous;
    --level.count;
    level.quantity_raw -= order.quantity_raw;
}

void OrderBook::drop_level(std::uint32_t level_place) noexcept {
    Level& level = levels_[level_place];
    BookLadder<std::uint32_t>& levels = ladder(level.side);
    levels.erase(levels.find(level.price_raw));
    level.first = free_levels_.list;
    free_levels_.list = level_place;
}

void OrderBook::remove(std::size_t slot, std::uint32_t place) noexcept {
    const std::uint32_t level = orders_[place].level;
    unlink(place);
    if (levels_[level].count == 0) drop_level(level);
    index_.erase(slot);
    orders_[place].next = free_orders_.list;
    free_orders_.list = place;
    --resting_;
}

}  // namespace sluice::pipeline
