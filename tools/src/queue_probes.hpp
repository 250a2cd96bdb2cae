// The simulated venue as a model of queues: each probe has an instrument of its own, so that no two share
// a print. Latencies are 0, so what differs from the truth is the queue alone.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/proofs/queue_truth.hpp>

namespace sluice::tools {

// A probe's number is that of its instrument.
inline constexpr std::size_t kMostProbes = 10'000;

class VenueProbes final : public proofs::QueueModel {
  public:
    VenueProbes(pipeline::QueueModel queue, std::size_t probes);

    void place(std::size_t probe, const proofs::QueueProbe& what, std::int64_t quantity_raw,
               const pipeline::QuoteRow& top) override;
    void trade(std::size_t probe, const pipeline::TradeRow& row) override;
    void quote(std::size_t probe, const pipeline::QuoteRow& row) override;
    [[nodiscard]] std::optional<std::int64_t> filled_ns(std::size_t probe) const override {
        return filled_.at(probe);
    }

  private:
    void drain(core::StreamTime time);

    pipeline::RiskGate gate_;  // the only way to an order
    pipeline::Portfolio books_;
    adapters::sim_venue::SimVenue venue_;
    std::vector<std::optional<std::int64_t>> filled_;
};

}  // namespace sluice::tools
