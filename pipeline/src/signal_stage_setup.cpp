// Start-up half of the signal stage: takes all memory before the first event.
#include <sluice/pipeline/hot/signal_stage.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <type_traits>

#include <sluice/pipeline/bar_definition.hpp>
#include <sluice/pipeline/currency_table.hpp>
#include <sluice/pipeline/plugin_kind.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>

namespace sluice::pipeline {

namespace {

std::size_t closes_of(StrategyKind kind) {
    return for_kind(kind, []<class S>() { return S::kCloses; });
}

AnyStrategy make_strategy(StrategyKind kind, std::span<std::int64_t> storage,
                          const StrategyValues& values) {
    return for_kind(kind, [&]<class S>() -> AnyStrategy {
        if constexpr (std::is_same_v<S, PluginStrategy>)
            throw std::logic_error("a plugin is made with its state");
        else
            return S{storage, values};
    });
}

std::uint8_t timeframe_of_bars(const Settings& settings, const StrategySettings& strategy) {
    const std::optional<std::size_t> timeframe = timeframe_of(settings.bars, strategy);
    if (!timeframe)
        throw std::invalid_argument("strategy '" + strategy.name +
                                    "' asks for bars that bars.timeframes and bars.by_activity do "
                                    "not list");
    return static_cast<std::uint8_t>(*timeframe);
}

std::size_t regime_timeframe(const Settings& settings) {
    const auto& timeframes = settings.bars.timeframes;
    const auto found = std::find(timeframes.begin(), timeframes.end(), settings.regime.timeframe);
    if (found == timeframes.end())
        throw std::invalid_argument(
            "regime.timeframe asks for bars that bars.timeframes does not list");
    return static_cast<std::size_t>(found - timeframes.begin());
}

}  // namespace

SignalStage::SignalStage(const Settings& settings, const InstrumentTable& instruments)
    : threshold_(settings.signals.threshold), allow_short_(settings.signals.allow_short),
      sizing_(settings.sizing), gate_(settings.quality),
      currencies_(currencies_of(settings.account, instruments)), wanted_(instruments.size()),
      tallies_(settings.signals.strategies.size()),
      performance_(settings.signals.performance, settings.signals.strategies.size(),
                   settings.signals.histories),
      quotes_(settings, instruments) {
    const auto& strategies = settings.signals.strategies;
    std::size_t closes = 0;
    for (const StrategySettings& s : strategies) {
        Voter voter;
        voter.declaration = &declaration_of(s.kind);
        voter.values = s.resolved();
        voter.weight = s.weight;
        voter.by_regime = s.by_regime;
        voter.timeframe = timeframe_of_bars(settings, s);
        voter.sectional = s.kind == StrategyKind::kCrossSection;
        voter.section = static_cast<std::uint16_t>(sections_.size());
        if (voter.sectional) sections_.emplace_back(instruments.size(), voter.values);
        voters_.push_back(voter);
        closes += closes_of(s.kind);
    }
    if (settings.regime.enabled) {
        regime_timeframe_ = regime_timeframe(settings);
        for (Wanted& wanted : wanted_) wanted.regime = settings.regime.fallback;
        detectors_.assign(instruments.size(), RegimeDetector{settings.regime});
    }
    windows_.resize(closes * instruments.size());
    std::vector<std::size_t> states;  // of a plugin, its place in plugins_
    for (std::size_t i = 0; i < strategies.size(); ++i) {
        states.push_back(plugins_.size());
        if (const PluginKind* const kind = plugin_of(strategies[i].kind))
            plugins_.emplace_back(*kind, voters_[i].values, instruments.size());
    }
    cells_.reserve(strategies.size() * instruments.size());
    std::size_t next = 0;
    for (const Instrument& instrument : instruments) {
        lots_.push_back(instrument.lot_size);
        multipliers_.push_back(instrument.multiplier);
        sizes_.push_back(contract_size_of(instrument));
        for (std::size_t i = 0; i < strategies.size(); ++i) {
            const StrategySettings& s = strategies[i];
            const std::span storage{windows_.data() + next, closes_of(s.kind)};
            next += storage.size();
            const PluginKind* const plugin = plugin_of(s.kind);
            cells_.push_back(
                Cell{plugin == nullptr
                         ? make_strategy(s.kind, storage, voters_[i].values)
                         : PluginStrategy{*plugin->table, plugins_[states[i]].at(lots_.size() - 1),
                                          plugin->heap_calls},
                     s.weight_of(instrument.symbol),
                     0,
                     {},
                     false});
            if (s.kind == StrategyKind::kMarketMaking && !s.quotes(instrument.symbol))
                cells_.back().weight = 0;  // it has nothing to say of what it does not quote
        }
    }
}

}  // namespace sluice::pipeline
