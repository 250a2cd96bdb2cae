// Many sets of parameters over one stream: a row a set. Any thread, off the hot path.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <sluice/pipeline/performance_record.hpp>

namespace sluice::adapters::run_folder {

struct SweepRow {
    std::vector<std::string> values;  // of the keys that differ, as they were given
    pipeline::FillCase figures;
    pipeline::PerformanceRecord performance;
};

struct SweepTable {
    std::vector<std::string> keys;
    std::vector<SweepRow> rows;
};

// Columns: docs/formats/run-folder.md, as is schema "sluice.sweep/1".
[[nodiscard]] std::string sweep_csv(const SweepTable& table);
[[nodiscard]] std::string sweep_json(const SweepTable& table);
// Its first rows; all are in the file.
void print_sweep(std::ostream& out, const SweepTable& table, bool colour);

}  // namespace sluice::adapters::run_folder
