// One line on standard error about a running live session, when that is a terminal.
// One thread.
#pragma once

#include <chrono>

#include <sluice/pipeline/live_metrics.hpp>

namespace sluice::tools {

class LiveDisplay {
  public:
    explicit LiveDisplay(const pipeline::LiveMetrics& metrics);
    // Leaves an empty line where its own was.
    ~LiveDisplay();
    LiveDisplay(const LiveDisplay&) = delete;
    LiveDisplay& operator=(const LiveDisplay&) = delete;

    // Draws at most twice a second.
    void show();

  private:
    const pipeline::LiveMetrics& metrics_;
    bool terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_{};
};

}  // namespace sluice::tools
