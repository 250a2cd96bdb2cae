// Start-up half of the signal stage: takes all memory before the first event.
#include <sluice/pipeline/hot/signal_stage.hpp>

#include <algorithm>
#include <stdexcept>

namespace sluice::pipeline {

namespace {

std::size_t window_length(const StrategySettings& s) {
    return static_cast<std::size_t>(s.kind == StrategyKind::kTrendFollowing ? s.slow : s.period);
}

}  // namespace

SignalStage::SignalStage(const Settings& settings, const InstrumentTable& instruments)
    : threshold_(settings.signals.threshold), allow_short_(settings.signals.allow_short),
      sizing_(settings.sizing), wanted_(instruments.size()),
      tallies_(settings.signals.strategies.size()) {
    const auto& strategies = settings.signals.strategies;
    const auto& timeframes = settings.bars.timeframes;
    std::size_t closes = 0;
    for (const StrategySettings& s : strategies) {
        const auto found = std::find(timeframes.begin(), timeframes.end(), s.timeframe);
        if (found == timeframes.end())
            throw std::invalid_argument(
                "strategy '" + s.name +
                "' asks for a timeframe that bars.timeframes does not list");
        timeframe_of_.push_back(static_cast<std::uint8_t>(found - timeframes.begin()));
        weights_.push_back(s.weight);
        closes += window_length(s);
    }
    windows_.resize(closes * instruments.size());
    cells_.reserve(strategies.size() * instruments.size());
    std::size_t next = 0;
    for (const Instrument& instrument : instruments) {
        lots_.push_back(instrument.lot_size);
        for (const StrategySettings& s : strategies) {
            const std::span storage{windows_.data() + next, window_length(s)};
            next += storage.size();
            if (s.kind == StrategyKind::kTrendFollowing) {
                cells_.push_back(
                    Cell{TrendFollowing{storage, static_cast<std::size_t>(s.fast)}, {}, false});
            } else {
                cells_.push_back(
                    Cell{MeanReversion{storage, s.entry_deviations, s.exit_deviations}, {}, false});
            }
        }
    }
}

}  // namespace sluice::pipeline
