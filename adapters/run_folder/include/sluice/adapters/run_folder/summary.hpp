// A finished run in one page: as JSON for programs, as tables for people.
// Any thread, off the hot path. Cost grows with instruments and strategies, not with ticks.
#pragma once

#include <iosfwd>
#include <string>

#include <sluice/pipeline/run_record.hpp>

namespace sluice::adapters::run_folder {

// Everything but the series, indented, keys in a fixed order, no line end after it. Prices,
// quantities and money are strings with exact decimals. Schema "sluice.summary/1":
// docs/formats/run-folder.md.
[[nodiscard]] std::string summary_json(const pipeline::RunRecord& record);

// The tables that end a run on the terminal, 80 columns wide where names allow. `colour` adds ANSI
// escapes and nothing else.
void print_summary(std::ostream& out, const pipeline::RunRecord& record, bool colour);

}  // namespace sluice::adapters::run_folder
