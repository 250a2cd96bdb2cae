#include <algorithm>

#include "column_codec_block.hpp"

namespace sluice::adapters::tick_store {
namespace {

// Calls read_group(from, group, to) for each group, `to` with room for 256 values; the last group
// of a short block goes by way of a buffer.
template <class T, class ReadGroup>
void each_group(std::span<T> out, const ReadGroup& read_group) noexcept {
    std::size_t group = 0;
    for (; out.size() >= kGroupValues; ++group) {
        read_group(group, out.data());
        out = out.subspan(kGroupValues);
    }
    if (out.empty()) return;
    T whole[kGroupValues];
    read_group(group, whole);
    std::memcpy(out.data(), whole, out.size_bytes());
}

template <class T>
std::size_t decode_raw(std::span<const std::byte> in, std::span<T> out) noexcept {
    if (in.size() < 1 + out.size_bytes()) return 0;
    std::memcpy(out.data(), in.data() + 1, out.size_bytes());
    return 1 + out.size_bytes();
}

// The four numbers of bits at `from`: what their groups take. False when one is above `most`, or
// belongs to a group that the block does not have.
bool read_bits(const std::byte* from, unsigned most, std::size_t groups, std::size_t& bytes) {
    for (std::size_t group = 0; group < kGroupsPerBlock; ++group) {
        const auto bits = std::to_integer<unsigned>(from[group]);
        if (bits > most || (group >= groups && bits != 0)) return false;
        bytes += group_bytes(bits);
    }
    return true;
}

template <class T, class LookUp>
std::size_t decode_dictionary(std::span<const std::byte> in, std::span<T> out,
                              const LookUp& look_up) noexcept {
    if (in.size() < kDictionaryBytes) return 0;
    const auto bits = std::to_integer<unsigned>(in[1]);
    const auto size = std::to_integer<std::size_t>(in[2]);
    if ((bits > 2 && bits != 4) || size == 0 || size > std::size_t{1} << bits) return 0;
    if (in[3] != std::byte{0}) return 0;
    const std::size_t before = kDictionaryBytes + size * sizeof(T);
    const std::size_t bytes = before + groups_of(out.size()) * group_bytes(bits);
    if (in.size() < bytes) return 0;
    T entries[kEntriesMax] = {};
    std::memcpy(entries, in.data() + kDictionaryBytes, size * sizeof(T));
    each_group(out, [&](std::size_t group, T* to) {
        look_up(in.data() + before + group * group_bytes(bits), bits, entries, to);
    });
    return bytes;
}

}  // namespace

[[gnu::hot]] std::size_t decode_block(std::span<const std::byte> in, std::span<std::int64_t> out,
                                      CodecPath path) noexcept {
    if (in.empty()) return 0;
    const auto mode = static_cast<BlockMode>(in[0]);
    if (mode == BlockMode::kRaw) return decode_raw(in, out);
    if (mode > BlockMode::kStrides) return 0;
    std::size_t bytes = mode == BlockMode::kStrides ? kStrides64Bytes : kFrame64Bytes;
    const std::byte* from = in.data();
    if (in.size() < bytes || read_at<std::uint16_t>(from + 2) != 0) return 0;
    Restore64 how{.base = read_at<std::uint64_t>(from + 12),
                  .factor = read_at<std::uint32_t>(from + 8),
                  .shift = std::to_integer<unsigned>(in[1]),
                  .strides = mode == BlockMode::kStrides,
                  .start = {}};
    if (how.factor == 0 || how.shift > 63) return 0;
    const std::byte* const bits = from + 4;
    from += bytes;
    if (how.strides) std::memcpy(how.start, from - sizeof how.start, sizeof how.start);
    if (!read_bits(bits, how.factor == 1 ? 64 : 32, groups_of(out.size()), bytes)) return 0;
    if (in.size() < bytes) return 0;
    const CodecKernels& kernels = codec_kernels(path);
    each_group(out, [&](std::size_t group, std::int64_t* to) {
        const auto width = std::to_integer<unsigned>(bits[group]);
        kernels.restore64(from, width, how, to);
        from += group_bytes(width);
    });
    return bytes;
}

[[gnu::hot]] std::size_t decode_block(std::span<const std::byte> in, std::span<std::uint32_t> out,
                                      CodecPath path) noexcept {
    if (in.empty()) return 0;
    const CodecKernels& kernels = codec_kernels(path);
    const auto mode = static_cast<BlockMode>(in[0]);
    if (mode == BlockMode::kRaw) return decode_raw(in, out);
    if (mode == BlockMode::kDictionary) return decode_dictionary(in, out, kernels.look_up32);
    std::size_t bytes = kFrame32Bytes;
    if (mode != BlockMode::kFrame || in.size() < bytes) return 0;
    const std::byte* from = in.data();
    if (read_at<std::uint32_t>(from) != static_cast<std::uint32_t>(BlockMode::kFrame)) return 0;
    const auto base = read_at<std::uint32_t>(from + 8);
    const std::byte* const bits = from + 4;
    from += bytes;
    if (!read_bits(bits, 32, groups_of(out.size()), bytes) || in.size() < bytes) return 0;
    each_group(out, [&](std::size_t group, std::uint32_t* to) {
        const auto width = std::to_integer<unsigned>(bits[group]);
        kernels.restore32(from, width, base, to);
        from += group_bytes(width);
    });
    return bytes;
}

[[gnu::hot]] std::size_t decode_block(std::span<const std::byte> in, std::span<std::uint8_t> out,
                                      CodecPath path) noexcept {
    if (in.empty()) return 0;
    const auto mode = static_cast<BlockMode>(in[0]);
    if (mode == BlockMode::kRaw) return decode_raw(in, out);
    if (mode != BlockMode::kDictionary) return 0;
    return decode_dictionary(in, out, codec_kernels(path).look_up8);
}

}  // namespace sluice::adapters::tick_store
