// Imports one CSV file of one instrument: trades, quotes, bars, quote bars or open interest, plain
// or compressed by gzip, with the columns that a mapping names.
//
// The file may hold many days; each row goes to the day that its time falls on in the instrument's
// time zone (bars of an hour and more to the year), in the order of the file. One thread, bounded
// memory. Errors: ImportError, and what the sink throws.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sluice/adapters/csv/csv_mapping.hpp>
#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::csv {

// Names of the columns of trades and quotes; a file may have more, in any order.
struct CsvColumns {
    std::string time = "time";
    std::string price = "price";
    std::string quantity = "quantity";
    std::string bid = "bid";
    std::string ask = "ask";
    std::string bid_size = "bid_size";
    std::string ask_size = "ask_size";
};

struct CsvOptions {
    // The plain case: trades or quotes under a header, times in UTC.
    pipeline::TableKind kind = pipeline::TableKind::kTrades;
    CsvColumns columns;
    TimeFormat time_format = TimeFormat::kIso8601;
    char separator = ',';
    // Any other; given, it stands instead of the four above.
    std::optional<CsvMapping> mapping;
    pipeline::OnBadRow on_bad_row = pipeline::OnBadRow::kStop;
    pipeline::ProgressCallback progress;  // may be empty
};
[[nodiscard]] CsvMapping mapping_of(const CsvOptions& options);

// `instrument` names the symbol and the zone. Nothing is stored before the whole file has been
// read; each of its days is then stored in one atomic step.
pipeline::ImportReport import_csv(const std::filesystem::path& path,
                                  const pipeline::Instrument& instrument, pipeline::TickSink& sink,
                                  const CsvOptions& options = {});

}  // namespace sluice::adapters::csv
