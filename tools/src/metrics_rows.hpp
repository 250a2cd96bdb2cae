// Carries the stretches that a live session publishes into its metrics.csv, on a thread of its own: a
// disk that hangs must not keep from their work those who watch the session.
#pragma once

#include <filesystem>
#include <thread>

#include <sluice/adapters/run_folder/metrics_file.hpp>
#include <sluice/adapters/run_log/run_log.hpp>
#include <sluice/pipeline/live_metrics.hpp>

namespace sluice::tools {

class MetricsRows {
  public:
    // Throws RunFolderError when the file cannot be begun.
    MetricsRows(const std::filesystem::path& file, pipeline::LiveMetrics& metrics,
                adapters::run_log::RunLog& log);

    // After the session: returns when the rows of all stretches are written.
    void finish();

  private:
    void run(const std::stop_token& stop);
    void write_rows();

    adapters::run_folder::MetricsFile file_;
    pipeline::LiveMetrics& metrics_;
    adapters::run_log::RunLog& log_;
    bool failed_ = false;
    std::jthread thread_;
};

}  // namespace sluice::tools
