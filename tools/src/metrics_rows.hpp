// Carries the stretches that a live session publishes into its metrics.csv. One thread.
#pragma once

#include <cstdint>
#include <filesystem>

#include <sluice/adapters/run_folder/metrics_file.hpp>
#include <sluice/adapters/run_log/run_log.hpp>
#include <sluice/pipeline/live_metrics.hpp>

namespace sluice::tools {

class MetricsRows {
  public:
    // Throws RunFolderError when the file cannot be begun.
    MetricsRows(const std::filesystem::path& file, const pipeline::LiveMetrics& metrics,
                adapters::run_log::RunLog& log)
        : file_(file), metrics_(metrics), log_(log) {}

    // Writes the row of a stretch that has ended since the last call.
    void look();

  private:
    adapters::run_folder::MetricsFile file_;
    const pipeline::LiveMetrics& metrics_;
    adapters::run_log::RunLog& log_;
    std::uint64_t written_ = 0;
    bool failed_ = false;
};

}  // namespace sluice::tools
