// Whole runs in a test: markets made in memory, and the engine over them.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/timer_plan.hpp>

#include "trade_path_support.hpp"

namespace sluice::tests::trade_path {

// Events from a vector, in blocks; each run needs a fresh one, because a block is the reader's.
class VectorSource final : public MarketSource {
  public:
    explicit VectorSource(const std::vector<Event>& events) : events_(events) {}

    // Called before each block with the number of events handed out so far.
    std::function<void(std::size_t)> before_block;

    [[nodiscard]] std::span<Event> next_block() noexcept override {
        if (before_block) before_block(next_);
        const std::size_t count = std::min(block_.size(), events_.size() - next_);
        std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(next_), count, block_.begin());
        next_ += count;
        return {block_.data(), count};
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return events_.size(); }

  private:
    const std::vector<Event>& events_;
    std::size_t next_ = 0;
    std::array<Event, 64> block_;
};

// A seeded walk of quotes and trades of `symbols` instruments, a few milliseconds apart, with some
// late, suspicious and invalid rows among them.
[[nodiscard]] inline std::vector<Event> random_market(std::size_t count, std::size_t symbols,
                                                      std::uint64_t seed = 1) {
    std::mt19937_64 random{seed};
    const auto pick = [&random](std::uint64_t below) { return random() % below; };
    std::vector<std::int64_t> price(symbols, 100'00);
    std::int64_t now = 1'700'000'000 * kSecond;
    std::vector<Event> out;
    out.reserve(count);
    while (out.size() < count) {
        now += static_cast<std::int64_t>(pick(8'000'000));
        const std::size_t i = pick(symbols);
        const auto symbol = static_cast<SymbolId>(i);
        price[i] += static_cast<std::int64_t>(pick(9)) - 4;
        price[i] = std::max<std::int64_t>(price[i], 10'00);
        const auto size = [&] { return qty(1 + static_cast<std::int64_t>(pick(200))); };
        const std::int64_t late = pick(50) == 0 ? 20'000'000 : 0;
        const std::uint8_t flags = pick(200) == 0 ? kFlagSuspicious : std::uint8_t{0};
        if (pick(3) == 0) {
            const Price at_price = pick(300) == 0 ? Price{} : cents(price[i]);
            out.push_back(Event::trade(at(now - late), symbol, {at_price, size(), 0, 0, 0}, flags));
        } else {
            const Quote quote{cents(price[i] - 1), cents(price[i] + 1), size(), size(), 0};
            out.push_back(Event::quote(at(now), symbol, quote, flags));
        }
    }
    return out;
}

// Trades often: short bars, fast averages, reversion beside them, limit orders that are repriced.
[[nodiscard]] inline Settings busy_settings() {
    Settings s;
    s.account.capital = Money::from_units(1'000'000);
    s.clock.beat = Nanos{kSecond / 4};
    s.bars.timeframes = {Nanos{kSecond / 5}, Nanos{kSecond}};
    StrategySettings trend;
    trend.timeframe = s.bars.timeframes[0];
    trend.set("fast", 2);
    trend.set("slow", 5);
    StrategySettings reversion;
    reversion.name = "reversion";
    reversion.kind = StrategyKind::kMeanReversion;
    reversion.timeframe = s.bars.timeframes[1];
    reversion.set("period", 6);
    reversion.set("entry_deviations", 1.0);
    reversion.set("exit_deviations", 0.2);
    s.signals.strategies = {trend, reversion};
    s.signals.threshold = 0.4;
    s.execution.order_type = OrderType::kLimit;
    s.execution.limit_offset_ticks = -2;
    s.execution.reprice_after = Nanos{kSecond / 2};
    s.risk.max_orders_per_second = 3;
    s.venue.order_latency = Nanos{20'000'000};
    s.venue.response_latency = Nanos{5'000'000};
    s.venue.commission_per_unit = cents(1) * qty(1);
    s.report.equity_every = Nanos{10 * kSecond};
    s.engine.ring_capacity = 256;
    return s;
}

[[nodiscard]] inline RunRecord run(const Settings& settings, const InstrumentTable& table,
                                   MarketSource& source, RunControl& control, CutMask cuts = kFused,
                                   Pacer pacer = {}, RowSink* rows = nullptr) {
    Placement placement;
    placement.cuts = cuts;
    placement.idle = core::IdleStrategy::kYield;
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    SimVenue venue{settings, table};
    return run_engine(EngineSetup{settings, table, placement, timers, pacer, {}, rows}, venue,
                      source, control);
}
[[nodiscard]] inline RunRecord run(const Settings& settings, const std::vector<Event>& market,
                                   std::size_t symbols, CutMask cuts = kFused,
                                   RowSink* rows = nullptr) {
    VectorSource source{market};
    RunControl control;
    return run(settings, tests::instruments(symbols), source, control, cuts, {}, rows);
}

}  // namespace sluice::tests::trade_path
