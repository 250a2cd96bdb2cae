#include "reference_import.hpp"

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "lean_databases.hpp"

namespace sluice::adapters::lean {
namespace {

using pipeline::ImportReport;
using pipeline::Provenance;

class ReferenceImport {
  public:
    ReferenceImport(const pipeline::TickSink& hasher, const LeanOptions& options,
                    pipeline::ImportProgress& progress, ImportReport& report)
        : hasher_(hasher), options_(options), sink_(*options.reference), progress_(progress),
          report_(report) {}

    // False when the caller asked for an end.
    [[nodiscard]] bool read(const ReferenceFile& file);
    [[nodiscard]] bool finish();

  private:
    struct Actions {
        pipeline::CorporateActions actions;
        std::string names;
        std::string bytes;  // of its files, for the fingerprint
    };
    void read_calendars(const std::string& bytes, const Provenance& source,
                        const std::string& where);
    void read_instruments(const std::string& bytes, const Provenance& source,
                          const RowPolicy& policy);
    void count(pipeline::PutOutcome outcome, std::uint64_t rows) {
        if (outcome == pipeline::PutOutcome::kUnchanged) {
            ++report_.tables_unchanged;
        } else {
            ++report_.tables_written;
            report_.rows_stored += rows;
        }
    }
    [[nodiscard]] bool tick() {
        if (!options_.progress || options_.progress(progress_)) return true;
        report_.cancelled = true;
        return false;
    }

    const pipeline::TickSink& hasher_;
    const LeanOptions& options_;
    pipeline::ReferenceSink& sink_;
    pipeline::ImportProgress& progress_;
    ImportReport& report_;
    std::map<std::string, Actions> actions_;  // by symbol
    std::unique_ptr<MarketHours> hours_;
};

void ReferenceImport::read_calendars(const std::string& bytes, const Provenance& source,
                                     const std::string& where) {
    hours_ = std::make_unique<MarketHours>(MarketHours::parse(bytes, where));
    for (const auto& [key, entry] : hours_->entries())
        count(sink_.put_calendar(entry.calendar, source), 1);
}

void ReferenceImport::read_instruments(const std::string& bytes, const Provenance& source,
                                       const RowPolicy& policy) {
    const PropertiesTable table = PropertiesTable::parse(bytes, policy);
    std::vector<pipeline::Instrument> instruments;
    std::set<std::string> symbols;
    std::uint64_t wildcards = 0;
    std::uint64_t options = 0;
    std::uint64_t too_fine = 0;
    for (const SymbolProperties& row : table.rows()) {
        const auto security = parse_security(row.type);
        if (!security)
            ++options;
        else if (row.symbol == "[*]")
            ++wildcards;
        else if (!row.holdable)
            ++too_fine;
        else if (auto instrument =
                     make_instrument(*security, row.market, row.symbol, hours_.get(), &table);
                 symbols.insert(instrument.symbol).second)
            instruments.push_back(std::move(instrument));
    }
    const auto note = [&](std::uint64_t rows, const char* why) {
        if (rows != 0 && report_.notes.size() < pipeline::kNotesKept)
            report_.notes.push_back(policy.where + ": " + std::to_string(rows) + " rows " + why);
    };
    note(options, "of options are left out: options are not kept");
    note(wildcards, "stand for all other symbols of their market and name no instrument");
    note(too_fine, "have a price or quantity step finer than 1e-9 or 1e-8");
    count(sink_.put_instruments(instruments, source), instruments.size());
}

bool ReferenceImport::read(const ReferenceFile& file) {
    const std::string where = file.path.string();
    const std::string bytes = pipeline::read_source_file(where);
    const std::string name = file.path.filename().string();
    const RowPolicy policy{where, options_.on_bad_row, report_};
    const auto source = [&] { return Provenance{name, hasher_.fingerprint(bytes), 0}; };
    switch (file.kind) {
        case ReferenceKind::kFactors:
        case ReferenceKind::kTickers: {
            Actions& of = actions_[file.symbol];
            if (file.kind == ReferenceKind::kFactors)
                of.actions.adjustments = parse_factor_file(bytes, policy);
            else
                of.actions.tickers = parse_map_file(bytes, policy);
            of.names += (of.names.empty() ? "" : " + ") +
                        file.path.parent_path().filename().string() + "/" + name;
            of.bytes += bytes;
            break;
        }
        case ReferenceKind::kMarketHours: read_calendars(bytes, source(), where); break;
        case ReferenceKind::kSymbolProperties: read_instruments(bytes, source(), policy); break;
    }
    progress_.bytes += bytes.size();
    return tick();
}

bool ReferenceImport::finish() {
    for (const auto& [symbol, of] : actions_) {
        const std::uint64_t rows = of.actions.adjustments.size() + of.actions.tickers.size();
        progress_.rows += rows;
        count(
            sink_.put_actions(symbol, of.actions, {of.names, hasher_.fingerprint(of.bytes), rows}),
            rows);
    }
    return tick();
}

}  // namespace

bool import_references(const std::vector<ReferenceFile>& files, const pipeline::TickSink& hasher,
                       const LeanOptions& options, pipeline::ImportProgress& progress,
                       ImportReport& report) {
    ReferenceImport import(hasher, options, progress, report);
    // Trading hours before the properties, which take the zones from them.
    for (const bool hours : {true, false})
        for (const ReferenceFile& file : files)
            if ((file.kind == ReferenceKind::kMarketHours) == hours && !import.read(file))
                return false;
    return import.finish();
}

}  // namespace sluice::adapters::lean
