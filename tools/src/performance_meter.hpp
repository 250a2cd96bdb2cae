// Wires what measures a backtest: the watch over its books and, where a benchmark is asked for, the
// benchmark's bars: of this run where it is one of its instruments, else of a run of its own, without
// strategies, through the same stages.
#pragma once

#include <optional>
#include <vector>

#include <sluice/pipeline/record_observer.hpp>
#include <sluice/research/performance.hpp>
#include <sluice/tools/session.hpp>

namespace sluice::tools {

class PerformanceMeter {
  public:
    // Throws the store's errors for the benchmark.
    PerformanceMeter(const SessionOptions& options, const pipeline::Settings& settings,
                     const pipeline::InstrumentTable& instruments);

    // Once, before the run. What the run's rows are to go to; they pass on to `rows`.
    [[nodiscard]] pipeline::RowSink& watch(const pipeline::InstrumentTable& instruments,
                                           pipeline::RowSink& rows,
                                           std::vector<pipeline::RecordObserver*>& observers);
    // After the run.
    [[nodiscard]] pipeline::PerformanceRecord measure();

  private:
    pipeline::Settings settings_;
    std::optional<research::PerformanceWatch> watch_;
    std::optional<research::BenchmarkWatch> benchmark_;
    bool benchmark_runs_along_ = false;
};

}  // namespace sluice::tools
