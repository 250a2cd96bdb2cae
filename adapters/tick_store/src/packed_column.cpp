#include "packed_column.hpp"

#include <cstring>

namespace sluice::adapters::tick_store {

std::span<const std::byte> pack_chunk(ColumnType, std::span<const std::byte> values,
                                      std::vector<std::byte>& out) {
    out.assign(values.begin(), values.end());
    return out;
}

bool unpack_chunk(ColumnType, std::span<const std::byte> packed,
                  std::span<std::byte> values) noexcept {
    if (packed.size() != values.size()) return false;
    std::memcpy(values.data(), packed.data(), values.size());
    return true;
}

}  // namespace sluice::adapters::tick_store
