// What Dukascopy's name of an instrument says about it. Any thread.
//
// Points in one unit of price, as the vendor files prices: a pair of the larger currencies has
// 100,000, and 1,000 when the second is JPY; gold and silver in one of them have 1,000, bitcoin and
// ether 10. The vendor files other instruments with exceptions to any rule: the caller has to say.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <sluice/pipeline/instrument.hpp>

namespace sluice::adapters::dukascopy {

[[nodiscard]] std::optional<std::int64_t> known_points_per_unit(std::string_view name) noexcept;

// "EURUSD" is EURUSD.DUKASCOPY in USD, a tick of one point, forex, UTC. `points_per_unit` divides
// 1e9.
[[nodiscard]] pipeline::Instrument instrument_of(std::string_view name,
                                                 std::int64_t points_per_unit);

}  // namespace sluice::adapters::dukascopy
