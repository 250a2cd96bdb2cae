// Imports Dukascopy's .bi5 files: one of them, or all below a folder.
//
//   <INSTRUMENT>/<yyyy>/<mm>/<dd>/<hh>h_ticks.bi5               quotes of one hour
//   <INSTRUMENT>/<yyyy>/<mm>/<dd>/{BID,ASK}_candles_min_1.bi5   minutes of one day
//   <INSTRUMENT>/<yyyy>/<mm>/{BID,ASK}_candles_hour_1.bi5       hours of one month
//   <INSTRUMENT>/<yyyy>/{BID,ASK}_candles_day_1.bi5             days of one year
//
// Instrument, date and hour come from the path. The vendor's months begin at 00: 2019/01/04 is
// 4 February. Files are LZMA-alone and hold what dukascopy_rows.hpp says; an empty one is an hour
// without ticks. Times are UTC. EURUSD becomes EURUSD.DUKASCOPY.
//
// The hours of a day that are found together make one table, as do the months of hourly candles
// and both sides of candles; its source is all those files. A table is stored when all its files
// have been read. Candles become quote bars: a side whose file is not there has price 0, and a
// side's size is the volume that the vendor summed over the period (not the last size; 0 where the
// vendor filled a period without ticks in).
//
// One thread; memory for one file as it lies on disk, its LZMA window (at most 64 MiB), a chunk of
// rows, and the candles of one table. Errors: ImportError, and what the sink throws.
#pragma once

#include <cstdint>
#include <filesystem>

#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::dukascopy {

struct DukascopyOptions {
    pipeline::OnBadRow on_bad_row = pipeline::OnBadRow::kStop;
    // Points in one unit of price, 100'000 for EURUSD; 0: by the instrument's name, where known.
    std::int64_t points_per_unit = 0;
    pipeline::ProgressCallback progress;  // may be empty
};

pipeline::ImportReport import_dukascopy(const std::filesystem::path& path, pipeline::TickSink& sink,
                                        const DukascopyOptions& options = {});

}  // namespace sluice::adapters::dukascopy
