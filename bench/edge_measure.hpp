#pragma once
// Whole runs of the engine over made markets, and what of their profit is more than luck.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/pipeline/statistics/moments.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>
#include <sluice/pipeline/timer_plan.hpp>

#include "edge_markets.hpp"

namespace sluice::bench {

namespace stats = pipeline::statistics;

class Source final : public MarketSource {
  public:
    explicit Source(const std::vector<Event>& events) : events_(events), block_(1'024) {}
    [[nodiscard]] std::span<Event> next_block() noexcept override {
        const std::size_t count = std::min(block_.size(), events_.size() - next_);
        std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(next_), count, block_.begin());
        next_ += count;
        return {block_.data(), count};
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return events_.size(); }

  private:
    const std::vector<Event>& events_;
    std::vector<Event> block_;
    std::size_t next_ = 0;
};

struct Point {
    std::int64_t time;
    double equity;
};
class Curve final : public RecordObserver {
  public:
    void take(const Event& event) override {
        if (event.kind() == EventKind::kEquity)
            points.push_back({core::ns_since_epoch(event.time()),
                              static_cast<double>(event.equity().equity.money().raw()) /
                                  static_cast<double>(core::Money::kScale)});
    }
    std::vector<Point> points;
};

struct Ran {
    std::vector<Point> points;
    double commission = 0;
    std::uint64_t fills = 0;
};
[[nodiscard]] inline Ran run(const std::string& configuration, const Market& market) {
    const Settings settings = make_settings_schema().load_text(configuration, "edge").settings;
    const InstrumentTable table{Instrument{.symbol = "MADE", .generated = true}};
    Placement placement;
    placement.idle = core::IdleStrategy::kYield;
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    adapters::sim_venue::SimVenue venue{settings, table};
    Source source{market.events};
    RunControl control;
    Curve curve;
    const RunRecord record =
        run_engine(EngineSetup{settings, table, placement, timers, {}, {&curve}, nullptr}, venue,
                   source, control);
    return {curve.points,
            static_cast<double>(record.commission.raw()) / static_cast<double>(core::Money::kScale),
            record.fills};
}

// t of the mean against 0; 0 where nothing varies.
[[nodiscard]] inline double t_of(const std::vector<double>& values) {
    const double deviation = stats::deviation(values);
    if (!(deviation > 0)) return 0;
    return stats::mean(values) / (deviation / std::sqrt(static_cast<double>(values.size())));
}
// The upper quantile of Student's t by Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5);
// to three digits from ten degrees on.
[[nodiscard]] inline double t_critical(std::size_t degrees) {
    constexpr double z = 1.6448536269514722;  // of 0.95
    const auto n = static_cast<double>(degrees);
    const double g1 = (std::pow(z, 3) + z) / 4;
    const double g2 = (5 * std::pow(z, 5) + 16 * std::pow(z, 3) + 3 * z) / 96;
    const double g3 =
        (3 * std::pow(z, 7) + 19 * std::pow(z, 5) + 17 * std::pow(z, 3) - 15 * z) / 384;
    return z + g1 / n + g2 / (n * n) + g3 / (n * n * n);
}

[[nodiscard]] inline std::size_t kind_of_stretch(TrueRegime regime) {
    switch (regime) {
        case TrueRegime::kRanging: return 1;
        case TrueRegime::kVolatile: return 2;
        default: return 0;
    }
}
inline constexpr std::array kKinds{"trending", "ranging", "volatile"};

// What equity moved within stretches of each kind; from the last point of a day to the first of the next
// is of none.
[[nodiscard]] inline std::array<double, 3> by_truth(const std::vector<Point>& points,
                                                    const std::vector<TruthStretch>& truth) {
    std::array<double, 3> out{};
    std::size_t s = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        while (s + 1 < truth.size() && core::ns_since_epoch(truth[s].end) <= points[i - 1].time)
            ++s;
        if (core::ns_since_epoch(truth[s].start) > points[i - 1].time) continue;
        if (points[i - 1].time >= core::ns_since_epoch(truth[s].end)) continue;
        out[kind_of_stretch(truth[s].regime)] += points[i].equity - points[i - 1].equity;
    }
    return out;
}

[[nodiscard]] inline std::vector<double> by_half_hour(const std::vector<Point>& points) {
    std::map<std::int64_t, double> blocks;
    for (std::size_t i = 1; i < points.size(); ++i)
        blocks[points[i].time / (1'800 * kSecond)] += points[i].equity - points[i - 1].equity;
    std::vector<double> out;
    for (const auto& [block, profit] : blocks) out.push_back(profit);
    return out;
}

// A built-in strategy with the parameters it has by default, on bars of 30 seconds.
struct Contender {
    std::string kind;
    // In which stretches it is claimed to earn, an index of kKinds; none: it claims nothing but that it
    // is not called real where nothing is.
    int home = -1;
};
// All kinds but three: the cross-section ranks instruments and here would have one; to hold is no decision;
// and market making claims no edge of direction: what it earns on a walk is the spread, which is real where it
// is filled.
[[nodiscard]] inline std::vector<Contender> contenders() {
    std::vector<Contender> out;
    for (const StrategyDeclaration* d : strategy_declarations()) {
        if (d->kind == StrategyKind::kCrossSection || d->kind == StrategyKind::kHold ||
            d->kind == StrategyKind::kMarketMaking)
            continue;
        out.push_back({std::string(d->name), d->kind == StrategyKind::kTrendFollowing  ? 0
                                             : d->kind == StrategyKind::kMeanReversion ? 1
                                                                                       : -1});
    }
    return out;
}

// Orders that cross the spread and pay the default commission, 100 units at a time; no limit in the way.
[[nodiscard]] inline std::string configuration_of(const Contender& contender) {
    return R"([account]
capital = 10000000
[bars]
timeframes = ["30s"]
[risk]
require_funds = false
daily_loss = 9000000
[report]
equity_every = "30s"
signal_quality = false
[[strategy]]
timeframe = "30s"
name = ")" +
           contender.kind + "\"\nkind = \"" + contender.kind + "\"\n" +
           // Its band is wider than a day of these markets moves the averages apart.
           (contender.kind == "macd" ? "band = 0\n" : "");
}

// What each seed earned in stretches of each kind.
struct KnownResult {
    std::array<std::vector<double>, 3> profits;
    std::uint64_t fills = 0;
    double commission = 0;

    [[nodiscard]] double t(std::size_t kind) const { return t_of(profits[kind]); }
    // At 5 %, one-sided, over the seeds.
    [[nodiscard]] bool earns(std::size_t kind) const {
        return t(kind) > t_critical(profits[kind].size() - 1);
    }
};
[[nodiscard]] inline KnownResult over_known_regimes(const Contender& contender, std::uint64_t first,
                                                    std::uint64_t seeds, std::int64_t days) {
    KnownResult out;
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        const Market market = known_market(seed, days);
        const Ran ran = run(configuration_of(contender), market);
        const auto split = by_truth(ran.points, market.truth);
        for (std::size_t k = 0; k < split.size(); ++k) out.profits[k].push_back(split[k]);
        out.fills += ran.fills;
        out.commission += ran.commission;
    }
    return out;
}

struct WalkResult {
    std::vector<double> profits;  // by walk
    std::uint64_t called_real = 0;
    std::uint64_t fills = 0;

    [[nodiscard]] double share() const {
        return static_cast<double>(called_real) / static_cast<double>(profits.size());
    }
};
[[nodiscard]] inline WalkResult over_walks(const Contender& contender, std::uint64_t first,
                                           std::uint64_t walks, std::int64_t days) {
    WalkResult out;
    for (std::uint64_t seed = first; seed < first + walks; ++seed) {
        const Ran ran = run(configuration_of(contender), walk(seed, days));
        const auto blocks = by_half_hour(ran.points);
        out.profits.push_back(stats::mean(blocks) * static_cast<double>(blocks.size()));
        out.fills += ran.fills;
        if (t_of(blocks) > t_critical(blocks.size() - 1)) ++out.called_real;
    }
    return out;
}

}  // namespace sluice::bench
