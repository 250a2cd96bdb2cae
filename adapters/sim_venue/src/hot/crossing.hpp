// When prices meet.
#pragma once

#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>

namespace sluice::adapters::sim_venue {

// Would a limit at `limit` trade with a counterparty at `price`?
[[nodiscard]] inline bool crosses(Side side, Price limit, Price price) noexcept {
    return side == Side::kBuy ? price <= limit : price >= limit;
}
[[nodiscard]] inline bool better(Side side, Price a, Price b) noexcept {
    return side == Side::kBuy ? a > b : a < b;
}

[[nodiscard]] inline Quantity least(Quantity a, Quantity b) noexcept { return a < b ? a : b; }

}  // namespace sluice::adapters::sim_venue
