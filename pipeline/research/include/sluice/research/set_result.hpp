// What becomes of one set of parameters in a pass of many (many_runs.hpp).
#pragma once

#include <cstdint>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/performance_record.hpp>

namespace sluice::research {

struct SetResult {
    pipeline::FillCase figures;               // of the assumptions that the settings make
    pipeline::PerformanceRecord performance;  // but for its periods and round trips
    std::vector<double> returns;              // of the equity, by period; NaN: cannot be said
    std::vector<core::StreamTime> ends;       // of those periods
    std::uint64_t data_checksum = 0;          // of the stream; the same for all sets
};

}  // namespace sluice::research
