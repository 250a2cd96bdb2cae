#include <sluice/adapters/tick_store/hot/column_codec.hpp>

#include <algorithm>
#include <limits>

#include "column_codec_block.hpp"

namespace sluice::adapters::tick_store {
namespace {

constexpr std::byte kLayout{1};
constexpr std::size_t kLeastBlockBytes = 2;  // one byte as it is

[[nodiscard]] constexpr std::size_t blocks_of(std::size_t values) noexcept {
    return values / kBlockValues + (values % kBlockValues != 0 ? 1 : 0);
}

}  // namespace

bool read_column_header(std::span<const std::byte> in, ColumnHeader& out) noexcept {
    if (in.size() < kChunkHeaderBytes || in[0] != kLayout) return false;
    const auto width = std::to_integer<std::uint8_t>(in[1]);
    if (width != 1 && width != 4 && width != 8) return false;
    if (read_at<std::uint16_t>(in.data() + 2) != 0) return false;
    const auto values = read_at<std::uint32_t>(in.data() + 4);
    // What a reader may be asked to hold is thereby bounded by what there is.
    if (blocks_of(values) > (in.size() - kChunkHeaderBytes) / kLeastBlockBytes) return false;
    out = {static_cast<ColumnWidth>(width), values};
    return true;
}

std::size_t encode_bound(std::size_t values, ColumnWidth width) noexcept {
    return kChunkHeaderBytes + blocks_of(values) + values * static_cast<std::size_t>(width);
}

template <class T>
std::size_t encode_column(std::span<const T> in, std::span<std::byte> out) noexcept {
    constexpr auto kWidth = static_cast<ColumnWidth>(sizeof(T));
    if (in.size() > std::numeric_limits<std::uint32_t>::max()) return 0;
    if (out.size() < encode_bound(in.size(), kWidth)) return 0;
    std::byte* to = out.data();
    to[0] = kLayout;
    to[1] = static_cast<std::byte>(kWidth);
    write_at(to + 2, std::uint16_t{0});
    write_at(to + 4, static_cast<std::uint32_t>(in.size()));
    to += kChunkHeaderBytes;
    for (; !in.empty(); in = in.subspan(std::min(in.size(), kBlockValues))) {
        to += encode_block(in.first(std::min(in.size(), kBlockValues)), to);
    }
    return static_cast<std::size_t>(to - out.data());
}

template <class T>
bool decode_column(std::span<const std::byte> in, std::span<T> out, CodecPath path) noexcept {
    ColumnCursor<T> cursor{in, path};
    if (cursor.damaged() || cursor.values_left() != out.size()) return false;
    for (std::span<T> left = out; left.size() >= kBlockValues;) {
        if (cursor.next(left.template first<kBlockValues>()) == 0) return false;
        left = left.subspan(kBlockValues);
    }
    if (const std::size_t rest = cursor.values_left(); rest > 0) {
        T block[kBlockValues];
        if (cursor.next(block) != rest) return false;
        std::copy_n(block, rest, out.end() - static_cast<std::ptrdiff_t>(rest));
    }
    return cursor.bytes_left() == 0;
}

template <class T>
ColumnCursor<T>::ColumnCursor(std::span<const std::byte> chunk, CodecPath path) noexcept
    : path_{path} {
    ColumnHeader header{};
    if (!read_column_header(chunk, header) || header.width != static_cast<ColumnWidth>(sizeof(T))) {
        damaged_ = true;
        return;
    }
    left_ = chunk.subspan(kChunkHeaderBytes);
    values_left_ = header.values;
}

template <class T>
std::size_t ColumnCursor<T>::next(std::span<T, kBlockValues> out) noexcept {
    const std::size_t values = std::min(values_left_, kBlockValues);
    if (values == 0) return 0;
    const std::size_t bytes = decode_block(left_, std::span<T>{out}.first(values), path_);
    if (bytes == 0) {
        damaged_ = true;
        values_left_ = 0;
        return 0;
    }
    left_ = left_.subspan(bytes);
    values_left_ -= values;
    return values;
}

template class ColumnCursor<std::int64_t>;
template class ColumnCursor<std::uint32_t>;
template class ColumnCursor<std::uint8_t>;
template std::size_t encode_column(std::span<const std::int64_t>, std::span<std::byte>) noexcept;
template std::size_t encode_column(std::span<const std::uint32_t>, std::span<std::byte>) noexcept;
template std::size_t encode_column(std::span<const std::uint8_t>, std::span<std::byte>) noexcept;
template bool decode_column(std::span<const std::byte>, std::span<std::int64_t>,
                            CodecPath) noexcept;
template bool decode_column(std::span<const std::byte>, std::span<std::uint32_t>,
                            CodecPath) noexcept;
template bool decode_column(std::span<const std::byte>, std::span<std::uint8_t>,
                            CodecPath) noexcept;

}  // namespace sluice::adapters::tick_store
