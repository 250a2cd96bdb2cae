#include <sluice/pipeline/hot/portfolio.hpp>

namespace sluice::pipeline {

Charged Portfolio::apply_charge(SymbolId symbol, const Charge& charge) noexcept {
    const std::size_t slot = slot_of(symbol);
    const Position* held = slot < positions_.size() ? &positions_[slot] : nullptr;
    Charged out{{}, charge.price, 0, charge.kind, charge.basis, charge.parts};
    const bool shares = charge.basis == ChargeBasis::kValue || charge.basis == ChargeBasis::kShort;
    if (shares) {
        out.rate = charge.rate();
        if (out.price.is_zero() && held != nullptr) out.price = held->mark;
    }
    const Money amount =
        amount_of(charge, out.price, held != nullptr ? held->underlying : Quantity{});
    out.amount = PackedMoney{amount};
    charges_[slot][static_cast<std::size_t>(charge.kind)] += amount;
    charged_ += amount;
    cash_ += amount;
    equity_ += amount;
    track_peak();
    return out;
}

// In prices, and turned into equity where a record was made: a scan of 64-bit numbers.
void Portfolio::track_peaks(const TickRun& run, const Position& position) noexcept {
    const bool is_short = position.underlying.raw() < 0;
    const Quantity held = position.underlying.abs();
    const std::int64_t mark = is_short ? -position.mark.raw() : position.mark.raw();
    const auto equity_of = [&](std::int64_t height) {
        return equity_ + PriceDelta::from_raw(height - mark) * held;
    };
    // Rounded down: the greatest height that is no new peak. It is below the run's highest.
    const auto room = static_cast<std::int64_t>((peak_ - equity_).raw() / held.raw());
    const PricePath path = follow_path(run, is_short, mark + room);
    if (path.low_before != INT64_MAX) track_trough(equity_of(path.low_before));
    peak_ = equity_of(path.high);
    trough_ = equity_of(path.low);
    const Money fall = PriceDelta::from_raw(path.depth) * held;
    if (fall > max_drawdown_) max_drawdown_ = fall;
}

}  // namespace sluice::pipeline
