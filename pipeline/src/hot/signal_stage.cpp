#include <sluice/pipeline/hot/signal_stage.hpp>

namespace sluice::pipeline {

namespace {

constexpr std::uint64_t count_if(bool condition) noexcept { return condition ? 1U : 0U; }

}  // namespace

// Not std::visit: its path for a valueless variant throws, and this file is built without.
bool SignalStage::Cell::on_close(Price close) noexcept {
    if (auto* trend = std::get_if<TrendFollowing>(&strategy)) return trend->on_close(close);
    auto* reversion = std::get_if<MeanReversion>(&strategy);
    return reversion != nullptr && reversion->on_close(close);
}

int SignalStage::Cell::stance() const noexcept {
    if (const auto* trend = std::get_if<TrendFollowing>(&strategy)) return trend->stance();
    const auto* reversion = std::get_if<MeanReversion>(&strategy);
    return reversion != nullptr ? reversion->stance() : 0;
}

bool SignalStage::on_bar(const Event& event) noexcept {
    const std::size_t instrument = core::index_of(event.symbol());
    const std::size_t first_cell = instrument * weights_.size();
    const Price close = event.bar().close;
    bool any = false;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        if (timeframe_of_[i] != event.timeframe()) continue;
        Cell& cell = cells_[first_cell + i];
        const int held = cell.stance();
        cell.ready = cell.on_close(close);
        tally(tallies_[i], cell, held, close);
        cell.last_close = close;
        any = true;
    }
    if (!any) return false;

    const double value = score(first_cell);
    const int direction = value >= threshold_ ? 1 : (value <= -threshold_ && allow_short_) ? -1 : 0;
    Wanted& wanted = wanted_[instrument];
    if (direction == wanted.direction) return false;
    const Quantity unsigned_size = direction == 0 ? Quantity{} : size(instrument, close);
    wanted = Wanted{direction < 0 ? -unsigned_size : unsigned_size, value, direction};
    return true;
}

void SignalStage::tally(StrategyTally& tally, const Cell& cell, int held, Price close) noexcept {
    const int stance = cell.stance();
    ++tally.bars;
    tally.long_bars += count_if(stance > 0);
    tally.short_bars += count_if(stance < 0);
    tally.changes += count_if(stance != held);
    if (held == 0) return;
    const PriceDelta move = close - cell.last_close;
    const PriceDelta gain = held > 0 ? move : -move;
    tally.winning_bars += count_if(gain.raw() > 0);
    tally.losing_bars += count_if(gain.raw() < 0);
    tally.stance_profit += gain * Quantity::from_units(1);
}

double SignalStage::score(std::size_t first_cell) const noexcept {
    double sum = 0;
    double weight = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        const Cell& cell = cells_[first_cell + i];
        if (!cell.ready) continue;
        sum += weights_[i] * cell.stance();
        weight += weights_[i];
    }
    return weight > 0 ? sum / weight : 0;
}

Quantity SignalStage::size(std::size_t instrument, Price price) const noexcept {
    if (sizing_.mode == SizingMode::kQuantity) return sizing_.quantity;
    // Money over price is a quantity in raw units, because their scales divide out.
    const std::int64_t lot = lots_[instrument].raw();
    const core::Int128 units = sizing_.notional.raw() / price.raw();
    const core::Int128 whole_lots = units / lot * lot;
    if (whole_lots > INT64_MAX) return Quantity::max();
    return Quantity::from_raw(static_cast<std::int64_t>(whole_lots));
}

}  // namespace sluice::pipeline
