#include "metrics_rows.hpp"

#include <chrono>
#include <fstream>

#include <unistd.h>

namespace sluice::tools {

namespace {

constexpr std::chrono::milliseconds kLookEvery{50};

std::uint64_t resident_bytes() {
    std::ifstream in{"/proc/self/statm"};
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    in >> pages >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

MetricsRows::MetricsRows(const std::filesystem::path& file, pipeline::LiveMetrics& metrics,
                         adapters::run_log::RunLog& log)
    : file_(file), metrics_(metrics), log_(log),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void MetricsRows::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(kLookEvery);
        write_rows();
    }
    write_rows();
}

void MetricsRows::write_rows() {
    for (pipeline::LiveStretch stretch; metrics_.stretches.try_pop(stretch);) {
        if (file_.append(stretch, resident_bytes()) || failed_) continue;
        failed_ = true;
        log_.write(adapters::run_log::Level::kWarning, "metrics.csv cannot be written any more");
    }
}

void MetricsRows::finish() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

}  // namespace sluice::tools
