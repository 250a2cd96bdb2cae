#include <sluice/pipeline/bar_definition.hpp>

#include <algorithm>
#include <stdexcept>

#include <sluice/core/config/units.hpp>

namespace sluice::pipeline {
namespace {

using core::config::parse_decimal;
using core::config::ParsedInt;

constexpr std::int64_t kTicksMost = 1'000'000'000;
constexpr std::int64_t kUnitsMost = 10'000'000'000;
constexpr std::int64_t kNotionalMost = 1'000'000'000'000;
constexpr std::int64_t kImbalanceLeast = 10;
constexpr std::int64_t kImbalanceMost = 1'000'000;
constexpr std::int64_t kCents = 100;

constexpr std::string_view kForms =
    "\"1000 ticks\", \"50000 units\", \"1000000 notional\" or \"imbalance 100\"";

ParsedActivityBar fault(std::string_view text, std::string_view why) {
    return {{}, "'" + std::string(text) + "' " + std::string(why)};
}

ParsedActivityBar read(std::string_view text, ActivityKind kind, std::string_view number) {
    ParsedActivityBar out;
    out.bar.kind = kind;
    const auto in_range = [](const ParsedInt& value, std::int64_t least, std::int64_t most) {
        return value.ok() && value.value >= least && value.value <= most;
    };
    switch (kind) {
        case ActivityKind::kTicks: {
            const ParsedInt ticks = parse_decimal(number, 1);
            if (!in_range(ticks, 1, kTicksMost))
                return fault(text, "is not a whole number of ticks from 1 to 1000000000");
            out.bar.ticks = ticks.value;
            break;
        }
        case ActivityKind::kUnits: {
            const ParsedInt units = parse_decimal(number, Quantity::kScale);
            if (!in_range(units, 1, kUnitsMost * Quantity::kScale))
                return fault(text, "is not a number of units from 0.00000001 to 10000000000");
            out.bar.units = Quantity::from_raw(units.value);
            break;
        }
        case ActivityKind::kNotional: {
            const ParsedInt cents = parse_decimal(number, kCents);
            if (!in_range(cents, 1, kNotionalMost * kCents))
                return fault(text, "is not an amount from 0.01 to 1000000000000, to the hundredth");
            out.bar.notional = core::Money::from_raw(static_cast<core::Int128>(cents.value) *
                                                     (core::Money::kScale / kCents));
            break;
        }
        case ActivityKind::kImbalance: {
            const ParsedInt ticks = parse_decimal(number, 1);
            if (!in_range(ticks, kImbalanceLeast, kImbalanceMost))
                return fault(text,
                             "is not a whole number of expected ticks from 10 to 1000000 after "
                             "the word imbalance");
            out.bar.ticks = ticks.value;
            break;
        }
    }
    return out;
}

}  // namespace

ParsedActivityBar parse_activity_bar(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space != std::string_view::npos) {
        const std::string_view first = text.substr(0, space);
        const std::string_view second = text.substr(space + 1);
        if (first == "imbalance") return read(text, ActivityKind::kImbalance, second);
        if (second == "ticks") return read(text, ActivityKind::kTicks, first);
        if (second == "units") return read(text, ActivityKind::kUnits, first);
        if (second == "notional") return read(text, ActivityKind::kNotional, first);
    }
    return fault(text, "is no kind of bar; write " + std::string(kForms) +
                           (core::config::parse_duration(text).ok()
                                ? "; lengths of time belong to bars.timeframes"
                                : ""));
}

std::string to_string(const ActivityBar& bar) {
    switch (bar.kind) {
        case ActivityKind::kTicks: return std::to_string(bar.ticks) + " ticks";
        case ActivityKind::kUnits:
            return core::config::format_decimal(bar.units.raw(), Quantity::kScale) + " units";
        case ActivityKind::kNotional:
            return core::config::format_decimal(
                       static_cast<std::int64_t>(bar.notional.raw() /
                                                 (core::Money::kScale / kCents)),
                       kCents) +
                   " notional";
        case ActivityKind::kImbalance: return "imbalance " + std::to_string(bar.ticks);
    }
    return {};
}

std::vector<ActivityBar> activity_bars(const BarSettings& settings) {
    std::vector<ActivityBar> out;
    for (const std::string& text : settings.by_activity) {
        const ParsedActivityBar parsed = parse_activity_bar(text);
        if (!parsed.fault.empty()) throw std::invalid_argument("bars.by_activity: " + parsed.fault);
        out.push_back(parsed.bar);
    }
    return out;
}

std::string activity_bars_fault(const BarSettings& settings) {
    std::vector<ActivityBar> seen;
    for (const std::string& text : settings.by_activity) {
        const ParsedActivityBar parsed = parse_activity_bar(text);
        if (!parsed.fault.empty()) return "{0}: " + parsed.fault;
        if (std::find(seen.begin(), seen.end(), parsed.bar) != seen.end())
            return "{0} lists '" + to_string(parsed.bar) + "' twice";
        const bool by_volume =
            parsed.bar.kind == ActivityKind::kUnits || parsed.bar.kind == ActivityKind::kNotional;
        if (by_volume && settings.price == BarPrice::kMid)
            return "{0}: '" + text +
                   "' counts what is traded, and bars.price = \"mid\" is made of quotes; take "
                   "ticks or imbalance, or bars.price = \"trade\"";
        seen.push_back(parsed.bar);
    }
    return {};
}

std::string strategy_bars_fault(const BarSettings& settings, const StrategySettings& strategy) {
    if (strategy.kind == StrategyKind::kCrossSection && !strategy.bars.empty())
        return "strategy '" + strategy.name +
               "' compares bars that end at the same moment, and those of '" + strategy.bars +
               "' do not; give it a timeframe of {1} instead of bars";
    if (timeframe_of(settings, strategy)) return {};
    if (strategy.bars.empty())
        return "strategy '" + strategy.name +
               "' has a timeframe that {1} does not list; add it there";
    return "strategy '" + strategy.name + "' sees bars of '" + strategy.bars +
           "', which {2} does not list; add them there";
}

std::optional<std::size_t> timeframe_of(const BarSettings& settings,
                                        const StrategySettings& strategy) {
    const auto& timeframes = settings.timeframes;
    if (strategy.bars.empty()) {
        const auto found = std::find(timeframes.begin(), timeframes.end(), strategy.timeframe);
        if (found == timeframes.end()) return std::nullopt;
        return static_cast<std::size_t>(found - timeframes.begin());
    }
    const ParsedActivityBar wanted = parse_activity_bar(strategy.bars);
    if (!wanted.fault.empty()) return std::nullopt;
    for (std::size_t i = 0; i < settings.by_activity.size(); ++i) {
        const ParsedActivityBar built = parse_activity_bar(settings.by_activity[i]);
        if (built.fault.empty() && built.bar == wanted.bar) return timeframes.size() + i;
    }
    return std::nullopt;
}

}  // namespace sluice::pipeline
