#include "column_codec_kernels.hpp"

namespace sluice::adapters::tick_store {
namespace {

void restore64(const std::byte* in, unsigned bits, Restore64& how, std::int64_t* out) {
    std::uint64_t numbers[kGroupValues];
    unpack_lanes(in, bits, numbers);
    const std::uint64_t base = how.base;
    const std::uint64_t factor = how.factor;
    const unsigned shift = how.shift;
    if (!how.strides) {
        for (std::size_t i = 0; i < kGroupValues; ++i) {
            out[i] = static_cast<std::int64_t>(base + (numbers[i] * factor << shift));
        }
        return;
    }
    std::uint64_t* const last = how.start;
    for (std::size_t i = 0; i < kGroupValues; i += 4) {
        for (std::size_t lane = 0; lane < 4; ++lane) {
            last[lane] += base + (numbers[i + lane] * factor << shift);
            out[i + lane] = static_cast<std::int64_t>(last[lane]);
        }
    }
}

void restore32(const std::byte* in, unsigned bits, std::uint32_t base, std::uint32_t* out) {
    unpack_lanes(in, bits, out);
    for (std::size_t i = 0; i < kGroupValues; ++i) out[i] += base;
}

template <class T>
void look_up(const std::byte* in, unsigned bits, const T* entries, T* out) {
    unpack_lanes(in, bits, out);
    for (std::size_t i = 0; i < kGroupValues; ++i) out[i] = entries[out[i] % kEntriesMax];
}

constexpr CodecKernels kKernels{restore64, restore32, look_up<std::uint32_t>,
                                look_up<std::uint8_t>};

}  // namespace

const CodecKernels& portable_kernels() noexcept { return kKernels; }

}  // namespace sluice::adapters::tick_store
