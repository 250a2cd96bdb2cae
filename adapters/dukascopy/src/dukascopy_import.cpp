#include <sluice/adapters/dukascopy/dukascopy_import.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <sluice/adapters/dukascopy/dukascopy_instrument.hpp>
#include <sluice/adapters/dukascopy/dukascopy_path.hpp>
#include <sluice/adapters/dukascopy/dukascopy_rows.hpp>

#include "lzma_input.hpp"

namespace sluice::adapters::dukascopy {
namespace {

namespace fs = std::filesystem;
using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::ImportReport;

constexpr std::size_t kChunkRows = std::size_t{1} << 14U;
constexpr std::int64_t kUnit = core::PriceDelta::kScale;

// The files of one table, in the order of what they hold.
using TableId = std::tuple<std::string, pipeline::TableKey, pipeline::Date>;
using Group = std::vector<Bi5File>;

class Import {
  public:
    Import(pipeline::TickSink& sink, const DukascopyOptions& options)
        : sink_(sink), options_(options) {}

    void add_total(std::uint64_t bytes) noexcept { progress_.bytes_total += bytes; }
    // False when the caller asked for an end.
    [[nodiscard]] bool run(const TableId& id, const Group& files);
    [[nodiscard]] ImportReport& report() noexcept { return report_; }

  private:
    [[nodiscard]] std::int64_t points_of(const Bi5File& file) const;
    [[nodiscard]] pipeline::Provenance source_of(const Group& files) const;
    // Calls keep(bytes of one row), which gives a fault or keeps the row; false: cancelled.
    template <std::size_t kRowSize, class Keep>
    [[nodiscard]] bool each_row(const Bi5File& file, Keep keep);
    [[nodiscard]] bool read_ticks(const Group& files, std::int64_t point, pipeline::DayWriter& day);
    [[nodiscard]] bool read_candles(const Group& files, std::int64_t point,
                                    pipeline::DayWriter& day);
    template <class Columns>
    void give(Columns& columns, pipeline::DayWriter& day, std::int32_t period_s = 0) {
        if (columns.size() == 0) return;
        day.append({columns, period_s});
        rows_kept_ += columns.size();
        pipeline::clear(columns);
    }
    [[nodiscard]] bool tick() {
        if (!options_.progress || options_.progress(progress_)) return true;
        report_.cancelled = true;
        return false;
    }

    pipeline::TickSink& sink_;
    const DukascopyOptions& options_;
    ImportReport report_;
    pipeline::ImportProgress progress_;
    std::uint64_t rows_read_ = 0;  // of the table in hand
    std::uint64_t rows_kept_ = 0;
};

std::int64_t Import::points_of(const Bi5File& file) const {
    if (options_.points_per_unit != 0) return options_.points_per_unit;
    if (const auto known = known_points_per_unit(file.instrument)) return *known;
    throw ImportError(
        ImportFault::kBadOption,
        file.path.string() + ": how many points make one unit of the price of " + file.instrument +
            " is not known. Say how many points are one unit of price (--points), for example "
            "1000 for a share.");
}

// One file is its own source; several are one by the list of their names and fingerprints.
pipeline::Provenance Import::source_of(const Group& files) const {
    pipeline::Provenance out;
    std::string list;
    for (const Bi5File& file : files) {
        const std::string name = file.path.filename().string();
        out.name = name;
        out.sha256 = sink_.fingerprint(pipeline::read_source_file(file.path.string()));
        list += pipeline::iso_date(file.date) + " " + name + " " + out.sha256 + "\n";
    }
    if (files.size() > 1) {
        out.name = files.front().path.filename().string() + " to " + out.name + " (" +
                   std::to_string(files.size()) + " files)";
        out.sha256 = sink_.fingerprint(list);
    }
    return out;
}

template <std::size_t kRowSize, class Keep>
bool Import::each_row(const Bi5File& file, Keep keep) {
    const std::string where = file.path.string();
    const std::string compressed = pipeline::read_source_file(where);
    LzmaInput input(compressed, where);
    std::vector<std::byte> buffer(kRowSize * 4'096);
    const std::uint64_t bytes_before = progress_.bytes;
    std::uint64_t row = 0;
    for (std::size_t got = buffer.size(); got == buffer.size();) {
        got = input.read(buffer);
        if (got % kRowSize != 0)
            throw ImportError(ImportFault::kDamaged, where + ": ends within row " +
                                                         std::to_string(row + got / kRowSize + 1) +
                                                         ". Fetch it again.");
        for (std::size_t at = 0; at != got; at += kRowSize) {
            ++row;
            const char* const why =
                keep(std::span<const std::byte, kRowSize>(buffer.data() + at, kRowSize));
            if (why != nullptr)
                pipeline::handle_bad_row({where, {}, row, "", why}, options_.on_bad_row, report_);
            if (++progress_.rows % pipeline::kProgressRows != 0) continue;
            progress_.bytes = bytes_before + input.consumed();
            if (!tick()) return false;
        }
    }
    rows_read_ += row;
    progress_.bytes = bytes_before + compressed.size();
    return true;
}

bool Import::read_ticks(const Group& files, std::int64_t point, pipeline::DayWriter& day) {
    pipeline::QuoteColumns columns;
    pipeline::reserve(columns, kChunkRows);
    for (const Bi5File& file : files) {
        const bool whole =
            each_row<kTickSize>(file, [&](std::span<const std::byte, kTickSize> bytes) {
                pipeline::QuoteRow row{};
                const RowFault fault = read_tick(bytes, file.start_ns, point, row);
                if (fault != RowFault::kOk) return describe(fault);
                columns.append(row);
                if (columns.size() == kChunkRows) give(columns, day);
                return static_cast<const char*>(nullptr);
            });
        if (!whole) return false;
    }
    give(columns, day);
    return true;
}

// Both sides of a period are one row; a period that only one side has is one too.
bool Import::read_candles(const Group& files, std::int64_t point, pipeline::DayWriter& day) {
    std::map<std::int64_t, pipeline::QuoteBarRow> rows;
    for (const Bi5File& file : files) {
        const bool bid = file.content == Content::kBidCandles;
        const bool whole =
            each_row<kCandleSize>(file, [&](std::span<const std::byte, kCandleSize> bytes) {
                Candle candle{};
                const RowFault fault =
                    read_candle(bytes, file.start_ns, file.length_s, file.period_s, point, candle);
                if (fault != RowFault::kOk) return describe(fault);
                pipeline::QuoteBarRow& row =
                    rows.try_emplace(candle.time_ns, pipeline::QuoteBarRow{}).first->second;
                if ((bid ? row.bid_low_raw : row.ask_low_raw) != 0)
                    return "is a second candle of the same period";
                row.time_ns = candle.time_ns;
                (bid ? row.bid_open_raw : row.ask_open_raw) = candle.open_raw;
                (bid ? row.bid_high_raw : row.ask_high_raw) = candle.high_raw;
                (bid ? row.bid_low_raw : row.ask_low_raw) = candle.low_raw;
                (bid ? row.bid_close_raw : row.ask_close_raw) = candle.close_raw;
                (bid ? row.bid_size_raw : row.ask_size_raw) = candle.size_raw;
                return static_cast<const char*>(nullptr);
            });
        if (!whole) return false;
    }
    pipeline::QuoteBarColumns columns;
    for (const auto& [time, row] : rows) {
        columns.append(row);
        if (columns.size() == kChunkRows) give(columns, day, files.front().period_s);
    }
    give(columns, day, files.front().period_s);
    return true;
}

bool Import::run(const TableId& id, const Group& files) {
    const auto& [name, key, date] = id;
    const std::int64_t points = points_of(files.front());
    const pipeline::Instrument instrument = instrument_of(name, points);
    pipeline::Provenance source = source_of(files);
    if (sink_.holds(instrument, date, key, source.sha256)) {
        ++report_.tables_unchanged;
        std::error_code error;
        for (const Bi5File& file : files) {
            const std::uintmax_t size = fs::file_size(file.path, error);
            if (!error) progress_.bytes += size;
        }
        return tick();
    }
    rows_read_ = 0;
    rows_kept_ = 0;
    const std::unique_ptr<pipeline::DayWriter> day = sink_.open_day(instrument, date);
    const std::int64_t point = kUnit / points;
    const bool ticks = key.kind == pipeline::TableKind::kQuotes;
    if (!(ticks ? read_ticks(files, point, *day) : read_candles(files, point, *day))) return false;
    source.rows = rows_read_;
    if (rows_kept_ != 0) {
        if (day->commit(source) == pipeline::PutOutcome::kUnchanged) {
            ++report_.tables_unchanged;
        } else {
            ++report_.tables_written;
            report_.rows_stored += rows_kept_;
        }
    }
    return tick();
}

[[nodiscard]] std::vector<Bi5File> list_files(const fs::path& path, ImportReport& report) {
    std::vector<Bi5File> out;
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        if (!fs::exists(path, error))
            throw ImportError(ImportFault::kMissing, path.string() + ": no such file or folder");
        // What is above a file that was named alone says what it is.
        auto file = parse_path(fs::absolute(path));
        if (!file)
            throw ImportError(ImportFault::kUnsupported,
                              path.string() +
                                  ": the path should end like EURUSD/2019/01/04/"
                                  "07h_ticks.bi5 or BID_candles_min_1.bi5 there, with "
                                  "months from 00 to 11.");
        out.push_back(std::move(*file));
        return out;
    }
    try {
        for (const auto& entry : fs::recursive_directory_iterator(fs::absolute(path))) {
            if (!entry.is_regular_file()) continue;
            if (auto file = parse_path(entry.path()))
                out.push_back(std::move(*file));
            else
                ++report.files_ignored;
        }
    } catch (const fs::filesystem_error& failure) {
        throw ImportError(ImportFault::kMissing, path.string() + ": " + failure.code().message());
    }
    if (out.empty())
        throw ImportError(
            ImportFault::kUnsupported,
            path.string() + ": holds no .bi5 file at a path like EURUSD/2019/01/04/.");
    return out;
}

}  // namespace

ImportReport import_dukascopy(const fs::path& path, pipeline::TickSink& sink,
                              const DukascopyOptions& options) {
    if (options.points_per_unit < 0 ||
        (options.points_per_unit != 0 && kUnit % options.points_per_unit != 0))
        throw ImportError(ImportFault::kBadOption,
                          "points of one unit of price (--points): the number has to divide "
                          "1,000,000,000, as 1000 or 100000 do.");
    Import import(sink, options);
    std::map<TableId, Group> tables;
    for (Bi5File& file : list_files(path, import.report())) {
        std::error_code error;
        const std::uintmax_t size = fs::file_size(file.path, error);
        if (!error) import.add_total(size);
        const pipeline::TableKey key = file.key();
        tables[{file.instrument, key, pipeline::filing_date(key, file.date)}].push_back(
            std::move(file));
    }
    for (auto& [id, files] : tables) {
        std::sort(files.begin(), files.end(), [](const Bi5File& a, const Bi5File& b) {
            return std::tie(a.start_ns, a.content, a.path) <
                   std::tie(b.start_ns, b.content, b.path);
        });
        for (std::size_t i = 1; i < files.size(); ++i)
            if (files[i].start_ns == files[i - 1].start_ns &&
                files[i].content == files[i - 1].content)
                throw ImportError(ImportFault::kUnsupported,
                                  files[i].path.string() + ": holds the same hours as " +
                                      files[i - 1].path.string() + ". Remove one of them.");
        if (!import.run(id, files)) break;
    }
    return std::move(import.report());
}

}  // namespace sluice::adapters::dukascopy
