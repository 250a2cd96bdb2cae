// From one row of a Dukascopy .bi5 file to a row of a table, or to the reason why there is none.
//
//   tick, 20 bytes     u32 ms since the hour, u32 ask, u32 bid, f32 ask volume, f32 bid volume
//   candle, 24 bytes   u32 s since the file's period began, u32 open, close, low, high, f32 volume
//
// All big-endian. Prices count in points, whose size is the instrument's (dukascopy_instrument.hpp).
// Volumes are in millions of the base currency, written as the float next to a decimal number:
// quantity_of_millions() takes the shortest decimal that is that float, so 1.12 is 1,120,000 exactly.
// Pure functions, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <sluice/pipeline/tables.hpp>

namespace sluice::adapters::dukascopy {

inline constexpr std::size_t kTickSize = 20;
inline constexpr std::size_t kCandleSize = 24;
inline constexpr std::uint32_t kHour_ms = 3'600'000;

enum class RowFault : std::uint8_t { kOk, kTime, kPrice, kVolume, kCandle };
[[nodiscard]] const char* describe(RowFault fault) noexcept;

// In units of 1e-8, ties away from zero beyond them; nothing below zero, for no number, and beyond
// what a quantity holds (92,233 millions).
[[nodiscard]] std::optional<std::int64_t> quantity_of_millions(float volume) noexcept;

// A side without a price has price 0 and size 0; one of the two has a price. `point` in 1e-9.
[[nodiscard]] RowFault read_tick(std::span<const std::byte, kTickSize> bytes, std::int64_t hour_ns,
                                 std::int64_t point, pipeline::QuoteRow& row) noexcept;

struct Candle {
    std::int64_t time_ns;
    std::int64_t open_raw;
    std::int64_t high_raw;
    std::int64_t low_raw;
    std::int64_t close_raw;
    std::int64_t size_raw;  // summed over the period; 0: filled in by the vendor
};
// `start_ns` and `length_s` are those of the file's period.
[[nodiscard]] RowFault read_candle(std::span<const std::byte, kCandleSize> bytes,
                                   std::int64_t start_ns, std::int64_t length_s,
                                   std::int32_t period_s, std::int64_t point, Candle& row) noexcept;

}  // namespace sluice::adapters::dukascopy
