#include <sluice/pipeline/hot/brackets.hpp>

namespace sluice::pipeline {

LegEvent leg_event(ExecKind kind, const OrderState& before) noexcept {
    switch (kind) {
        case ExecKind::kFill: return LegEvent::kFilled;
        case ExecKind::kRejected:
        case ExecKind::kExpired: return LegEvent::kMissing;
        case ExecKind::kCancelled:
            return before.cancel_pending ? LegEvent::kNone : LegEvent::kMissing;
        case ExecKind::kReplaceRejected:
            return before.replace_pending && !before.cancel_pending ? LegEvent::kRefused
                                                                    : LegEvent::kStands;
        case ExecKind::kCancelRejected: return LegEvent::kStands;
        default: return LegEvent::kNone;
    }
}

Price leg_price(const Portfolio::Position& position, bool takes_profit, std::int64_t bps,
                PriceDelta tick) noexcept {
    const bool is_long = position.quantity.raw() > 0;
    const auto average =
        static_cast<std::int64_t>(position.basis.raw() / core::Int128{position.underlying.raw()});
    const bool above = is_long == takes_profit;
    const std::int64_t share = 10'000 + (above ? bps : -bps);
    const auto exact =
        static_cast<std::int64_t>(core::widening_mul(average, share) / core::Int128{10'000});
    const std::int64_t down = exact - exact % tick.raw();
    return Price::from_raw(above && down != exact ? down + tick.raw() : down);
}

}  // namespace sluice::pipeline
