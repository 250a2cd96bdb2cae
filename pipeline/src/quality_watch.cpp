#include <sluice/pipeline/quality_watch.hpp>

#include <cmath>

#include <sluice/pipeline/bar_definition.hpp>

namespace sluice::pipeline {
namespace {

// Intents of the second run lead nowhere.
struct Nowhere {
    template <EventKind kKnown>
    void pass(const Event&) const noexcept {}
    template <EventKind kKnown = EventKind::kNone>
    void emit(const Event&) const noexcept {}
};

double as_double(core::Money money) noexcept {
    return static_cast<double>(money.raw()) / static_cast<double>(core::Money::kScale);
}

}  // namespace

QualityWatch::QualityWatch(const Settings& settings, const InstrumentTable& instruments)
    : stage_(settings, instruments),
      quality_(settings.signals.strategies.size(), instruments.size()),
      closes_(instruments.size()) {
    for (const StrategySettings& s : settings.signals.strategies)
        timeframe_of_.push_back(timeframe_of(settings.bars, s).value());  // the stage has looked
    for (const Instrument& i : instruments) multipliers_.push_back(i.multiplier.to_double());
}

void QualityWatch::take(const Event& event) {
    if (event.kind() != EventKind::kBar && event.kind() != EventKind::kParameter) return;
    stage_.on<EventKind::kNone>(event, Nowhere{});
    if (event.kind() == EventKind::kParameter) return;
    const std::size_t instrument = core::index_of(event.symbol());
    const double close = event.bar().close.to_double();
    closes_[instrument] = close;
    for (std::size_t s = 0; s < timeframe_of_.size(); ++s) {
        if (timeframe_of_[s] != event.timeframe()) continue;
        if (const auto strength = stage_.strength(s, instrument))
            quality_.observe(s, instrument, *strength, close);
    }
}

void QualityWatch::take(const FillRecord& fill) {
    const std::size_t instrument = core::index_of(fill.symbol);
    const double close = closes_[instrument];
    if (!(close > 0)) return;  // no signal came before it
    const double units = fill.quantity.to_double() * multipliers_[instrument];
    const double worse =
        (fill.price.to_double() - close) * (fill.side == Side::kBuy ? units : -units);
    quality_.traded(instrument, std::abs(units) * fill.price.to_double(),
                    as_double(fill.commission) + worse);
}

}  // namespace sluice::pipeline
