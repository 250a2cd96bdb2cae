#include "performance_meter.hpp"

#include <algorithm>

#include "stored_market.hpp"

namespace sluice::tools {

PerformanceMeter::PerformanceMeter(const SessionOptions& options,
                                   const pipeline::Settings& settings,
                                   const pipeline::InstrumentTable& instruments)
    : settings_(settings) {
    const std::string& symbol = settings.backtest.benchmark;
    if (symbol.empty()) return;
    const auto held =
        std::find_if(instruments.begin(), instruments.end(),
                     [&](const pipeline::Instrument& i) { return i.symbol == symbol; });
    if (held != instruments.end()) {
        benchmark_runs_along_ = true;
        benchmark_.emplace(settings, static_cast<core::SymbolId>(held - instruments.begin()));
        return;
    }
    pipeline::Settings alone = settings;
    alone.signals.strategies.clear();
    alone.signals.histories.clear();
    alone.report.signal_quality = false;
    benchmark_.emplace(alone, core::SymbolId{0});
    const StoredMarket market{
        {options.store, {symbol}, options.from, options.to, options.trust_checksums}, alone};
    const auto source = market.open();
    (void)run_quietly(market, alone, *source, *benchmark_);
}

pipeline::RowSink& PerformanceMeter::watch(const pipeline::InstrumentTable& instruments,
                                           pipeline::RowSink& rows,
                                           std::vector<pipeline::RecordObserver*>& observers) {
    watch_.emplace(settings_, instruments, rows);
    observers.push_back(&*watch_);
    if (benchmark_runs_along_) observers.push_back(&*benchmark_);
    return *watch_;
}

pipeline::PerformanceRecord PerformanceMeter::measure() {
    return research::measure(watch_->finish(), benchmark_ ? &benchmark_->series() : nullptr,
                             settings_.backtest);
}

}  // namespace sluice::tools
