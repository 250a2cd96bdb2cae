#include <sluice/core/decimal.hpp>

#include <algorithm>

namespace sluice::core {

const char* describe(DecimalError error) noexcept {
    switch (error) {
        case DecimalError::kOk: return "ok";
        case DecimalError::kEmpty: return "empty";
        case DecimalError::kNotANumber: return "not a decimal number";
        case DecimalError::kTooPrecise: return "more decimals than can be held exactly";
        case DecimalError::kOutOfRange: return "out of range";
    }
    return "unknown";
}

DecimalError parse_decimal(std::string_view text, std::int64_t scale, std::int64_t& out) noexcept {
    if (text.empty()) return DecimalError::kEmpty;
    const bool negative = text.front() == '-';
    if (negative || text.front() == '+') text.remove_prefix(1);

    // Accumulated as a negative number: the negative range is the larger one.
    std::int64_t value = 0;
    std::int64_t fraction_unit = scale;
    bool seen_point = false;
    bool seen_digit = false;
    for (const char c : text) {
        if (c == '.') {
            if (seen_point) return DecimalError::kNotANumber;
            seen_point = true;
            continue;
        }
        if (c < '0' || c > '9') return DecimalError::kNotANumber;
        seen_digit = true;
        const std::int64_t digit = c - '0';
        if (seen_point) {
            fraction_unit /= 10;
            if (fraction_unit == 0) {
                if (digit != 0) return DecimalError::kTooPrecise;
                continue;
            }
            if (__builtin_sub_overflow(value, digit * fraction_unit, &value))
                return DecimalError::kOutOfRange;
            continue;
        }
        if (__builtin_mul_overflow(value, std::int64_t{10}, &value))
            return DecimalError::kOutOfRange;
        std::int64_t scaled{};
        if (__builtin_mul_overflow(digit, scale, &scaled) ||
            __builtin_sub_overflow(value, scaled, &value))
            return DecimalError::kOutOfRange;
    }
    if (!seen_digit) return DecimalError::kNotANumber;
    if (!negative && value == INT64_MIN) return DecimalError::kOutOfRange;
    out = negative ? value : -value;
    return DecimalError::kOk;
}

std::string format_decimal(Int128 raw, std::int64_t scale) {
    const bool negative = raw < 0;
    Uint128 magnitude =
        negative ? Uint128{0} - static_cast<Uint128>(raw) : static_cast<Uint128>(raw);
    std::string digits;  // least significant first
    std::size_t decimals = 0;
    for (std::int64_t s = scale; s > 1; s /= 10) ++decimals;
    while (magnitude != 0 || digits.size() <= decimals) {
        digits.push_back(static_cast<char>('0' + static_cast<int>(magnitude % 10)));
        magnitude /= 10;
    }
    std::size_t first = 0;
    while (first < decimals && digits[first] == '0') ++first;
    std::string out;
    if (negative) out.push_back('-');
    for (std::size_t i = digits.size(); i > decimals; --i) out.push_back(digits[i - 1]);
    if (first < decimals) {
        out.push_back('.');
        for (std::size_t i = decimals; i > first; --i) out.push_back(digits[i - 1]);
    }
    return out;
}

}  // namespace sluice::core
