// Start-up half of market making: takes all memory before the first event.
#include <sluice/pipeline/hot/quote_signals.hpp>

#include <stdexcept>

#include <sluice/pipeline/bar_definition.hpp>

namespace sluice::pipeline {

QuoteSignals::QuoteSignals(const Settings& settings, const InstrumentTable& instruments)
    : spread_(settings.quoting.spread), least_ticks_(settings.quoting.min_half_ticks),
      skew_(settings.quoting.skew), size_(settings.quoting.size) {
    const QuotingSettings& quoting = settings.quoting;
    if (quoting.symbols.empty()) return;
    StrategySettings sees;
    sees.timeframe = quoting.timeframe;
    sees.bars = quoting.bars;
    const auto timeframe = timeframe_of(settings.bars, sees);
    if (!timeframe || settings.bars.price != BarPrice::kMid)
        throw std::invalid_argument("[quoting] needs bars of midpoints that [bars] lists");
    timeframe_ = *timeframe;
    for (const Instrument& instrument : instruments)
        makers_.push_back({BarVolatility{quoting.volatility_bars}, instrument.tick_size, false});
    for (const std::string& symbol : quoting.symbols) {
        bool found = false;
        for (std::size_t i = 0; i < instruments.size(); ++i) {
            if (instruments[i].symbol != symbol) continue;
            makers_[i].quoted = true;
            found = true;
        }
        if (!found)
            throw std::invalid_argument("quoting.symbols names '" + symbol +
                                        "', which is no instrument of this run");
    }
}

}  // namespace sluice::pipeline
