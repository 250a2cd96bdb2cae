// Stops, and what can only reduce or only rest.
#include "crossing.hpp"

namespace sluice::adapters::sim_venue {

namespace {

// Further by `bps`, or nearer, to the unit.
Price away(Price price, std::int64_t bps) noexcept {
    return Price::from_raw(static_cast<std::int64_t>(core::widening_mul(price.raw(), 10'000 + bps) /
                                                     core::Int128{10'000}));
}

}  // namespace

bool SimVenue::would_take(const Command& c) const noexcept {
    if ((c.flags & pipeline::kPostOnly) == 0 || c.type != OrderType::kLimit) return false;
    const Price other = counter_price(core::index_of(c.symbol), c.side);
    return !other.is_zero() && crosses(c.side, c.limit, other);
}

bool SimVenue::set_off(Resting& order, Price price) const noexcept {
    // A sell stop lies below the market, where a sell's limit would let it trade all the time.
    if (price.is_zero() || !crosses(opposite(order.side), order.limit, price)) return false;
    if (order.type == OrderType::kStopLimit) {
        const std::int64_t bps = order.distance_bps;
        order.limit = away(order.limit, order.side == Side::kBuy ? bps : -bps);
        order.type = OrderType::kLimit;
    } else {
        order.type = OrderType::kMarket;
        order.limit = Price{};
    }
    return true;
}

void SimVenue::follow_price(Resting& order, Price price) const noexcept {
    if (order.type != OrderType::kTrailing || price.is_zero()) return;
    const std::int64_t bps = order.distance_bps;
    const Price behind = away(price, order.side == Side::kBuy ? bps : -bps);
    if (better(opposite(order.side), order.limit, behind)) return;
    order.limit = behind;
}

void SimVenue::look_at_stops(std::size_t symbol, StreamTime time, Price buys,
                             Price sells) noexcept {
    std::uint32_t* link = &first_[symbol];
    while (*link != list_end_) {
        Resting& order = resting_[*link];
        const Price price = order.side == Side::kBuy ? buys : sells;
        follow_price(order, price);
        if (!is_stop(order.type) || !set_off(order, price)) {
            link = &order.next;
            continue;
        }
        *link = order.next;
        order.next = kNone;
        // It may rest again, but no further back than here, and is no stop any more; what it takes before
        // that is taken.
        order.rested = false;
        enter(order, time);
        link = &first_[symbol];
    }
    drop_idle_reducers(symbol, time);
}

// When nothing is held any more, or the other way, what can only reduce is of no use.
void SimVenue::drop_idle_reducers(std::size_t symbol, StreamTime time) noexcept {
    std::uint32_t* link = &first_[symbol];
    while (*link != list_end_) {
        Resting& order = resting_[*link];
        if ((order.flags & pipeline::kReduceOnly) == 0 || !most(order).is_zero()) {
            link = &order.next;
            continue;
        }
        *link = order.next;
        order.next = kNone;
        end(order, time, ExecKind::kCancelled);
    }
}

}  // namespace sluice::adapters::sim_venue
