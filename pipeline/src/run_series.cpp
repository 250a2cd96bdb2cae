#include <sluice/pipeline/run_series.hpp>

#include <algorithm>

namespace sluice::pipeline {

RunSeries::RunSeries(std::size_t instruments, const std::vector<Nanos>& timeframes)
    : equity_(kSeriesPointsMax), drawdown_(kSeriesPointsMax) {
    const auto finest = std::min_element(timeframes.begin(), timeframes.end());
    finest_ = static_cast<std::uint8_t>(finest - timeframes.begin());
    if (finest != timeframes.end()) timeframe_ = *finest;
    const std::size_t sharers = std::max<std::size_t>(instruments, 1);
    for (std::size_t i = 0; i < instruments; ++i) {
        prices_.emplace_back(std::min(kSeriesPointsMax, kPricePointsTotal / sharers));
        fills_.emplace_back(std::min(kSeriesPointsMax, kFillPointsTotal / sharers));
    }
}

void RunSeries::take(const BarRecord& row) {
    if (row.timeframe != finest_) return;
    find_gap(row.end);
    const std::size_t instrument = core::index_of(row.symbol);
    if (instrument < prices_.size()) prices_[instrument].add({row.end, row.bar.close});
}

// Nights and weekends would take most of a chart's width.
void RunSeries::find_gap(StreamTime bar_end) {
    const StreamTime begin = bar_end - timeframe_;
    if (latest_bar_ != StreamTime::min() && gaps_.size() < kGapsMax &&
        begin - latest_bar_ > std::max(kGapMin, 3 * timeframe_))
        gaps_.emplace_back(latest_bar_, begin);
    latest_bar_ = std::max(latest_bar_, bar_end);
}

void RunSeries::take(const FillRecord& row) {
    const std::size_t instrument = core::index_of(row.symbol);
    if (instrument < fills_.size()) fills_[instrument].add(row);
}

void RunSeries::take(const EquityPoint& row) {
    equity_.add({row.time, row.equity});
    drawdown_.add({row.time, -row.drawdown});
}

}  // namespace sluice::pipeline
