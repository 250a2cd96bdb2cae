#include <sluice/adapters/lean/lean_import.hpp>

#include <system_error>
#include <utility>

#include "archive_import.hpp"
#include "lean_path.hpp"
#include "reference_import.hpp"

namespace sluice::adapters::lean {
namespace {

namespace fs = std::filesystem;

template <class Files>
void add_sizes(const Files& files, std::uint64_t& total) {
    for (const auto& file : files) {
        std::error_code error;
        const std::uintmax_t size = fs::file_size(file.path, error);
        if (!error) total += size;
    }
}

}  // namespace

pipeline::ImportReport import_lean(const fs::path& path, pipeline::TickSink& sink,
                                   const LeanOptions& options) {
    LeanWork work = find_work(path);
    pipeline::ImportReport report;
    report.files_ignored = work.ignored;
    report.notes = std::move(work.notes);
    if (options.reference == nullptr && !work.references.empty()) {
        report.files_ignored += work.references.size();
        for (const ReferenceFile& file : work.references)
            if (report.notes.size() < pipeline::kNotesKept)
                report.notes.push_back(file.path.string() +
                                       ": reference data, which this store does not take");
        work.references.clear();
    }
    pipeline::ImportProgress progress;
    add_sizes(work.archives, progress.bytes_total);
    add_sizes(work.references, progress.bytes_total);
    if (!work.references.empty() &&
        !import_references(work.references, sink, options, progress, report))
        return report;
    ArchiveImport archives(sink, options, progress, report);
    for (const LeanFile& file : work.archives)
        if (!archives.run(file)) break;
    return report;
}

}  // namespace sluice::adapters::lean
