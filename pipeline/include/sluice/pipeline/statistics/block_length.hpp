// How long the blocks of a bootstrap are to be for a series (Politis and White 2004, with the
// correction of Patton, Politis and White 2009): longer, the further a row's influence reaches.
#pragma once

#include <span>

namespace sluice::pipeline::statistics {

struct BlockLength {
    double stationary = 1;  // expected length
    double circular = 1;    // fixed length, not yet rounded
};
// For the bootstrap of the mean. At least 1, at most min(3 sqrt(n), n / 3). NaN rows are left out;
// fewer than 4 values, or no variance, give 1. About n^1.5 operations.
[[nodiscard]] BlockLength optimal_block_length(std::span<const double> values);

}  // namespace sluice::pipeline::statistics
