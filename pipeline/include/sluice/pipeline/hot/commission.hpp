// What an execution costs. Constant time, exact; see docs/guides/simulated-venue.md.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <sluice/pipeline/hot/contract_size.hpp>
#include <sluice/pipeline/hot/order_types.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// Which side of a trade stood in the book.
enum class Liquidity : std::uint8_t { kTaker, kMaker };

class Commission {
  public:
    explicit Commission(const VenueSettings& s)
        : kind_(s.commission), rate_(s.commission_bps_e4), per_unit_(s.commission_per_unit),
          minimum_(s.commission_minimum), maximum_(s.commission_maximum_e4),
          rates_{s.taker_bps_e4, s.maker_bps_e4}, amounts_{s.taker_per_unit, s.maker_per_unit} {}

    // Of one execution, positive; negative where a rebate is. Rounded half away from zero to the money
    // unit (1e-17). Amounts by the unit are of `quantity`, shares of what the contract's size makes of it.
    [[nodiscard]] core::Money charge(core::Price price, core::Quantity quantity,
                                     Liquidity liquidity = Liquidity::kTaker,
                                     const ContractSize& size = {}) const noexcept {
        if (kind_ == CommissionKind::kNone) return {};
        const core::Quantity underlying = size.underlying(quantity);
        if (kind_ == CommissionKind::kMakerTaker) {
            const auto side = static_cast<std::size_t>(liquidity);
            return share(price, underlying, rates_[side]) + by_unit(quantity, amounts_[side]);
        }
        const core::Money cost = kind_ == CommissionKind::kBasisPoints
                                     ? share(price, underlying, rate_)
                                     : by_unit(quantity, per_unit_);
        if (cost < minimum_) return minimum_;
        return maximum_ > 0 ? std::min(cost, maximum(price, underlying)) : cost;
    }

  private:
    // `rate` counts 1e-4 of a basis point: 1e-8 of the notional
    [[nodiscard]] static core::Money share(core::Price price, core::Quantity quantity,
                                           std::int64_t rate) noexcept {
        return core::Money::from_raw(core::mul_div((price * quantity).raw(), rate, 100'000'000,
                                                   core::Rounding::kHalfAwayFromZero));
    }
    [[nodiscard]] static core::Money by_unit(core::Quantity quantity, core::Money amount) noexcept {
        return core::Money::from_raw(core::mul_div(amount.raw(), quantity.raw(),
                                                   core::Quantity::kScale,
                                                   core::Rounding::kHalfAwayFromZero));
    }
    [[nodiscard]] core::Money maximum(core::Price price, core::Quantity quantity) const noexcept {
        // maximum_ counts 1e-4 of a percent: 1e-6 of the notional
        return core::Money::from_raw(core::mul_div((price * quantity).raw(), maximum_, 1'000'000,
                                                   core::Rounding::kHalfAwayFromZero));
    }

    pipeline::CommissionKind kind_;
    std::int64_t rate_;
    core::Money per_unit_;
    core::Money minimum_;
    std::int64_t maximum_;
    std::array<std::int64_t, 2> rates_;  // by Liquidity
    std::array<core::Money, 2> amounts_;
};

}  // namespace sluice::pipeline
