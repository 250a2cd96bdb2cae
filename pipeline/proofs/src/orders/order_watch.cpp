#include "order_watch.hpp"

#include <algorithm>

namespace sluice::proofs {

using pipeline::ApprovedOrder;
using pipeline::Event;
using pipeline::EventKind;
using pipeline::ExecKind;
using pipeline::HaltReason;
using pipeline::IncidentKind;
using pipeline::OrderId;
using pipeline::Quantity;
using pipeline::Report;
using pipeline::Side;
using pipeline::TimeInForce;

void OrderWatch::clear() {
    broken_.reset();
    orders_.clear();
    position_ = {};
    last_id_ = OrderId::kNone;
    halted_ = false;
    killed_ = false;
    forget_misses();
}

void OrderWatch::forget_misses() { missed_[0] = missed_[1] = gave_up_ = waits_ = false; }

void OrderWatch::before(const Event& event, const OrderEngine& engine) {
    position_before_ = engine.position();
    meaning_ = Meaning::kPossible;
    about_ = OrderId::kNone;
    is_fill_ = false;
    leg_missing_ = false;
    if (event.kind() == EventKind::kBeat || event.kind() == EventKind::kResume) waits_ = false;
    if (event.kind() == EventKind::kReport) meaning_ = read(event);
    if (event.kind() == EventKind::kHalt || event.kind() == EventKind::kResume) {
        bool& held = event.halt_reason() == HaltReason::kKill ? killed_ : halted_;
        held = event.kind() == EventKind::kHalt;
    }
}

// Takes it into the books as far as it is possible.
OrderWatch::Meaning OrderWatch::read(const Event& event) {
    const Report& report = event.report();
    const ExecKind kind = event.exec_kind();
    Order* order = find(report.order);
    about_ = report.order;
    if (order == nullptr || order->ended) {
        const bool race = kind == ExecKind::kCancelRejected || kind == ExecKind::kReplaceRejected;
        return race ? Meaning::kRace : Meaning::kUnknown;
    }
    const Order as_it_was = *order;
    switch (kind) {
        case ExecKind::kAccepted:
            if (order->accepted) return Meaning::kIllegal;
            order->accepted = true;
            break;
        case ExecKind::kFill:
            is_fill_ = true;
            room_ = order->quantity - order->booked;
            if (report.quantity.raw() <= 0) return Meaning::kIllegal;
            if (report.quantity > room_) return Meaning::kOverfill;
            order->booked += report.quantity;
            position_ += signed_by(order->side, report.quantity);
            order->ended = order->booked == order->quantity;
            break;
        case ExecKind::kCancelled:
        case ExecKind::kExpired: order->ended = true; break;
        case ExecKind::kRejected:
            if (order->accepted || !order->booked.is_zero()) return Meaning::kIllegal;
            order->ended = true;
            break;
        case ExecKind::kReplaced:
            if (!order->replacing || report.quantity <= order->booked) return Meaning::kIllegal;
            order->replacing = false;
            order->quantity = report.quantity;
            break;
        case ExecKind::kCancelRejected: order->cancelling = false; break;
        case ExecKind::kReplaceRejected: order->replacing = false; break;
    }
    if (order->leg) note_leg(kind, as_it_was);
    return Meaning::kPossible;
}

// A leg that did not come about, or has gone without being asked to, while there is something to protect.
void OrderWatch::note_leg(ExecKind kind, const Order& leg) {
    const bool ended = kind == ExecKind::kRejected || kind == ExecKind::kExpired;
    const bool unasked = !leg.cancelling && kind == ExecKind::kCancelled;
    const bool refused = !leg.cancelling && leg.replacing && kind == ExecKind::kReplaceRejected;
    if (leg.stop && (kind == ExecKind::kReplaceRejected || kind == ExecKind::kCancelRejected))
        waits_ = true;
    leg_missing_ = (ended || unasked || refused) && !position_.is_zero() && !killed_ && !gave_up_;
    if (!leg_missing_) return;
    bool& missed = missed_[leg.stop ? 0 : 1];
    gave_up_ = missed;
    missed = true;
}

// By a stop for all of it, or one whose size an answer is still to settle; or it is being closed.
bool OrderWatch::is_protected() const noexcept {
    if (position_.is_zero() || killed_ || halted_ || gave_up_ || waits_) return true;
    const Side closing = position_.raw() > 0 ? Side::kSell : Side::kBuy;
    for (const Order& order : orders_) {
        if (order.ended || !order.reduce_only || order.side != closing) continue;
        if (!order.leg) return true;
        if (order.stop && (order.most_left() >= position_.abs() || !order.accepted ||
                           order.replacing || order.cancelling))
            return true;
    }
    return false;
}

void OrderWatch::after(const OrderEngine& engine, const Said& said) {
    for (const Event& command : said.commands) {
        if (command.kind() == EventKind::kCancel) {
            on_cancel(command.cancel().order);
        } else if (command.approved().is_replacement()) {
            on_replacement(command.approved());
        } else {
            on_new(command.approved());
        }
    }
    judge_incidents(said);
    const Quantity moved = (engine.position() - position_before_).abs();
    check(!is_fill_ || moved <= room_, OrderRule::kFilledWithinQuantity);
    check(engine.position() == position_, OrderRule::kPositionIsFills);
    check(engine.open_orders() >= open() && engine.live_orders() >= open(),
          OrderRule::kUnknownStaysUnknown);
    check(engine.open_orders() <= open() && engine.live_orders() <= open(),
          OrderRule::kEndedIsEnded);
    check(position_ + most_left(Side::kBuy, OrderId::kNone) <= limit_ &&
              position_ - most_left(Side::kSell, OrderId::kNone) >= -limit_,
          OrderRule::kWithinLimit);
    if (!brackets_) return;
    check(is_protected(), OrderRule::kNeverUnprotected);
    if (!position_.is_zero()) return;
    for (const Order& order : orders_) {
        if (!order.ended && order.leg) return;
    }
    forget_misses();
}

void OrderWatch::at_rest(const OrderEngine& engine, Quantity wanted, Quantity at_the_venue,
                         Quantity stopped) {
    check(engine.position() == at_the_venue, OrderRule::kPositionIsFills);
    const std::size_t legs = brackets_ && !wanted.is_zero() ? 2 : 0;
    check(engine.position() == wanted && engine.open_orders() == legs, OrderRule::kWantedInTheEnd);
    check(!brackets_ || stopped == at_the_venue.abs(), OrderRule::kNeverUnprotected);
}

void OrderWatch::on_new(const ApprovedOrder& order) {
    check(order.id() > last_id_, OrderRule::kSentOnce);
    last_id_ = std::max(last_id_, order.id());
    const bool reduces = order.is_reduce_only();
    judge_halt(order.side(), order.quantity(), OrderId::kNone, reduces);
    const bool against = order.side() == Side::kSell ? position_.raw() > 0 : position_.raw() < 0;
    check(!brackets_ || reduces == against, OrderRule::kAgainstReduces);
    Order opened;
    opened.id = order.id();
    opened.side = order.side();
    opened.quantity = order.quantity();
    opened.reduce_only = reduces;
    opened.leg = reduces && order.time_in_force() == TimeInForce::kGtc;
    opened.stop = is_stop(order.type());
    orders_.push_back(opened);
}

void OrderWatch::on_replacement(const ApprovedOrder& replacement) {
    Order* order = find(replacement.id());
    check(order != nullptr && !order->ended, OrderRule::kNothingForEnded);
    if (order == nullptr) return;
    check(!order->replacing && !order->cancelling, OrderRule::kOneReplacement);
    judge_halt(order->side, replacement.quantity() - order->booked, order->id, order->reduce_only);
    order->replacing = true;
    order->asked = replacement.quantity();
}

void OrderWatch::on_cancel(OrderId id) {
    Order* order = find(id);
    check(order != nullptr && !order->ended, OrderRule::kNothingForEnded);
    if (order == nullptr) return;
    check(!order->cancelling, OrderRule::kOneCancel);
    order->cancelling = true;
}

// While halted an order has to lie within what the position has left to close; of what can only reduce
// the venue sees to that.
void OrderWatch::judge_halt(Side side, Quantity leaves, OrderId id, bool reduce_only) {
    if (!halted_ && !killed_) return;
    const Quantity closable = side == Side::kSell ? position_ : -position_;
    const Quantity others = reduce_only ? Quantity{} : most_left(side, id);
    check(!killed_ && leaves + others <= closable, OrderRule::kHaltOpensNothing);
}

void OrderWatch::judge_incidents(const Said& said) {
    std::size_t told = 0;
    bool right = true;
    for (const Event& event : said.incidents) {
        ++told;
        const IncidentKind kind = event.incident_kind();
        if (leg_missing_) {
            right = kind == (gave_up_ ? IncidentKind::kUnprotected : IncidentKind::kLegMissing);
            continue;
        }
        right = right && event.incident().order == about_ &&
                ((kind == IncidentKind::kReportForUnknownOrder && meaning_ == Meaning::kUnknown) ||
                 (kind == IncidentKind::kFillBeyondOrder && meaning_ == Meaning::kOverfill) ||
                 (kind == IncidentKind::kIllegalTransition && meaning_ == Meaning::kIllegal));
    }
    const bool impossible = meaning_ != Meaning::kPossible && meaning_ != Meaning::kRace;
    check(right && told == (impossible || leg_missing_ ? 1U : 0U), OrderRule::kImpossibleIsTold);
}

const OrderWatch::Order* OrderWatch::any_open() const noexcept {
    for (const Order& order : orders_) {
        if (!order.ended) return &order;
    }
    return nullptr;
}

OrderWatch::Order* OrderWatch::find(OrderId id) noexcept {
    for (Order& order : orders_) {
        if (order.id == id) return &order;
    }
    return nullptr;
}

std::size_t OrderWatch::open() const noexcept {
    std::size_t count = 0;
    for (const Order& order : orders_) count += order.ended ? 0U : 1U;
    return count;
}

Quantity OrderWatch::most_left(Side side, OrderId without) const noexcept {
    Quantity sum;
    for (const Order& order : orders_) {
        if (!order.ended && !order.reduce_only && order.side == side && order.id != without)
            sum += order.most_left();
    }
    return sum;
}

}  // namespace sluice::proofs
