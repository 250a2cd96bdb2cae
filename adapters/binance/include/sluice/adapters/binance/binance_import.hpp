// Imports raw captures of Binance's public streams: one file, or every *.gz below a folder.
//
//   gzip (or plain) text, a line a message:   <local receive time, ns since the epoch> <JSON>
//   JSON = a combined stream's {"stream": ..., "data": ...} or a REST depth snapshot
//
//   <symbol>@depth...    levels   sequence u; previous U - 1 (spot) or pu (USD-M)
//   depth snapshot       levels   sequence and previous lastUpdateId; kRowSnapshot
//   <symbol>@bookTicker  quotes   sequence u
//   <symbol>@trade       trades   sequence t (the trade id); kRowSeller when the buyer was the maker
//
// `time` is the venue's event time E, to the millisecond (or microsecond) that it gives; where a
// message has none (spot bookTicker, spot snapshot) it is the receive time, by another clock.
// `received` is always the receive time, and rows are filed under its UTC date: recorders begin a
// new file by their own clock, so a file is a day, though the venue's clock may be past midnight.
//
// Every row is stored: the events before a snapshot, and those that it covers already, are left to
// LevelBook (pipeline/hot/level_book.hpp), which trims by the published rule. A depth event without
// levels has no row; the event after it is then stored as following the event before it.
//
// One thread. Memory: the rows of at most 64 Ki lines a table and day, and one line; a file's days
// stay open until its end and are then stored, each in one atomic step. Errors: ImportError, and
// what the sink throws; a file that ends in one leaves nothing of itself behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::binance {

enum class Market : std::uint8_t {
    kSpot,
    kUsdM,  // USD-margined futures
};
[[nodiscard]] const char* to_string(Market market) noexcept;  // "spot", "usdm"
[[nodiscard]] std::optional<Market> parse_market(std::string_view text) noexcept;

struct BinanceOptions {
    pipeline::OnBadRow on_bad_row = pipeline::OnBadRow::kStop;
    // Else the nearest folder of the path that is called spot or usdm says it.
    std::optional<Market> market = {};
    // Whose the depth snapshots are, "BTCUSDT"; else the file's name up to its first '_' or '.'.
    std::string snapshot_symbol = {};
    // All but the symbol; else instrument_for() says what the symbol alone tells.
    std::optional<pipeline::Instrument> instrument = {};
    // In place of what either of them says.
    std::optional<core::PriceDelta> tick_size = {};
    pipeline::ProgressCallback progress = {};  // may be empty
};

// More instruments and days than these in one file are refused.
inline constexpr std::size_t kCaptureDaysMax = 366;

pipeline::ImportReport import_binance(const std::filesystem::path& path, pipeline::TickSink& sink,
                                      const BinanceOptions& options = {});

// BTCUSDT.BINANCE, BTCUSDT-PERP.BINANCE, BTCUSDT_240927.BINANCE (a dated future); currency by the
// ending of the pair. Tick and lot size are the finest that the venue's texts can hold: the symbol
// properties have the true ones.
[[nodiscard]] pipeline::Instrument instrument_for(std::string_view symbol, Market market);

}  // namespace sluice::adapters::binance
