// Imports Databento DBN files of versions 1, 2 and 3, plain or compressed with Zstandard: one file,
// or every *.dbn and *.dbn.zst below a folder, definitions first.
//
//   mbo                        orders
//   mbp-1, tbbo, cmbp-1, tcbbo quotes of the best level, and trades from action 'T'
//   bbo-1s/1m, cbbo-1s/1m      quotes; their time is ts_recv, the end of the interval
//   mbp-10                     quotes and trades as mbp-1; and levels: each record's whole book as
//                              one snapshot, whose last row ends the event; an empty book is one
//                              row of price and quantity 0
//   trades                     trades
//   ohlcv-1s/1m/1h/1d          bars of 1, 60, 3600 and 86,400 s
//   definition                 instruments, to the reference sink
//
// Other record types, and definitions without a reference sink, are left out: they count as rows
// skipped and each type of a file has one entry among the report's bad rows.
//
// An instrument is called by its raw symbol and its data set up to the dot: ESH4.GLBX. Prices,
// sizes and times are exact. A row is filed under the UTC date of its ts_recv, or of ts_event where
// there is none: that is how the vendor cuts files, and a snapshot carries the ts_event of earlier
// days. All tables of a file are stored when the whole file has been read.
//
// One thread; memory is bounded by options.rows_in_memory, the metadata and a buffer of 1 MiB.
// Errors: ImportError, and what the sinks throw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/reference.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::dbn {

// What the metadata would say, for files that have none (.frag). Instruments whose name no record
// tells are called by their number.
struct DbnFragment {
    std::uint8_t version = 3;
    std::string dataset;  // "GLBX.MDP3"
};

[[nodiscard]] inline pipeline::Instrument default_dbn_instrument() {
    pipeline::Instrument out;
    out.time_zone = "UTC";
    return out;
}

struct DbnOptions {
    pipeline::OnBadRow on_bad_row = pipeline::OnBadRow::kStop;
    // All but the symbol, for instruments that no definition of the same import describes.
    pipeline::Instrument instrument = default_dbn_instrument();
    std::optional<DbnFragment> fragment;  // given: files without metadata are read, and no others
    std::size_t rows_in_memory = std::size_t{1} << 18U;
    pipeline::ProgressCallback progress;  // may be empty
};

// `reference` may be null.
pipeline::ImportReport import_dbn(const std::filesystem::path& path, pipeline::TickSink& sink,
                                  pipeline::ReferenceSink* reference,
                                  const DbnOptions& options = {});

}  // namespace sluice::adapters::dbn
