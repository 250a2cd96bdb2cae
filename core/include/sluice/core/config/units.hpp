#pragma once
// Spellings of the scalar units: exact decimals, durations and times of day, each as one int64.
// Pure functions, any thread; parsing neither allocates nor throws, formatting returns a string.
// Each format_x(v) is the shortest spelling that parse_x reads back to exactly v.

#include <sluice/core/decimal.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::core::config {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;

enum class ParseStatus : std::uint8_t { kOk, kMalformed, kTooPrecise, kOverflow };

struct ParsedInt {
    std::int64_t value = 0;
    ParseStatus status = ParseStatus::kMalformed;
    [[nodiscard]] bool ok() const noexcept { return status == ParseStatus::kOk; }
};

/// How many decimal places `scale` keeps (1'000'000'000 keeps 9), or -1 where `scale` is not a
/// power of ten.
[[nodiscard]] int decimal_places(std::int64_t scale) noexcept;

/// Reads a TOML number ("-1_000.25", "2.5e3") as value * scale, without a detour through floating
/// point. kTooPrecise where non-zero digits would be lost, kOverflow beyond int64. `scale` must be
/// a power of ten.
[[nodiscard]] ParsedInt parse_decimal(std::string_view text, std::int64_t scale) noexcept;
using core::format_decimal;

/// Reads an integer and one of ns, us, ms, s, m, h, d ("250us", "-5m") as nanoseconds.
[[nodiscard]] ParsedInt parse_duration(std::string_view text) noexcept;
/// The largest unit that divides `nanos` exactly; "0s" for zero.
[[nodiscard]] std::string format_duration(std::int64_t nanos);

/// Reads "HH:MM", "HH:MM:SS" or "HH:MM:SS.f" (up to nine digits) as nanoseconds since midnight;
/// "24:00" is the end of the day.
[[nodiscard]] ParsedInt parse_time_of_day(std::string_view text) noexcept;
[[nodiscard]] std::string format_time_of_day(std::int64_t nanos);

/// The shortest text that reads back as exactly this finite double, with a point or an exponent so
/// that TOML takes it for a float.
[[nodiscard]] std::string format_real(double value);

}  // namespace sluice::core::config
