// What is done to the ticks after a moment, to learn whether a decision before it hung on them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::proofs {

enum class Alteration : std::uint8_t {
    kRemoved,     // there are none
    kShuffled,    // the same ones in random order, at the same times
    kReversed,    // the last first, at the same times
    kPoisonHigh,  // prices and sizes a thousand times as large
    kPoisonLow,   // prices a thousandth, sizes one unit
    kReopened,    // the source opened anew, as it was known at the moment: nothing later was read
};
inline constexpr std::size_t kAlterationCount = 6;
inline constexpr std::array<const char*, kAlterationCount> kAlterationNames{
    "removed", "shuffled", "reversed", "poisoned high", "poisoned low", "reopened"};
[[nodiscard]] constexpr const char* to_string(Alteration alteration) noexcept {
    return kAlterationNames[static_cast<std::size_t>(alteration)];
}

// `ticks` altered; times stay as they are and in their order. Poisoned values stay within what a
// tick may carry: prices above zero, at most 10^9 units.
[[nodiscard]] std::vector<pipeline::Event> altered(std::span<const pipeline::Event> ticks,
                                                   Alteration alteration, core::Random& random);

}  // namespace sluice::proofs
