// How times, counts and money read in files, on the terminal and in the report.
// Any thread, off the hot path: every function allocates its result.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/run_record.hpp>

namespace sluice::adapters::run_folder {

// ISO 8601, UTC, always nine decimals: "2013-10-07T13:30:00.000000001Z".
[[nodiscard]] std::string iso8601(core::StreamTime time);

// For people, whole seconds: "2013-10-07 13:30:00".
[[nodiscard]] std::string date_and_time(core::StreamTime time);

// UTC, sortable, fit for a file name: "20131007-133000".
[[nodiscard]] std::string file_stamp(core::LocalTime time);

// The shortest text that reads back as the same double; "nan" and "inf" as they are.
[[nodiscard]] std::string shortest(double value);

// Thousands separated: 1234567 -> "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t value);

// Money rounded to the nearest cent, halves away from zero, thousands separated: "-1,234.57".
// For people only; files carry core::to_string, which is exact.
[[nodiscard]] std::string rounded_money(core::Money money);

// Nanoseconds with a fitting unit and three digits: "850 ns", "12.4 us", "1.30 ms", "2.00 s".
[[nodiscard]] std::string short_duration(std::uint64_t ns);

// A bar's timeframe in its largest whole unit: "250ms", "5s", "1m", "4h", "1d".
[[nodiscard]] std::string timeframe_name(core::Nanos timeframe);
// Those of a run's bars by timeframe: "1m", "1000 ticks".
[[nodiscard]] std::vector<std::string> bar_names(const pipeline::RunRecord& record);

// The instrument's name; "-" for core::kNoSymbol, "#7" for an id outside the table.
[[nodiscard]] std::string symbol_name(const pipeline::InstrumentTable& instruments,
                                      core::SymbolId symbol);

// True when any of the data were made by Sluice rather than by a market.
[[nodiscard]] bool is_generated(const pipeline::RunRecord& record);

// That all totals are in; empty where the record does not say.
[[nodiscard]] std::string account_currency(const pipeline::RunRecord& record);
// Whether the books were of more than that one.
[[nodiscard]] inline bool has_currencies(const pipeline::RunRecord& record) noexcept {
    return record.currencies.size() > 1;
}

// `text` with everything that could end or reshape a terminal line (control characters) as '?'.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace sluice::adapters::run_folder
