#pragma once
// The one place that knows how large a cache line is.
//
// `std::hardware_destructive_interference_size` is not used: g++ 12 warns when it appears in a
// header, because its value may differ between translation units built with different -mtune.

#include <cstddef>

namespace sluice::core {

/// Bytes that move together between cores: the unit of ownership of the coherency protocol.
inline constexpr std::size_t kCacheLine = 64;

/// Bytes that two threads should stay apart when either writes often: x86 prefetches the other
/// line of an aligned pair along with the one asked for.
inline constexpr std::size_t kDestructivePair = 2 * kCacheLine;

static_assert((kCacheLine & (kCacheLine - 1)) == 0, "alignas needs a power of two");

}  // namespace sluice::core
