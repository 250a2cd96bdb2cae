// What a market is doing, by instrument.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::pipeline {

enum class Regime : std::uint8_t { kUnknown, kRanging, kTrending, kVolatile };
inline constexpr std::size_t kRegimeCount = 4;

[[nodiscard]] const char* to_string(Regime regime) noexcept;

}  // namespace sluice::pipeline
