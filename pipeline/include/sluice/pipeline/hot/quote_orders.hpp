// T6 risk, market making: which order each side of a quote wants. Part of the risk stage; its thread
// only. State is taken at construction; constant time.
//
// The quote of an instrument is two orders at most, one a side. This class says, for one side at a
// time, what is to be done with its order; the risk stage does it through the gate.
//
//   nothing open, a price wanted                 place
//   open, `requote_ticks` or more off            replace, its quantity as it is
//   open for more than is wanted, or not wanted  cancel
//   an answer of the venue is still to come      wait; the answer asks again
//
// A quote never asks for more than the inventory limit leaves on its side. An order that is partly
// filled keeps the rest until it is filled, and the next has the full size: so what may still fill is
// never more than is counted, whatever is in flight.
//
// The two sides never meet. A side does not go to a price at which the other one may still stand: where
// an answer for that one is to come, it waits; where that one rests, it stays a tick away.
//
// Post only: the bid stays a tick below the best ask seen, the ask a tick above the best bid; a market
// that moves while the order is on its way may still meet it, at its price or better. Where the data
// have no quotes at all, the close that the quote is made around stands for both.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/top_of_book.hpp>
#include <sluice/pipeline/hot/working_orders.hpp>

namespace sluice::pipeline {

// One side of a quote. No quantity: none is wanted.
struct QuoteSide {
    Price price{};
    Quantity quantity{};
};

enum class [[nodiscard]] QuoteStep : std::uint8_t{kNothing, kPlace, kReplace, kCancel};

// Where both sides belong, before anything is cut off: around the reservation price, away from it
// to whole ticks. `tick` is above zero, `wanted.size` as well.
struct QuotePrices {
    Price bid;
    Price ask;
};
[[nodiscard]] QuotePrices quote_prices(const QuoteIntent& wanted, Quantity position,
                                       PriceDelta tick) noexcept;

// Of one instrument, as they are now.
struct QuoteLimits {
    Quantity position;
    Quantity most;  // position, long or short, that risk allows
    PriceDelta tick;
    Quantity lot;
};

// What a side wants now; `top` is the best bid and ask seen.
[[nodiscard]] QuoteSide quote_side(const QuoteIntent& wanted, Side side, const QuoteLimits& limits,
                                   const TopOfBook& top) noexcept;

// The order of one side, where there is one: `order` is null when none is open.
struct QuoteOrder {
    const WorkingOrder* order = nullptr;
    Price asked{};  // its price, or the one that it was last asked to go to

    [[nodiscard]] bool waits() const noexcept {
        const OrderState& s = order->state;
        return !s.accepted || s.replace_pending || s.cancel_pending;
    }
    // The price at which it may stand that is nearest to the other side.
    [[nodiscard]] Price nearest() const noexcept {
        if (!order->state.replace_pending) return order->limit;
        return order->side == Side::kBuy ? std::max(order->limit, asked)
                                         : std::min(order->limit, asked);
    }
};

// `wanted`, kept from where the other side's order may stand: a tick away, or, while an answer for that
// one is to come, where its own order is.
[[nodiscard]] QuoteSide apart(const QuoteSide& wanted, Side side, const WorkingOrder* own,
                              const QuoteOrder& other, PriceDelta tick) noexcept;
[[nodiscard]] QuoteStep quote_step(const QuoteSide& wanted, const WorkingOrder* open,
                                   PriceDelta least_move) noexcept;

// Desk, by which the risk stage does what is to be done:
//   find(id)                  the open order, or null
//   state(symbol)             the instrument's TargetState
//   limits(symbol), top(symbol), held_back(symbol)
//   place(proposal)           the new order's id, or none
//   replace(order, tif, limit), cancel(order), cancel_open(symbol)
class QuoteOrders {
  public:
    explicit QuoteOrders(std::size_t instruments) : books_(instruments) {}

    // Whether the instrument is followed here, and not by a target.
    [[nodiscard]] bool follows(SymbolId symbol) const noexcept { return of(symbol).quoted; }

    // A new decision. Nothing is quoted while new exposure is held back, or a position is closed.
    template <class Desk>
    SLUICE_NEVER_INLINE void take(SymbolId symbol, const QuoteIntent& intent, Desk desk) noexcept {
        if (desk.held_back(symbol)) return pull(symbol, desk);
        const TargetState& s = desk.state(symbol);
        if (!follows(symbol) && !(s.working_buy.is_zero() && s.working_sell.is_zero())) return;
        of(symbol).wanted = intent;
        of(symbol).quoted = true;
        requote(symbol, desk);
    }
    // What the venue has just refused is not asked for again before the next decision.
    template <class Desk>
    void after_report(ExecKind kind, SymbolId symbol, Desk desk) noexcept {
        const bool refused = kind == ExecKind::kRejected || kind == ExecKind::kReplaceRejected ||
                             kind == ExecKind::kCancelRejected;
        if (!refused) requote(symbol, desk);
    }
    // Nothing is quoted until the next decision.
    template <class Desk>
    void pull(SymbolId symbol, Desk desk) noexcept {
        if (!follows(symbol)) return;
        of(symbol).wanted.size = Quantity{};
        requote(symbol, desk);
    }
    template <class Desk>
    void pull_all(Desk desk) noexcept {
        for (std::size_t i = 0; i < books_.size(); ++i) pull(static_cast<SymbolId>(i), desk);
    }
    // To be followed by a target again, which is none, once what is open has gone.
    template <class Desk>
    void leave_all(Desk desk) noexcept {
        for (std::size_t i = 0; i < books_.size(); ++i) {
            const auto symbol = static_cast<SymbolId>(i);
            if (!follows(symbol)) continue;
            of(symbol).wanted.size = Quantity{};
            of(symbol).quoted = false;
            TargetState& s = desk.state(symbol);
            s.target = Quantity{};
            s.retarget = !s.working_buy.is_zero() || !s.working_sell.is_zero();
            desk.cancel_open(symbol);
        }
    }

  private:
    struct Slot {
        OrderId id = OrderId::kNone;
        Price asked{};
    };
    struct Book {
        QuoteIntent wanted{};  // no size: none
        std::array<Slot, 2> slots{};
        bool quoted = false;

        [[nodiscard]] Slot& slot(Side side) noexcept {
            return slots[static_cast<std::size_t>(side)];
        }
    };

    [[nodiscard]] Book& of(SymbolId symbol) noexcept { return books_[core::index_of(symbol)]; }
    [[nodiscard]] const Book& of(SymbolId symbol) const noexcept {
        return books_[core::index_of(symbol)];
    }

    template <class Desk>
    SLUICE_NEVER_INLINE void requote(SymbolId symbol, Desk desk) noexcept {
        // A quote that moves up past its own ask moves the ask first.
        const QuoteSide bid =
            quote_side(of(symbol).wanted, Side::kBuy, desk.limits(symbol), desk.top(symbol));
        const WorkingOrder* const ask = desk.find(of(symbol).slot(Side::kSell).id);
        const Side first = ask != nullptr && bid.price >= ask->limit ? Side::kSell : Side::kBuy;
        for (const Side side : {first, opposite(first)}) requote_side(symbol, side, desk);
    }
    template <class Desk>
    void requote_side(SymbolId symbol, Side side, Desk desk) noexcept {
        Book& book = of(symbol);
        const QuoteLimits limits = desk.limits(symbol);
        Slot& slot = book.slot(side);
        WorkingOrder* const order = desk.find(slot.id);
        const Slot& beyond = book.slot(opposite(side));
        const QuoteSide wanted =
            apart(quote_side(book.wanted, side, limits, desk.top(symbol)), side, order,
                  {desk.find(beyond.id), beyond.asked}, limits.tick);
        const PriceDelta least_move = PriceDelta::from_raw(
            static_cast<std::int64_t>(book.wanted.requote_ticks) * limits.tick.raw());
        switch (quote_step(wanted, order, least_move)) {
            case QuoteStep::kNothing: break;
            case QuoteStep::kPlace:
                slot.asked = wanted.price;
                slot.id = desk.place({symbol, side, OrderType::kLimit, TimeInForce::kDay,
                                      wanted.quantity, wanted.price});
                break;
            case QuoteStep::kReplace:
                if (desk.replace(*order, TimeInForce::kDay, wanted.price))
                    slot.asked = wanted.price;
                break;
            case QuoteStep::kCancel: desk.cancel(*order); break;
        }
    }

    std::vector<Book> books_;
};

}  // namespace sluice::pipeline
