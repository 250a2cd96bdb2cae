// Sobol's sequence with the direction numbers of Joe and Kuo (2008), scrambled by a random matrix and
// a shift a dimension (Matousek 1998), which keeps the share of every dyadic interval exact.
//
// Bounds: kSobolDimensions dimensions have direction numbers, further ones are filled with independent
// numbers; 2^32 points. Threads: none. Cost: a point takes one exclusive-or a dimension.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/core/random.hpp>

namespace sluice::research {

inline constexpr std::size_t kSobolDimensions = 40;
inline constexpr std::size_t kSobolBits = 32;

class Sobol {
  public:
    enum class Scramble { kNone, kMatrix };

    Sobol(std::size_t dimensions, std::uint64_t seed, Scramble scramble = Scramble::kMatrix);

    // The next point, in [0, 1)^d; the unscrambled sequence begins with the origin.
    std::vector<double> next();
    void skip(std::uint64_t points);

  private:
    using Directions = std::array<std::uint32_t, kSobolBits>;

    void scramble(core::Random& random);

    std::size_t dimensions_;
    std::vector<Directions> directions_;
    std::vector<std::uint32_t> position_;
    std::uint64_t index_ = 0;
    core::Random filler_;
};

}  // namespace sluice::research
