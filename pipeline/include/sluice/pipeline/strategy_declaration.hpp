// What a kind of strategy says of itself: its name, its parameters with type, unit, range, default and
// meaning, and what must hold between them. Said once, beside the strategy's code (hot/strategies/);
// read by the configuration, by `sluice strategy`, by the guide's table and by what changes
// parameters while a run goes on. Constant data; plain functions, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::pipeline {

enum class StrategyKind : std::uint8_t {
    kTrendFollowing,
    kMeanReversion,
    kMomentum,
    kCrossSection,
    kIndicators,
    kMarketMaking,
};

inline constexpr std::size_t kMaxStrategyParameters = 16;
inline constexpr std::size_t kMaxAveragePeriod = 512;

// The parameters of one strategy, in the order of its declaration.
using StrategyValues = std::array<double, kMaxStrategyParameters>;

enum class ParameterType : std::uint8_t { kInteger, kReal };

struct StrategyParameter {
    std::string_view name;  // of its key, and of its changes
    ParameterType type = ParameterType::kReal;
    std::string_view unit{};
    double min = 0;  // inclusive, as is max
    double max = 0;
    double fallback = 0;
    std::string_view doc;
    bool changes = true;  // by an event, while it runs; else it is taken from the configuration

    [[nodiscard]] constexpr bool accepts(double value) const noexcept {
        if (!(value >= min && value <= max)) return false;  // a NaN neither
        return type == ParameterType::kReal ||
               value == static_cast<double>(static_cast<std::int64_t>(value));
    }
};

// The first of two parameters must be smaller than the second.
struct ParameterOrder {
    std::size_t lower = 0;
    std::size_t upper = 0;
};

struct StrategyDeclaration {
    StrategyKind kind{};
    std::string_view name;    // of its kind, in the configuration
    std::string_view doc;     // one line
    std::string_view manual;  // what it does, exactly
    std::span<const StrategyParameter> parameters;
    std::span<const ParameterOrder> orders{};

    // Index of a parameter; parameters.size() when there is none of that name.
    [[nodiscard]] constexpr std::size_t find(std::string_view parameter) const noexcept {
        std::size_t i = 0;
        while (i < parameters.size() && parameters[i].name != parameter) ++i;
        return i;
    }
    // Whether each value is within its range and what must hold between them does.
    [[nodiscard]] constexpr bool accepts(const StrategyValues& values) const noexcept {
        for (std::size_t i = 0; i < parameters.size(); ++i)
            if (!parameters[i].accepts(values[i])) return false;
        for (const ParameterOrder& order : orders)
            if (!(values[order.lower] < values[order.upper])) return false;
        return true;
    }
    [[nodiscard]] constexpr StrategyValues fallbacks() const noexcept {
        StrategyValues values{};
        for (std::size_t i = 0; i < parameters.size(); ++i) values[i] = parameters[i].fallback;
        return values;
    }
};

}  // namespace sluice::pipeline
