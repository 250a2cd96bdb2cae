// What each snippet of this folder starts from. A snippet's line "// expect: ..." is a regular
// expression that the compiler's refusal must match, so that it is refused for the right reason.
#pragma once

#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/hot/order_stage.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>

namespace snippet {

using namespace sluice::pipeline;  // NOLINT
using sluice::adapters::sim_venue::SimVenue;

// A gateway as the port asks for it.
struct Wire {
    void send(const ApprovedOrder&, StreamTime, Sequence) noexcept {}
    void cancel(OrderId, SymbolId, StreamTime, Sequence) noexcept {}
};
static_assert(Gateway<Wire>);

}  // namespace snippet
