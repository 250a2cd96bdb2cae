// Random numbers that are the same on every compiler and machine: integers only, no floating
// point but in uniform(), none of the standard library's distributions. One thread per object.
//
// The generator is xoshiro256++ (Blackman and Vigna, 2019), seeded through SplitMix64.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include <sluice/core/overflow.hpp>

namespace sluice::core {

class Random {
  public:
    // Streams of one seed are independent of each other.
    constexpr Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t substream) noexcept {
        std::uint64_t state = seed;
        for (const std::uint64_t word : {stream, substream}) state = mix(state) ^ word;
        for (std::uint64_t& word : state_) word = mix(state);
    }

    constexpr explicit Random(const std::array<std::uint64_t, 4>& state) noexcept : state_(state) {}

    [[nodiscard]] constexpr std::uint64_t next() noexcept {
        const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t shifted = state_[1] << 17U;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    // Uniform in [0, bound); bound > 0. The bias of the multiplication is below bound / 2^64.
    [[nodiscard]] constexpr std::int64_t below(std::int64_t bound) noexcept {
        const auto wide = static_cast<Uint128>(next()) * static_cast<std::uint64_t>(bound);
        return static_cast<std::int64_t>(wide >> 64U);
    }
    [[nodiscard]] constexpr bool percent(std::int64_t chance) noexcept {
        return below(100) < chance;
    }
    // Uniform in [0, 1): a multiple of 2^-53, exact.
    [[nodiscard]] constexpr double uniform() noexcept {
        return static_cast<double>(next() >> 11U) * 0x1p-53;
    }
    // Bell-shaped: 64 fair coins, mean 0, standard deviation 4.
    [[nodiscard]] constexpr std::int64_t bell() noexcept { return std::popcount(next()) - 32; }

    // Exponential with the given mean (von Neumann's method: comparisons, no logarithm).
    [[nodiscard]] constexpr std::int64_t exponential(std::int64_t mean) noexcept {
        for (std::uint64_t whole = 0;; ++whole) {
            const std::uint64_t first = next();
            std::uint64_t previous = first;
            unsigned length = 2;
            for (std::uint64_t u = next(); u <= previous; u = next(), ++length) previous = u;
            if (length % 2 != 0) continue;
            const Uint128 units = (static_cast<Uint128>(whole) << 32U) | (first >> 32U);
            return static_cast<std::int64_t>((units * static_cast<std::uint64_t>(mean)) >> 32U);
        }
    }

  private:
    // SplitMix64's step: advances `state` and returns its output.
    [[nodiscard]] static constexpr std::uint64_t mix(std::uint64_t& state) noexcept {
        std::uint64_t z = state += 0x9E3779B97F4A7C15U;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    std::array<std::uint64_t, 4> state_{};
};

}  // namespace sluice::core
