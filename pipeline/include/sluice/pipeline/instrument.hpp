// What a run knows of each instrument. Built at start, read-only afterwards, indexed by SymbolId.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/core/ids.hpp>

namespace sluice::pipeline {

enum class AssetClass : std::uint8_t { kEquity, kForex, kCfd, kCrypto, kFuture, kIndex, kOption };
inline constexpr std::size_t kAssetClassCount = 7;
[[nodiscard]] const char* to_string(AssetClass asset_class) noexcept;
[[nodiscard]] std::optional<AssetClass> parse_asset_class(std::string_view text) noexcept;

struct Instrument {
    std::string symbol;                          // "IBM", "EURUSD.OANDA", "ESH4.GLBX"
    std::string currency = "USD";                // of its price and of its profit
    std::string time_zone = "America/New_York";  // IANA name of its exchange's zone
    core::PriceDelta tick_size = core::PriceDelta::from_raw(10'000'000);  // 0.01
    core::Quantity lot_size = core::Quantity::from_units(1);
    bool generated = false;  // made by Sluice, not by a market
    // What one unit of quantity is worth in units of the price: 50 for ES.
    core::Quantity multiplier = core::Quantity::from_units(1);
    AssetClass asset_class = AssetClass::kEquity;

    friend bool operator==(const Instrument&, const Instrument&) = default;
};

using InstrumentTable = std::vector<Instrument>;

}  // namespace sluice::pipeline
