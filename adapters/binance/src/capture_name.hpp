// What a capture's path says. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sluice/adapters/binance/binance_import.hpp>

namespace sluice::adapters::binance {

// By the nearest folder above the file that is called spot or usdm.
[[nodiscard]] std::optional<Market> market_of(const std::filesystem::path& file);
// "btcusdt_20240808.gz" -> "BTCUSDT"; empty when the name does not begin with a symbol.
[[nodiscard]] std::string symbol_of(const std::filesystem::path& file);

}  // namespace sluice::adapters::binance
