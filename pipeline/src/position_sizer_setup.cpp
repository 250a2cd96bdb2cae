// Start-up half of sizing: takes all memory before the first event.
#include <sluice/pipeline/hot/position_sizer.hpp>

#include <algorithm>
#include <stdexcept>

namespace sluice::pipeline {

PositionSizer::PositionSizer(const Settings& settings, const InstrumentTable& instruments)
    : settings_(settings.sizing), commission_(settings.venue),
      by_account_(settings_.mode != SizingMode::kQuantity &&
                  settings_.mode != SizingMode::kNotional),
      follows_bars_(settings_.takes_bars()),
      sizes_(by_account_ || follows_bars_ || !settings_.min_notional.is_zero()) {
    for (const Instrument& i : instruments) lots_.push_back(i.lot_size.raw());
    if (settings_.mode == SizingMode::kKelly) {
        booked_.resize(instruments.size());
        trades_.resize(static_cast<std::size_t>(settings_.kelly_trades));
    }
    if (!follows_bars_) return;
    const auto& built = settings.bars.timeframes;
    const auto found = std::find(built.begin(), built.end(), settings_.timeframe);
    if (found == built.end())
        throw std::invalid_argument("sizing.timeframe is none of bars.timeframes");
    timeframe_ = static_cast<std::size_t>(found - built.begin());
    movements_.assign(instruments.size(), Movement{static_cast<std::size_t>(settings_.period)});
}

}  // namespace sluice::pipeline
