#include <sluice/adapters/exchange/settings.hpp>

#include <set>
#include <stdexcept>

namespace sluice::adapters::exchange {
namespace {

void require(bool holds, const std::string& message) {
    if (!holds) throw std::invalid_argument("exchange: " + message);
}

void check_symbol(const SymbolSettings& symbol) {
    require(!symbol.name.empty() && symbol.name.size() <= 8,
            "symbol '" + symbol.name + "': 1 to 8 characters are possible");
    for (const char c : symbol.name)
        require(c > ' ' && c <= '~', "symbol '" + symbol.name + "': printable ASCII is needed");
    require(symbol.start_price >= 2 * kOneUnit && symbol.start_price <= kMaxPrice / 4 &&
                on_tick(symbol.start_price),
            "start price of " + symbol.name + ": 2.00 to 49,999.99 in steps of 0.01 is possible");
    require(symbol.round_lot >= 1 && symbol.round_lot <= 1'000,
            "round lot of " + symbol.name + ": 1 to 1,000 is possible");
}

void check_rate(double rate, const char* name) {
    require(rate >= 0 && rate <= 1, std::string("fault '") + name + "': 0 to 1 is possible");
}

void check_faults(const VenueFaults& faults) {
    check_rate(faults.reject, "reject");
    check_rate(faults.cancel, "cancel");
    check_rate(faults.partial, "partial");
    check_rate(faults.late, "late");
    check_rate(faults.duplicate, "duplicate");
    check_rate(faults.unknown, "unknown");
    constexpr std::int64_t kHour = 3'600'000'000'000;
    require(faults.late_max_ns >= 1 && faults.late_max_ns <= kHour,
            "fault 'late': 1 ns to 1 hour is possible");
    require(faults.halt_mean_ns >= 0 && faults.halt_length_ns >= 1 &&
                faults.halt_mean_ns <= 24 * kHour && faults.halt_length_ns <= 24 * kHour,
            "fault 'halt': times of up to 24 hours are possible");
    require(faults.burst_mean_ns >= 0 && faults.burst_mean_ns <= 24 * kHour &&
                faults.burst_actions <= 1'000'000,
            "fault 'burst': up to 1,000,000 actions, up to 24 hours apart, are possible");
}

}  // namespace

void check(const ExchangeSettings& settings) {
    require(!settings.symbols.empty() && settings.symbols.size() <= kMaxSymbols,
            "symbols: 1 to " + std::to_string(kMaxSymbols) + " are possible");
    std::set<std::string> seen;
    for (const SymbolSettings& symbol : settings.symbols) {
        check_symbol(symbol);
        require(seen.insert(symbol.name).second, "symbol '" + symbol.name + "' is named twice");
    }
    require(settings.flow.actions_per_second <= 10'000'000,
            "rate: up to 10,000,000 actions a second are possible");
    require(settings.flow.resting_orders >= 2 && settings.flow.resting_orders <= 10'000,
            "resting orders of a symbol: 2 to 10,000 are possible");
    require(settings.flow.volatility >= 0 && settings.flow.volatility <= 0.1,
            "volatility: 0 to 0.1 per square root of a second is possible");
    require(settings.flow.jump_mean_seconds > 0, "seconds between jumps: more than 0 is needed");
    // Twice the crowd's aim, so that clients find room beside it.
    require(settings.order_capacity >= 2 * settings.symbols.size() * settings.flow.resting_orders,
            "order capacity: twice the symbols times their resting orders is needed");
    check_faults(settings.faults);
}

}  // namespace sluice::adapters::exchange
