// What positions may cost: the exposure of the whole book at its worst, and the margin that a model
// asks for it. Pure functions of exact numbers; constant time.
//
// Worst: every open order of an instrument fills, those of one side and none of the other, whichever
// makes more of it. Values are at the market, of the order that is judged at the dearer of market and
// limit; all in the account's currency, rounded up where they had another (currencies.hpp).
//
//   gross       the value of all positions is covered by equity: no leverage
//   cash        nothing is sold that is not held, and open buys are covered by cash
//   reg_t       half of every position (12 CFR 220.12: initial margin 50 %)
//   leveraged   initial_margin_bps of every position; and an adverse move of this instrument by
//               liquidation_distance_bps must leave maintenance_margin_bps of all of them
//   futures     contract_margin for each unit of a position, whatever its multiplier
#pragma once

#include <algorithm>
#include <cstdint>

#include <sluice/pipeline/hot/order_types.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// Of one instrument.
struct WorstCase {
    Quantity high;  // position with all open buys
    Quantity low;   // position less all open sells

    [[nodiscard]] Quantity size() const noexcept { return std::max(high.abs(), low.abs()); }
};

// Of all instruments but the one that is judged.
struct BookExposure {
    Money gross;     // sum of worst sizes
    Money net_high;  // sum of highs, and of lows
    Money net_low;
    Money open_buys;
    Quantity units;  // sum of worst sizes, for margins by the contract
};

[[nodiscard]] inline Money share_of(Money whole, std::int64_t bps) noexcept {
    return Money::from_raw(
        core::mul_div(whole.raw(), bps, 10'000, core::Rounding::kHalfAwayFromZero));
}

// The margin that the model asks for `size`, worth `value`, beside the rest of the book.
[[nodiscard]] inline Money initial_margin(const RiskSettings& s, const BookExposure& others,
                                          Quantity size, Money value) noexcept {
    switch (s.margin_model) {
        case MarginModel::kRegT: return share_of(others.gross + value, 5'000);
        case MarginModel::kLeveraged: return share_of(others.gross + value, s.initial_margin_bps);
        case MarginModel::kFutures:
            return Money::from_raw(core::mul_div(s.contract_margin.raw(),
                                                 (others.units + size).raw(), Quantity::kScale,
                                                 core::Rounding::kHalfAwayFromZero));
        case MarginModel::kGross:
        case MarginModel::kCash: break;
    }
    return others.gross + value;
}

// How far the price of `size` of the underlying (positive: long) may move against it before equity no longer
// covers the maintenance margin: room / per_price, as a share of the price. At that price it would be
// liquidated. At most 1 for a long position, which cannot lose more than its price.
//   equity - |size| * price * d = m * (others + |size| * price * (1 -+ d))
struct LiquidationDistance {
    Money room =
        Money::from_raw(1);  // between equity and the maintenance margin, at the price of now
    Money per_price;         // what of it a move by the whole price would use up

    // Of a position that is worth `value`, not negative.
    LiquidationDistance(Money equity, Money others_gross, Money value, bool is_long,
                        std::int64_t maintenance_bps) noexcept {
        if (value.raw() <= 0) return;  // no move uses anything up
        room = equity - share_of(others_gross + value, maintenance_bps);
        per_price = share_of(value, 10'000 + (is_long ? -maintenance_bps : maintenance_bps));
    }
    LiquidationDistance(Money equity, Money others_gross, Quantity size, Price price,
                        std::int64_t maintenance_bps) noexcept
        : LiquidationDistance(equity, others_gross, price * size.abs(), size.raw() > 0,
                              maintenance_bps) {}

    // In 1/100 % of the price, downwards; at most 10,000.
    [[nodiscard]] std::int64_t bps() const noexcept {
        if (room.raw() <= 0) return 0;
        if (per_price.raw() <= 0 || room >= per_price) return 10'000;
        // Beyond 1e15 units of money to the next unit.
        return static_cast<std::int64_t>(is_small() ? room.raw() * 10'000 / per_price.raw()
                                                    : room.raw() / (per_price.raw() / 10'000));
    }
    // Whether bps() is below `limit`, 0 to 10,000; without a division.
    [[nodiscard]] bool is_below(std::int64_t limit) const noexcept {
        if (room.raw() <= 0 || room >= per_price || !is_small()) return bps() < limit;
        return room.raw() * 10'000 < per_price.raw() * limit;
    }

  private:
    [[nodiscard]] bool is_small() const noexcept {
        constexpr core::Int128 kMost = (static_cast<core::Int128>(1) << 126) / 10'000;
        return per_price.raw() < kMost;  // and so room, where it is asked for
    }
};

}  // namespace sluice::pipeline
