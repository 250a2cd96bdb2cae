// Blocks of uint32 and uint8.
#include <algorithm>
#include <bit>

#include "column_codec_block.hpp"

namespace sluice::adapters::tick_store {
namespace {

// The distinct values of a block, in the order of their first appearance, and each value's place
// among them. `size` is 0 when there are more than 16.
template <class T>
struct Dictionary {
    T entries[kEntriesMax] = {};
    std::size_t size = 0;
    T places[kBlockValues] = {};  // zeros beyond the last value

    explicit Dictionary(std::span<const T> values) noexcept {
        std::size_t place = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (size == 0 || entries[place] != values[i]) {
                T* const end = entries + size;
                place = static_cast<std::size_t>(std::find(entries, end, values[i]) - entries);
                if (place == kEntriesMax) {
                    size = 0;
                    return;
                }
                entries[place] = values[i];
                size = std::max(size, place + 1);
            }
            places[i] = static_cast<T>(place);
        }
    }
    [[nodiscard]] unsigned bits() const noexcept {
        return size <= 1 ? 0 : std::bit_ceil(static_cast<unsigned>(std::bit_width(size - 1)));
    }
    // More than any block when there is no dictionary.
    [[nodiscard]] std::size_t bytes(std::size_t groups) const noexcept {
        if (size == 0) return ~std::size_t{0};
        return kDictionaryBytes + size * sizeof(T) + groups * group_bytes(bits());
    }
    std::size_t write(std::size_t groups, std::byte* out) const noexcept {
        std::byte* to = out;
        *to++ = static_cast<std::byte>(BlockMode::kDictionary);
        *to++ = static_cast<std::byte>(bits());
        *to++ = static_cast<std::byte>(size);
        *to++ = std::byte{0};
        std::memcpy(to, entries, size * sizeof(T));
        to += size * sizeof(T);
        for (std::size_t group = 0; group < groups; ++group) {
            pack_lanes(places + group * kGroupValues, bits(), to);
            to += group_bytes(bits());
        }
        return static_cast<std::size_t>(to - out);
    }
};

struct Frame {
    std::uint32_t base = 0;
    unsigned bits[kGroupsPerBlock] = {};
    std::size_t bytes = kFrame32Bytes;
    std::uint32_t numbers[kBlockValues] = {};  // zeros beyond the last value

    explicit Frame(std::span<const std::uint32_t> values) noexcept {
        base = *std::min_element(values.begin(), values.end());
        for (std::size_t i = 0; i < values.size(); ++i) numbers[i] = values[i] - base;
        for (std::size_t group = 0; group < groups_of(values.size()); ++group) {
            std::uint32_t all = 0;
            for (std::size_t i = 0; i < kGroupValues; ++i) all |= numbers[group * kGroupValues + i];
            bits[group] = static_cast<unsigned>(std::bit_width(all));
            bytes += group_bytes(bits[group]);
        }
    }
    std::size_t write(std::size_t groups, std::byte* out) const noexcept {
        write_at(out, static_cast<std::uint32_t>(BlockMode::kFrame));
        for (std::size_t i = 0; i < kGroupsPerBlock; ++i) {
            out[4 + i] = static_cast<std::byte>(bits[i]);
        }
        write_at(out + 8, base);
        std::byte* to = out + kFrame32Bytes;
        for (std::size_t group = 0; group < groups; ++group) {
            pack_lanes(numbers + group * kGroupValues, bits[group], to);
            to += group_bytes(bits[group]);
        }
        return static_cast<std::size_t>(to - out);
    }
};

}  // namespace

std::size_t encode_block(std::span<const std::uint32_t> values, std::byte* out) noexcept {
    const std::size_t groups = groups_of(values.size());
    const Frame frame{values};
    const Dictionary<std::uint32_t> dictionary{values};
    const std::size_t named = dictionary.bytes(groups);
    if (std::min(frame.bytes, named) > values.size_bytes()) return encode_raw(values, out);
    return named < frame.bytes ? dictionary.write(groups, out) : frame.write(groups, out);
}

std::size_t encode_block(std::span<const std::uint8_t> values, std::byte* out) noexcept {
    const std::size_t groups = groups_of(values.size());
    const Dictionary<std::uint8_t> dictionary{values};
    if (dictionary.bytes(groups) > values.size_bytes()) return encode_raw(values, out);
    return dictionary.write(groups, out);
}

}  // namespace sluice::adapters::tick_store
