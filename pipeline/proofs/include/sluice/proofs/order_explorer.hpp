// Proves, by trying, that the life cycle of orders keeps its rules in whatever order things happen.
//
// The real risk and order stage against a venue that does what it likes: it obeys and refuses, fills in
// parts, ends orders unasked, answers late; the line breaks, delivers twice or out of order; decisions
// come in between. After each step every rule is checked, and at the end of a sequence everything is
// answered and one more decision carried out.
//
// First every sequence up to a depth that the number of sequences allows, then random ones that are
// longer. A sequence that breaks a rule is shortened, step by step, as long as it still breaks it.
// One thread; 10^5 sequences take seconds. Deterministic in its options.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sluice/proofs/order_engine.hpp>
#include <sluice/proofs/order_rules.hpp>
#include <sluice/proofs/progress.hpp>

namespace sluice::proofs {

struct OrderExploreOptions {
    std::uint64_t sequences = 100'000;
    std::uint64_t depth = 32;  // steps of a random sequence
    std::uint64_t seed = 1;
    bool brackets = false;  // each position has a stop and an order that takes the profit
    OrderRuleSet rules = kAllOrderRules;
    MakeOrderEngine make = make_order_engine;
    Progress progress{};
};

struct OrderViolation {
    OrderRule rule{};
    std::uint64_t sequence = 0;  // the number of the sequence, from 1
    std::vector<std::string> steps;
    std::uint64_t steps_before = 0;  // before it was shortened
};

struct OrderExploreReport {
    std::uint64_t sequences = 0;
    std::uint64_t complete = 0;  // of which: all of up to `complete_depth` steps
    std::uint64_t complete_depth = 0;
    std::uint64_t random = 0;
    std::uint64_t steps = 0;            // without those at the end of each sequence
    std::vector<std::uint64_t> by_act;  // how often each thing happened, as act_names() lists them
    bool ended_early = false;
    std::optional<OrderViolation> violation{};

    [[nodiscard]] bool clean() const noexcept { return !violation; }
};

// Ends at the first violation.
[[nodiscard]] OrderExploreReport explore_orders(const OrderExploreOptions& options);

[[nodiscard]] const std::vector<std::string>& act_names();

}  // namespace sluice::proofs
