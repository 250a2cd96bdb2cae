// What an execution costs. Constant time, exact; see docs/guides/simulated-venue.md.
#pragma once

#include <algorithm>
#include <cstdint>

#include <sluice/pipeline/hot/order_types.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class Commission {
  public:
    explicit Commission(const VenueSettings& s)
        : kind_(s.commission), rate_(s.commission_bps_e4), per_unit_(s.commission_per_unit),
          minimum_(s.commission_minimum), maximum_(s.commission_maximum_e4) {}

    // Of one execution, positive. Rounded half away from zero to the money unit (1e-17).
    [[nodiscard]] core::Money charge(core::Price price, core::Quantity quantity) const noexcept {
        if (kind_ == CommissionKind::kNone) return {};
        core::Money cost;
        if (kind_ == CommissionKind::kBasisPoints) {
            // rate_ counts 1e-4 of a basis point: 1e-8 of the notional
            cost = core::Money::from_raw(core::mul_div((price * quantity).raw(), rate_, 100'000'000,
                                                       core::Rounding::kHalfAwayFromZero));
        } else {
            cost = core::Money::from_raw(core::mul_div(per_unit_.raw(), quantity.raw(),
                                                       core::Quantity::kScale,
                                                       core::Rounding::kHalfAwayFromZero));
        }
        if (cost < minimum_) return minimum_;
        return maximum_ > 0 ? std::min(cost, maximum(price, quantity)) : cost;
    }

  private:
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
};

}  // namespace sluice::pipeline
