#include "queue_probes.hpp"

#include <algorithm>
#include <stdexcept>

namespace sluice::tools {

namespace {

using core::Money;
using core::Nanos;
using core::Price;
using core::Quantity;
using core::StreamTime;
using core::SymbolId;
using pipeline::Event;
using pipeline::EventKind;

// Nothing of a gate's limits is what is measured.
pipeline::RiskSettings no_limits() {
    pipeline::RiskSettings out;
    out.max_position = Quantity::from_units(1'000'000);
    out.max_order_quantity = Quantity::from_units(1'000'000);
    out.max_order_notional = Money::from_units(1'000'000'000'000);
    out.max_price_distance_bps = 10'000;
    out.max_orders_per_second = 1'000'000;
    out.daily_loss = Money::from_units(1'000'000'000'000);
    out.require_funds = false;
    return out;
}

pipeline::Settings venue_settings(pipeline::QueueModel queue, std::size_t probes) {
    pipeline::Settings out;
    out.venue.order_latency = Nanos{0};
    out.venue.response_latency = Nanos{0};
    out.venue.commission = pipeline::CommissionKind::kNone;
    out.venue.queue = queue;
    out.execution.max_open_orders = static_cast<std::int64_t>(std::max<std::size_t>(1, probes));
    return out;
}

StreamTime at(std::int64_t ns) { return core::time_from_ns<StreamTime>(ns); }
SymbolId instrument(std::size_t probe) { return SymbolId{static_cast<std::uint16_t>(probe)}; }

}  // namespace

VenueProbes::VenueProbes(pipeline::QueueModel queue, std::size_t probes)
    : gate_(no_limits()), books_(Money::from_units(1'000'000'000'000), 1),
      venue_(venue_settings(queue, probes), pipeline::InstrumentTable(probes)), filled_(probes) {
    if (probes > kMostProbes) throw std::invalid_argument("more probes than instruments");
}

void VenueProbes::drain(StreamTime time) {
    while (venue_.next_due() <= time) {
        const Event event = venue_.pop_due();
        if (event.kind() != EventKind::kReport || event.exec_kind() != pipeline::ExecKind::kFill)
            continue;
        // One lot fills in one piece, or is as good as filled by the last.
        filled_.at(core::index_of(event.symbol())) = core::ns_since_epoch(event.time());
    }
}

void VenueProbes::place(std::size_t probe, const proofs::QueueProbe& what,
                        std::int64_t quantity_raw, const pipeline::QuoteRow& top) {
    quote(probe, top);
    const Quantity quantity = Quantity::from_raw(quantity_raw);
    const pipeline::Proposal proposal{
        instrument(probe),           what.side, pipeline::OrderType::kLimit,
        pipeline::TimeInForce::kGtc, quantity,  Price::from_raw(what.price_raw)};
    pipeline::Exposure exposure{};
    exposure.lot = quantity;
    exposure.mark = proposal.limit;
    const auto id = static_cast<core::OrderId>(probe + 1);
    const auto verdict = gate_.judge(proposal, exposure, books_, at(what.placed_ns), id);
    if (!verdict.approved())
        throw std::runtime_error("the gate refused a probe's order: " +
                                 std::string(to_string(verdict.reason())));
    venue_.submit(verdict.order(), at(what.placed_ns));
    drain(at(what.placed_ns));
}

void VenueProbes::trade(std::size_t probe, const pipeline::TradeRow& row) {
    drain(at(row.time_ns));
    venue_.on_market<EventKind::kTrade>(Event::trade(
        at(row.time_ns), instrument(probe),
        {Price::from_raw(row.price_raw), Quantity::from_raw(row.quantity_raw), 0, 0, 0}));
    drain(at(row.time_ns));
}

void VenueProbes::quote(std::size_t probe, const pipeline::QuoteRow& row) {
    drain(at(row.time_ns));
    venue_.on_market<EventKind::kQuote>(Event::quote(
        at(row.time_ns), instrument(probe),
        {Price::from_raw(row.bid_raw), Price::from_raw(row.ask_raw),
         Quantity::from_raw(row.bid_size_raw), Quantity::from_raw(row.ask_size_raw), 0}));
    drain(at(row.time_ns));
}

}  // namespace sluice::tools
