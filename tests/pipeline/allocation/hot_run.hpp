// Ten million ticks through the engine's threads without the engine: bars, strategies, orders, fills,
// refusals and cancels, with a place to watch each hot thread from.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/pipeline/hot/placements.hpp>

namespace sluice::tests {

using namespace pipeline;  // NOLINT: every test speaks the pipeline's vocabulary
using adapters::sim_venue::SimVenue;

inline constexpr std::uint64_t kWarmUp = 200'000;
inline constexpr std::uint64_t kTicks = kWarmUp + 10'000'000;

// What is done on a hot thread around its work.
struct Watch {
    std::function<void()> begin = [] {
    };  // after the warm-up of the head; before a group's first event
    std::function<void()> end = [] {};    // after the last event
    std::function<void()> plant = [] {};  // on the head, for each block of the last thousand ticks
};

// A walk of quotes and trades, one a microsecond, made as it is read.
class WalkingSource final : public MarketSource {
  public:
    explicit WalkingSource(const Watch& watch) : watch_(watch) {}

    [[nodiscard]] std::span<Event> next_block() noexcept override {
        if (made_ == kTicks) {
            watch_.end();
            return {};
        }
        if (made_ >= kWarmUp && !armed_) {
            armed_ = true;
            watch_.begin();
        }
        if (made_ >= kTicks - 1'000) watch_.plant();
        const std::uint64_t count = std::min<std::uint64_t>(block_.size(), kTicks - made_);
        for (std::uint64_t i = 0; i < count; ++i)
            emplace_event(block_[i], [this] { return next(); });
        made_ += count;
        return {block_.data(), count};
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return kTicks; }

  private:
    Event next() noexcept {
        random_ ^= random_ << 13U;
        random_ ^= random_ >> 7U;
        random_ ^= random_ << 17U;
        now_ += 1'000;
        const auto symbol = static_cast<SymbolId>(random_ % 2);
        std::int64_t& cents = cents_[core::index_of(symbol)];
        cents += static_cast<std::int64_t>(random_ >> 8U & 7U) - 3;
        if (cents > 120'00 || cents < 80'00) cents = 100'00;
        const auto price = [](std::int64_t n) { return Price::from_raw(n * 10'000'000); };
        const Quantity size =
            Quantity::from_units(1 + static_cast<std::int64_t>(random_ >> 40U & 63U));
        const auto time = core::time_from_ns<StreamTime>(now_);
        if ((random_ >> 20U & 3U) == 0)
            return Event::trade(time, symbol, {price(cents), size, 0, 0, 0});
        return Event::quote(time, symbol, {price(cents - 1), price(cents + 1), size, size, 0});
    }

    const Watch& watch_;
    std::uint64_t made_ = 0;
    bool armed_ = false;
    std::uint64_t random_ = 88'172'645'463'325'252U;
    std::int64_t now_ = 1'700'000'000'000'000'000;
    std::array<std::int64_t, 2> cents_{100'00, 100'00};
    std::array<Event, 256> block_;
};

// Every kind of work on the path, many times in ten seconds of market.
inline Settings busy_settings() {
    Settings s;
    s.account.capital = Money::from_units(10'000'000);
    s.clock.beat = Nanos{1'000'000};
    s.bars.timeframes = {Nanos{5'000'000}, Nanos{20'000'000}};
    StrategySettings trend;
    trend.timeframe = s.bars.timeframes[0];
    trend.set("fast", 2);
    trend.set("slow", 5);
    StrategySettings reversion;
    reversion.kind = StrategyKind::kMeanReversion;
    reversion.timeframe = s.bars.timeframes[1];
    reversion.set("period", 6);
    reversion.set("entry_deviations", 1.0);
    s.signals.strategies = {trend, reversion};
    // One of each other kind, so that their weights move and what they want changes often.
    for (const StrategyKind kind :
         {StrategyKind::kMomentum, StrategyKind::kCrossSection, StrategyKind::kIndicators}) {
        StrategySettings other;
        other.name = to_string(kind);
        other.kind = kind;
        other.timeframe = s.bars.timeframes[0];
        s.signals.strategies.push_back(other);
    }
    StrategySettings maker;  // and one of the two instruments quoted, beside the other's orders
    maker.name = "maker";
    maker.kind = StrategyKind::kMarketMaking;
    maker.timeframe = s.bars.timeframes[0];
    maker.symbols = {"B"};
    s.signals.strategies.push_back(maker);
    s.signals.performance.lookback = 100;
    s.regime.enabled = true;
    s.regime.timeframe = s.bars.timeframes[0];
    s.signals.threshold = 0.2;
    s.execution.order_type = OrderType::kLimit;
    s.execution.limit_offset_ticks = -2;
    s.execution.reprice_after = Nanos{2'000'000};
    s.risk.max_orders_per_second = 200;
    s.report.equity_every = Nanos{10'000'000};
    // Split, the head waits for the group once in so long: on a busy machine each wait is a turn of
    // the scheduler, and threads that may not call it spin meanwhile.
    s.venue.order_latency = Nanos{2'000'000};
    s.account.rates = {"EUR=1.1"};
    return s;
}

// How many events of each kind reached the end.
struct Outcome {
    std::array<std::uint64_t, 32> kinds{};

    [[nodiscard]] std::uint64_t count(EventKind kind) const {
        return kinds[static_cast<std::size_t>(kind)];
    }
    // Every kind of work on the path has been done.
    [[nodiscard]] bool busy() const {
        return count(EventKind::kBar) > 1'000 && count(EventKind::kApproved) > 100 &&
               count(EventKind::kReport) > 100 && count(EventKind::kCancel) > 10 &&
               count(EventKind::kRefusal) > 10 && count(EventKind::kParameter) == 200 &&
               count(EventKind::kCharge) == 200 && count(EventKind::kCharged) > 10 &&
               count(EventKind::kRate) == 200 && count(EventKind::kIntent) > 100 &&
               count(EventKind::kQuoteIntent) > 100 && count(EventKind::kEquity) > 100 &&
               count(EventKind::kEnd) == 1;
    }
};

// What the recorder had seen when the stream's end came by; to be read once it is whole.
struct Recorded {
    Outcome outcome;
    std::atomic<bool> whole{false};
};

// `cuts` makes at most one cut. The head runs on the caller's thread, the group on its own.
// `before_join` is called on the head's thread after its last event, and may keep it.
inline Outcome run(
    CutMask cuts, const Watch& head_watch, const Watch& group_watch,
    core::IdleStrategy idle = core::IdleStrategy::kYield,
    const std::function<void(const Recorded&)>& before_join = [](const Recorded&) {}) {
    const Settings settings = busy_settings();
    InstrumentTable instruments(2);
    instruments[0].symbol = "A";
    instruments[1].symbol = "B";
    instruments[1].currency = "EUR";
    SimVenue venue{settings, instruments};
    EventRing records{static_cast<std::size_t>(settings.engine.ring_capacity)};
    Placement placement;
    placement.cuts = cuts;
    placement.idle = idle;
    auto state =
        std::make_unique<LaneState<SimVenue>>(settings, instruments, venue, placement, records);
    WalkingSource source{head_watch};
    RunControl control;
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    Charge charge;  // of a millionth of what is held
    charge.kind = ChargeKind::kFunding;
    charge.basis = ChargeBasis::kValue;
    charge.value = PackedMoney{core::Money::from_raw(1'000)};
    for (std::uint32_t i = 1; i <= 200; ++i) {  // longer and shorter averages, 20 times a second
        ParameterChange change;
        change.parameter = TrendFollowing::kSlow;
        change.value = i % 2 == 0 ? 5 : 300;
        change.version = i;
        timers.changes.push_back(Event::parameter(
            core::time_from_ns<StreamTime>(1'700'000'000'000'000'000 + i * 50'000'000LL), change));
        timers.charges.push_back(Event::charge(timers.changes.back().time(),
                                               static_cast<core::SymbolId>(i % 2), charge));
        timers.charges.push_back(
            Event::rate(timers.changes.back().time(), 1, core::Price::from_raw(1'100'000'000 + i)));
    }
    HeadRun head{source,  Timers{timers}, Admission{false, instruments.size()},
                 Pacer{}, control,        OnStop::kCancel};
    const PlacementEntry<SimVenue, HeadRun> entry = placement_entry<SimVenue>(cuts);

    Outcome out;
    Recorded at_end;
    std::atomic<bool> finished{false};
    std::thread recorder{[&] {
        Event event;
        for (;;) {
            // acquire: pairs with the release below; nothing is pushed after it
            const bool last = finished.load(std::memory_order_acquire);
            while (records.try_pop(event)) {
                ++out.kinds[static_cast<std::size_t>(event.kind())];
                if (event.kind() != EventKind::kEnd) continue;
                at_end.outcome = out;
                // release: what was counted is visible to who finds it whole
                at_end.whole.store(true, std::memory_order_release);
            }
            if (last) return;
            std::this_thread::yield();
        }
    }};
    std::thread group;
    for (const auto body : entry.group) {
        if (body == nullptr) continue;
        group = std::thread{[&, body] {
            group_watch.begin();  // its memory was taken before it started: no warm-up
            body(*state);
            group_watch.end();
        }};
    }
    entry.head(*state, head);
    before_join(at_end);
    if (group.joinable()) group.join();
    // release: pairs with the acquire above
    finished.store(true, std::memory_order_release);
    recorder.join();
    return out;
}

}  // namespace sluice::tests
