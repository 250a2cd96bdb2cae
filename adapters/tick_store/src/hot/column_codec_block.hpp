// One block of a packed chunk: written and read. The layout is in column_codec.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "column_codec_kernels.hpp"

namespace sluice::adapters::tick_store {

enum class BlockMode : std::uint8_t { kRaw = 0, kFrame = 1, kStrides = 2, kDictionary = 2 };

// Bytes before the groups. kLeast is the smallest block there can be, a dictionary of one.
inline constexpr std::size_t kFrame64Bytes = 20;
inline constexpr std::size_t kStrides64Bytes = 52;
inline constexpr std::size_t kFrame32Bytes = 12;
inline constexpr std::size_t kDictionaryBytes = 4;
inline constexpr std::size_t kChunkHeaderBytes = 8;

// A group's place in its block: where it begins and how many of the values are in it.
[[nodiscard]] constexpr std::size_t groups_of(std::size_t values) noexcept {
    return (values + kGroupValues - 1) / kGroupValues;
}

// Writes 1..kBlockValues values at `out`, which has room for one byte more than they take raw.
// Returns the bytes written.
std::size_t encode_block(std::span<const std::int64_t> values, std::byte* out) noexcept;
std::size_t encode_block(std::span<const std::uint32_t> values, std::byte* out) noexcept;
std::size_t encode_block(std::span<const std::uint8_t> values, std::byte* out) noexcept;

// Reads the block at the front of `in` into `out`, as many values as that is long. Returns the
// bytes read; 0 when they are damaged.
std::size_t decode_block(std::span<const std::byte> in, std::span<std::int64_t> out,
                         CodecPath path) noexcept;
std::size_t decode_block(std::span<const std::byte> in, std::span<std::uint32_t> out,
                         CodecPath path) noexcept;
std::size_t decode_block(std::span<const std::byte> in, std::span<std::uint8_t> out,
                         CodecPath path) noexcept;

template <class T>
std::size_t encode_raw(std::span<const T> values, std::byte* out) noexcept {
    out[0] = static_cast<std::byte>(BlockMode::kRaw);
    std::memcpy(out + 1, values.data(), values.size_bytes());
    return 1 + values.size_bytes();
}

template <class T>
[[nodiscard]] T read_at(const std::byte* from) noexcept {
    T out;
    std::memcpy(&out, from, sizeof out);
    return out;
}
template <class T>
void write_at(std::byte* to, T value) noexcept {
    std::memcpy(to, &value, sizeof value);
}

}  // namespace sluice::adapters::tick_store
