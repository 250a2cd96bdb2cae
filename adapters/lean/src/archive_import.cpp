#include "archive_import.hpp"

#include <string_view>
#include <utility>

#include <sluice/pipeline/day_filer.hpp>
#include <sluice/pipeline/local_time.hpp>

namespace sluice::adapters::lean {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::TableKind;

[[nodiscard]] std::int64_t midnight_ns(pipeline::Date date) {
    return std::int64_t{std::chrono::sys_days{date}.time_since_epoch().count()} *
           pipeline::kNsPerDay;
}

// The date of a local time that counts from the epoch.
class StampDates {
  public:
    [[nodiscard]] pipeline::Date of(std::int64_t local_ns) {
        if (local_ns < first_ns_ || local_ns - first_ns_ >= pipeline::kNsPerDay) {
            const std::int64_t day =
                local_ns / pipeline::kNsPerDay - (local_ns % pipeline::kNsPerDay < 0 ? 1 : 0);
            first_ns_ = day * pipeline::kNsPerDay;
            date_ = pipeline::Date{std::chrono::sys_days{std::chrono::days{static_cast<int>(day)}}};
        }
        return date_;
    }

  private:
    std::int64_t first_ns_ = 0;
    pipeline::Date date_{std::chrono::sys_days{}};
};

}  // namespace

bool ArchiveImport::tick() {
    if (!options_.progress || options_.progress(progress_)) return true;
    report_.cancelled = true;
    return false;
}

template <class Columns>
bool ArchiveImport::decode(const pipeline::Instrument& instrument, Source& source,
                           ZipArchive& archive, const ZipArchive::Entry& entry) {
    const RowFormat format = source.file.row_format();
    pipeline::LocalClock clock(instrument.time_zone);
    pipeline::DayFiler<Columns> filer(sink_, instrument, source.file.key.period_s);
    StampDates dates;
    const std::int64_t midnight = format.dated ? 0 : midnight_ns(source.file.date);
    ZipLines lines(archive, entry);
    std::uint64_t rows = 0;
    std::uint64_t rounded = 0;
    const auto bad = [&](std::string_view line, const char* why) {
        pipeline::BadRow row{source.where, entry.name, rows, pipeline::shown_text(line), why};
        // A bad row of an archive that does not match its checksum is the archive's fault.
        if (options_.on_bad_row == pipeline::OnBadRow::kStop)
            for (std::string_view rest; lines.next(rest);) {}
        pipeline::handle_bad_row(std::move(row), options_.on_bad_row, report_);
    };
    for (std::string_view line; lines.next(line);) {
        ++rows;
        typename Columns::Row row{};
        const RowFault fault = parse_row(line, format, row);
        if (fault > RowFault::kRounded) [[unlikely]] {
            bad(line, describe(fault));
        } else if (const std::int64_t local = midnight + row.time_ns;
                   !clock.to_utc(local, row.time_ns)) [[unlikely]] {
            bad(line, "a local time that the clock skips on this day");
        } else {
            if (format.dated)
                filer.select(dates.of(local));
            else if (filer.empty())
                filer.select(source.file.date);
            filer.add(row);
            rounded += fault == RowFault::kRounded ? 1U : 0U;
        }
        if (rows % pipeline::kProgressRows == 0) {
            progress_.rows += pipeline::kProgressRows;
            const double done = static_cast<double>(source.text_before + lines.consumed()) /
                                static_cast<double>(source.text_total);
            progress_.bytes =
                source.bytes_before +
                static_cast<std::uint64_t>(done * static_cast<double>(source.archive_bytes));
            if (!tick()) return false;
        }
    }
    progress_.rows += rows % pipeline::kProgressRows;
    source.provenance.rows = rows;
    filer.commit(source.provenance, report_);
    if (rounded != 0 && report_.notes.size() < pipeline::kNotesKept)
        report_.notes.push_back(source.where + ": " + entry.name + ": " + std::to_string(rounded) +
                                " rows with more decimals than are kept, rounded half to even");
    return true;
}

// Bars of hours and days are spread over years that only their rows tell.
bool ArchiveImport::held(const pipeline::Instrument& instrument, const Source& source) {
    const LeanFile& file = source.file;
    return !file.row_format().dated &&
           sink_.holds(instrument, file.date, file.key, source.provenance.sha256);
}

bool ArchiveImport::run_entry(const pipeline::Instrument& instrument, Source& source,
                              ZipArchive& archive, const ZipArchive::Entry& entry) {
    if (held(instrument, source)) {
        ++report_.tables_unchanged;
        return true;
    }
    switch (source.file.key.kind) {
        case TableKind::kTrades:
            return decode<pipeline::TradeColumns>(instrument, source, archive, entry);
        case TableKind::kQuotes:
            return decode<pipeline::QuoteColumns>(instrument, source, archive, entry);
        case TableKind::kBars:
            return decode<pipeline::BarColumns>(instrument, source, archive, entry);
        case TableKind::kQuoteBars:
            return decode<pipeline::QuoteBarColumns>(instrument, source, archive, entry);
        default: return decode<pipeline::OpenInterestColumns>(instrument, source, archive, entry);
    }
}

pipeline::Instrument ArchiveImport::contract_of(const pipeline::Instrument& family,
                                                const LeanFile& file, const std::string& entry,
                                                const std::string& where) const {
    const auto ticker = contract_ticker(file.ticker, entry);
    if (!ticker)
        throw ImportError(ImportFault::kUnsupported,
                          where + ": " + pipeline::shown_text(entry) +
                              ": the name does not end in the month of an expiry, like "
                              "_201312.csv.");
    pipeline::Instrument out = family;
    out.symbol = store_symbol(file.security, file.market, *ticker);
    return out;
}

bool ArchiveImport::run(const LeanFile& file) {
    const std::string where = file.path.string();
    const std::string bytes = pipeline::read_source_file(where);
    pipeline::Instrument instrument = databases_.instrument(file);
    if (!options_.time_zone.empty()) instrument.time_zone = options_.time_zone;
    Source source{file,
                  where,
                  {file.path.filename().string(), sink_.fingerprint(bytes), 0},
                  bytes.size(),
                  progress_.bytes};
    const bool family = file.security == Security::kFuture;
    if (!family && held(instrument, source)) {
        ++report_.tables_unchanged;
    } else {
        ZipArchive archive(bytes, where);
        source.text_total = archive.size_total();
        if (!family && archive.entries().size() != 1)
            throw ImportError(ImportFault::kUnsupported,
                              where + ": holds " + std::to_string(archive.entries().size()) +
                                  " CSV files; only archives of futures may hold several.");
        for (const ZipArchive::Entry& entry : archive.entries()) {
            const bool whole = family ? run_entry(contract_of(instrument, file, entry.name, where),
                                                  source, archive, entry)
                                      : run_entry(instrument, source, archive, entry);
            if (!whole) return false;
            source.text_before += entry.size;
        }
    }
    progress_.bytes = source.bytes_before + bytes.size();
    return tick();
}

}  // namespace sluice::adapters::lean
