// What the path of a .bi5 file says about it; dukascopy_import.hpp shows the shapes. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::adapters::dukascopy {

enum class Content : std::uint8_t { kTicks, kBidCandles, kAskCandles };

struct Bi5File {
    std::filesystem::path path;
    std::string instrument;  // "EURUSD", capitals
    Content content{};
    std::int32_t period_s = 0;  // of candles
    pipeline::Date date;        // first day of the period that the file covers
    int hour = 0;               // of ticks
    std::int64_t start_ns = 0;  // of that period, UTC
    std::int64_t length_s = 0;

    [[nodiscard]] pipeline::TableKey key() const noexcept {
        return content == Content::kTicks
                   ? pipeline::TableKey{pipeline::TableKind::kQuotes}
                   : pipeline::TableKey{pipeline::TableKind::kQuoteBars, period_s};
    }
};

// Nothing for a path of another shape or with a date that is none.
[[nodiscard]] std::optional<Bi5File> parse_path(const std::filesystem::path& path);

}  // namespace sluice::adapters::dukascopy
