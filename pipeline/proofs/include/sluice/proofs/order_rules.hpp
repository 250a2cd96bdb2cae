// The rules that an order's life has to keep, whatever comes in which order.
// See docs/guides/orders.md for the life cycle itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::proofs {

enum class OrderRule : std::uint8_t {
    kFilledWithinQuantity,  // no order is booked for more than was ordered
    kPositionIsFills,       // the position is the sum of the fills, and in the end the venue's
    kUnknownStaysUnknown,   // without a final word of the venue an order counts as open
    kEndedIsEnded,          // with one it does not
    kSentOnce,              // ids rise; none is sent twice or used again
    kOneCancel,             // no second cancel before the answer to the first
    kOneReplacement,    // no replacement before the answer to the one before, none after a cancel
    kNothingForEnded,   // no command for an order that has ended
    kWithinLimit,       // were all to fill that may, the position would be within its limit
    kImpossibleIsTold,  // one incident for each impossible report or missing leg, none else
    kHaltOpensNothing,  // while halted only what reduces leaves; killed, nothing
    kWantedInTheEnd,    // once all is answered, the next decision is what is held
    // Where positions have brackets:
    kNeverUnprotected,  // what is held has its stop, or is being closed, or both have been refused
    kAgainstReduces,    // an order against the position is reduce-only
};
inline constexpr std::size_t kOrderRuleCount = 14;
// Whether a rule says something of brackets only.
[[nodiscard]] constexpr bool is_of_brackets(OrderRule rule) noexcept {
    return rule >= OrderRule::kNeverUnprotected;
}

// One bit a rule.
using OrderRuleSet = std::uint32_t;
inline constexpr OrderRuleSet kAllOrderRules = (OrderRuleSet{1} << kOrderRuleCount) - 1;
[[nodiscard]] constexpr OrderRuleSet rule_bit(OrderRule rule) noexcept {
    return OrderRuleSet{1} << static_cast<unsigned>(rule);
}

inline constexpr std::array<std::string_view, kOrderRuleCount> kOrderRuleNames{
    "filled_within_quantity", "position_is_fills",  "unknown_stays_unknown",
    "ended_is_ended",         "sent_once",          "one_cancel",
    "one_replacement",        "nothing_for_ended",  "within_limit",
    "impossible_is_told",     "halt_opens_nothing", "wanted_in_the_end",
    "never_unprotected",      "against_reduces"};
[[nodiscard]] constexpr std::string_view to_string(OrderRule rule) noexcept {
    return kOrderRuleNames[static_cast<std::size_t>(rule)];
}

}  // namespace sluice::proofs
