#include <sluice/pipeline/signal_quality.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <sluice/pipeline/statistics/rank_correlation.hpp>

namespace sluice::pipeline {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFewestPairs = 64;
constexpr std::size_t kMostPairs = 4'096;  // of one cell and horizon

double half_life_of(const std::vector<QualityPoint>& points) {
    if (points.empty() || !(points[0].information > 0)) return kNone;
    const double half = points[0].information / 2;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double now = points[i].information;
        if (!(now <= half)) continue;
        const double before = points[i - 1].information;
        const auto from = static_cast<double>(points[i - 1].horizon);
        const auto to = static_cast<double>(points[i].horizon);
        return from + (to - from) * (before - half) / (before - now);
    }
    return kNone;
}

}  // namespace

double QualityRecord::hit_rate() const noexcept {
    return decided == 0 ? kNone : static_cast<double>(hits) / static_cast<double>(decided);
}
double QualityRecord::cost_share() const noexcept { return gross > 0 ? cost / gross : kNone; }

SignalQuality::SignalQuality(std::size_t strategies, std::size_t instruments,
                             std::span<const std::size_t> horizons, std::size_t most_pairs)
    : instruments_(instruments), horizons_(horizons.begin(), horizons.end()),
      cells_(strategies * instruments), traded_(instruments) {
    if (horizons_.empty() || horizons_.front() < 1 ||
        std::adjacent_find(horizons_.begin(), horizons_.end(), std::greater_equal<>{}) !=
            horizons_.end())
        throw std::invalid_argument("signal quality: horizons must ascend, from 1 bar on");
    const std::size_t series = std::max<std::size_t>(1, cells_.size() * horizons_.size());
    // Even: thinning halves.
    capacity_ = std::clamp(most_pairs / series, kFewestPairs, kMostPairs) / 2 * 2;
}

void SignalQuality::observe(std::size_t strategy, std::size_t instrument, double strength,
                            double close) {
    if (!(close > 0)) return;
    Cell& cell = cells_[strategy * instruments_ + instrument];
    const std::size_t length = horizons_.back() + 1;
    if (cell.kept.empty()) {
        cell.strengths.assign(length, 0.0);
        cell.closes.assign(length, 0.0);
        const std::vector<float> room(capacity_);
        cell.kept.assign(horizons_.size(), Kept{room, room});
    }
    const std::uint64_t now = cell.bars++;
    cell.strengths[now % length] = strength;
    cell.closes[now % length] = close;
    for (std::size_t k = 0; k < horizons_.size() && horizons_[k] <= now; ++k) {
        const std::size_t then = (now - horizons_[k]) % length;
        keep(cell.kept[k], cell.strengths[then], close / cell.closes[then] - 1);
    }
    if (now == 0) return;
    const std::size_t before = (now - 1) % length;
    const double held = cell.strengths[before];
    const double moved = close / cell.closes[before] - 1;
    cell.changes += std::abs(strength - held);
    cell.gross += held * moved;
    if (held == 0 || moved == 0) return;
    ++cell.decided;
    if ((held > 0) == (moved > 0)) ++cell.hits;
}

void SignalQuality::keep(Kept& kept, double strength, double forward) const {
    if (kept.seen++ % kept.stride != 0) return;
    if (kept.size == capacity_) {
        // Every second one stays; this one is the next in that row, as the bound is even.
        kept.size /= 2;
        for (std::size_t i = 0; i < kept.size; ++i) {
            kept.strengths[i] = kept.strengths[2 * i];
            kept.returns[i] = kept.returns[2 * i];
        }
        kept.stride *= 2;
    }
    kept.strengths[kept.size] = static_cast<float>(strength);
    kept.returns[kept.size] = static_cast<float>(forward);
    ++kept.size;
}

void SignalQuality::traded(std::size_t instrument, double value, double cost) {
    traded_[instrument].value += value;
    traded_[instrument].cost += cost;
}

std::vector<QualityRecord> SignalQuality::records() const {
    std::vector<QualityRecord> out;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        const Cell& cell = cells_[i];
        if (cell.bars == 0) continue;
        QualityRecord record;
        record.strategy = i / instruments_;
        record.instrument = i % instruments_;
        record.bars = cell.bars;
        record.decided = cell.decided;
        record.hits = cell.hits;
        for (std::size_t k = 0; k < horizons_.size(); ++k) {
            const Kept& kept = cell.kept[k];
            const auto size = static_cast<std::ptrdiff_t>(kept.size);
            const std::vector<double> strengths(kept.strengths.begin(),
                                                kept.strengths.begin() + size);
            const std::vector<double> returns(kept.returns.begin(), kept.returns.begin() + size);
            record.points.push_back(
                {horizons_[k], kept.seen, statistics::rank_correlation(strengths, returns)});
        }
        record.half_life = half_life_of(record.points);
        if (cell.bars > 1) record.turnover = cell.changes / static_cast<double>(cell.bars - 1);
        record.gross = cell.gross;
        const Traded& traded = traded_[record.instrument];
        if (traded.value > 0) record.cost = cell.changes * traded.cost / traded.value;
        out.push_back(std::move(record));
    }
    return out;
}

}  // namespace sluice::pipeline
