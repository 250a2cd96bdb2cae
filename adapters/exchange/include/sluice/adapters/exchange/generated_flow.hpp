// GeneratedFlow: a market that a seed makes. In each symbol a hidden value walks, and jumps now and
// then; around it the crowd quotes on several prices both sides, cancels, replaces, and takes what
// stands at a price that the value has left. Actions come as a Poisson process over all symbols,
// the first symbols more often than the later ones (harmonically).
//
// Threads   One, the engine's.
// Bounds    Resting orders of a symbol hover around FlowSettings::resting_orders.
// Cost      See perf/exchange.md. An action makes the market one message, or a few when it executes
//           against several orders: 1.07 on average with the settings as they come.
//
// Deterministic: times and choices come from the seed, and from what rests at the time, so without
// a client they are the same always, and with one as long as the client does the same. The times of
// actions depend on the seed alone.
#pragma once

#include <cstdint>
#include <vector>

#include <sluice/adapters/exchange/crowd_orders.hpp>
#include <sluice/adapters/exchange/market_flow.hpp>
#include <sluice/adapters/exchange/matching_engine.hpp>
#include <sluice/adapters/exchange/random.hpp>

namespace sluice::adapters::exchange {

class GeneratedFlow final : public MarketFlow {
  public:
    // The engine was made from the same settings, and outlives this.
    GeneratedFlow(MatchingEngine& engine, const ExchangeSettings& settings);

    void on_report(const pipeline::OrderReport& report) noexcept override {
        orders_.on_report(report);
    }
    void start(std::int64_t now_ns) noexcept override;
    std::size_t advance(std::int64_t now_ns, std::size_t actions_max) noexcept override;
    void burst(std::size_t actions, std::int64_t now_ns) noexcept override;
    [[nodiscard]] std::int64_t next_due_ns() const noexcept override { return due_ns_; }

    [[nodiscard]] std::uint64_t actions() const noexcept { return actions_; }

  private:
    struct Symbol {
        std::int64_t value;            // in 1/65536 ticks of 0.01
        std::int64_t step;             // of the value, for one standard deviation of an action
        std::uint64_t actions_a_jump;  // mean
        std::uint64_t weight_up_to;    // of this symbol and those before
        std::uint32_t round_lot;
    };

    void schedule() noexcept;
    void act(std::int64_t now_ns) noexcept;
    void move(Symbol& symbol) noexcept;
    // Actions; `symbol` is the exchange's number.
    void add(std::uint16_t symbol, pipeline::Side side, std::int64_t now_ns) noexcept;
    void cancel(std::uint16_t symbol, std::int64_t now_ns) noexcept;
    void replace(std::uint16_t symbol, std::int64_t now_ns) noexcept;
    void take(std::uint16_t symbol, pipeline::Side side, pipeline::ExchangePrice limit,
              std::uint32_t lots_max, std::int64_t now_ns) noexcept;
    [[nodiscard]] pipeline::ExchangePrice passive_price(std::uint16_t symbol,
                                                        pipeline::Side side) noexcept;
    [[nodiscard]] std::uint32_t shares_to_show(const Symbol& symbol) noexcept;
    [[nodiscard]] const CrowdOrders::Order& pick(std::uint16_t symbol) noexcept;

    MatchingEngine& engine_;
    CrowdOrders orders_;
    std::vector<Symbol> symbols_;  // from 0: of number n at n - 1
    Random times_;
    Random choices_;
    std::uint64_t gap_mean_ns_x1024_;  // 0: no actions
    std::uint64_t gap_rest_ = 0;       // of a nanosecond, in 1/1024
    std::uint32_t resting_aim_;
    std::int64_t due_ns_ = kNever;
    std::uint64_t actions_ = 0;
};

}  // namespace sluice::adapters::exchange
