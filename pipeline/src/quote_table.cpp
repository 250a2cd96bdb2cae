// Start-up half of market making: takes all memory before the first event.
#include <sluice/pipeline/hot/quote_table.hpp>

#include <algorithm>
#include <stdexcept>

namespace sluice::pipeline {

namespace {

void check_symbols(const StrategySettings& strategy, const InstrumentTable& instruments) {
    for (const std::string& symbol : strategy.symbols)
        if (std::none_of(instruments.begin(), instruments.end(),
                         [&](const Instrument& i) { return i.symbol == symbol; }))
            throw std::invalid_argument("strategy '" + strategy.name + "' quotes '" + symbol +
                                        "', which is no instrument of this run; take it out of its "
                                        "symbols, or into the run");
}

}  // namespace

QuoteTable::QuoteTable(const Settings& settings, const InstrumentTable& instruments) {
    const auto& strategies = settings.signals.strategies;
    for (std::size_t s = 0; s < strategies.size(); ++s) {
        const StrategySettings& strategy = strategies[s];
        if (strategy.kind != StrategyKind::kMarketMaking) continue;
        check_symbols(strategy, instruments);
        makers_.resize(instruments.size());
        for (std::size_t i = 0; i < instruments.size(); ++i) {
            if (!strategy.quotes(instruments[i].symbol)) continue;
            if (makers_[i].strategy != kNone)
                throw std::invalid_argument("strategies '" + strategies[makers_[i].strategy].name +
                                            "' and '" + strategy.name + "' both quote '" +
                                            instruments[i].symbol +
                                            "'; name different symbols in each");
            makers_[i] = {s, instruments[i].tick_size};
        }
    }
}

}  // namespace sluice::pipeline
