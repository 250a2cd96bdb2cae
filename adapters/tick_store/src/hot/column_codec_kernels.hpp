// What decoding is made of: one call for a group of 256 values. Two sets of the same functions,
// one in plain C++ and one for AVX2, chosen by the caller.
#pragma once

#include <cstddef>
#include <cstdint>

#include <sluice/adapters/tick_store/hot/column_codec.hpp>

#include "column_codec_lanes.hpp"

namespace sluice::adapters::tick_store {

// How numbers of a block become int64 values; `start` moves on from group to group.
struct Restore64 {
    std::uint64_t base;
    std::uint64_t factor;  // below 2^32
    unsigned shift;
    bool strides;
    alignas(32) std::uint64_t start[4];
};

// Each reads group_bytes(bits) at `in` and writes 256 values at `out`. `bits` is within the bounds
// of the layout; with a factor other than 1 it is at most 32. `entries` has 16 of them.
struct CodecKernels {
    void (*restore64)(const std::byte* in, unsigned bits, Restore64& how, std::int64_t* out);
    void (*restore32)(const std::byte* in, unsigned bits, std::uint32_t base, std::uint32_t* out);
    void (*look_up32)(const std::byte* in, unsigned bits, const std::uint32_t* entries,
                      std::uint32_t* out);
    void (*look_up8)(const std::byte* in, unsigned bits, const std::uint8_t* entries,
                     std::uint8_t* out);
};

[[nodiscard]] const CodecKernels& portable_kernels() noexcept;
#ifdef __AVX2__
[[nodiscard]] const CodecKernels& avx2_kernels() noexcept;
#endif

[[nodiscard]] inline const CodecKernels& codec_kernels([[maybe_unused]] CodecPath path) noexcept {
#ifdef __AVX2__
    if (path == CodecPath::kFastest) return avx2_kernels();
#endif
    return portable_kernels();
}

}  // namespace sluice::adapters::tick_store
