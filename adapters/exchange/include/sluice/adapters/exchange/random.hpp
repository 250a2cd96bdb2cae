// Random numbers that are the same on every compiler and machine: none of the standard library's
// distributions. One thread per object. The generator is SplitMix64 (Steele, Lea, Flood, 2014).
#pragma once

#include <bit>
#include <cstdint>

#include <sluice/core/overflow.hpp>

namespace sluice::adapters::exchange {

class Random {
  public:
    // Streams of one seed are independent of each other.
    constexpr Random(std::uint64_t seed, std::uint64_t stream) noexcept : state_(seed) {
        state_ = next() ^ stream;
        state_ = next();
    }

    [[nodiscard]] constexpr std::uint64_t next() noexcept {
        std::uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15U;
        z = (z ^ (z >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D0'49BB'1331'11EBU;
        return z ^ (z >> 31U);
    }
    // Uniform in [0, bound); bound > 0.
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t bound) noexcept {
        const auto wide = static_cast<core::Uint128>(next()) * bound;
        return static_cast<std::uint64_t>(wide >> 64U);
    }
    [[nodiscard]] constexpr bool percent(unsigned chance) noexcept { return below(100) < chance; }
    // True with the given probability; always at 1 and above, never at 0 and below. Draws a number
    // whatever the probability, so that changing one rate leaves the other decisions as they were.
    [[nodiscard]] constexpr bool happens(double probability) noexcept {
        return static_cast<double>(next() >> 11U) * 0x1p-53 < probability;
    }
    // Bell-shaped: 64 fair coins, mean 0, standard deviation 4.
    [[nodiscard]] constexpr std::int64_t bell() noexcept { return std::popcount(next()) - 32; }
    // 0, 1, 2 ... with probabilities 1/2, 1/4, 1/8 ...
    [[nodiscard]] constexpr std::uint32_t geometric() noexcept {
        return static_cast<std::uint32_t>(std::countr_zero(next() | (std::uint64_t{1} << 32U)));
    }
    // Exponential with the given mean, below 2^56 (von Neumann's method: no logarithm).
    [[nodiscard]] constexpr std::int64_t exponential(std::uint64_t mean) noexcept {
        for (std::uint64_t whole = 0;; ++whole) {
            const std::uint64_t first = next();
            std::uint64_t previous = first;
            unsigned length = 2;
            for (std::uint64_t u = next(); u <= previous; u = next(), ++length) previous = u;
            if (length % 2 != 0) continue;
            const core::Uint128 units = (static_cast<core::Uint128>(whole) << 32U) | (first >> 32U);
            return static_cast<std::int64_t>((units * mean) >> 32U);
        }
    }

  private:
    std::uint64_t state_;
};

}  // namespace sluice::adapters::exchange
