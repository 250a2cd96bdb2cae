// Unsigned integers in network byte order, at any address.
// Any thread; a load or store and a byte swap each.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace sluice::core {

static_assert(std::endian::native == std::endian::little, "the swaps below assume it");

template <class T>
[[nodiscard]] constexpr T byte_swap(T value) noexcept {
    static_assert(std::is_unsigned_v<T>);
    if constexpr (sizeof(T) == 1) return value;
    if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
}

// `from` has sizeof(T) bytes.
template <class T>
[[nodiscard]] inline T load_big(const std::byte* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    return byte_swap(value);
}
template <class T>
inline void store_big(std::byte* to, T value) noexcept {
    value = byte_swap(value);
    std::memcpy(to, &value, sizeof value);
}

// The six-byte times of ITCH; `from` and `to` have six bytes, value < 2^48.
[[nodiscard]] inline std::uint64_t load_big48(const std::byte* from) noexcept {
    return static_cast<std::uint64_t>(load_big<std::uint16_t>(from)) << 32U |
           load_big<std::uint32_t>(from + 2);
}
inline void store_big48(std::byte* to, std::uint64_t value) noexcept {
    store_big(to, static_cast<std::uint16_t>(value >> 32U));
    store_big(to + 2, static_cast<std::uint32_t>(value));
}

}  // namespace sluice::core
