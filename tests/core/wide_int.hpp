// Integers of 512 bits, to check 128-bit arithmetic against something that cannot overflow, and
// generators of fixed-point values. For the tests of the number types.
#pragma once

#include <cstdint>

#include <rapidcheck.h>
#include <boost/multiprecision/cpp_int.hpp>

#include <sluice/core/fixed.hpp>
#include <sluice/core/overflow.hpp>

namespace sluice::core::wide {

using Int512 = boost::multiprecision::int512_t;

[[nodiscard]] inline Int512 of(Int128 value) {
    const bool negative = value < 0;
    const Uint128 magnitude =
        negative ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
    const Int512 out = (Int512{static_cast<std::uint64_t>(magnitude >> 64)} << 64) +
                       Int512{static_cast<std::uint64_t>(magnitude)};
    return negative ? Int512{-out} : out;
}

inline constexpr Int128 kMax = static_cast<Int128>(~Uint128{0} >> 1);
inline constexpr Int128 kMin = -kMax - 1;

[[nodiscard]] inline Int128 join(std::int64_t high, std::uint64_t low) {
    return static_cast<Int128>((static_cast<Uint128>(static_cast<std::uint64_t>(high)) << 64) |
                               low);
}

// 64 bits whose magnitude is spread over all orders, with the ends of the range among them: what
// breaks arithmetic lies there.
[[nodiscard]] inline rc::Gen<std::int64_t> any_int64() {
    const auto spread = rc::gen::apply(
        [](std::uint64_t bits, int shift) { return static_cast<std::int64_t>(bits) >> shift; },
        rc::gen::resize(1000, rc::gen::arbitrary<std::uint64_t>()), rc::gen::inRange(0, 64));
    return rc::gen::weightedOneOf<std::int64_t>(
        {{10, spread},
         {1, rc::gen::element<std::int64_t>(INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1,
                                            INT64_MAX)}});
}
[[nodiscard]] inline rc::Gen<Int128> any_int128() {
    return rc::gen::apply(
        [](std::int64_t high, std::int64_t low, int shift) {
            return join(high, static_cast<std::uint64_t>(low)) >> shift;
        },
        any_int64(), any_int64(), rc::gen::inRange(0, 128));
}

}  // namespace sluice::core::wide
