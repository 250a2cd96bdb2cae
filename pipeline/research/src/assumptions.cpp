#include <algorithm>
#include <cmath>
#include <utility>

#include <sluice/research/performance.hpp>

namespace sluice::research {
namespace {

using core::Nanos;

// What the schema of [venue] allows: the configuration that a case leaves behind loads again.
constexpr double kMostLatency_ns = 10e9;
constexpr Nanos kMostInterval{1'000'000'000};
constexpr std::int64_t kMostPercent_e4 = 1'000'000;
constexpr std::int64_t kMostBps_e4 = 10'000'000;
constexpr core::Money kMostMoney = core::Money::from_units(1'000'000);
constexpr double kScale_e6 = 1e6;
// Of the amounts that division leaves: what a configuration can spell, 1e-8.
constexpr core::Int128 kRebateStep_raw = core::Money::kScale / 100'000'000;

constexpr double kStressedCommission = 2;
constexpr double kStressedLatency = 10;
constexpr Nanos kStressedLatencyLeast{100'000'000};

Nanos times(Nanos latency, double factor) {
    const double ns = std::round(static_cast<double>(latency.count()) * factor);
    return Nanos{static_cast<std::int64_t>(std::min(ns, kMostLatency_ns))};
}

// To a millionth of the factor: money stays exact.
core::Money times(core::Money money, double factor) {
    const auto out = core::Money::from_raw(
        core::mul_div(money.raw(), static_cast<std::int64_t>(std::llround(factor * kScale_e6)),
                      static_cast<std::int64_t>(kScale_e6), core::Rounding::kHalfAwayFromZero));
    return std::min(out, kMostMoney);
}

std::int64_t times(std::int64_t rate, double factor, std::int64_t most) {
    return std::min<std::int64_t>(std::llround(static_cast<double>(rate) * factor), most);
}

// Costs grow by the factor, rebates shrink by it.
std::int64_t burden(std::int64_t rate, double factor) {
    if (rate >= 0) return times(rate, factor, kMostBps_e4);
    return factor > 0 ? -times(-rate, 1 / factor, kMostBps_e4) : rate;
}
core::Money burden(core::Money amount, double factor) {
    if (amount.raw() >= 0) return times(amount, factor);
    if (factor <= 0) return amount;
    const core::Money smaller = times(-amount, 1 / factor);
    return core::Money::from_raw(-(smaller.raw() - smaller.raw() % kRebateStep_raw));
}

const char* name_of(pipeline::FillModel fill) {
    switch (fill) {
        case pipeline::FillModel::kShown: return "shown";
        case pipeline::FillModel::kLast: return "last";
        case pipeline::FillModel::kNext: return "next";
    }
    return "";
}

const char* name_of(pipeline::QueueModel queue) {
    switch (queue) {
        case pipeline::QueueModel::kBack: return "back";
        case pipeline::QueueModel::kFront: return "front";
        case pipeline::QueueModel::kProportional: return "proportional";
    }
    return "";
}

}  // namespace

const char* to_string(Assumptions which) noexcept {
    switch (which) {
        case Assumptions::kPessimistic: return "pessimistic";
        case Assumptions::kExpected: return "expected";
        case Assumptions::kOptimistic: return "optimistic";
    }
    return "";
}

double commission_factor(Assumptions which, const pipeline::BacktestSettings& settings) noexcept {
    if (which == Assumptions::kPessimistic) return settings.pessimistic_commission;
    return which == Assumptions::kOptimistic ? settings.optimistic_commission : 1.0;
}

pipeline::Settings under(Assumptions which, pipeline::Settings settings) {
    if (which == Assumptions::kExpected) return settings;
    const bool worse = which == Assumptions::kPessimistic;
    pipeline::VenueSettings& venue = settings.venue;
    const double latency =
        worse ? settings.backtest.pessimistic_latency : settings.backtest.optimistic_latency;
    venue.queue = worse ? pipeline::QueueModel::kBack : pipeline::QueueModel::kFront;
    venue.order_latency = times(venue.order_latency, latency);
    venue.response_latency = times(venue.response_latency, latency);
    venue.feed_latency = times(venue.feed_latency, latency);
    venue.order_interval = std::min(times(venue.order_interval, latency), kMostInterval);
    venue.load_latency = std::min(times(venue.load_latency, latency), kMostInterval);
    venue.load_most = times(venue.load_most, latency);
    for (Nanos& recorded : venue.order_latencies) recorded = times(recorded, latency);
    for (Nanos& recorded : venue.response_latencies) recorded = times(recorded, latency);
    const double factor = commission_factor(which, settings.backtest);
    venue.commission_per_unit = times(venue.commission_per_unit, factor);
    venue.commission_minimum = times(venue.commission_minimum, factor);
    venue.commission_bps_e4 = times(venue.commission_bps_e4, factor, kMostBps_e4);
    venue.commission_maximum_e4 = times(venue.commission_maximum_e4, factor, kMostPercent_e4);
    venue.maker_bps_e4 = burden(venue.maker_bps_e4, factor);
    venue.taker_bps_e4 = burden(venue.taker_bps_e4, factor);
    venue.maker_per_unit = burden(venue.maker_per_unit, factor);
    venue.taker_per_unit = burden(venue.taker_per_unit, factor);
    for (pipeline::CommissionTier& tier : venue.tiers) {
        tier.maker_bps_e4 = burden(tier.maker_bps_e4, factor);
        tier.taker_bps_e4 = burden(tier.taker_bps_e4, factor);
        tier.maker_per_unit = burden(tier.maker_per_unit, factor);
        tier.taker_per_unit = burden(tier.taker_per_unit, factor);
    }
    return settings;
}

pipeline::Settings stressed(pipeline::Settings settings) {
    settings.backtest.pessimistic_commission = kStressedCommission;
    settings.backtest.pessimistic_latency = kStressedLatency;
    settings = under(Assumptions::kPessimistic, std::move(settings));
    pipeline::VenueSettings& venue = settings.venue;
    venue.order_latency = std::max(venue.order_latency, kStressedLatencyLeast);
    venue.response_latency = std::max(venue.response_latency, kStressedLatencyLeast);
    return settings;
}

pipeline::FillCase fill_case(std::string name, const pipeline::Settings& settings,
                             double commission_factor, const pipeline::RunRecord& record) {
    pipeline::FillCase out;
    out.name = std::move(name);
    out.fill = settings.venue.market == pipeline::MarketModel::kBook ? "book"
                                                                     : name_of(settings.venue.fill);
    out.queue = name_of(settings.venue.queue);
    out.order_latency = settings.venue.order_latency;
    out.response_latency = settings.venue.response_latency;
    out.commission_factor = commission_factor;
    out.orders = record.orders;
    out.fills = record.fills;
    out.profit = record.profit();
    out.commission = record.commission;
    out.digest = record.digest;
    if (record.performance) {
        const pipeline::PerformanceRecord& p = *record.performance;
        out.total_return = p.total_return;
        out.annual_return = p.annual_return;
        out.sharpe = p.sharpe;
        out.max_drawdown = p.max_drawdown;
        out.win_rate = p.trades.win_rate;
        out.profit_factor = p.trades.profit_factor;
        out.round_trips = p.trades.trades;
    }
    return out;
}

}  // namespace sluice::research
