// Exact text <-> fixed point. Any thread, off the hot path (formatting allocates).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <sluice/core/fixed.hpp>

namespace sluice::core {

enum class DecimalError : std::uint8_t {
    kOk,
    kEmpty,
    kNotANumber,  // a character that is no digit, sign or single point
    kTooPrecise,  // more decimals than the scale holds (trailing zeros are fine)
    kOutOfRange,
};
[[nodiscard]] const char* describe(DecimalError error) noexcept;

// Parses [+-]digits[.digits] into a count of 1/scale units; scale is a power of ten.
// No exponent, no spaces, no rounding: what cannot be held exactly is refused. `out` is written
// on kOk only.
[[nodiscard]] DecimalError parse_decimal(std::string_view text, std::int64_t scale,
                                         std::int64_t& out) noexcept;

template <class Fixed>
[[nodiscard]] DecimalError parse_fixed(std::string_view text, Fixed& out) noexcept {
    std::int64_t raw{};
    const DecimalError error = parse_decimal(text, Fixed::kScale, raw);
    if (error == DecimalError::kOk) out = Fixed::from_raw(raw);
    return error;
}

// Shortest exact text: "182.5", "-0.000000001", "7".
[[nodiscard]] std::string format_decimal(Int128 raw, std::int64_t scale);

[[nodiscard]] inline std::string to_string(Price v) {
    return format_decimal(v.raw(), Price::kScale);
}
[[nodiscard]] inline std::string to_string(PriceDelta v) {
    return format_decimal(v.raw(), PriceDelta::kScale);
}
[[nodiscard]] inline std::string to_string(Quantity v) {
    return format_decimal(v.raw(), Quantity::kScale);
}
[[nodiscard]] inline std::string to_string(Money v) {
    return format_decimal(v.raw(), Money::kScale);
}

}  // namespace sluice::core
