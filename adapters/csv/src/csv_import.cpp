#include <sluice/adapters/csv/csv_import.hpp>

#include <chrono>
#include <exception>
#include <map>
#include <utility>

#include <date/tz.h>

#include <sluice/adapters/csv/csv_records.hpp>

namespace sluice::adapters::csv {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::ImportReport;

// The date of a UTC time in one zone; the zone's offset is looked up when it changes only.
class LocalDates {
  public:
    explicit LocalDates(const std::string& zone) {
        try {
            zone_ = date::locate_zone(zone);
        } catch (const std::exception& error) {
            throw ImportError(ImportFault::kBadOption, "time zone '" + zone + "': " + error.what());
        }
    }
    [[nodiscard]] pipeline::Date of(std::int64_t utc_ns) {
        const date::sys_time<std::chrono::nanoseconds> at{std::chrono::nanoseconds{utc_ns}};
        const auto second = std::chrono::floor<std::chrono::seconds>(at);
        if (second < info_.begin || second >= info_.end) info_ = zone_->get_info(second);
        return pipeline::Date{std::chrono::floor<std::chrono::days>(second + info_.offset)};
    }

  private:
    const date::time_zone* zone_ = nullptr;
    date::sys_info info_{};  // an empty interval: the first look-up fills it
};

class Import {
  public:
    Import(std::string where, const pipeline::Instrument& instrument, pipeline::TickSink& sink,
           const CsvOptions& options)
        : where_(std::move(where)), instrument_(instrument), sink_(sink), options_(options),
          dates_(instrument.time_zone) {}

    // Tables by date from `text`; false when the caller asked for an end.
    template <class Row, class Columns>
    [[nodiscard]] bool decode(std::string_view text, std::map<pipeline::Date, Columns>& days);
    template <class Columns>
    void store(const std::map<pipeline::Date, Columns>& days, const pipeline::Provenance& source);
    [[nodiscard]] ImportReport& report() noexcept { return report_; }
    [[nodiscard]] std::uint64_t rows() const noexcept { return progress_.rows; }

  private:
    [[nodiscard]] bool tick(std::size_t consumed) {
        progress_.bytes = consumed;
        if (!options_.progress || options_.progress(progress_)) return true;
        report_.cancelled = true;
        return false;
    }

    std::string where_;
    const pipeline::Instrument& instrument_;
    pipeline::TickSink& sink_;
    const CsvOptions& options_;
    LocalDates dates_;
    ImportReport report_;
    pipeline::ImportProgress progress_;
};

template <class Row, class Columns>
bool Import::decode(std::string_view text, std::map<pipeline::Date, Columns>& days) {
    progress_.bytes_total = text.size();
    CsvRecords records(text, options_.separator);
    if (!records.next())
        throw ImportError(ImportFault::kBadHeader, where_ + ": is empty; a header line is needed.");
    if (records.fault() != RecordFault::kOk)
        throw ImportError(ImportFault::kBadHeader,
                          where_ + ": the header: " + describe(records.fault()) + ".");
    const CsvLayout layout(records.fields(), options_.kind, options_.columns, options_.time_format,
                           where_);
    while (records.next()) {
        if (records.text().empty() && records.consumed() == text.size()) break;  // blank last line
        Row row{};
        const std::string why = records.fault() == RecordFault::kOk
                                    ? layout.read(records.fields(), row)
                                    : describe(records.fault());
        if (why.empty()) [[likely]]
            days[dates_.of(row.time_ns)].append(row);
        else
            pipeline::handle_bad_row(
                {where_, {}, records.line(), pipeline::shown_text(records.text()), why},
                options_.on_bad_row, report_);
        if (++progress_.rows % pipeline::kProgressRows == 0 && !tick(records.consumed()))
            return false;
    }
    return tick(text.size());
}

template <class Columns>
void Import::store(const std::map<pipeline::Date, Columns>& days, const pipeline::Provenance& source) {
    for (const auto& [date, columns] : days) {
        pipeline::DayTables day;
        day.date = date;
        day.source = source;
        day.tables.emplace_back(columns);
        if (sink_.put(instrument_, day) == pipeline::PutOutcome::kUnchanged) {
            ++report_.tables_unchanged;
        } else {
            ++report_.tables_written;
            report_.rows_stored += columns.size();
        }
    }
}

template <class Row, class Columns>
void run(Import& import, const std::string& bytes, const std::string& name,
         const pipeline::TickSink& sink) {
    std::map<pipeline::Date, Columns> days;
    if (import.decode<Row>(bytes, days))
        import.store(days, {name, sink.fingerprint(bytes), import.rows()});
}

}  // namespace

ImportReport import_csv(const std::filesystem::path& path, const pipeline::Instrument& instrument,
                        pipeline::TickSink& sink, const CsvOptions& options) {
    const std::string where = path.string();
    Import import(where, instrument, sink, options);
    const std::string bytes = pipeline::read_source_file(where);
    const std::string name = path.filename().string();
    if (options.kind == pipeline::TableKind::kTrades)
        run<pipeline::TradeRow, pipeline::TradeColumns>(import, bytes, name, sink);
    else
        run<pipeline::QuoteRow, pipeline::QuoteColumns>(import, bytes, name, sink);
    ImportReport& report = import.report();
    if (!report.cancelled && report.tables_written + report.tables_unchanged == 0 &&
        report.rows_skipped == 0)
        throw ImportError(ImportFault::kBadHeader, where + ": has a header but no rows.");
    return std::move(report);
}

}  // namespace sluice::adapters::csv
