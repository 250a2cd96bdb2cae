// Imports one CSV file of trades or quotes of one instrument, with a header line.
//
// The file may hold many days; each row goes to the day that its time falls on in the instrument's
// time zone, in the order of the file. One thread; the file and its columns are held in memory.
// Errors: ImportError, and what the sink throws.
#pragma once

#include <filesystem>

#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::csv {

struct CsvOptions {
    pipeline::TableKind kind = pipeline::TableKind::kTrades;
    CsvColumns columns;
    TimeFormat time_format = TimeFormat::kIso8601;
    char separator = ',';
    pipeline::OnBadRow on_bad_row = pipeline::OnBadRow::kStop;
    pipeline::ProgressCallback progress;  // may be empty
};

// `instrument` names the symbol and the zone. Nothing is stored before the whole file has been
// read; each of its days is then stored in one atomic step.
pipeline::ImportReport import_csv(const std::filesystem::path& path,
                                  const pipeline::Instrument& instrument, pipeline::TickSink& sink,
                                  const CsvOptions& options = {});

}  // namespace sluice::adapters::csv
