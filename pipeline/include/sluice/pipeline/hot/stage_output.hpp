// How events reach a stage and leave it.
//
//   template <EventKind kKnown, StageOutput Out> void on(const Event& event, Out out) noexcept;
//
// kKnown is the event's kind where the caller knows it at compile time (the straight line of a
// tick, and what leads from it to an order: each stage then keeps only what that kind needs), else
// kNone. The two ways out mean the same; they differ in how the call is compiled.
#pragma once

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

template <class Out>
concept StageOutput = requires(Out out, const Event& event) {
    // The event that came in goes on: inlined.
    { out.template pass<EventKind::kNone>(event) }
    noexcept;
    // A derived event: a call, which needs no kind named.
    { out.template emit<EventKind::kNone>(event) }
    noexcept;
    { out.emit(event) }
    noexcept;
};

// The kind to switch over: a constant where it is known.
template <EventKind kKnown>
[[nodiscard]] constexpr EventKind kind_of(const Event& event) noexcept {
    if constexpr (kKnown != EventKind::kNone) {
        return kKnown;
    } else {
        return event.kind();
    }
}

}  // namespace sluice::pipeline
