// A progress bar with rate and time left on standard error, when that is a terminal.
// One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sluice::tools {

class ProgressBar {
  public:
    // `unit`: what is counted, "ticks" or "rows".
    explicit ProgressBar(std::string unit);
    // Leaves an empty line where the bar was.
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    // `fraction` in [0, 1] of the whole, negative when unknown; `count` units done so far. Draws at
    // most ten times a second.
    void show(double fraction, std::uint64_t count);

  private:
    std::string unit_;
    bool terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point last_{};
};

// "[#####.....]  52 %  12.3 M ticks/s  0:07 left"
[[nodiscard]] std::string progress_line(double fraction, std::uint64_t count, double seconds,
                                        const std::string& unit);

}  // namespace sluice::tools
