// The folder a run leaves behind: <parent>/<YYYYMMDD-HHMMSS>-<verb>[-n] (UTC), holding config.toml,
// run.log (written by the log sink), orders.csv, fills.csv, refusals.csv, incidents.csv, equity.csv,
// summary.json and report.html. Formats: docs/formats/run-folder.md.
// Used by one thread, off the hot path. Each file is there whole or not at all; a file that cannot
// be written throws RunFolderError and leaves the ones before it in place. The tables are written
// during the run, by TableFiles.
#pragma once

#include <filesystem>
#include <string_view>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/adapters/run_folder/table_files.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/run_record.hpp>

namespace sluice::adapters::run_folder {

class RunFolder {
  public:
    // Makes a folder no other run has, and its parents. `verb` is of letters, digits, '-' and '_'.
    // Throws RunFolderError when the folder cannot be made or written to: call it before the run,
    // so that an hour's work is not lost to a missing permission.
    [[nodiscard]] static RunFolder create(const std::filesystem::path& parent,
                                          std::string_view verb, core::LocalTime now);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    [[nodiscard]] std::filesystem::path log_path() const { return path_ / "run.log"; }
    [[nodiscard]] std::filesystem::path report_path() const { return path_ / "report.html"; }

    // config.toml alone; at the start, so that an aborted run still says how it was set.
    void write_configuration(std::string_view toml) const;

    // After the run: the tables take their places, the rest but run.log is written. Throws
    // RunFolderError.
    void write(const pipeline::RunRecord& record, TableFiles& tables) const;

  private:
    explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}
    void write_file(const char* name, std::string_view contents) const;

    std::filesystem::path path_;
};

}  // namespace sluice::adapters::run_folder
