// MarketFlow: what the other participants of the exchange do, as far as it is due. They are client
// kCrowd of the matching engine, so a client trades with them as with anybody.
//
// Threads   One, the engine's. It is the listener of the crowd's reports.
// Implemented by GeneratedFlow and ReplayedFlow.
#pragma once

#include <cstddef>
#include <cstdint>

#include <sluice/pipeline/exchange.hpp>

namespace sluice::adapters::exchange {

class MarketFlow : public pipeline::ReportListener {
  public:
    static constexpr std::int64_t kNever = INT64_MAX;

    // First orders; from now on actions become due. The engine is open.
    virtual void start(std::int64_t now_ns) noexcept = 0;
    // Does what is due up to `now_ns`, each at its own time, at most `actions_max` of it; returns
    // how many actions that were. The rest stays due.
    virtual std::size_t advance(std::int64_t now_ns, std::size_t actions_max) noexcept = 0;
    // That many actions at once, out of turn. Their later ones come as they would have.
    virtual void burst(std::size_t actions, std::int64_t now_ns) noexcept = 0;
    // When the next action is due; kNever when there is none.
    [[nodiscard]] virtual std::int64_t next_due_ns() const noexcept = 0;
};

}  // namespace sluice::adapters::exchange
