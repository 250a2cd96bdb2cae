// Lane packing of 256 numbers, in plain C++: the layout is in column_codec.hpp. Both directions
// are loops over whole rows, which compilers turn into vectors.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sluice::adapters::tick_store {

static_assert(std::endian::native == std::endian::little, "packed words are read in place");

inline constexpr std::size_t kGroupValues = 256;
inline constexpr std::size_t kGroupsPerBlock = 4;
inline constexpr std::size_t kEntriesMax = 16;

[[nodiscard]] constexpr std::size_t group_bytes(unsigned bits) noexcept {
    return kGroupValues / 8 * bits;
}

template <class Word>
[[nodiscard]] constexpr Word low_bits(unsigned bits) noexcept {
    constexpr auto kAll = static_cast<Word>(~Word{0});
    return bits == 0 ? Word{0} : static_cast<Word>(kAll >> (sizeof(Word) * 8 - bits));
}

// `numbers` has 256 of them, each below 2^bits; writes group_bytes(bits).
template <class Word>
void pack_lanes(const Word* numbers, unsigned bits, std::byte* out) noexcept {
    constexpr unsigned kBits = sizeof(Word) * 8;
    constexpr std::size_t kLanes = kGroupValues / kBits;
    Word rows[kGroupValues + kLanes] = {};  // one row to spare for what spills from the last
    for (unsigned step = 0; step < kBits; ++step) {
        const unsigned offset = step * bits % kBits;
        Word* const row = rows + step * bits / kBits * kLanes;
        const Word* const from = numbers + step * kLanes;
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            row[lane] = static_cast<Word>(row[lane] | static_cast<Word>(from[lane] << offset));
        }
        if (offset + bits <= kBits) continue;
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            row[kLanes + lane] = static_cast<Word>(from[lane] >> (kBits - offset));
        }
    }
    std::memcpy(out, rows, group_bytes(bits));
}

// Reads group_bytes(bits), writes 256 numbers.
template <class Word>
void unpack_lanes(const std::byte* in, unsigned bits, Word* numbers) noexcept {
    constexpr unsigned kBits = sizeof(Word) * 8;
    constexpr std::size_t kLanes = kGroupValues / kBits;
    Word rows[kGroupValues + kLanes] = {};
    std::memcpy(rows, in, group_bytes(bits));
    const Word mask = low_bits<Word>(bits);
    for (unsigned step = 0; step < kBits; ++step) {
        const unsigned offset = step * bits % kBits;
        const Word* const row = rows + step * bits / kBits * kLanes;
        Word* const to = numbers + step * kLanes;
        // Twice, because a shift by all the bits of a word is undefined.
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const Word above = static_cast<Word>(row[kLanes + lane] << (kBits - 1U - offset));
            to[lane] =
                static_cast<Word>((row[lane] >> offset | static_cast<Word>(above << 1U)) & mask);
        }
    }
}

}  // namespace sluice::adapters::tick_store
