// The place in a queue of which only the sum is displayed, with venue.queue = "proportional": what
// leaves a level without a print was cancelled, and a cancellation is as likely ahead of the order as
// behind it, unit for unit. So the queue ahead keeps its share of the level. After E. Rigtorp,
// Estimating order queue position (2013); R. Cont and A. de Larrard, Price dynamics in a Markovian
// limit order market (SIAM J. Financial Mathematics 4, 2013), have cancellations uniform over a queue too.
#include "crossing.hpp"

namespace sluice::adapters::sim_venue {

// Prints take from the front, so they shorten the level by what they are.
void SimVenue::print_at_level(Resting& order, Quantity printed) noexcept {
    order.level = order.level > printed ? order.level - printed : Quantity{};
}

void SimVenue::follow_level(Resting& order, const Displayed& own) noexcept {
    Quantity now;  // nothing, where the best price is worse than the order's
    if (own.price == order.limit) {
        now = own.size;
    } else if (!better(order.side, order.limit, own.price)) {
        return;  // behind the best price, where nothing is displayed
    }
    follow_size(order, now);
}

void SimVenue::follow_size(Resting& order, Quantity now) noexcept {
    if (now < order.level) {
        const core::Int128 ahead = core::mul_div(order.queue_ahead.raw(), now.raw(),
                                                 order.level.raw(), core::Rounding::kAwayFromZero);
        order.queue_ahead = Quantity::from_raw(static_cast<std::int64_t>(ahead));
    }
    order.level = now;
}

}  // namespace sluice::adapters::sim_venue
