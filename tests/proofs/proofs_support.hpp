// Engines for the proofs to look at: the product's own over a generated store, and one whose
// strategy peeks.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <sluice/adapters/generator/generate.hpp>
#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/pipeline/timer_plan.hpp>
#include <sluice/proofs/lookahead.hpp>
#include <sluice/proofs/observed_lane.hpp>
#include <sluice/proofs/tick_tape.hpp>

#include "adapters/tick_store_test_support.hpp"

namespace sluice::tests {

using adapters::sim_venue::SimVenue;
using adapters::tick_store::StoreSource;
using adapters::tick_store::TickStore;
using namespace pipeline;  // NOLINT: a test of the whole speaks the pipeline's vocabulary

// Two days of two instruments, generated once for all tests.
struct GeneratedMarket {
    TempFolder folder;
    std::vector<std::string> symbols{"SIM1", "SIM2"};
    InstrumentTable instruments;
    std::vector<Event> tape;

    GeneratedMarket() {
        adapters::tick_store::StoreWriter writer{folder.path()};
        adapters::generator::GeneratorOptions options;
        options.symbols = symbols;
        options.seed = 11;
        options.days = 2;
        options.trades_per_day = 2'000;
        adapters::generator::generate_market(writer, options);
        StoreSource source{TickStore::open(folder.path()), symbols};
        instruments = source.instruments();
        tape = proofs::read_tape(source);
    }
    static const GeneratedMarket& get() {
        static const GeneratedMarket market;
        return market;
    }
    [[nodiscard]] proofs::Reopen reopen(AdjustmentMode adjust = AdjustmentMode::kNone) const {
        return [this, adjust](StreamTime until) -> std::unique_ptr<MarketSource> {
            adapters::tick_store::SourceOptions options;
            options.range.to = until + Nanos{1};
            options.adjust = adjust;
            options.actions_known_at = until;
            return std::make_unique<StoreSource>(TickStore::open(folder.path()), symbols, options);
        };
    }
};

[[nodiscard]] inline Settings brisk_settings() {
    Settings s;
    s.account.capital = Money::from_units(1'000'000);
    StrategySettings trend;
    trend.set("fast", 3);
    trend.set("slow", 8);
    s.signals.strategies = {trend};
    return s;
}

// The product's engine, fused.
[[nodiscard]] inline proofs::RunOnce engine(const Settings& settings,
                                            const InstrumentTable& instruments) {
    return [settings, &instruments](MarketSource& source, RecordObserver& observer) {
        SimVenue venue{settings, instruments};
        RunControl control;
        Placement fused;
        fused.idle = core::IdleStrategy::kYield;
        TimerPlan timers;
        timers.beat = settings.clock.beat;
        const EngineSetup setup{settings, instruments, fused,  timers,
                                Pacer{},  {&observer}, nullptr};
        (void)run_engine(setup, venue, source, control);
    };
}

// What a careless preparation of data yields: the close of the bar after the next, by bar.
using FutureCloses = std::map<std::pair<std::size_t, std::int64_t>, Price>;

[[nodiscard]] inline FutureCloses future_closes(const std::vector<Event>& ticks, Nanos timeframe) {
    std::map<std::size_t, std::vector<std::pair<std::int64_t, Price>>> bars;
    for (const Event& tick : ticks) {
        if (tick.kind() != EventKind::kTrade) continue;
        const std::int64_t end =
            (core::ns_since_epoch(tick.time()) / timeframe.count() + 1) * timeframe.count();
        auto& of_symbol = bars[core::index_of(tick.symbol())];
        if (of_symbol.empty() || of_symbol.back().first != end)
            of_symbol.emplace_back(end, Price{});
        of_symbol.back().second = tick.trade().price;
    }
    FutureCloses out;
    for (const auto& [symbol, closes] : bars)
        for (std::size_t i = 0; i < closes.size(); ++i)
            out[{symbol, closes[i].first}] = closes[std::min(i + 2, closes.size() - 1)].second;
    return out;
}

// In the place of SignalStage: long when the price will be higher, short when it will be lower.
class PeekingSignals {
  public:
    explicit PeekingSignals(FutureCloses future) : future_(std::move(future)) {}

    template <EventKind kKnown, class Out>
    void on(const Event& event, Out out) noexcept {
        out.template pass<kKnown>(event);
        if (event.kind() != EventKind::kBar) return;
        const std::size_t symbol = core::index_of(event.symbol());
        const auto found = future_.find({symbol, core::ns_since_epoch(event.time())});
        if (found == future_.end()) return;
        const int direction =
            (found->second > event.bar().close) - (found->second < event.bar().close);
        int& held = held_[symbol];
        if (direction == held) return;
        held = direction;
        out.emit(Event::intent(
            event, event.symbol(),
            Intent{Quantity::from_units(100 * direction), static_cast<double>(direction)}));
    }

  private:
    FutureCloses future_;
    std::map<std::size_t, int> held_;
};

struct Onlooker {
    RecordObserver& observer;
    void sequenced(const Event&, const Portfolio&) noexcept {}
    void sent(const Event&) noexcept {}
    template <class Stages>
    void ordered(const Event&, const Stages&) noexcept {}
    void recorded(const Event& event) noexcept { observer.take(event); }
};

// The product's sequencer, venue and stages, but with signals that are made of all the ticks there
// are. For tapes.
template <class MakeSignals>
[[nodiscard]] proofs::RunOnce engine_with(const Settings& settings,
                                          const InstrumentTable& instruments,
                                          MakeSignals make_signals) {
    return [settings, &instruments, make_signals](MarketSource& source, RecordObserver& observer) {
        auto signals = make_signals(dynamic_cast<proofs::TapeSource&>(source).whole());
        SimVenue venue{settings, instruments};
        proofs::ObservedStages<decltype(signals)> stages{settings, instruments, std::move(signals)};
        Onlooker onlooker{observer};
        proofs::ObservedLane<SimVenue, decltype(signals), Onlooker> lane{stages, venue, onlooker};
        TimerPlan timers;
        timers.beat = settings.clock.beat;
        RunControl control;
        Sequencer sequencer{venue,
                            lane,
                            Timers{timers},
                            Admission{settings.bars.use_suspicious, instruments.size()},
                            Pacer{},
                            control,
                            settings.engine.on_stop};
        sequencer.run(source);
    };
}

}  // namespace sluice::tests
