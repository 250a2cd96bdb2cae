#include <sluice/core/overflow.hpp>

#include <cstdio>
#include <cstdlib>

namespace sluice::core {

void overflow_slow(const char* what) noexcept {
    std::fputs("sluice: fatal: arithmetic overflow in ", stderr);
    std::fputs(what, stderr);
    std::fputs("; stopping rather than trading on a wrapped number\n", stderr);
    std::abort();
}

void broken_invariant_slow(const char* what) noexcept {
    std::fputs("sluice: fatal: broken invariant: ", stderr);
    std::fputs(what, stderr);
    std::fputs("; stopping\n", stderr);
    std::abort();
}

namespace {

constexpr Uint128 magnitude(Int128 value) noexcept {
    return value < 0 ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

constexpr std::uint64_t magnitude(std::int64_t value) noexcept {
    return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value)
                     : static_cast<std::uint64_t>(value);
}

struct Division {
    std::uint64_t quotient;
    std::uint64_t remainder;
};

// (high * 2^64 + low) / divisor, of which the quotient fits 64 bits: high < divisor. The compiler's own way goes
// through a library function for each of quotient and remainder.
Division divide(std::uint64_t high, std::uint64_t low, std::uint64_t divisor) noexcept {
#if defined(__x86_64__)
    Division out{};
    asm("divq %[divisor]"
        : "=a"(out.quotient), "=d"(out.remainder)
        : "0"(low), "1"(high), [divisor] "r"(divisor)
        : "cc");
    return out;
#else
    const Uint128 dividend = (static_cast<Uint128>(high) << 64) | low;
    return {static_cast<std::uint64_t>(dividend / divisor),
            static_cast<std::uint64_t>(dividend % divisor)};
#endif
}

}  // namespace

Int128 mul_div(Int128 value, std::int64_t numerator, std::int64_t denominator,
               Rounding rounding) noexcept {
    if (denominator <= 0) overflow_slow("mul_div: denominator must be positive");
    const bool negative = (value < 0) != (numerator < 0);
    const Uint128 v = magnitude(value);
    const std::uint64_t n = magnitude(numerator);
    const auto d = static_cast<std::uint64_t>(denominator);

    // The product as three 64-bit limbs, then long division by one limb.
    const Uint128 low_product = static_cast<Uint128>(static_cast<std::uint64_t>(v)) * n;
    const Uint128 high_product = (v >> 64) * n + (low_product >> 64);
    const auto limb0 = static_cast<std::uint64_t>(low_product);
    const auto limb1 = static_cast<std::uint64_t>(high_product);
    const auto limb2 = static_cast<std::uint64_t>(high_product >> 64);

    if (limb2 >= d) overflow_slow("mul_div: quotient exceeds 128 bits");
    const Division upper = divide(limb2, limb1, d);
    const Division lower = divide(upper.remainder, limb0, d);
    Uint128 quotient = (static_cast<Uint128>(upper.quotient) << 64) | lower.quotient;
    const std::uint64_t remainder = lower.remainder;

    const bool half_or_more = remainder >= d - remainder && remainder != 0;
    if ((rounding == Rounding::kAwayFromZero && remainder != 0) ||
        (rounding == Rounding::kHalfAwayFromZero && half_or_more)) {
        ++quotient;
    }
    constexpr Uint128 kMaxMagnitude = ~Uint128{0} >> 1;
    if (quotient > kMaxMagnitude) overflow_slow("mul_div: quotient exceeds 127 bits");
    const auto signed_quotient = static_cast<Int128>(quotient);
    return negative ? -signed_quotient : signed_quotient;
}

}  // namespace sluice::core
