// T6 risk, brackets: the protective orders of a position. Part of the risk stage; its thread only.
// Memory at construction; constant time; nothing to do for a tick.
//
// Whatever is held has a stop and an order that takes the profit, each for all of it, at the venue and
// able only to reduce it (ApprovedOrder::is_reduce_only): so both may be open at once, and what the one
// fills the other one cannot. They follow the position:
//
//   held, no leg                  place
//   held more or less than it     replace, with the quantity that is held and the average entry
//   nothing held                  cancel
//   an answer is still to come    wait; the answer asks again
//   nothing can be sent, or a     wait for the next beat of the clock
//   change has been refused
//
// A leg that is refused or lost is an incident (kLegMissing) and is placed once more. When it goes
// missing again, that is another (kUnprotected): the position is closed at the market, tried at each beat
// until nothing is held, and only then is pursued what was wanted meanwhile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>
#include <sluice/pipeline/hot/working_orders.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// What a report means for the bracket of its order. kMissing: the leg is gone, or never came.
// kRefused: it stands, not as it should; kStands: it stands, though it was to go.
enum class LegEvent : std::uint8_t { kNone, kFilled, kMissing, kRefused, kStands };
// `before`: the leg before the report.
[[nodiscard]] LegEvent leg_event(ExecKind kind, const OrderState& before) noexcept;

// The order that a position wants of one leg: `bps` from its average entry, to a whole tick away from
// the market. `position` is not flat.
[[nodiscard]] Price leg_price(const Portfolio::Position& position, bool takes_profit,
                              std::int64_t bps, PriceDelta tick) noexcept;

// Desk, by which the risk stage does what is to be done:
//   find(id)                      the open order, or null
//   position(symbol), tick(symbol)
//   keeps_legs(), can_send()      whether there may be legs now; whether anything can leave
//   place_leg(proposal)           the new order's id, or none
//   replace_leg(order, total, price)   false when the gate refused it
//   cancel(order)
//   tell(symbol, incident, id), give_up(symbol), close(symbol)
class Brackets {
  public:
    Brackets(const BracketSettings& settings, std::size_t instruments)
        : settings_(settings), enabled_(settings.enabled()), guards_(enabled_ ? instruments : 0) {}

    [[nodiscard]] bool enabled() const noexcept { return enabled_; }
    // The position could not be protected and is being closed.
    [[nodiscard]] bool gave_up(SymbolId symbol) const noexcept {
        return enabled_ && guards_[core::index_of(symbol)].gave_up;
    }
    template <class Desk>
    [[nodiscard]] bool has_legs(SymbolId symbol, Desk desk) const noexcept {
        for (const OrderId id : guards_[core::index_of(symbol)].legs)
            if (desk.find(id) != nullptr) return true;
        return false;
    }

    // After a report of the instrument; `event` says what it meant for a leg, `id`.
    template <class Desk>
    SLUICE_NEVER_INLINE void after_report(SymbolId symbol, LegEvent event, OrderId id,
                                          Desk desk) noexcept {
        Guard& guard = guards_[core::index_of(symbol)];
        // While nothing can be sent, what is refused says nothing of the leg.
        const bool is_lost = event == LegEvent::kMissing || event == LegEvent::kRefused;
        if (is_lost && !desk.can_send()) return set_waiting(guard, true);
        if (is_lost) miss(symbol, guard.legs[kStopLeg] == id ? kStopLeg : kTakeLeg, id, desk);
        // What the venue has just refused it would refuse again.
        if (event == LegEvent::kRefused || event == LegEvent::kStands)
            return set_waiting(guard, true);
        follow(symbol, desk);
    }
    // What had to wait is tried again.
    template <class Desk>
    void on_beat(Desk desk) noexcept {
        if (waiting_ == 0) return;
        for (std::size_t i = 0; i < guards_.size(); ++i) {
            if (!guards_[i].waits) continue;
            const auto symbol = static_cast<SymbolId>(i);
            set_waiting(guards_[i], false);
            follow(symbol, desk);
            if (guards_[i].gave_up && desk.keeps_legs() && desk.can_send()) desk.close(symbol);
        }
    }
    // The legs may be there again.
    template <class Desk>
    void follow_all(Desk desk) noexcept {
        for (std::size_t i = 0; i < guards_.size(); ++i) {
            const auto symbol = static_cast<SymbolId>(i);
            if (desk.guards(symbol)) follow(symbol, desk);
        }
    }

  private:
    enum Leg : std::size_t { kStopLeg, kTakeLeg, kLegs };

    struct Guard {
        std::array<OrderId, kLegs> legs{};
        std::array<bool, kLegs> missed{};  // once, since the position was opened
        bool gave_up = false;              // and again, one of them
        bool waits = false;                // for the next beat
    };

    template <class Desk>
    void follow(SymbolId symbol, Desk desk) noexcept {
        Guard& guard = guards_[core::index_of(symbol)];
        const Quantity held = desk.position(symbol).quantity;
        if (held.is_zero() && !has_legs(symbol, desk)) return rest(guard, symbol, desk);
        for (const Leg leg : {kStopLeg, kTakeLeg}) {
            if (distance(leg) != 0) follow_leg(symbol, leg, desk);
        }
        if (guard.gave_up && !held.is_zero()) set_waiting(guard, true);
    }
    // Flat, and nothing open: what went wrong is over.
    template <class Desk>
    void rest(Guard& guard, SymbolId symbol, Desk desk) noexcept {
        const bool was_closing = guard.gave_up;
        set_waiting(guard, false);
        guard = Guard{};
        if (was_closing) desk.close(symbol);
    }
    template <class Desk>
    void follow_leg(SymbolId symbol, Leg leg, Desk desk) noexcept {
        Guard& guard = guards_[core::index_of(symbol)];
        const Portfolio::Position& position = desk.position(symbol);
        WorkingOrder* const order = desk.find(guard.legs[leg]);
        const bool wanted = !position.quantity.is_zero() && desk.keeps_legs();
        if (order == nullptr) {
            guard.legs[leg] = OrderId::kNone;
            if (wanted && !guard.gave_up) place(symbol, leg, desk);
            return;
        }
        if (!wanted || order->side == side_of(position.quantity)) return desk.cancel(*order);
        const OrderState& state = order->state;
        const Quantity size = position.quantity.abs();
        if (guard.gave_up || !state.accepted || state.replace_pending || state.cancel_pending ||
            state.leaves() == size)
            return;
        if (!desk.can_send()) return set_waiting(guard, true);
        if (!desk.replace_leg(*order, state.filled + size, price(symbol, leg, desk)))
            miss_later(symbol, leg, order->id, desk);
    }
    template <class Desk>
    void place(SymbolId symbol, Leg leg, Desk desk) noexcept {
        Guard& guard = guards_[core::index_of(symbol)];
        if (!desk.can_send()) return set_waiting(guard, true);
        const Quantity held = desk.position(symbol).quantity;
        Proposal proposal{symbol,     opposite(side_of(held)), type(leg), TimeInForce::kGtc,
                          held.abs(), price(symbol, leg, desk)};
        proposal.flags = kReduceOnly;
        proposal.distance_bps = distance_behind(leg);
        guard.legs[leg] = desk.place_leg(proposal);
        if (guard.legs[leg] == OrderId::kNone) miss_later(symbol, leg, OrderId::kNone, desk);
    }

    template <class Desk>
    void miss(SymbolId symbol, Leg leg, OrderId id, Desk desk) noexcept {
        Guard& guard = guards_[core::index_of(symbol)];
        if (guard.gave_up || !desk.keeps_legs() || desk.position(symbol).quantity.is_zero()) return;
        guard.gave_up = guard.missed[leg];
        guard.missed[leg] = true;
        desk.tell(symbol, guard.gave_up ? IncidentKind::kUnprotected : IncidentKind::kLegMissing,
                  id);
        if (!guard.gave_up) return;
        desk.give_up(symbol);
        if (desk.can_send()) desk.close(symbol);
    }
    // The gate has refused it, and would again at this moment.
    template <class Desk>
    void miss_later(SymbolId symbol, Leg leg, OrderId id, Desk desk) noexcept {
        miss(symbol, leg, id, desk);
        set_waiting(guards_[core::index_of(symbol)], true);
    }
    void set_waiting(Guard& guard, bool on) noexcept {
        if (guard.waits == on) return;
        guard.waits = on;
        on ? ++waiting_ : --waiting_;
    }

    [[nodiscard]] std::int64_t distance(Leg leg) const noexcept {
        return leg == kStopLeg ? settings_.stop_loss_bps : settings_.take_profit_bps;
    }
    [[nodiscard]] OrderType type(Leg leg) const noexcept {
        if (leg == kTakeLeg) return OrderType::kLimit;
        switch (settings_.stop) {
            case StopKind::kStop: return OrderType::kStop;
            case StopKind::kStopLimit: return OrderType::kStopLimit;
            case StopKind::kTrailing: return OrderType::kTrailing;
        }
        return OrderType::kStop;
    }
    [[nodiscard]] std::uint16_t distance_behind(Leg leg) const noexcept {
        if (leg == kTakeLeg || settings_.stop == StopKind::kStop) return 0;
        return static_cast<std::uint16_t>(settings_.stop == StopKind::kTrailing
                                              ? settings_.stop_loss_bps
                                              : settings_.stop_limit_bps);
    }
    template <class Desk>
    [[nodiscard]] Price price(SymbolId symbol, Leg leg, Desk desk) const noexcept {
        return leg_price(desk.position(symbol), leg == kTakeLeg, distance(leg), desk.tick(symbol));
    }

    BracketSettings settings_;
    bool enabled_;
    std::vector<Guard> guards_;
    std::size_t waiting_ = 0;
};

}  // namespace sluice::pipeline
