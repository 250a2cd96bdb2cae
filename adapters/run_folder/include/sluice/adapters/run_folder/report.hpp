// The report of a run: one HTML file that needs neither network nor neighbours.
// Any thread, off the hot path. Below 3 MB whatever the run's length: series are thinned with their
// extremes kept, long lists cut with their true length stated.
#pragma once

#include <cstddef>
#include <string>

#include <sluice/pipeline/run_record.hpp>

namespace sluice::adapters::run_folder {

// Most points of one drawn series.
inline constexpr std::size_t kSeriesPointsMax = 4'000;

[[nodiscard]] std::string report_html(const pipeline::RunRecord& record);

}  // namespace sluice::adapters::run_folder
