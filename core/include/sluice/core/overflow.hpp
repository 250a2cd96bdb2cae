// Checked integer arithmetic: overflow is an error, never a wrap.
// Any thread. Each check is one conditional jump that is never taken in a healthy process.
#pragma once

#include <cstdint>

namespace sluice::core {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

// Prints `what` to standard error and aborts. Input is bounded where it enters, so reaching this
// means a broken invariant, and stopping is safer than trading on a wrapped number.
[[noreturn, gnu::cold, gnu::noinline]] void overflow_slow(const char* what) noexcept;

// The same for what can only be a mistake in the program.
[[noreturn, gnu::cold, gnu::noinline]] void broken_invariant_slow(const char* what) noexcept;

template <class Int>
[[nodiscard]] constexpr Int checked_add(Int a, Int b, const char* what) noexcept {
    Int out{};
    if (__builtin_add_overflow(a, b, &out)) [[unlikely]]
        overflow_slow(what);
    return out;
}

template <class Int>
[[nodiscard]] constexpr Int checked_sub(Int a, Int b, const char* what) noexcept {
    Int out{};
    if (__builtin_sub_overflow(a, b, &out)) [[unlikely]]
        overflow_slow(what);
    return out;
}

// 64 x 64 -> 128 bits: cannot overflow.
[[nodiscard]] constexpr Int128 widening_mul(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<Int128>(a) * b;
}

enum class Rounding : std::uint8_t {
    kTowardZero,
    kHalfAwayFromZero,
    kAwayFromZero,
};

// value * numerator / denominator with a 192-bit intermediate, so that nothing is lost before the
// one stated rounding. denominator > 0. Aborts when the result does not fit 128 bits.
[[nodiscard]] Int128 mul_div(Int128 value, std::int64_t numerator, std::int64_t denominator,
                             Rounding rounding) noexcept;

}  // namespace sluice::core
