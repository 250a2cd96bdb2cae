// What the tests of the statistics share: the market data's folder and random numbers with a normal
// distribution.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/statistics/normal.hpp>

namespace sluice::tests {

using Numbers = std::vector<double>;

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Recorded market data: $SLUICE_DATA, else shared/data beside the repository; may be absent.
[[nodiscard]] inline std::filesystem::path market_data_folder() {
    if (const char* given = std::getenv("SLUICE_DATA")) return given;
    return std::filesystem::path(SLUICE_SOURCE_DIR) / "../shared/data";
}

// First-order autoregression of standard normals.
[[nodiscard]] inline Numbers autoregression(std::size_t count, double coefficient,
                                            std::uint64_t seed) {
    core::Random random(seed, 0, 0);
    Numbers out;
    double value = 0;
    for (std::size_t i = 0; i < count + 50; ++i) {
        const double shock = pipeline::statistics::normal_quantile(random.uniform() + 0x1p-54);
        value = coefficient * value + shock;
        if (i >= 50) out.push_back(value);
    }
    return out;
}

}  // namespace sluice::tests
