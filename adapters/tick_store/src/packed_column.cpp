#include "packed_column.hpp"

#include <cstdint>

#include <sluice/adapters/tick_store/hot/column_codec.hpp>

namespace sluice::adapters::tick_store {
namespace {

template <class Value>
[[nodiscard]] std::size_t pack_as(std::span<const std::byte> values, std::vector<std::byte>& out) {
    const std::span typed{static_cast<const Value*>(static_cast<const void*>(values.data())),
                          values.size() / sizeof(Value)};
    out.resize(encode_bound(typed.size(), static_cast<ColumnWidth>(sizeof(Value))));
    return encode_column<Value>(typed, out);
}

template <class Value>
[[nodiscard]] bool unpack_as(std::span<const std::byte> packed,
                             std::span<std::byte> values) noexcept {
    return decode_column<Value>(packed, {static_cast<Value*>(static_cast<void*>(values.data())),
                                         values.size() / sizeof(Value)});
}

}  // namespace

std::span<const std::byte> pack_chunk(ColumnType type, std::span<const std::byte> values,
                                      std::vector<std::byte>& out) {
    const std::size_t size = type == ColumnType::kInt64    ? pack_as<std::int64_t>(values, out)
                             : type == ColumnType::kUint32 ? pack_as<std::uint32_t>(values, out)
                                                           : pack_as<std::uint8_t>(values, out);
    return {out.data(), size};
}

bool unpack_chunk(ColumnType type, std::span<const std::byte> packed,
                  std::span<std::byte> values) noexcept {
    switch (type) {
        case ColumnType::kInt64: return unpack_as<std::int64_t>(packed, values);
        case ColumnType::kUint32: return unpack_as<std::uint32_t>(packed, values);
        case ColumnType::kUint8: return unpack_as<std::uint8_t>(packed, values);
    }
    return false;
}

}  // namespace sluice::adapters::tick_store
