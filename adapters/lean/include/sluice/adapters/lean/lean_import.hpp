// Imports LEAN data: one file, or everything below a folder. Archives of ticks and bars go to a
// TickSink, corporate actions, trading hours and properties of instruments to a ReferenceSink.
//
//   equity, forex, cfd, crypto, cryptofuture, future, index
//     / <market> / tick, second, minute / <symbol> / <yyyymmdd>_<trade|quote|openinterest>.zip
//     / <market> / hour, daily / <symbol>[_<trade|quote|openinterest>].zip
//   equity / <market> / factor_files, map_files / <symbol>.csv
//   market-hours/market-hours-database.json, symbol-properties/symbol-properties-database.csv
//
// Symbol, kind and date come from the path. An equity of the market "usa" is named as it is, all
// others <SYMBOL>.<MARKET>: EURUSD.FXCM, BTCUSDT-PERP.BINANCE; a future's expiries are each an
// instrument, ESZ13.CME. Times become UTC by the table's own zone, which is that of the database
// above the file when it is there (folder market-hours), else New York for equities, Chicago for
// indices, UTC-5 for FXCM and UTC for the rest; days are filed in that zone, and Instrument names
// it. Tick, lot, multiplier and currency come from symbol-properties in the same way.
//
// An archive that the sink holds already is not decoded again. One thread; memory for one archive
// as it lies on the disk and kChunkRows rows of each of its days. Errors: ImportError, and what the
// sinks throw.
#pragma once

#include <filesystem>
#include <string>

#include <sluice/pipeline/reference.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::lean {

struct LeanOptions {
    pipeline::OnBadRow on_bad_row = pipeline::OnBadRow::kStop;
    // Takes the reference files; without one they are left out and the report says so.
    pipeline::ReferenceSink* reference = nullptr;
    // IANA name of the zone of the times in all files; empty: each table's own, as above.
    std::string time_zone;
    pipeline::ProgressCallback progress;  // may be empty
};

// Each archive is stored as it is finished, so an error or a cancellation keeps those before it.
pipeline::ImportReport import_lean(const std::filesystem::path& path, pipeline::TickSink& sink,
                                   const LeanOptions& options = {});

}  // namespace sluice::adapters::lean
