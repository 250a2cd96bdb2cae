// The tables of a backtest: returns.csv, a row a period, and trades.csv, a row a round trip. As the
// other tables (csv.hpp). Any thread, off the hot path.
#pragma once

#include <string>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/performance_record.hpp>

namespace sluice::adapters::run_folder {

[[nodiscard]] std::string returns_csv(const pipeline::PerformanceRecord& performance);
[[nodiscard]] std::string trades_csv(const pipeline::PerformanceRecord& performance,
                                     const pipeline::InstrumentTable& instruments);

}  // namespace sluice::adapters::run_folder
