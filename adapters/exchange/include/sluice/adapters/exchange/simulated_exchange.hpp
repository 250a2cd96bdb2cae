// SimulatedExchange: engine, market and faults wired together, what a venue's process needs.
//
//   SimulatedExchange exchange(settings);
//   exchange.connect(itch_publisher, ouch_server);  // the server was given `exchange`
//   exchange.announce(now); exchange.open(now);
//   while (...) { exchange.advance(now); ... the protocols' own work ... }
//   exchange.close(now); exchange.end(now);
//
// Threads   One for everything. Time comes from the caller, nanoseconds since the epoch, UTC.
// Bounds    advance() does a bounded number of actions; is_behind() tells that more are due.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <sluice/adapters/exchange/fault_injector.hpp>
#include <sluice/adapters/exchange/generated_flow.hpp>
#include <sluice/adapters/exchange/matching_engine.hpp>
#include <sluice/adapters/exchange/replayed_flow.hpp>
#include <sluice/adapters/exchange/settings.hpp>

namespace sluice::adapters::exchange {

class SimulatedExchange final : public pipeline::Exchange {
  public:
    // Of actions in one advance(): some hundred microseconds.
    static constexpr std::size_t kActionsMax = 1'024;

    // A generated market. std::invalid_argument as check(settings) says.
    explicit SimulatedExchange(const ExchangeSettings& settings);
    // A recorded one; see ReplayedFlow. The source outlives this.
    SimulatedExchange(const ExchangeSettings& settings, pipeline::MarketSource& source,
                      std::vector<std::uint16_t> numbers, double speed);

    // Before anything else; both outlive this, or its last call.
    void connect(pipeline::MarketListener& market, pipeline::ReportListener& clients) noexcept;

    void announce(std::int64_t now_ns) noexcept { engine_.announce(now_ns); }
    // Trading begins, and the market and the faults with it.
    void open(std::int64_t now_ns) noexcept;
    // What the market and the faults have to do up to now.
    void advance(std::int64_t now_ns) noexcept;
    // Orders expire; reports held back go out.
    void close(std::int64_t now_ns) noexcept;
    void end(std::int64_t now_ns) noexcept;

    // Whether actions up to `now_ns` are still to be done.
    [[nodiscard]] bool is_behind(std::int64_t now_ns) const noexcept {
        return engine_.is_open() && flow_->next_due_ns() <= now_ns;
    }
    // When advance() has something to do next: until then a caller may idle.
    [[nodiscard]] std::int64_t next_due_ns() const noexcept;

    [[nodiscard]] std::span<const pipeline::ExchangeSymbol> symbols() const noexcept override {
        return engine_.symbols();
    }
    // The market's actions due before it come first.
    void request(const pipeline::OrderRequest& request, std::int64_t now_ns) noexcept override;
    void cancel_all(std::uint32_t client, std::int64_t now_ns) noexcept override;

    [[nodiscard]] MatchingEngine& engine() noexcept { return engine_; }
    [[nodiscard]] const EngineCounts& counts() const noexcept { return engine_.counts(); }
    [[nodiscard]] const FaultCounts& fault_counts() const noexcept { return faults_.counts(); }
    // Null for a generated market.
    [[nodiscard]] const ReplayCounts* replay_counts() const noexcept {
        return replayed_ == nullptr ? nullptr : &replayed_->counts();
    }

  private:
    MatchingEngine engine_;
    std::unique_ptr<MarketFlow> flow_;
    const ReplayedFlow* replayed_ = nullptr;  // flow_, when it is one
    FaultInjector faults_;
};

}  // namespace sluice::adapters::exchange
