// What bars are built: by the clock, and by what was traded. Read from the configuration's words
// once, at start; throws nothing, allocates.
//
// The index of a definition is the timeframe of its bars: first bars.timeframes in their order,
// then bars.by_activity in theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

enum class ActivityKind : std::uint8_t { kTicks, kUnits, kNotional, kImbalance };

// A bar that ends when so much was traded.
struct ActivityBar {
    ActivityKind kind = ActivityKind::kTicks;
    std::int64_t ticks = 0;  // kTicks; kImbalance: ticks expected of a bar
    Quantity units{};        // kUnits
    core::Money notional{};  // kNotional, in the currency of the prices
    friend bool operator==(const ActivityBar&, const ActivityBar&) = default;
};

struct ParsedActivityBar {
    ActivityBar bar;
    std::string fault;  // empty: read
};

// Reads "1000 ticks", "50000 units", "1000000 notional" or "imbalance 100", parted by one space:
// 1 to 10^9 ticks, up to 10^10 units and 10^12 of notional, 10 to 10^6 ticks of imbalance. A fault
// says what is expected.
[[nodiscard]] ParsedActivityBar parse_activity_bar(std::string_view text);
// The shortest spelling that reads back the same.
[[nodiscard]] std::string to_string(const ActivityBar& bar);

// Those of the settings. Throws std::invalid_argument where one cannot be read.
[[nodiscard]] std::vector<ActivityBar> activity_bars(const BarSettings& settings);

// What is wrong with the list, and with what a strategy asks for; empty where nothing is. "{0}"
// stands for the key at fault, "{1}" for bars.timeframes, "{2}" for bars.by_activity.
[[nodiscard]] std::string activity_bars_fault(const BarSettings& settings);
[[nodiscard]] std::string strategy_bars_fault(const BarSettings& settings,
                                              const StrategySettings& strategy);

// The timeframe of the bars a strategy sees; nothing where they are not built.
[[nodiscard]] std::optional<std::size_t> timeframe_of(const BarSettings& settings,
                                                      const StrategySettings& strategy);

}  // namespace sluice::pipeline
