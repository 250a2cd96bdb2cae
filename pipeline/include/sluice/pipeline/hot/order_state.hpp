// The life of an order as the venue reports it, one state machine for every stage that follows it.
//
//   sent --accepted--> live --fill*--> filled
//     \--rejected      live --cancelled/expired-->      (also unasked: a venue may cancel)
//                      live --replaced--> live          (only after a replace was sent)
//
// A fill may arrive before the acceptance, and a refusal to cancel or replace after the order is
// gone: both are races of real venues, not errors.
#pragma once

#include <cstdint>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

enum class [[nodiscard]] Transition : std::uint8_t{
    kOpen,      // applied; the order lives on
    kDone,      // applied; the order is final
    kOverfill,  // not applied: more than was ordered
    kIllegal,   // not applied: impossible in this state
};

struct OrderState {
    Quantity quantity;  // ordered in all, positive
    Quantity filled;
    bool accepted = false;
    bool cancel_pending = false;
    bool replace_pending = false;

    [[nodiscard]] Quantity leaves() const noexcept { return quantity - filled; }

    // `amount`: the execution's quantity for kFill, the new total for kReplaced.
    Transition apply(ExecKind kind, Quantity amount) noexcept {
        switch (kind) {
            case ExecKind::kAccepted:
                if (accepted) return Transition::kIllegal;
                accepted = true;
                return Transition::kOpen;
            case ExecKind::kFill:
                if (amount.raw() <= 0) return Transition::kIllegal;
                if (amount > leaves()) return Transition::kOverfill;
                filled += amount;
                return leaves().is_zero() ? Transition::kDone : Transition::kOpen;
            case ExecKind::kCancelled:
            case ExecKind::kExpired: return Transition::kDone;
            case ExecKind::kRejected:
                return accepted || !filled.is_zero() ? Transition::kIllegal : Transition::kDone;
            case ExecKind::kReplaced:
                if (!replace_pending || amount <= filled) return Transition::kIllegal;
                replace_pending = false;
                quantity = amount;
                return Transition::kOpen;
            case ExecKind::kCancelRejected: cancel_pending = false; return Transition::kOpen;
            case ExecKind::kReplaceRejected: replace_pending = false; return Transition::kOpen;
        }
        return Transition::kIllegal;
    }
};

}  // namespace sluice::pipeline
