// Halts and auctions.
#include "crossing.hpp"

namespace sluice::adapters::sim_venue {

bool SimVenue::trades_now(std::size_t symbol, const Quote* quote) noexcept {
    if (by_book_) return quote == nullptr;  // without halts; what is displayed is the book's
    const VenueHalts::Tick tick = halts_.take(symbol, now_, quote == nullptr);
    if (tick.restarts) {
        Book& book = books_[symbol];
        book = Book{};
        if (quote != nullptr) {
            update_side(book.bid, quote->bid, quote->bid_size);
            update_side(book.ask, quote->ask, quote->ask_size);
        }
    }
    return tick.trades;
}

std::uint32_t* SimVenue::fill_in_auction(std::uint32_t* link, StreamTime time, const Trade& trade,
                                         Quantity& left) noexcept {
    Resting& order = resting_[*link];
    if (!auctions_.take(core::index_of(order.symbol), order.tif, now_, trade)) return &order.next;
    // At its very limit it shares with all others there: as in any queue, the last unless at the front.
    const bool joins = order.type == OrderType::kMarket ||
                       better(order.side, order.limit, trade.price) ||
                       (queue_ == pipeline::QueueModel::kFront && order.limit == trade.price);
    const Quantity quantity = joins ? least(most(order), left) : Quantity{};
    if (!quantity.is_zero()) {
        left -= quantity;
        fill(order, time, trade.price, quantity);
    }
    if (!order.leaves.is_zero()) return &order.next;
    *link = order.next;
    order.next = kNone;
    release(order);
    return link;
}

void SimVenue::on_closed_print(const Event& event) noexcept {
    const std::size_t symbol = core::index_of(event.symbol());
    if (first_[symbol] == kNone) return;
    now_ = std::max(now_, event.time());
    if (halts_.any() && !trades_now(symbol, nullptr)) return;
    Quantity left = event.trade().quantity;
    std::uint32_t* link = &first_[symbol];
    while (*link != list_end_) {
        Resting& order = resting_[*link];
        link = is_for_auction(order.tif) ? fill_in_auction(link, event.time(), event.trade(), left)
                                         : &order.next;
    }
    find_next_due();
}

void SimVenue::end_auctions() noexcept {
    const StreamTime time = auctions_.next_end();
    now_ = std::max(now_, time);
    auctions_.expire(time, [&](std::size_t symbol, TimeInForce tif) {
        std::uint32_t* link = &first_[symbol];
        while (*link != list_end_) {
            Resting& order = resting_[*link];
            if (order.tif != tif) {
                link = &order.next;
                continue;
            }
            *link = order.next;
            order.next = kNone;
            end(order, time, ExecKind::kExpired);
        }
    });
}

bool SimVenue::expires_now(Resting& order) const noexcept {
    if (open_) {
        order.awaited = true;
        return order.tif == TimeInForce::kClosing;
    }
    return order.tif == TimeInForce::kDay || (order.tif == TimeInForce::kOpening && order.awaited);
}

}  // namespace sluice::adapters::sim_venue
