// Bars made of closes, and a strategy with the memory that it is handed.
#pragma once

#include <vector>

#include <sluice/pipeline/hot/strategies.hpp>

#include "pipeline/support.hpp"

namespace sluice::tests {

// A bar around its close: the high is a hundredth above it, the low a hundredth below.
[[nodiscard]] inline pipeline::Bar bar_of(double close, double volume = 100) {
    const auto raw = [](double value) {
        return Price::from_raw(static_cast<std::int64_t>(value * 1e9 + 0.5));
    };
    return {raw(close), raw(close * 1.01), raw(close * 0.99), raw(close),
            Quantity::from_units(static_cast<std::int64_t>(volume))};
}

template <class S>
class OwnedStrategy {
  public:
    explicit OwnedStrategy(const pipeline::StrategyValues& values)
        : storage_(S::kCloses), strategy_{storage_, values} {}
    OwnedStrategy(const OwnedStrategy&) = delete;
    OwnedStrategy& operator=(const OwnedStrategy&) = delete;

    bool close(double at) { return strategy_.on_bar(bar_of(at)); }
    [[nodiscard]] S& operator*() { return strategy_; }
    [[nodiscard]] S* operator->() { return &strategy_; }

  private:
    std::vector<std::int64_t> storage_;
    S strategy_;
};

}  // namespace sluice::tests
