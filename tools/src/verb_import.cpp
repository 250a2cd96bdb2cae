// `sluice import`: recorded ticks of other formats, into a store.
#include <atomic>
#include <functional>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/adapters/csv/csv_import.hpp>
#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::OnConflict;
using adapters::tick_store::StoreWriter;

struct ImportArguments {
    std::string path;
    std::string store;
    std::string on_error = "stop";
    bool replace = false;
    bool json = false;
    // CSV only
    std::string symbol;
    std::string kind = "trades";
    std::string zone = "America/New_York";
    std::string currency = "USD";
    std::string tick_size = "0.01";
    std::string lot_size = "1";
    std::string time_format = "iso";
    std::vector<std::string> columns;
};

template <class Fixed>
Fixed positive(const std::string& text, const std::string& option) {
    Fixed out;
    const core::DecimalError error = core::parse_fixed(text, out);
    if (error != core::DecimalError::kOk || out.raw() <= 0)
        throw UsageError(option + ": '" + text + "' must be a positive decimal number");
    return out;
}

pipeline::OnBadRow bad_row_policy(const ImportArguments& arguments) {
    return arguments.on_error == "skip" ? pipeline::OnBadRow::kSkip : pipeline::OnBadRow::kStop;
}

void print(const pipeline::ImportReport& report, const ImportArguments& arguments) {
    if (arguments.json) {
        nlohmann::ordered_json bad = nlohmann::ordered_json::array();
        for (const pipeline::BadRow& row : report.bad_rows) bad.push_back(describe(row));
        const nlohmann::ordered_json out{{"path", arguments.path},
                                         {"store", arguments.store},
                                         {"rows", report.rows_stored},
                                         {"rows_skipped", report.rows_skipped},
                                         {"tables_written", report.tables_written},
                                         {"tables_unchanged", report.tables_unchanged},
                                         {"files_ignored", report.files_ignored},
                                         {"cancelled", report.cancelled},
                                         {"bad_rows", std::move(bad)}};
        std::cout << out.dump(2) << "\n";
        return;
    }
    std::cout << report.rows_stored << " rows in " << report.tables_written << " tables written, "
              << report.tables_unchanged << " tables unchanged";
    if (report.rows_skipped > 0) std::cout << ", " << report.rows_skipped << " bad rows skipped";
    if (report.files_ignored > 0)
        std::cout << ", " << report.files_ignored << " files of other kinds ignored";
    if (report.cancelled) std::cout << " (stopped early; what is written is whole)";
    std::cout << ".\n";
    for (const pipeline::BadRow& row : report.bad_rows) std::cout << "  " << describe(row) << "\n";
    std::cout << "Next: sluice replay --store " << arguments.store << "\n";
}

// Runs an importer with a progress bar, an interrupt flag and the store to write to.
int import_with(const ImportArguments& arguments,
                const std::function<pipeline::ImportReport(
                    pipeline::TickSink&, const pipeline::ProgressCallback&)>& importer) {
    StoreWriter writer{
        arguments.store,
        {.on_conflict = arguments.replace ? OnConflict::kReplace : OnConflict::kRefuse}};
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    pipeline::ImportReport report;
    {
        ProgressBar bar{"rows"};
        report = importer(writer, [&](const pipeline::ImportProgress& p) {
            bar.show(p.bytes_total == 0
                         ? -1.0
                         : static_cast<double>(p.bytes) / static_cast<double>(p.bytes_total),
                     p.rows);
            return !stop.load(std::memory_order_relaxed);  // relaxed: the flag stands alone
        });
    }
    print(report, arguments);
    return 0;
}

int import_lean(const ImportArguments& arguments) {
    return import_with(arguments,
                       [&](pipeline::TickSink& sink, const pipeline::ProgressCallback& progress) {
                           adapters::lean::LeanOptions options;
                           options.on_bad_row = bad_row_policy(arguments);
                           options.progress = progress;
                           return adapters::lean::import_lean(arguments.path, sink, options);
                       });
}

int import_csv(const ImportArguments& arguments) {
    pipeline::Instrument instrument;
    instrument.symbol = arguments.symbol;
    instrument.time_zone = arguments.zone;
    instrument.currency = arguments.currency;
    instrument.tick_size = positive<core::PriceDelta>(arguments.tick_size, "--tick-size");
    instrument.lot_size = positive<core::Quantity>(arguments.lot_size, "--lot-size");
    adapters::csv::CsvOptions options;
    options.on_bad_row = bad_row_policy(arguments);
    options.kind =
        arguments.kind == "quotes" ? pipeline::TableKind::kQuotes : pipeline::TableKind::kTrades;
    options.time_format = parse_time_format(arguments.time_format);
    for (const std::string& mapping : arguments.columns) map_column(options.columns, mapping);
    return import_with(
        arguments, [&](pipeline::TickSink& sink, const pipeline::ProgressCallback& progress) {
            options.progress = progress;
            return adapters::csv::import_csv(arguments.path, instrument, sink, options);
        });
}

void add_common(CLI::App* command, ImportArguments& arguments) {
    command->add_option("path", arguments.path, "File, or folder to search")->required();
    command->add_option("--store", arguments.store, "Folder of the tick store")->required();
    command->add_option("--on-error", arguments.on_error, "What a bad row does")
        ->check(CLI::IsMember({"stop", "skip"}))
        ->capture_default_str();
    command->add_flag("--replace", arguments.replace, "Replace days held from another source");
    command->add_flag("--json", arguments.json, "Report as JSON");
}

}  // namespace

void add_import(CLI::App& app, Action& action) {
    CLI::App* command = app.add_subcommand("import", "Bring recorded ticks into a store");
    command->require_subcommand(1);

    auto arguments = std::make_shared<ImportArguments>();
    CLI::App* lean = command->add_subcommand(
        "lean", "LEAN equity ticks: .../equity/usa/tick/<symbol>/<yyyymmdd>_<trade|quote>.zip");
    add_common(lean, *arguments);
    lean->callback(
        [&action, arguments] { action = [arguments] { return import_lean(*arguments); }; });

    CLI::App* csv = command->add_subcommand("csv", "CSV with a header line, one instrument a file");
    add_common(csv, *arguments);
    csv->add_option("--symbol", arguments->symbol, "The instrument")->required();
    csv->add_option("--kind", arguments->kind, "What the rows are")
        ->check(CLI::IsMember({"trades", "quotes"}))
        ->capture_default_str();
    csv->add_option("--zone", arguments->zone, "IANA time zone of the exchange's day")
        ->capture_default_str();
    csv->add_option("--currency", arguments->currency, "Of the prices")->capture_default_str();
    csv->add_option("--tick-size", arguments->tick_size, "Least price step")->capture_default_str();
    csv->add_option("--lot-size", arguments->lot_size, "Least quantity step")
        ->capture_default_str();
    csv->add_option("--time", arguments->time_format, "Form of the times, UTC")
        ->check(CLI::IsMember({"iso", "ns", "us", "ms", "s"}))
        ->capture_default_str();
    csv->add_option("--column", arguments->columns,
                    "Name of a column in the file, as field=name: time, price, quantity, bid, ask, "
                    "bid_size, ask_size; may be repeated");
    csv->callback(
        [&action, arguments] { action = [arguments] { return import_csv(*arguments); }; });
}

}  // namespace sluice::tools
