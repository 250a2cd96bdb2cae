// All that can be chosen about a simulated exchange. Plain values; checked by check(), which the
// constructors call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sluice/adapters/exchange/venue_faults.hpp>
#include <sluice/pipeline/exchange.hpp>

namespace sluice::adapters::exchange {

inline constexpr std::size_t kMaxSymbols = 1'000;
inline constexpr std::uint32_t kMaxShares = 999'999;  // of an order, as OUCH 4.2 and 5.0 have it
// 199,999.99, the highest price OUCH 4.2 can ask for; its tick is 0.01 from 1.00 on, 0.0001 below.
inline constexpr pipeline::ExchangePrice kMaxPrice = 1'999'999'900;
inline constexpr pipeline::ExchangePrice kOneUnit = 10'000;
inline constexpr pipeline::ExchangePrice kCoarseTick = 100;
// The client number of the market that other participants make. They are many: their orders trade
// with each other.
inline constexpr std::uint32_t kCrowd = 0;

[[nodiscard]] constexpr bool on_tick(pipeline::ExchangePrice price) noexcept {
    return price < kOneUnit || price % kCoarseTick == 0;
}

struct SymbolSettings {
    std::string name;                                 // 1 to 8 letters, digits, '.', '-', '+' ...
    pipeline::ExchangePrice start_price = 1'000'000;  // 1e-4: 100.00; of a generated market
    std::uint32_t round_lot = 100;
};

struct FlowSettings {
    std::uint64_t seed = 1;
    // What the other participants do, in all symbols together: orders, cancellations, replacements.
    // The market is told of each about once; see docs of GeneratedFlow.
    std::uint64_t actions_per_second = 1'000;
    std::uint32_t resting_orders = 60;  // of each symbol, about
    double volatility = 1.5e-4;         // of the price per square root of a second
    double jump_mean_seconds = 30;      // between jumps of one symbol
};

struct ExchangeSettings {
    std::vector<SymbolSettings> symbols;
    FlowSettings flow;
    VenueFaults faults;
    std::size_t order_capacity = std::size_t{1} << 18U;  // that rest at one time, of all symbols
    std::size_t level_capacity = 1'024;                  // prices a side of one symbol
};

// Throws std::invalid_argument that names the setting and its range.
void check(const ExchangeSettings& settings);

}  // namespace sluice::adapters::exchange
