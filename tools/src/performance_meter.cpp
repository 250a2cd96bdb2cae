#include "performance_meter.hpp"

#include <algorithm>

#include "stored_market.hpp"

namespace sluice::tools {

PerformanceMeter::PerformanceMeter(const SessionOptions& options,
                                   const pipeline::Settings& settings,
                                   const pipeline::InstrumentTable& instruments,
                                   pipeline::RowSink& rows)
    : settings_(settings.backtest), watch_(settings, instruments, rows) {
    const std::string& symbol = settings_.benchmark;
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

void PerformanceMeter::add_to(std::vector<pipeline::RecordObserver*>& observers) {
    observers.push_back(&watch_);
    if (benchmark_runs_along_) observers.push_back(&*benchmark_);
}

pipeline::PerformanceRecord PerformanceMeter::measure() {
    return research::measure(watch_.finish(), benchmark_ ? &benchmark_->series() : nullptr,
                             settings_);
}

}  // namespace sluice::tools
