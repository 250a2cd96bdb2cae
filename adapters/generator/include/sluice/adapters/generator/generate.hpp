// Fills a sink with a seeded market of several instruments and its known truth. Every table is
// labelled as generated, with the seed and the parameters that made it.
//
// Sessions are 09:30 to 16:00 in New York on weekdays; holidays are not observed. The same options
// give the same bytes; more days or more instruments leave the earlier ones as they were. One
// thread; memory for one instrument's day at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::generator {

inline constexpr std::uint64_t kMaxDays = 20'000;
inline constexpr std::uint64_t kMaxTradesPerDay = 20'000'000;
inline constexpr std::size_t kMaxInstruments = 1'024;
inline constexpr std::uint64_t kMaxLevels = 100;

struct GeneratorOptions {
    std::vector<std::string> symbols{"SIM1", "SIM2", "SIM3"};
    std::uint64_t seed = 1;
    std::uint64_t days = 1;  // sessions, weekends not counted
    std::uint64_t trades_per_day =
        40'000;                // of each instrument, about; quotes come on top, 2.3 each
    std::uint64_t levels = 0;  // of a side of a book behind the quotes; 0: no table of it
    pipeline::Date start = std::chrono::year{2024} / std::chrono::January / 2;
    pipeline::ProgressCallback progress;  // may be empty
};

// Throws ImportError (kBadOption) that names the option and its range, and what the sink throws.
pipeline::ImportReport generate_market(pipeline::TickSink& sink, const GeneratorOptions& options);

}  // namespace sluice::adapters::generator
