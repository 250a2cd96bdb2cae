// FaultInjector: stands between the clients and a matching engine and makes the exchange misbehave
// as VenueFaults says. Matching itself knows nothing of it, and whatever it does to the books
// happens through the engine, so that market and reports stay in agreement with each other.
//
// Threads   One, the engine's.
// Bounds    65,536 reports held back; with more the oldest goes out early.
// Cost      Two or three random numbers a request and a report; nothing for the crowd.
//
//   clients ──request──> FaultInjector ──> MatchingEngine ──> market
//           <──report───      │   <───────report────┘
//                             └──burst──> MarketFlow
//
// Deterministic in the seed and in the sequence of calls and their times. Reports never overtake
// each other: one that is late holds up those behind it, as on one connection.
#pragma once

#include <cstdint>
#include <deque>

#include <sluice/adapters/exchange/market_flow.hpp>
#include <sluice/adapters/exchange/matching_engine.hpp>
#include <sluice/adapters/exchange/random.hpp>
#include <sluice/adapters/exchange/venue_faults.hpp>

namespace sluice::adapters::exchange {

struct FaultCounts {
    std::uint64_t rejects = 0;
    std::uint64_t cancels = 0;
    std::uint64_t partials = 0;
    std::uint64_t late = 0;         // that were drawn to be late
    std::uint64_t held_behind = 0;  // that waited behind those
    std::uint64_t duplicates = 0;
    std::uint64_t unknown = 0;
    std::uint64_t halts = 0;
    std::uint64_t bursts = 0;
    friend bool operator==(const FaultCounts&, const FaultCounts&) = default;
};

class FaultInjector final : public pipeline::Exchange, public pipeline::ReportListener {
  public:
    // The refs of orders that no client sent start here; within OUCH 5.0's 32 bits.
    static constexpr std::uint64_t kUnknownRefs = 4'000'000'000;

    // Both outlive this. The caller connects the engine's client reports to it.
    FaultInjector(const VenueFaults& faults, MatchingEngine& engine, MarketFlow& flow);

    // Where reports go; null: nowhere.
    void connect(pipeline::ReportListener* clients) noexcept { clients_ = clients; }
    // Halts and bursts come from now on.
    void start(std::int64_t now_ns) noexcept;
    // Halts, resumptions, bursts and late reports that are due.
    void advance(std::int64_t now_ns) noexcept;
    // Sends all that is held back.
    void flush() noexcept;
    // When advance() has something to do next; MarketFlow::kNever when not foreseeable.
    [[nodiscard]] std::int64_t next_due_ns() const noexcept;

    [[nodiscard]] std::span<const pipeline::ExchangeSymbol> symbols() const noexcept override {
        return engine_.symbols();
    }
    void request(const pipeline::OrderRequest& request, std::int64_t now_ns) noexcept override;
    void cancel_all(std::uint32_t client, std::int64_t now_ns) noexcept override;
    void on_report(const pipeline::OrderReport& report) noexcept override;

    [[nodiscard]] const FaultCounts& counts() const noexcept { return counts_; }

  private:
    struct Held {
        std::int64_t due_ns;
        pipeline::OrderReport report;
    };

    [[nodiscard]] bool refuse(const pipeline::OrderRequest& request, std::int64_t now_ns) noexcept;
    void outrun(const pipeline::OrderRequest& request, std::int64_t now_ns) noexcept;
    void take_part_of(const pipeline::OrderRequest& request, std::int64_t now_ns) noexcept;
    void crowd_takes(std::uint16_t symbol, pipeline::Side side, std::uint64_t shares,
                     pipeline::ExchangePrice limit, std::int64_t now_ns) noexcept;
    void pass(const pipeline::OrderReport& report) noexcept;
    void deliver(const pipeline::OrderReport& report) noexcept;
    void release(std::int64_t now_ns) noexcept;
    void halt_or_resume() noexcept;
    [[nodiscard]] std::int64_t wait(std::int64_t mean_ns) noexcept;

    VenueFaults faults_;
    MatchingEngine& engine_;
    MarketFlow& flow_;
    pipeline::ReportListener* clients_ = nullptr;
    Random requests_;
    Random reports_;
    Random market_;
    std::deque<Held> held_;
    std::int64_t halt_due_ns_ = MarketFlow::kNever;  // or the resumption, while one is halted
    std::uint16_t halted_ = 0;
    std::int64_t burst_due_ns_ = MarketFlow::kNever;
    std::uint64_t next_crowd_ref_ = 1;
    std::uint64_t next_unknown_ = kUnknownRefs;
    FaultCounts counts_;
};

}  // namespace sluice::adapters::exchange
