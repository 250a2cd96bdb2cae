#include <sluice/adapters/lean/lean_import.hpp>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <system_error>

#include <sluice/adapters/lean/lean_rows.hpp>

#include "lean_path.hpp"
#include "local_day.hpp"
#include "zip_csv.hpp"

namespace sluice::adapters::lean {
namespace {

namespace fs = std::filesystem;
using pipeline::ImportReport;
using pipeline::TableKind;

[[nodiscard]] RowFault parse_row(std::string_view line, pipeline::TradeRow& row) noexcept {
    return parse_trade_row(line, row);
}
[[nodiscard]] RowFault parse_row(std::string_view line, pipeline::QuoteRow& row) noexcept {
    return parse_quote_row(line, row);
}

class Import {
  public:
    Import(pipeline::TickSink& sink, const LeanOptions& options) : sink_(sink), options_(options) {}

    void add_total(std::uint64_t bytes) noexcept { progress_.bytes_total += bytes; }
    // False when the caller asked for an end.
    [[nodiscard]] bool run(const LeanFile& file);
    [[nodiscard]] ImportReport& report() noexcept { return report_; }

  private:
    template <class Row, class Columns>
    [[nodiscard]] bool decode(const LeanFile& file, const ZipCsv& csv, Columns& columns,
                              std::uint64_t archive_bytes, std::uint64_t& rows);
    [[nodiscard]] bool tick() {
        if (!options_.progress || options_.progress(progress_)) return true;
        report_.cancelled = true;
        return false;
    }

    pipeline::TickSink& sink_;
    const LeanOptions& options_;
    ImportReport report_;
    pipeline::ImportProgress progress_;
};

// False when the caller asked for an end. `rows` counts all rows of the file.
template <class Row, class Columns>
bool Import::decode(const LeanFile& file, const ZipCsv& csv, Columns& columns,
                    std::uint64_t archive_bytes, std::uint64_t& rows) {
    const LocalDay day(options_.instrument.time_zone, file.date);
    const char* at = csv.text.data();
    const char* const end = at + csv.text.size();
    const std::uint64_t bytes_before = progress_.bytes;
    pipeline::reserve(columns, static_cast<std::size_t>(std::count(at, end, '\n')) + 1);
    while (at != end) {
        const auto left = static_cast<std::size_t>(end - at);
        const char* const stop = static_cast<const char*>(std::memchr(at, '\n', left));
        std::string_view line(at, stop == nullptr ? left : static_cast<std::size_t>(stop - at));
        at = stop == nullptr ? end : stop + 1;
        ++rows;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        Row row{};
        const RowFault fault = parse_row(line, row);
        if (fault != RowFault::kOk) [[unlikely]] {
            pipeline::handle_bad_row(
                {file.path.string(), csv.entry, rows, pipeline::shown_text(line), describe(fault)},
                options_.on_bad_row, report_);
        } else if (!day.to_utc(row.time_ns, row.time_ns)) [[unlikely]] {
            pipeline::handle_bad_row(
                {file.path.string(), csv.entry, rows, pipeline::shown_text(line),
                 "a local time that the clock skips on this day"},
                options_.on_bad_row, report_);
        } else {
            columns.append(row);
        }
        if (rows % pipeline::kProgressRows == 0) {
            progress_.rows += pipeline::kProgressRows;
            const double done =
                static_cast<double>(at - csv.text.data()) / static_cast<double>(csv.text.size());
            progress_.bytes = bytes_before +
                              static_cast<std::uint64_t>(done * static_cast<double>(archive_bytes));
            if (!tick()) return false;
        }
    }
    progress_.rows += rows % pipeline::kProgressRows;
    progress_.bytes = bytes_before;
    return true;
}

bool Import::run(const LeanFile& file) {
    const std::string where = file.path.string();
    const std::string bytes = pipeline::read_source_file(where);
    pipeline::Instrument instrument = options_.instrument;
    instrument.symbol = file.symbol;
    pipeline::DayTables day;
    day.date = file.date;
    day.source = {file.path.filename().string(), sink_.fingerprint(bytes), 0};
    pipeline::TradeColumns trades;
    pipeline::QuoteColumns quotes;
    if (sink_.holds(instrument, file.date, file.kind, day.source.sha256)) {
        ++report_.tables_unchanged;
    } else {
        const ZipCsv csv = read_zip_csv(bytes, where);
        const bool is_trades = file.kind == TableKind::kTrades;
        const bool whole =
            is_trades
                ? decode<pipeline::TradeRow>(file, csv, trades, bytes.size(), day.source.rows)
                : decode<pipeline::QuoteRow>(file, csv, quotes, bytes.size(), day.source.rows);
        if (!whole) return false;
        if (is_trades)
            day.tables.emplace_back(trades);
        else
            day.tables.emplace_back(quotes);
        if (sink_.put(instrument, day) == pipeline::PutOutcome::kUnchanged) {
            ++report_.tables_unchanged;
        } else {
            ++report_.tables_written;
            report_.rows_stored += is_trades ? trades.size() : quotes.size();
        }
    }
    progress_.bytes += bytes.size();
    return tick();
}

}  // namespace

ImportReport import_lean(const fs::path& path, pipeline::TickSink& sink,
                         const LeanOptions& options) {
    std::error_code error;
    LeanFolder work;
    if (fs::is_directory(path, error)) {
        work = list_folder(path);
    } else {
        if (!fs::exists(path, error))
            throw pipeline::ImportError(pipeline::ImportFault::kMissing,
                                        path.string() + ": no such file or folder");
        work.files.push_back(describe_file(path));
    }
    Import import(sink, options);
    import.report().files_ignored = work.ignored;
    for (const LeanFile& file : work.files) {
        const std::uintmax_t size = fs::file_size(file.path, error);
        if (!error) import.add_total(size);
    }
    for (const LeanFile& file : work.files)
        if (!import.run(file)) break;
    return std::move(import.report());
}

}  // namespace sluice::adapters::lean
