// What happens when a command arrives: it is judged, and a new order meets what is displayed, then rests.
#include "crossing.hpp"

namespace sluice::adapters::sim_venue {

void SimVenue::arrive(const Command& command) noexcept {
    now_ = std::max(now_, command.arrival);
    switch (command.kind) {
        case Command::Kind::kNew: return arrive_new(command);
        case Command::Kind::kReplace: return arrive_replace(command);
        case Command::Kind::kCancel: return arrive_cancel(command);
    }
}

RejectReason SimVenue::judge(const Command& command) noexcept {
    if (core::index_of(command.symbol) >= books_.size()) return RejectReason::kUnknownSymbol;
    if (!open_) return RejectReason::kVenueClosed;
    if (is_halted(command.symbol)) return RejectReason::kHalted;
    if (command.quantity.raw() <= 0) return RejectReason::kBadQuantity;
    if (command.type != OrderType::kMarket && command.limit.raw() <= 0)
        return RejectReason::kBadPrice;
    if ((command.flags & pipeline::kReduceOnly) != 0 &&
        closable(command.symbol, command.side).is_zero())
        return RejectReason::kNothingToReduce;
    if (is_for_auction(command.tif) &&
        !auctions_.are_held(core::index_of(command.symbol), command.tif))
        return RejectReason::kOther;
    if (would_take(command)) return RejectReason::kWouldTake;
    if (free_count_ == 0) return RejectReason::kVenueFull;
    return RejectReason::kNone;
}

void SimVenue::arrive_new(const Command& c) noexcept {
    RejectReason reason = judge(c);
    if (reason == RejectReason::kNone && find(c.id) != nullptr)
        reason = RejectReason::kDuplicateOrder;
    if (reason != RejectReason::kNone)
        return answer(c.arrival, c.symbol, c.id, ExecKind::kRejected, reason);
    answer(c.arrival, c.symbol, c.id, ExecKind::kAccepted);
    Resting& order = *allocate();
    order.id = c.id;
    order.symbol = c.symbol;
    order.side = c.side;
    order.type = c.type;
    order.tif = c.tif;
    order.flags = c.flags;
    order.distance_bps = c.distance_bps;
    order.limit = c.limit;
    order.leaves = c.quantity;
    order.special = is_stop(c.type) || (c.flags & pipeline::kReduceOnly) != 0;
    if (order.special) ++special_[core::index_of(c.symbol)];
    enter(order, c.arrival);
    if (special_[core::index_of(c.symbol)] != 0)
        drop_idle_reducers(core::index_of(c.symbol), c.arrival);
}

// New terms lose the place in the queue.
void SimVenue::arrive_replace(const Command& c) noexcept {
    Resting* order = find(c.id);
    RejectReason reason = order == nullptr ? RejectReason::kUnknownOrder : RejectReason::kNone;
    if (reason == RejectReason::kNone && !open_) reason = RejectReason::kVenueClosed;
    if (reason == RejectReason::kNone && is_halted(c.symbol)) reason = RejectReason::kHalted;
    if (reason == RejectReason::kNone && c.quantity <= order->filled)
        reason = RejectReason::kBadQuantity;
    if (reason == RejectReason::kNone && order->type != OrderType::kMarket && c.limit.raw() <= 0)
        reason = RejectReason::kBadPrice;
    if (reason != RejectReason::kNone)
        return answer(c.arrival, c.symbol, c.id, ExecKind::kReplaceRejected, reason);
    unlink(*order);
    // What a trailing stop has gained stays; one that was set off keeps its limit.
    const bool keeps =
        order->type != c.type || (order->type == OrderType::kTrailing &&
                                  better(opposite(order->side), order->limit, c.limit));
    if (!keeps) order->limit = c.limit;
    order->leaves = c.quantity - order->filled;
    order->queued = false;
    order->price_shown = false;
    order->rested = false;
    answer(c.arrival, c.symbol, c.id, ExecKind::kReplaced, RejectReason::kNone,
           order->limit.is_zero() ? c.limit : order->limit, c.quantity);
    const std::size_t symbol = core::index_of(order->symbol);
    enter(*order, c.arrival);
    if (special_[symbol] != 0) drop_idle_reducers(symbol, c.arrival);
}

void SimVenue::arrive_cancel(const Command& c) noexcept {
    Resting* order = find(c.id);
    if (order == nullptr)
        return answer(c.arrival, c.symbol, c.id, ExecKind::kCancelRejected,
                      RejectReason::kUnknownOrder);
    unlink(*order);
    end(*order, c.arrival, ExecKind::kCancelled);
}

void SimVenue::enter(Resting& order, StreamTime time) noexcept {
    if (waits_for_a_print(order)) return rest(order);
    const Book& book = book_of(order);
    const bool at_once = order.tif == TimeInForce::kIoc || order.tif == TimeInForce::kFok;
    if (is_stop(order.type)) {
        // Set off by what is displayed on its arrival already.
        const Price other = counter_price(core::index_of(order.symbol), order.side);
        follow_price(order, other);
        if (!set_off(order, other)) return rest(order);
    }
    if (fills_whole(order)) {
        const Price price = last_price(order);
        if (fill_ == pipeline::FillModel::kNext || price.is_zero()) return rest(order);
        fill(order, time, price, most(order));
        return order.leaves.is_zero() ? release(order) : end(order, time, ExecKind::kCancelled);
    }
    if (by_book_) return enter_book(order, time);
    if (book.has_quotes()) {
        const Displayed& other = order.side == Side::kBuy ? book.ask : book.bid;
        const bool reachable =
            !other.price.is_zero() &&
            (order.type == OrderType::kMarket || crosses(order.side, order.limit, other.price));
        const Quantity available = reachable ? other.available() : Quantity{};
        if (order.tif == TimeInForce::kFok && available < most(order))
            return end(order, time, ExecKind::kExpired);
        if (!available.is_zero() && take_displayed(order, time).is_zero()) return release(order);
        if (at_once) return end(order, time, ExecKind::kExpired);
        join_queue(order);
    }
    rest(order);
}

// Takes what the other side displays; returns what is left to fill.
Quantity SimVenue::take_displayed(Resting& order, StreamTime time) noexcept {
    Book& book = book_of(order);
    Displayed& other = order.side == Side::kBuy ? book.ask : book.bid;
    const Quantity quantity = least(most(order), other.available());
    if (quantity.is_zero()) return order.leaves;
    other.take(quantity);
    fill(order, time, other.price, quantity);
    return order.leaves;
}

Price SimVenue::last_price(const Resting& order) const noexcept {
    const std::size_t symbol = core::index_of(order.symbol);
    const Book& book = books_[symbol];
    if (book.has_quotes()) return (order.side == Side::kBuy ? book.ask : book.bid).price;
    return last_trade_.empty() ? Price{} : last_trade_[symbol];
}

}  // namespace sluice::adapters::sim_venue
