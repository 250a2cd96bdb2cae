// `sluice import`: recorded market data of other formats, into a store.
#include <atomic>
#include <filesystem>
#include <iostream>

#include <nlohmann/json.hpp>

#include <sluice/tools/import_verbs.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::Compression;
using adapters::tick_store::OnConflict;
using adapters::tick_store::ReferenceStore;
using adapters::tick_store::StoreWriter;
using nlohmann::ordered_json;

// Of path `i`, and of all paths, each of which counts as much; negative when not known.
double share_done(const pipeline::ImportProgress& p, std::size_t i, std::size_t paths) {
    if (p.bytes_total == 0) return -1.0;
    const double here = static_cast<double>(p.bytes) / static_cast<double>(p.bytes_total);
    return (static_cast<double>(i) + here) / static_cast<double>(paths);
}

void print_json(const pipeline::ImportReport& report, const ImportArguments& arguments) {
    ordered_json bad = ordered_json::array();
    for (const pipeline::BadRow& row : report.bad_rows) bad.push_back(describe(row));
    std::cout << ordered_json{{"paths", arguments.paths},
                              {"store", arguments.store},
                              {"rows", report.rows_stored},
                              {"rows_skipped", report.rows_skipped},
                              {"tables_written", report.tables_written},
                              {"tables_unchanged", report.tables_unchanged},
                              {"files_ignored", report.files_ignored},
                              {"cancelled", report.cancelled},
                              {"notes", report.notes},
                              {"bad_rows", std::move(bad)}}
                     .dump(2)
              << "\n";
}

void print(const pipeline::ImportReport& report, const ImportArguments& arguments) {
    std::cout << report.rows_stored << " rows in " << report.tables_written << " tables written, "
              << report.tables_unchanged << " tables unchanged";
    if (report.rows_skipped > 0) std::cout << ", " << report.rows_skipped << " bad rows skipped";
    if (report.files_ignored > 0)
        std::cout << ", " << report.files_ignored << " files of other kinds ignored";
    if (report.cancelled) std::cout << " (stopped early; what is written is whole)";
    std::cout << ".\n";
    for (const std::string& note : report.notes) std::cout << "  note: " << note << "\n";
    for (const pipeline::BadRow& row : report.bad_rows) std::cout << "  " << describe(row) << "\n";
    std::cout << "Next: sluice data verify --store " << arguments.store
              << ", then sluice replay --store " << arguments.store << "\n";
}

// What stays in the store although the import fails.
void print_before_failure(const pipeline::ImportReport& report, std::size_t paths) {
    std::cerr << "sluice: of the first " << paths << (paths == 1 ? " path, " : " paths, ")
              << report.rows_stored << " rows in " << report.tables_written
              << " tables were written and stay";
    if (report.rows_skipped > 0) std::cerr << "; " << report.rows_skipped << " bad rows skipped";
    std::cerr << "\n";
}

}  // namespace

void add_import_options(CLI::App& command, ImportArguments& arguments) {
    command.add_option("path", arguments.paths, "File, or folder to search; of LEAN also several")
        ->required();
    command.add_option("--store", arguments.store, "Folder of the tick store")->required();
    command.add_option("--on-error", arguments.on_error, "What a bad row does")
        ->check(CLI::IsMember({"stop", "skip"}))
        ->capture_default_str();
    command.add_option("--compress", arguments.compress, "How the columns are stored")
        ->check(CLI::IsMember({"none", "packed"}))
        ->capture_default_str();
    command.add_flag("--replace", arguments.replace, "Replace days held from another source");
    command.add_flag("--json", arguments.json, "Report as JSON");
}

int import_with(const ImportArguments& arguments, const Importer& importer) {
    // Before anything is written: a misspelt name among many must not be found half way.
    std::error_code error;
    for (const std::string& path : arguments.paths)
        if (arguments.paths.size() > 1 && !std::filesystem::exists(path, error))
            throw pipeline::ImportError(pipeline::ImportFault::kMissing,
                                        path + ": " +
                                            (error ? error.message() : "no such file or folder") +
                                            "; nothing was imported");
    StoreWriter writer{
        arguments.store,
        {.on_conflict = arguments.replace ? OnConflict::kReplace : OnConflict::kRefuse,
         .compression =
             arguments.compress == "packed" ? Compression::kPacked : Compression::kNone}};
    ReferenceStore reference{arguments.store};
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    pipeline::ImportReport report;
    {
        ProgressBar bar{"rows"};
        std::uint64_t rows = 0;  // of the paths before
        for (std::size_t i = 0; i < arguments.paths.size() && !report.cancelled; ++i) {
            std::uint64_t rows_here = 0;
            const auto show = [&](const pipeline::ImportProgress& p) {
                rows_here = p.rows;
                bar.show(share_done(p, i, arguments.paths.size()), rows + p.rows);
                return !stop.load(std::memory_order_relaxed);  // relaxed: the flag stands alone
            };
            try {
                pipeline::add_to(report, importer(arguments.paths[i], writer, reference, show));
            } catch (const std::exception&) {
                if (i > 0) print_before_failure(report, i);
                throw;
            }
            rows += rows_here;
        }
    }
    if (arguments.json)
        print_json(report, arguments);
    else
        print(report, arguments);
    return 0;
}

void add_import(CLI::App& app, Action& action) {
    CLI::App* import = app.add_subcommand("import", "Bring recorded market data into a store");
    import->require_subcommand(1);
    add_import_vendors(*import, action);
    add_import_csv(*import, action);
}

}  // namespace sluice::tools
