// The report of a run: one HTML file that needs neither network nor neighbours.
// Any thread, off the hot path. Below 3 MB whatever the run's length, as pipeline::RunSeries is
// bounded; true lengths are stated.
#pragma once

#include <string>

#include <sluice/pipeline/run_record.hpp>

namespace sluice::adapters::run_folder {

[[nodiscard]] std::string report_html(const pipeline::RunRecord& record);

}  // namespace sluice::adapters::run_folder
