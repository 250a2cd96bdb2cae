// What an engine decided, as its recorder sees it: every event that a stage or the venue derived
// from the ticks (bars, intents, orders, cancels, refusals, incidents, equity, reports) and the
// clock's events among them. Each carries the sequence of what caused it.
#pragma once

#include <string>
#include <vector>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/record_observer.hpp>

namespace sluice::proofs {

// The same to the bit, but for when it was measured: of the clock's events time, place and kind.
[[nodiscard]] bool same_decision(const pipeline::Event& a, const pipeline::Event& b) noexcept;

// "order 17 buy 100 SIM1 market gtc". Prices, quantities and money exact.
[[nodiscard]] std::string describe_decision(const pipeline::Event& event,
                                            const pipeline::InstrumentTable& instruments);

// "2013-10-07T13:30:00.000000001Z", UTC.
[[nodiscard]] std::string iso_time(core::StreamTime time);
// Its symbol; "-" for none.
[[nodiscard]] const char* symbol_of(const pipeline::Event& event,
                                    const pipeline::InstrumentTable& instruments) noexcept;

// Keeps all that is decided before the stream's stop, 64 bytes each.
class DecisionLog final : public pipeline::RecordObserver {
  public:
    void take(const pipeline::Event& event) override;
    [[nodiscard]] const std::vector<pipeline::Event>& decisions() const noexcept { return kept_; }

  private:
    std::vector<pipeline::Event> kept_;
    bool stopped_ = false;
};

}  // namespace sluice::proofs
