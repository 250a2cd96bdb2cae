#include "model_venue.hpp"

#include <algorithm>

namespace sluice::proofs {

using pipeline::ApprovedOrder;
using pipeline::Event;
using pipeline::EventKind;
using pipeline::ExecKind;
using pipeline::OrderId;
using pipeline::Price;
using pipeline::Quantity;
using pipeline::RejectReason;
using pipeline::Side;
using pipeline::StreamTime;
using pipeline::TimeInForce;

void ModelVenue::clear() {
    commands_.clear();
    reports_.clear();
    live_.clear();
    position_ = {};
}

void ModelVenue::obey(StreamTime now) {
    const Event command = pop_command();
    if (command.kind() == EventKind::kCancel) {
        const std::size_t at = find(command.cancel().order);
        if (at == live_.size())
            return report(now, command.cancel().order, ExecKind::kCancelRejected);
        return end(at, ExecKind::kCancelled, now);
    }
    const ApprovedOrder& order = command.approved();
    if (!order.is_replacement()) {
        const bool reduces = order.is_reduce_only();
        const Order opened{order.id(),
                           order.side(),
                           order.limit(),
                           order.quantity(),
                           {},
                           reduces,
                           reduces && order.time_in_force() == TimeInForce::kGtc,
                           is_stop(order.type())};
        if (most(opened).is_zero()) return report(now, order.id(), ExecKind::kRejected);
        live_.push_back(opened);
        return report(now, order.id(), ExecKind::kAccepted);
    }
    const std::size_t at = find(order.id());
    if (at == live_.size() || order.quantity() <= live_[at].filled)
        return report(now, order.id(), ExecKind::kReplaceRejected);
    live_[at].quantity = order.quantity();
    live_[at].limit = order.limit();
    report(now, order.id(), ExecKind::kReplaced, order.limit(), order.quantity());
}

void ModelVenue::refuse(StreamTime now) {
    const Event command = pop_command();
    if (command.kind() == EventKind::kCancel)
        return report(now, command.cancel().order, ExecKind::kCancelRejected);
    const ApprovedOrder& order = command.approved();
    report(now, order.id(),
           order.is_replacement() ? ExecKind::kReplaceRejected : ExecKind::kRejected);
}

void ModelVenue::fill(std::size_t index, Quantity quantity, StreamTime now) {
    Order& order = live_[index];
    order.filled += quantity;
    position_ += signed_by(order.side, quantity);
    report(now, order.id, ExecKind::kFill, order.limit, quantity);
    if (order.leaves().is_zero()) live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(index));
    drop_idle(now);
}

Quantity ModelVenue::most(const Order& order) const noexcept {
    if (!order.reduce_only) return order.leaves();
    const Quantity closable = order.side == Side::kSell ? position_ : -position_;
    return std::min(order.leaves(), std::max(Quantity{}, closable));
}

void ModelVenue::drop_idle(StreamTime now) {
    for (std::size_t i = 0; i < live_.size();) {
        if (most(live_[i]).is_zero()) {
            end(i, ExecKind::kCancelled, now);
        } else {
            ++i;
        }
    }
}

void ModelVenue::end(std::size_t index, ExecKind kind, StreamTime now) {
    const OrderId id = live_[index].id;
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(index));
    report(now, id, kind);
}

Event ModelVenue::pop_report(std::size_t index) {
    const Event report = reports_[index];
    reports_.erase(reports_.begin() + static_cast<std::ptrdiff_t>(index));
    return report;
}

std::size_t ModelVenue::find(OrderId id) const noexcept {
    std::size_t at = 0;
    while (at < live_.size() && live_[at].id != id) ++at;
    return at;
}

Event ModelVenue::pop_command() {
    const Event command = commands_.front();
    commands_.erase(commands_.begin());
    return command;
}

void ModelVenue::report(StreamTime now, OrderId id, ExecKind kind, Price price, Quantity quantity) {
    // Market orders have no limit to fill at.
    if (kind == ExecKind::kFill && price.is_zero()) price = Price::from_raw(100 * Price::kScale);
    reports_.push_back(Event::report(now, pipeline::SymbolId{0}, kind, RejectReason::kNone,
                                     {id, price, quantity, {}}));
}

}  // namespace sluice::proofs
