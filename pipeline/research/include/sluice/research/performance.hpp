// The statistics of a backtest, from what PerformanceWatch gathered. Off the hot path; any thread.
// Cost: resamples times periods for each interval.
#pragma once

#include <string>

#include <sluice/pipeline/performance_record.hpp>
#include <sluice/pipeline/run_record.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/research/performance_watch.hpp>

namespace sluice::research {

// `benchmark` may be null. Its return of the first period is from its first open.
[[nodiscard]] pipeline::PerformanceRecord measure(PerformanceSeries series,
                                                  const BenchmarkSeries* benchmark,
                                                  const pipeline::BacktestSettings& settings);

// How one run came out, beside the assumptions that its settings make about fills.
[[nodiscard]] pipeline::FillCase fill_case(std::string name, const pipeline::Settings& settings,
                                           double commission_factor,
                                           const pipeline::RunRecord& record);

enum class Assumptions : std::uint8_t { kPessimistic, kExpected, kOptimistic };
[[nodiscard]] const char* to_string(Assumptions which) noexcept;

// The settings of that case. Pessimistic: at the back of each queue, latencies and commission times the
// factors of [backtest]. Optimistic: at the front, times its factors. Expected: as they are.
[[nodiscard]] pipeline::Settings under(Assumptions which, pipeline::Settings settings);
// What a result has to survive: at the back of each queue, commission doubled, orders and reports ten times
// as late and at least a tenth of a second.
[[nodiscard]] pipeline::Settings stressed(pipeline::Settings settings);
[[nodiscard]] double commission_factor(Assumptions which,
                                       const pipeline::BacktestSettings& settings) noexcept;

}  // namespace sluice::research
