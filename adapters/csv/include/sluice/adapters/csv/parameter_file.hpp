// Planned changes of parameters as CSV:
//
//   time,strategy,parameter,value
//   2013-10-08T14:30:00Z,trend,fast,12
//
// The columns may stand in any order and beside others, so the parameters.csv of a run's folder is such
// a file. Times are ISO 8601, UTC where they name no offset.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include <sluice/pipeline/parameter_schedule.hpp>

namespace sluice::adapters::csv {

// Throws pipeline::PlanError with file and line: it cannot be read, a column is missing, a field is no
// time or number. What the changes name is not looked at.
[[nodiscard]] std::vector<pipeline::PlannedChange> read_parameter_file(
    const std::filesystem::path& file);
// The same from a text; `name` stands for the file in messages.
[[nodiscard]] std::vector<pipeline::PlannedChange> read_parameter_text(std::string_view text,
                                                                       std::string_view name);

}  // namespace sluice::adapters::csv
