// The chance behind injected faults: the same seed gives the same faults at the same calls.
#pragma once

#include <cstdint>

namespace sluice::adapters::net {

class FaultDice {
  public:
    explicit FaultDice(std::uint64_t seed) noexcept : state_{seed} {}

    // SplitMix64 (Steele, Lea, Flood 2014): passes from any seed, also 0.
    [[nodiscard]] std::uint64_t roll() noexcept {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ mixed >> 30U) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ mixed >> 27U) * 0x94D049BB133111EBU;
        return mixed ^ mixed >> 31U;
    }
    // True in `rate` of all cases, 0 never and 1 always. Rolls each time, so that one rate does
    // not shift what another decides.
    [[nodiscard]] bool happens(double rate) noexcept {
        return static_cast<double>(roll() >> 11U) * 0x1p-53 < rate;
    }
    // 1 to `most`, equally likely but for a bias below 2^-32 at the sizes used here.
    [[nodiscard]] std::uint64_t up_to(std::uint64_t most) noexcept {
        return most <= 1 ? (static_cast<void>(roll()), 1) : 1 + roll() % most;
    }

  private:
    std::uint64_t state_;
};

}  // namespace sluice::adapters::net
