// One kernel for each number of bits: with the shifts known, a vector costs a load, a shift, a
// mask and what restores the value. Wider numbers than 32 bits are rare and share a loop.
#ifdef __AVX2__
// The portable code stands beside this file.

#include <immintrin.h>

#include <array>
#include <utility>

#include "column_codec_kernels.hpp"

namespace sluice::adapters::tick_store {
namespace {

[[gnu::always_inline]] inline __m256i load(const void* from) noexcept {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
[[gnu::always_inline]] inline void store(void* to, __m256i v) noexcept {
    _mm256_storeu_si256(static_cast<__m256i*>(to), v);
}

constexpr std::size_t kRow = 32;  // bytes, one vector

// The numbers of step kStep: bits [kStep * kBits, + kBits) of every lane.
template <unsigned kBits, unsigned kStep>
[[gnu::always_inline]] inline __m256i numbers64(const std::byte* in, __m256i mask) noexcept {
    constexpr unsigned kAt = kStep * kBits;
    constexpr unsigned kOffset = kAt % 64;
    if constexpr (kBits == 0) return _mm256_setzero_si256();  // nothing there to load
    const std::byte* const row = in + kAt / 64 * kRow;
    __m256i v = _mm256_srli_epi64(load(row), static_cast<int>(kOffset));
    if constexpr (kOffset + kBits > 64) {
        v = _mm256_or_si256(v, _mm256_slli_epi64(load(row + kRow), static_cast<int>(64 - kOffset)));
    }
    return kOffset + kBits == 64 ? v : _mm256_and_si256(v, mask);
}

template <unsigned kBits, unsigned kStep>
[[gnu::always_inline]] inline __m256i numbers32(const std::byte* in, __m256i mask) noexcept {
    constexpr unsigned kAt = kStep * kBits;
    constexpr unsigned kOffset = kAt % 32;
    if constexpr (kBits == 0) return _mm256_setzero_si256();  // nothing there to load
    const std::byte* const row = in + kAt / 32 * kRow;
    __m256i v = _mm256_srli_epi32(load(row), static_cast<int>(kOffset));
    if constexpr (kOffset + kBits > 32) {
        v = _mm256_or_si256(v, _mm256_slli_epi32(load(row + kRow), static_cast<int>(32 - kOffset)));
    }
    return kOffset + kBits == 32 ? v : _mm256_and_si256(v, mask);
}

// What turns numbers into values, in registers.
struct Scale {
    __m256i base, factor, shift;

    explicit Scale(const Restore64& how) noexcept
        : base{_mm256_set1_epi64x(static_cast<long long>(how.base))},
          factor{_mm256_set1_epi64x(static_cast<long long>(how.factor))},
          shift{_mm256_set1_epi64x(static_cast<long long>(how.shift))} {}
    // mul_epu32 is exact: below 2^32 times below 2^32.
    [[gnu::always_inline]] __m256i operator()(__m256i numbers) const noexcept {
        return _mm256_add_epi64(base, _mm256_sllv_epi64(_mm256_mul_epu32(numbers, factor), shift));
    }
};

template <unsigned kBits, bool kStrides, std::size_t... kSteps>
[[gnu::always_inline]] inline void restore_steps(const std::byte* in, Restore64& how,
                                                 std::int64_t* out,
                                                 std::index_sequence<kSteps...>) noexcept {
    const __m256i mask = _mm256_set1_epi64x(static_cast<long long>(low_bits<std::uint64_t>(kBits)));
    const Scale scale{how};
    __m256i last = load(how.start);
    const auto step = [&]<std::size_t kStep>() __attribute__((always_inline)) {
        __m256i v = scale(numbers64<kBits, kStep>(in, mask));
        if constexpr (kStrides) v = last = _mm256_add_epi64(last, v);
        store(out + kStep * 4, v);
    };
    (step.template operator()<kSteps>(), ...);
    if constexpr (kStrides) store(how.start, last);
}

template <unsigned kBits, bool kStrides>
void restore64_of(const std::byte* in, Restore64& how, std::int64_t* out) {
    restore_steps<kBits, kStrides>(in, how, out, std::make_index_sequence<64>{});
}

// More than 32 bits: no factor, shifts by register.
[[gnu::noinline]] void restore64_wide(const std::byte* in, unsigned bits, Restore64& how,
                                      std::int64_t* out) {
    const __m256i mask = _mm256_set1_epi64x(static_cast<long long>(low_bits<std::uint64_t>(bits)));
    const __m256i base = _mm256_set1_epi64x(static_cast<long long>(how.base));
    const __m128i shift = _mm_cvtsi64_si128(static_cast<long long>(how.shift));
    __m256i last = load(how.start);
    for (unsigned step = 0; step < 64; ++step) {
        const unsigned offset = step * bits % 64;
        const std::byte* const row = in + step * bits / 64 * kRow;
        __m256i v = _mm256_srl_epi64(load(row), _mm_cvtsi32_si128(static_cast<int>(offset)));
        if (offset + bits > 64) {
            const __m128i up = _mm_cvtsi32_si128(static_cast<int>(64 - offset));
            v = _mm256_or_si256(v, _mm256_sll_epi64(load(row + kRow), up));
        }
        v = _mm256_add_epi64(base, _mm256_sll_epi64(_mm256_and_si256(v, mask), shift));
        if (how.strides) v = last = _mm256_add_epi64(last, v);
        store(out + std::size_t{step} * 4, v);
    }
    store(how.start, last);
}

using Kernel64 = void (*)(const std::byte*, Restore64&, std::int64_t*);
template <bool kStrides, unsigned... kBits>
constexpr auto kernels64(std::integer_sequence<unsigned, kBits...>) {
    return std::array<Kernel64, sizeof...(kBits)>{restore64_of<kBits, kStrides>...};
}
constexpr auto kFrame64 = kernels64<false>(std::make_integer_sequence<unsigned, 33>{});
constexpr auto kStrides64 = kernels64<true>(std::make_integer_sequence<unsigned, 33>{});

void restore64(const std::byte* in, unsigned bits, Restore64& how, std::int64_t* out) {
    if (bits > 32) return restore64_wide(in, bits, how, out);
    (how.strides ? kStrides64 : kFrame64)[bits](in, how, out);
}

template <unsigned kBits, class Restore, std::size_t... kSteps>
[[gnu::always_inline]] inline void each32(const std::byte* in, std::uint32_t* out,
                                          const Restore& value,
                                          std::index_sequence<kSteps...>) noexcept {
    const __m256i mask = _mm256_set1_epi32(static_cast<int>(low_bits<std::uint32_t>(kBits)));
    (store(out + kSteps * 8, value(numbers32<kBits, kSteps>(in, mask))), ...);
}

template <unsigned kBits>
void restore32_of(const std::byte* in, std::uint32_t base, std::uint32_t* out) {
    const __m256i bases = _mm256_set1_epi32(static_cast<int>(base));
    each32<kBits>(
        in, out, [bases](__m256i q) { return _mm256_add_epi32(bases, q); },
        std::make_index_sequence<32>{});
}

using Kernel32 = void (*)(const std::byte*, std::uint32_t, std::uint32_t*);
template <unsigned... kBits>
constexpr auto kernels32(std::integer_sequence<unsigned, kBits...>) {
    return std::array<Kernel32, sizeof...(kBits)>{restore32_of<kBits>...};
}
constexpr auto kFrame32 = kernels32(std::make_integer_sequence<unsigned, 33>{});

void restore32(const std::byte* in, unsigned bits, std::uint32_t base, std::uint32_t* out) {
    kFrame32[bits](in, base, out);
}

template <unsigned kBits>
void look_up32_of(const std::byte* in, const std::uint32_t* entries, std::uint32_t* out) {
    const __m256i low = load(entries);
    const __m256i high = load(entries + 8);
    // Bit 3 of the number chooses the half; blendv looks at the sign bit.
    const auto value = [low, high](__m256i q) {
        const __m256i from_low = _mm256_permutevar8x32_epi32(low, q);
        if constexpr (kBits < 4) return from_low;
        const __m256i from_high = _mm256_permutevar8x32_epi32(high, q);
        return _mm256_castps_si256(_mm256_blendv_ps(_mm256_castsi256_ps(from_low),
                                                    _mm256_castsi256_ps(from_high),
                                                    _mm256_castsi256_ps(_mm256_slli_epi32(q, 28))));
    };
    each32<kBits>(in, out, value, std::make_index_sequence<32>{});
}

void look_up32(const std::byte* in, unsigned bits, const std::uint32_t* entries,
               std::uint32_t* out) {
    switch (bits) {
        case 0: return look_up32_of<0>(in, entries, out);
        case 1: return look_up32_of<1>(in, entries, out);
        case 2: return look_up32_of<2>(in, entries, out);
        default: return look_up32_of<4>(in, entries, out);
    }
}

// Bytes have no shift of their own: 16-bit shifts bring in bits of the neighbour, which the mask
// takes out again.
template <unsigned kBits>
void look_up8_of(const std::byte* in, const std::uint8_t* entries, std::uint8_t* out) {
    const __m256i table =
        _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(entries)));
    const __m256i mask = _mm256_set1_epi8(static_cast<char>(low_bits<std::uint8_t>(kBits)));
    for (unsigned step = 0; step < 8; ++step) {
        const unsigned at = step * kBits;
        __m256i q = _mm256_setzero_si256();
        if constexpr (kBits > 0) {
            q = _mm256_srl_epi16(load(in + at / 8 * kRow),
                                 _mm_cvtsi32_si128(static_cast<int>(at % 8)));
        }
        store(out + step * kRow, _mm256_shuffle_epi8(table, _mm256_and_si256(q, mask)));
    }
}

void look_up8(const std::byte* in, unsigned bits, const std::uint8_t* entries, std::uint8_t* out) {
    switch (bits) {
        case 0: return look_up8_of<0>(in, entries, out);
        case 1: return look_up8_of<1>(in, entries, out);
        case 2: return look_up8_of<2>(in, entries, out);
        default: return look_up8_of<4>(in, entries, out);
    }
}

constexpr CodecKernels kKernels{restore64, restore32, look_up32, look_up8};

}  // namespace

const CodecKernels& avx2_kernels() noexcept { return kKernels; }

}  // namespace sluice::adapters::tick_store

#endif
