#include <sluice/research/sobol.hpp>

#include <algorithm>
#include <bit>

#include "draws.hpp"
#include "sobol_table.hpp"

namespace sluice::research {
namespace {

using Directions = std::array<std::uint32_t, kSobolBits>;

// v_k = m_k / 2^k as the leading bits of a word; m follows the recurrence of the polynomial.
Directions directions_of(std::size_t dimension) {
    Directions v{};
    if (dimension == 0) {
        for (std::size_t k = 0; k < kSobolBits; ++k) v[k] = 1U << (kSobolBits - 1 - k);
        return v;
    }
    const SobolRow& row = kSobolRows[dimension - 1];
    for (std::size_t k = 0; k < kSobolBits; ++k) {
        if (k < row.degree) {
            v[k] = row.initial[k] << (kSobolBits - 1 - k);
            continue;
        }
        v[k] = v[k - row.degree] ^ (v[k - row.degree] >> row.degree);
        for (unsigned i = 1; i < row.degree; ++i) {
            if ((row.inner >> (row.degree - 1 - i)) & 1U) v[k] ^= v[k - i];
        }
    }
    return v;
}

}  // namespace

Sobol::Sobol(std::size_t dimensions, std::uint64_t seed, Scramble how)
    : dimensions_{dimensions}, filler_{seed, kFilling, 0} {
    const std::size_t tabled = std::min(dimensions, kSobolDimensions);
    for (std::size_t d = 0; d < tabled; ++d) directions_.push_back(directions_of(d));
    position_.assign(tabled, 0);
    if (how == Scramble::kMatrix) {
        core::Random random{seed, kScrambling, 0};
        scramble(random);
    }
}

// Multiplies every direction number by a random lower triangular matrix with ones on its diagonal, and
// begins at a random word instead of zero.
void Sobol::scramble(core::Random& random) {
    for (std::size_t d = 0; d < directions_.size(); ++d) {
        Directions rows{};  // row i of the matrix, bit 31 its first column
        for (std::size_t i = 0; i < kSobolBits; ++i) {
            const std::uint32_t diagonal = 1U << (kSobolBits - 1 - i);
            const auto bits = static_cast<std::uint32_t>(random.next() >> 32U);
            rows[i] = (bits & ~(diagonal | (diagonal - 1))) | diagonal;
        }
        for (std::uint32_t& v : directions_[d]) {
            std::uint32_t out = 0;
            for (std::size_t i = 0; i < kSobolBits; ++i)
                out |= static_cast<std::uint32_t>(std::popcount(rows[i] & v) & 1)
                       << (kSobolBits - 1 - i);
            v = out;
        }
        position_[d] = static_cast<std::uint32_t>(random.next() >> 32U);
    }
}

std::vector<double> Sobol::next() {
    std::vector<double> out(dimensions_);
    for (std::size_t d = 0; d < position_.size(); ++d) out[d] = position_[d] * 0x1p-32;
    for (std::size_t d = position_.size(); d < dimensions_; ++d) out[d] = filler_.uniform();
    // Gray code order (Antonov and Saleev): one direction number a step.
    const auto bit = static_cast<std::size_t>(std::countr_one(index_++)) % kSobolBits;
    for (std::size_t d = 0; d < position_.size(); ++d) position_[d] ^= directions_[d][bit];
    return out;
}

void Sobol::skip(std::uint64_t points) {
    for (; points > 0; --points) (void)next();
}

}  // namespace sluice::research
