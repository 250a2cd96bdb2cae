// metrics.csv of a live session: one row for each stretch, there to read as soon as the stretch has
// ended. Columns: docs/formats/run-folder.md.
// One thread, off the hot path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <sluice/pipeline/live_metrics.hpp>

namespace sluice::adapters::run_folder {

class MetricsFile {
  public:
    // Begins the file with its header; RunFolderError when it cannot.
    explicit MetricsFile(const std::filesystem::path& target);

    // `rss_bytes`: memory of the process that is resident now. False when the disk refused, now or
    // before.
    bool append(const pipeline::LiveStretch& stretch, std::uint64_t rss_bytes);

  private:
    std::ofstream out_;
};

}  // namespace sluice::adapters::run_folder
