// ReplayedFlow: a market that was recorded, brought back by resting orders and trades.
//
// A quote becomes one resting order at the best bid and one at the best ask, which replaces the
// earlier one of that side; a side whose price is zero stays as it was. A trade at or through the
// other side's best price becomes a marketable order of its price and size; what finds nothing to
// trade with, and trades inside the spread, are printed ('P'), so all recorded volume is told.
//
// Threads   One, the engine's, which also calls the source.
// Cost      As the engine's: one or two requests an event.
//
// Prices are cut to the exchange's tick, bids down and asks up; sizes to whole shares, from 1 up to
// 999,999. The first event falls on the start, the others follow at their distances divided by the
// speed. What cannot be a market (bid at or above ask, prices beyond the exchange's) is left out
// and counted.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <sluice/adapters/exchange/crowd_orders.hpp>
#include <sluice/adapters/exchange/market_flow.hpp>
#include <sluice/adapters/exchange/matching_engine.hpp>
#include <sluice/pipeline/market_source.hpp>

namespace sluice::adapters::exchange {

struct ReplayCounts {
    std::uint64_t quotes = 0;
    std::uint64_t trades = 0;
    std::uint64_t printed = 0;   // trades, or remainders of them, that met nothing
    std::uint64_t left_out = 0;  // events of unknown symbols or of impossible prices
};

class ReplayedFlow final : public MarketFlow {
  public:
    // `numbers[id]` is the exchange's number of the source's SymbolId id, 0 when it has none.
    // Speed: 0.001 to 1,000,000 times the recorded pace; std::invalid_argument beyond.
    // Engine and source outlive this.
    ReplayedFlow(MatchingEngine& engine, pipeline::MarketSource& source,
                 std::vector<std::uint16_t> numbers, double speed);

    void on_report(const pipeline::OrderReport& report) noexcept override;
    void start(std::int64_t now_ns) noexcept override;
    std::size_t advance(std::int64_t now_ns, std::size_t actions_max) noexcept override;
    // The next events, before their time; the pace of those after them stays.
    void burst(std::size_t actions, std::int64_t now_ns) noexcept override;
    // kNever when the recording has ended.
    [[nodiscard]] std::int64_t next_due_ns() const noexcept override { return due_ns_; }
    [[nodiscard]] const ReplayCounts& counts() const noexcept { return counts_; }

  private:
    struct Standing {
        std::uint64_t bid = 0;  // refs; 0: none was ever entered
        std::uint64_t ask = 0;
    };

    void step() noexcept;
    void act(const pipeline::Event& event, std::int64_t now_ns) noexcept;
    void quote(std::uint16_t symbol, const pipeline::Quote& quote, std::int64_t now_ns) noexcept;
    void trade(std::uint16_t symbol, const pipeline::Trade& trade, std::int64_t now_ns) noexcept;
    void withdraw(std::uint64_t ref, std::int64_t now_ns) noexcept;
    void show(std::uint16_t symbol, pipeline::Side side, pipeline::ExchangePrice price,
              std::uint32_t shares, std::int64_t now_ns) noexcept;

    MatchingEngine& engine_;
    pipeline::MarketSource& source_;
    std::vector<std::uint16_t> numbers_;
    double speed_;
    CrowdOrders orders_;
    std::vector<Standing> standing_;  // by symbol
    std::span<pipeline::Event> block_;
    std::size_t next_ = 0;  // of the block
    std::int64_t first_ns_ = 0;
    std::int64_t start_ns_ = 0;
    std::int64_t due_ns_ = kNever;
    std::uint32_t taken_ = 0;  // shares that the trade in hand has executed
    ReplayCounts counts_;
};

}  // namespace sluice::adapters::exchange
