#include <sluice/adapters/dukascopy/dukascopy_rows.hpp>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace sluice::adapters::dukascopy {
namespace {

// A million in units of 1e-8 is 1e14.
constexpr int kMillionDigits = 14;
constexpr float kMostMillions = 92'233.0F;
// Floats below lie closer together than the decimals with six places, so at most one of those is
// a given float; and that one is then the shortest.
constexpr float kSixPlacesUnique = 8.0F;
constexpr double kSixPlaces = 1e6;
constexpr std::int64_t kRawPerSixPlaces = 100'000'000;

[[nodiscard]] std::uint32_t big_endian(const std::byte* at) noexcept {
    std::uint32_t out;
    std::memcpy(&out, at, sizeof out);
    static_assert(std::endian::native == std::endian::little);
    return __builtin_bswap32(out);
}
[[nodiscard]] float big_endian_float(const std::byte* at) noexcept {
    return std::bit_cast<float>(big_endian(at));
}

// `volume` as digits and a power of ten, by the shortest decimal that is read back as `volume`.
[[nodiscard]] std::optional<std::int64_t> by_shortest_decimal(float volume) noexcept {
    char text[32];
    const auto [end, error] =
        std::to_chars(text, text + sizeof text, volume, std::chars_format::scientific);
    if (error != std::errc{}) return std::nullopt;
    std::int64_t digits = 0;
    int exponent = kMillionDigits;  // of the last digit, once 'e' is read
    const char* at = text;
    bool after_point = false;
    for (; at != end && *at != 'e'; ++at) {
        if (*at == '.') {
            after_point = true;
            continue;
        }
        digits = digits * 10 + (*at - '0');
        if (after_point) --exponent;
    }
    if (at != end) ++at;
    if (at != end && *at == '+') ++at;
    int power = 0;
    (void)std::from_chars(at, end, power);
    exponent += power;
    for (; exponent > 0; --exponent)
        if (__builtin_mul_overflow(digits, std::int64_t{10}, &digits)) return std::nullopt;
    if (exponent < -18) return 0;
    std::int64_t divisor = 1;
    for (; exponent < 0; ++exponent) divisor *= 10;
    return (digits + divisor / 2) / divisor;
}

}  // namespace

const char* describe(RowFault fault) noexcept {
    switch (fault) {
        case RowFault::kOk: return "ok";
        case RowFault::kTime: return "its time lies outside the file's period or between two bars";
        case RowFault::kPrice: return "has no price";
        case RowFault::kVolume:
            return "has a volume that is no number, below 0 or above 92,233 millions";
        case RowFault::kCandle:
            return "is a candle whose open or close lies outside its low and high";
    }
    return "unknown";
}

std::optional<std::int64_t> quantity_of_millions(float volume) noexcept {
    if (!(volume >= 0.0F) || volume > kMostMillions) return std::nullopt;
    if (volume < kSixPlacesUnique) {
        // The product is exact: 24 bits by 20 bits.
        const double whole = std::nearbyint(static_cast<double>(volume) * kSixPlaces);
        if (static_cast<float>(whole / kSixPlaces) == volume)
            return static_cast<std::int64_t>(whole) * kRawPerSixPlaces;
    }
    return by_shortest_decimal(volume);
}

RowFault read_tick(std::span<const std::byte, kTickSize> bytes, std::int64_t hour_ns,
                   std::int64_t point, pipeline::QuoteRow& row) noexcept {
    const std::uint32_t ms = big_endian(bytes.data());
    const std::uint32_t ask = big_endian(bytes.data() + 4);
    const std::uint32_t bid = big_endian(bytes.data() + 8);
    const auto ask_size = quantity_of_millions(big_endian_float(bytes.data() + 12));
    const auto bid_size = quantity_of_millions(big_endian_float(bytes.data() + 16));
    if (ms >= kHour_ms) return RowFault::kTime;
    if (ask == 0 && bid == 0) return RowFault::kPrice;
    if (!ask_size || !bid_size) return RowFault::kVolume;
    row = {hour_ns + std::int64_t{ms} * 1'000'000,
           bid * point,
           ask * point,
           bid != 0 ? *bid_size : 0,
           ask != 0 ? *ask_size : 0,
           0,
           0,
           0};
    return RowFault::kOk;
}

RowFault read_candle(std::span<const std::byte, kCandleSize> bytes, std::int64_t start_ns,
                     std::int64_t length_s, std::int32_t period_s, std::int64_t point,
                     Candle& row) noexcept {
    const std::uint32_t second = big_endian(bytes.data());
    const std::uint32_t open = big_endian(bytes.data() + 4);
    const std::uint32_t close = big_endian(bytes.data() + 8);
    const std::uint32_t low = big_endian(bytes.data() + 12);
    const std::uint32_t high = big_endian(bytes.data() + 16);
    const auto size = quantity_of_millions(big_endian_float(bytes.data() + 20));
    if (second >= length_s || second % static_cast<std::uint32_t>(period_s) != 0)
        return RowFault::kTime;
    if (low == 0) return RowFault::kPrice;
    if (open < low || close < low || open > high || close > high) return RowFault::kCandle;
    if (!size) return RowFault::kVolume;
    row = {start_ns + std::int64_t{second} * 1'000'000'000,
           open * point,
           high * point,
           low * point,
           close * point,
           *size};
    return RowFault::kOk;
}

}  // namespace sluice::adapters::dukascopy
