#include "metrics_rows.hpp"

#include <fstream>

#include <unistd.h>

namespace sluice::tools {

namespace {

std::uint64_t resident_bytes() {
    std::ifstream in{"/proc/self/statm"};
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    in >> pages >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void MetricsRows::look() {
    pipeline::LiveStretch stretch;
    const std::uint64_t number = metrics_.stretch.read(stretch);
    if (number == 0 || number == written_) return;
    written_ = number;
    if (file_.append(stretch, resident_bytes()) || failed_) return;
    failed_ = true;
    log_.write(adapters::run_log::Level::kWarning, "metrics.csv cannot be written any more");
}

}  // namespace sluice::tools
