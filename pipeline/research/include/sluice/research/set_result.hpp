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
    // Of the equity, by period with a bar: the same periods for every set over a stream. What only fills
    // made a period of counts for the next one, at the end for the last one.
    std::vector<double> returns;
    std::vector<core::StreamTime> ends;  // of the last bar of each
    std::uint64_t data_checksum = 0;     // of the stream, whose numbering a set's own reports shift
};

// Fills in `returns` and `ends`.
void keep_periods(const std::vector<pipeline::PeriodRow>& rows, SetResult& result);

}  // namespace sluice::research
