// The market of full books (venue.market = "book"): marketable orders walk the displayed levels from the
// best, a resting order joins what is displayed at its own price. Events of levels are matched when they
// are complete. Quotes mean nothing here, prints what they always do.
#include "crossing.hpp"

namespace sluice::adapters::sim_venue {

void SimVenue::on_level(const Event& event) noexcept {
    const std::size_t symbol = core::index_of(event.symbol());
    VenueBook& book = *level_books_[symbol];
    const VenueBook::Change change = book.apply(event);
    if (first_[symbol] == list_end_) return;
    now_ = std::max(now_, event.time());
    if (change.replaced) {
        follow_snapshot(symbol);
    } else if (change.level) {
        const pipeline::LevelUpdate& update = event.level();
        const Side side = (event.flags() & pipeline::kFlagBidLevel) != 0 ? Side::kBuy : Side::kSell;
        for (std::uint32_t i = first_[symbol]; i != list_end_; i = resting_[i].next)
            follow_update(resting_[i], side, update.price, update.quantity);
    }
    if (change.ended && open_ && book.is_whole()) match_book(symbol, event.time());
}

void SimVenue::follow_update(Resting& order, Side side, Price price, Quantity now) noexcept {
    if (order.type != OrderType::kLimit || order.limit != price) return;
    if (!now.is_zero()) order.price_shown = true;
    if (order.queued && order.side == side && queue_ == pipeline::QueueModel::kProportional)
        follow_size(order, now);
}

void SimVenue::follow_snapshot(std::size_t symbol) noexcept {
    const VenueBook& book = *level_books_[symbol];
    for (std::uint32_t i = first_[symbol]; i != list_end_; i = resting_[i].next) {
        Resting& order = resting_[i];
        for (const Side side : {order.side, opposite(order.side)})
            if (!book.is_beyond(side, order.limit))
                follow_update(order, side, order.limit, book.shown_at(side, order.limit));
    }
}

// Behind all that is displayed at its price; where nothing is, it is alone. Behind the last level that is
// known, it waits for its price to become known.
void SimVenue::join_level(Resting& order) noexcept {
    const VenueBook& book = *level_books_[core::index_of(order.symbol)];
    if (order.type != OrderType::kLimit || order.queued || !book.is_whole()) return;
    const Quantity own = book.shown_at(order.side, order.limit);
    if (!own.is_zero() || !book.shown_at(opposite(order.side), order.limit).is_zero())
        order.price_shown = true;
    if (own.is_zero() && book.is_beyond(order.side, order.limit)) return;
    order.queued = true;
    order.level = own;
    order.queue_ahead = queue_ == pipeline::QueueModel::kFront ? Quantity{} : own;
}

Quantity SimVenue::reachable(const Resting& order) const noexcept {
    const VenueBook& book = *level_books_[core::index_of(order.symbol)];
    const Side other = opposite(order.side);
    const Quantity wanted = most(order);
    Quantity sum;
    if (!book.is_whole()) return sum;
    for (std::size_t n = 0; n < book.depth(other) && sum < wanted; ++n) {
        const VenueBook::Level level = book.level(other, n);
        if (order.type == OrderType::kLimit && !crosses(order.side, order.limit, level.price))
            break;
        sum += least(level.available, wanted - sum);
    }
    return sum;
}

void SimVenue::walk(Resting& order, StreamTime time) noexcept {
    VenueBook& book = *level_books_[core::index_of(order.symbol)];
    if (!book.is_whole()) return;
    const Side other = opposite(order.side);
    const bool at_limit = order.type == OrderType::kLimit && order.price_shown;
    for (std::size_t n = 0; n < book.depth(other); ++n) {
        const VenueBook::Level level = book.level(other, n);
        if (order.type == OrderType::kLimit && !crosses(order.side, order.limit, level.price))
            return;
        const Quantity wanted = most(order);
        if (wanted.is_zero()) return;
        const Quantity quantity = least(wanted, level.available);
        if (quantity.is_zero()) continue;
        book.take(other, level.price, quantity);
        fill(order, time, at_limit ? order.limit : level.price, quantity);
    }
}

void SimVenue::enter_book(Resting& order, StreamTime time) noexcept {
    VenueBook& book = *level_books_[core::index_of(order.symbol)];
    if (!book.is_whole()) book.count_unready();
    if (order.tif == TimeInForce::kFok && reachable(order) < most(order))
        return end(order, time, ExecKind::kExpired);
    walk(order, time);
    if (order.leaves.is_zero()) return release(order);
    if (order.tif == TimeInForce::kIoc || order.tif == TimeInForce::kFok)
        return end(order, time, ExecKind::kExpired);
    join_level(order);
    rest(order);
}

void SimVenue::match_book(std::size_t symbol, StreamTime time) noexcept {
    const VenueBook& book = *level_books_[symbol];
    std::uint32_t* link = &first_[symbol];
    while (*link != list_end_) {
        Resting& order = resting_[*link];
        if (is_for_auction(order.tif) || is_stop(order.type)) {
            link = &order.next;
            continue;
        }
        walk(order, time);
        join_level(order);
        if (!order.leaves.is_zero()) {
            link = &order.next;
            continue;
        }
        *link = order.next;
        order.next = kNone;
        release(order);
    }
    if (special_[symbol] != 0)
        look_at_stops(symbol, time, book.best(Side::kSell), book.best(Side::kBuy));
    find_next_due();
}

}  // namespace sluice::adapters::sim_venue
