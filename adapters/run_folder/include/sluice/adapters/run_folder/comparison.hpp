// Runs side by side: the settings that differ, what came out, and whether the digests are the same.
// Any thread, off the hot path.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace sluice::adapters::run_folder {

// What a run's folder says of it.
struct RunReading {
    std::filesystem::path folder;
    std::string summary;  // summary.json
    // config.toml, "section.key" to its value as written; of an array of tables "strategy.NAME.key".
    std::map<std::string, std::string> settings;
};

// Throws RunFolderError for what is no folder of a finished run.
[[nodiscard]] RunReading read_run(const std::filesystem::path& folder);

// The keys and values of a configuration that we have written. Throws std::invalid_argument, naming the
// line, for a text that is none.
[[nodiscard]] std::map<std::string, std::string> flat_settings(const std::string& toml);

// Schema "sluice.comparison/1": docs/formats/run-folder.md. At least one run.
[[nodiscard]] std::string comparison_json(const std::vector<RunReading>& runs);
void print_comparison(std::ostream& out, const std::vector<RunReading>& runs, bool colour);

}  // namespace sluice::adapters::run_folder
