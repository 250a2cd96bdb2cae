// The lawful way, which must compile: a proposal, the gate, its order, the event, the gateway.
#include "prelude.hpp"

namespace snippet {

void lawful(RiskGate& gate, const Proposal& proposal, const Exposure& exposure,
            const Portfolio& books, Wire& wire, SimVenue& venue) {
    const auto verdict = gate.judge(proposal, exposure, books, StreamTime{}, OrderId{1});
    if (!verdict.approved()) return;
    const ApprovedOrder copy = verdict.order();
    const Event event = Event::approved(StreamTime{}, Sequence{1}, copy);
    wire.send(event.approved(), event.time(), event.sequence());
    venue.submit(event.approved(), event.time());
}

}  // namespace snippet
