// Decodes archives of rows into a TickSink. One thread.
#pragma once

#include <string>

#include <sluice/adapters/lean/lean_import.hpp>

#include "lean_databases.hpp"
#include "lean_path.hpp"
#include "zip_lines.hpp"

namespace sluice::adapters::lean {

class ArchiveImport {
  public:
    ArchiveImport(pipeline::TickSink& sink, const LeanOptions& options,
                  pipeline::ImportProgress& progress, pipeline::ImportReport& report)
        : sink_(sink), options_(options), progress_(progress), report_(report) {}

    // False when the caller asked for an end.
    [[nodiscard]] bool run(const LeanFile& file);

  private:
    struct Source {
        const LeanFile& file;
        const std::string& where;
        pipeline::Provenance provenance;
        std::uint64_t archive_bytes;
        std::uint64_t bytes_before;     // of earlier archives
        std::uint64_t text_before = 0;  // decompressed, of earlier entries
        std::uint64_t text_total = 0;
    };
    // Both: false when the caller asked for an end.
    [[nodiscard]] bool run_entry(const pipeline::Instrument& instrument, Source& source,
                                 ZipArchive& archive, const ZipArchive::Entry& entry);
    template <class Columns>
    [[nodiscard]] bool decode(const pipeline::Instrument& instrument, Source& source,
                              ZipArchive& archive, const ZipArchive::Entry& entry);
    [[nodiscard]] bool held(const pipeline::Instrument& instrument, const Source& source);
    [[nodiscard]] bool tick();
    [[nodiscard]] pipeline::Instrument contract_of(const pipeline::Instrument& family,
                                                   const LeanFile& file, const std::string& entry,
                                                   const std::string& where) const;

    pipeline::TickSink& sink_;
    const LeanOptions& options_;
    pipeline::ImportProgress& progress_;
    pipeline::ImportReport& report_;
    LeanDatabases databases_;
};

}  // namespace sluice::adapters::lean
