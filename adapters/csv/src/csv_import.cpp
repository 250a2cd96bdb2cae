#include <sluice/adapters/csv/csv_import.hpp>

#include <utility>

#include <sluice/adapters/csv/csv_stream.hpp>
#include <sluice/pipeline/day_filer.hpp>
#include <sluice/pipeline/local_time.hpp>

#include "mapped_file.hpp"

namespace sluice::adapters::csv {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::ImportReport;
using pipeline::TableKind;

class Import {
  public:
    Import(const std::filesystem::path& path, const pipeline::Instrument& instrument,
           pipeline::TickSink& sink, const CsvOptions& options)
        : where_(path.string()), name_(path.filename().string()), instrument_(instrument),
          sink_(sink), options_(options), mapping_(mapping_of(options)),
          dates_(instrument.time_zone), file_(where_) {
        progress_.bytes_total = file_.bytes().size();
    }

    [[nodiscard]] ImportReport run();

  private:
    template <class Columns>
    void decode();
    // False when the caller asked for an end.
    [[nodiscard]] bool tick(std::uint64_t consumed) {
        progress_.bytes = consumed;
        if (!options_.progress || options_.progress(progress_)) return true;
        report_.cancelled = true;
        return false;
    }

    std::string where_;
    std::string name_;
    const pipeline::Instrument& instrument_;
    pipeline::TickSink& sink_;
    const CsvOptions& options_;
    CsvMapping mapping_;
    pipeline::LocalDates dates_;
    MappedFile file_;
    ImportReport report_;
    pipeline::ImportProgress progress_;
};

template <class Columns>
void Import::decode() {
    CsvStream records(file_.bytes(), mapping_.delimiter, where_);
    bool more = records.next();
    if (!more)
        throw ImportError(ImportFault::kBadHeader,
                          where_ + ": is empty; a header line and rows are read.");
    if (records.fault() != RecordFault::kOk)
        throw ImportError(ImportFault::kBadHeader,
                          where_ + ": the first line: " + describe(records.fault()) + ".");
    CsvLayout layout(records.fields(), mapping_, where_);
    if (mapping_.header) more = records.next();
    pipeline::DayFiler<Columns> filer(sink_, instrument_, mapping_.key.period_s);
    for (; more; more = records.next()) {
        if (records.text().empty() && records.at_end()) break;  // blank last line
        typename Columns::Row row{};
        const std::string why = records.fault() == RecordFault::kOk
                                    ? layout.read(records.fields(), row)
                                    : describe(records.fault());
        if (why.empty()) [[likely]] {
            filer.select(dates_.of(row.time_ns));
            filer.add(row);
        } else {
            pipeline::handle_bad_row(
                {where_, {}, records.line(), pipeline::shown_text(records.text()), why},
                options_.on_bad_row, report_);
        }
        if (++progress_.rows % pipeline::kProgressRows == 0 && !tick(records.consumed())) return;
    }
    if (!tick(file_.bytes().size())) return;
    if (filer.empty() && report_.rows_skipped == 0)
        throw ImportError(ImportFault::kBadHeader, where_ + ": has a header but no rows.");
    filer.commit({name_, sink_.fingerprint(file_.bytes()), progress_.rows}, report_);
}

ImportReport Import::run() {
    switch (mapping_.key.kind) {
        case TableKind::kTrades: decode<pipeline::TradeColumns>(); break;
        case TableKind::kQuotes: decode<pipeline::QuoteColumns>(); break;
        case TableKind::kBars: decode<pipeline::BarColumns>(); break;
        case TableKind::kQuoteBars: decode<pipeline::QuoteBarColumns>(); break;
        case TableKind::kOpenInterest: decode<pipeline::OpenInterestColumns>(); break;
        default:
            throw ImportError(ImportFault::kBadOption,
                              where_ + ": " + table_name(mapping_.key) + " are not read from CSV.");
    }
    return std::move(report_);
}

}  // namespace

CsvMapping mapping_of(const CsvOptions& options) {
    if (options.mapping) return *options.mapping;
    CsvMapping out;
    out.key = options.kind;
    out.delimiter = options.separator;
    out.time_format = options.time_format;
    out.column(CsvField::kTime) = options.columns.time;
    out.column(CsvField::kPrice) = options.columns.price;
    out.column(CsvField::kQuantity) = options.columns.quantity;
    out.column(CsvField::kBid) = options.columns.bid;
    out.column(CsvField::kAsk) = options.columns.ask;
    out.column(CsvField::kBidSize) = options.columns.bid_size;
    out.column(CsvField::kAskSize) = options.columns.ask_size;
    return out;
}

ImportReport import_csv(const std::filesystem::path& path, const pipeline::Instrument& instrument,
                        pipeline::TickSink& sink, const CsvOptions& options) {
    return Import(path, instrument, sink, options).run();
}

}  // namespace sluice::adapters::csv
