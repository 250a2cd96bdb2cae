// Imports LEAN's US equity ticks: one archive, or every tick archive below a folder.
//
//   .../equity/usa/tick/<symbol>/<yyyymmdd>_trade.zip   and   _quote.zip
//
// Symbol and date come from the path; times are local to the exchange and become UTC by the time
// zone database. An archive that the sink holds already is not decoded again. One thread; memory
// for one archive at a time. Errors: ImportError, and what the sink throws.
#pragma once

#include <filesystem>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::lean {

struct LeanOptions {
    pipeline::OnBadRow on_bad_row = pipeline::OnBadRow::kStop;
    // All but the symbol: currency, the exchange's time zone, tick and lot size.
    pipeline::Instrument instrument;
    pipeline::ProgressCallback progress;  // may be empty
};

// Each archive is stored as it is finished, so an error or a cancellation keeps those before it.
pipeline::ImportReport import_lean(const std::filesystem::path& path, pipeline::TickSink& sink,
                                   const LeanOptions& options = {});

}  // namespace sluice::adapters::lean
