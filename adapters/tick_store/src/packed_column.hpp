// Columns packed chunk by chunk with the codec of hot/column_codec.hpp, by width at run time.
// Values are aligned to their width.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "table_spec.hpp"

namespace sluice::adapters::tick_store {

// HDF5's number of the filter, from the range for private use.
inline constexpr int kPackedFilter = 417;

// The chunk's values, packed, into `out`, which grows as needed. Returns what was written there.
[[nodiscard]] std::span<const std::byte> pack_chunk(ColumnType type,
                                                    std::span<const std::byte> values,
                                                    std::vector<std::byte>& out);
// The reverse; `values` is as long as the chunk. False when `packed` is no such chunk.
[[nodiscard]] bool unpack_chunk(ColumnType type, std::span<const std::byte> packed,
                                std::span<std::byte> values) noexcept;

}  // namespace sluice::adapters::tick_store
