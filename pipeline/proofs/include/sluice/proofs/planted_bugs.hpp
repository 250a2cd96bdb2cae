// Engines with one bug each, so that the explorer shows that it finds them: one for each rule.
#pragma once

#include <sluice/proofs/order_engine.hpp>
#include <sluice/proofs/order_rules.hpp>

namespace sluice::proofs {

// `make`, with the bug that breaks `rule`.
[[nodiscard]] MakeOrderEngine plant(OrderRule rule, MakeOrderEngine make = make_order_engine);
// What the bug is, in a sentence's end: "... drops a fill that crosses a cancel".
[[nodiscard]] const char* describe_planted(OrderRule rule) noexcept;

}  // namespace sluice::proofs
