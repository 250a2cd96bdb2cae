// T5 signals: bars in, intents out.
// Runs on the thread of its group; all memory is taken at construction; work is done per bar.
//
// Each strategy has a strength in [-1, 1] per instrument. The score of an instrument is the mean of the
// strengths of the strategies that are warmed up, by their weights:
//
//   weight = the strategy's, or its own for this symbol  *  of the instrument's regime  *  of performance
//
// A score at or above the threshold wants a long position, at or below its negative a short one (or
// none, where shorts are not allowed), and anything between wants none. An intent goes out when what is
// wanted changes, never on every bar. A cross-section gives all its instruments a strength at once, so
// one bar may lead to several intents, in the order of the instruments.
//
// An instrument that market making quotes has no position that is wanted: instead of intents it has, after
// each bar of that strategy, the quote that is wanted until the next one.
//
// With [quality], a signal that is not good enough (signal_gate.hpp) wants no position: it is told once, as
// a refusal with its reason, and judged again after each bar while it lasts.
//
// A plugin that fails on a bar is an incident, and votes for flat on every instrument from then on: with
// all its weight, so that nobody else's vote weighs more than it was meant to.
//
// A change of a parameter holds from its event on: for every bar that comes after it. So does a new rate of
// a currency, which sizes by a worth in the account's money and the strategies' tallies go by.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/contract_size.hpp>
#include <sluice/pipeline/hot/currencies.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/performance_weights.hpp>
#include <sluice/pipeline/hot/quote_table.hpp>
#include <sluice/pipeline/hot/regime_detector.hpp>
#include <sluice/pipeline/hot/signal_gate.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>
#include <sluice/pipeline/hot/strategies.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/plugin_states.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// How one strategy has done over all instruments, its stance held one unit at a time, before costs.
// Its stance is the sign of its strength.
struct StrategyTally {
    std::uint64_t bars = 0;
    std::uint64_t long_bars = 0;
    std::uint64_t short_bars = 0;
    std::uint64_t changes = 0;
    std::uint64_t winning_bars = 0;
    std::uint64_t losing_bars = 0;
    Money stance_profit;  // in the account's currency, at the rate of each bar
};

class SignalStage {
  public:
    // Throws std::invalid_argument when a strategy's timeframe is not among `timeframes`.
    SignalStage(const Settings& settings, const InstrumentTable& instruments);

    // The event itself goes on first, then the intents that it led to.
    template <EventKind kKnown, StageOutput Out>
    SLUICE_ALWAYS_INLINE void on(const Event& event, Out out) noexcept {
        out.template pass<kKnown>(event);
        switch (kind_of<kKnown>(event)) {
            case EventKind::kBar:
                if (event.timeframe() == regime_timeframe_) watch(event, out);
                if (on_bar(event) && !stopped_) say(event, out);
                tally(event);
                if (failures_due_ != 0) [[unlikely]]
                    tell_failures(event, out);
                if (quotes_.covers(event.symbol()) && !stopped_) [[unlikely]]
                    quote(event, out);
                break;
            case EventKind::kBeat:
                if (waiting_sections_ != 0 && on_beat() && !stopped_) [[unlikely]]
                    say(event, out);
                break;
            case EventKind::kParameter:
                if (!change(event.parameter()))
                    out.emit(Event::incident(event.time(), event.sequence(), core::kNoSymbol,
                                             IncidentKind::kParameterRefused, {}));
                break;
            case EventKind::kRate: set_rate(event.rate()); break;
            case EventKind::kStop:
            case EventKind::kEnd: stopped_ = true; break;
            default: break;
        }
    }

    [[nodiscard]] const std::vector<StrategyTally>& tallies() const noexcept { return tallies_; }
    [[nodiscard]] std::uint64_t intents() const noexcept { return intents_; }
    [[nodiscard]] const PerformanceWeights& performance() const noexcept { return performance_; }
    // As it is after all changes.
    [[nodiscard]] double weight(std::size_t strategy) const noexcept {
        return voters_[strategy].weight;
    }
    // Of one strategy on one instrument after its last bar, in [-1, 1]; none until it is ready.
    [[nodiscard]] std::optional<double> strength(std::size_t strategy,
                                                 std::size_t instrument) const noexcept {
        const Cell& cell = cells_[instrument * voters_.size() + strategy];
        return cell.ready ? std::optional{cell.strength} : std::nullopt;
    }
    // Where a plugin has failed; none where nothing has.
    struct Failure {
        StreamTime time;
        SymbolId symbol = core::kNoSymbol;
    };
    [[nodiscard]] const std::optional<Failure>& failure(std::size_t strategy) const noexcept {
        return voters_[strategy].failure;
    }
    // That a plugin has made while it ran.
    [[nodiscard]] std::uint64_t heap_calls(std::size_t strategy) const noexcept;
    // What a strategy says of an instrument now, and how much that counts in its score; for those who
    // explain an order afterwards.
    struct Vote {
        double strength = 0;
        double weight = 0;
        bool ready = false;
    };
    [[nodiscard]] Vote vote(SymbolId symbol, std::size_t strategy) const noexcept {
        const Cell& cell = cells_[core::index_of(symbol) * voters_.size() + strategy];
        return {cell.strength,
                weight_of(core::index_of(symbol), strategy) * performance_.factor(strategy),
                cell.ready};
    }

  private:
    struct Voter {
        const StrategyDeclaration* declaration = nullptr;
        StrategyValues values{};
        double weight = 1;
        std::array<double, kRegimeCount> by_regime{};
        std::uint8_t timeframe = 0;
        bool sectional = false;
        std::uint16_t section = 0;  // index in sections_
        std::optional<Failure> failure;
    };
    // One strategy on one instrument.
    struct Cell {
        AnyStrategy strategy;
        std::optional<double> weight;  // its own for this symbol
        double strength = 0;
        Price last_close;
        bool ready = false;
        // For the tally: on which side it stood before its last bar, and after it.
        std::int8_t stance_before = 0;
        std::int8_t stance = 0;
    };
    struct Wanted {
        Intent intent{};
        int direction = 0;
        Regime regime = Regime::kUnknown;
        bool changed = false;  // there is something to say: an intent, a refusal or both
        bool intent_due = false;
        bool refusal_due = false;
        int waiting = 0;           // direction of a signal that has not passed yet
        std::uint16_t waited = 0;  // bars since
        SignalVerdict refused;     // why, last
        Intent signal{};           // what was refused
        Price price;               // the last close of any timeframe
    };

    // True when what is wanted of some instrument has changed.
    [[gnu::hot]] bool on_bar(const Event& event) noexcept;
    // How the strategies have done with this bar: once, after what they want of it has gone on.
    [[gnu::hot]] void tally(const Event& event) noexcept;
    void tally(std::size_t strategy, std::size_t instrument, Price close) noexcept;
    bool on_beat() noexcept;
    [[nodiscard]] bool change(const ParameterChange& change) noexcept;
    void set_rate(const ExchangeRate& rate) noexcept;
    [[nodiscard]] bool gather(std::size_t strategy, const Event& bar) noexcept;
    void rank(std::size_t strategy) noexcept;
    // False where the strategy, a plugin, has failed on this bar.
    [[nodiscard]] bool update(std::size_t strategy, Cell& cell, const Event& event) noexcept;
    SLUICE_NEVER_INLINE void note_performance(std::size_t strategy, const Cell& cell, double held,
                                              const Event& event) noexcept;
    [[gnu::cold]] void take_out(std::size_t strategy, const Event& bar) noexcept;
    [[nodiscard]] bool reconsider(std::size_t instrument) noexcept;
    [[nodiscard]] bool reconsider_all() noexcept;
    [[nodiscard]] bool admits(Wanted& wanted, Intent intent, int direction,
                              std::size_t instrument) noexcept;
    [[nodiscard]] static Event refusal(const Event& cause, SymbolId symbol,
                                       const Wanted& wanted) noexcept;
    void note_change(std::size_t instrument) noexcept;
    [[nodiscard]] Intent scored(std::size_t instrument) const noexcept;
    [[nodiscard]] Quantity size(std::size_t instrument, Price price) const noexcept;
    [[nodiscard]] QuoteIntent wanted_quote(const QuoteTable::Maker& maker,
                                           SymbolId symbol) const noexcept;
    // By symbol and regime, before performance.
    [[nodiscard]] double weight_of(std::size_t instrument, std::size_t strategy) const noexcept {
        return cells_[instrument * voters_.size() + strategy].weight.value_or(
                   voters_[strategy].weight) *
               voters_[strategy].by_regime[static_cast<std::size_t>(wanted_[instrument].regime)];
    }
    [[nodiscard]] Cell& cell(std::size_t instrument, std::size_t strategy) noexcept {
        return cells_[instrument * voters_.size() + strategy];
    }

    // Before the strategies see the bar; a change is on record whether anyone asks for it or not.
    template <class Out>
    SLUICE_NEVER_INLINE void watch(const Event& bar, Out out) noexcept {
        const std::size_t instrument = core::index_of(bar.symbol());
        if (!detectors_[instrument].on_bar(bar.bar())) return;
        const Regime now = detectors_[instrument].regime();
        out.emit(Event::regime(bar, {wanted_[instrument].regime, now}));
        wanted_[instrument].regime = now;
    }
    template <class Out>
    SLUICE_NEVER_INLINE void tell_failures(const Event& bar, Out out) noexcept {
        for (; failures_due_ != 0; --failures_due_)
            out.emit(Event::incident(bar.time(), bar.sequence(), bar.symbol(),
                                     IncidentKind::kStrategyFailed, {}));
    }
    template <class Out>
    SLUICE_NEVER_INLINE void quote(const Event& bar, Out out) noexcept {
        const QuoteTable::Maker& maker = quotes_.maker(bar.symbol());
        if (voters_[maker.strategy].timeframe != bar.timeframe() ||
            !cell(core::index_of(bar.symbol()), maker.strategy).ready)
            return;
        out.emit(Event::quote_intent(bar, wanted_quote(maker, bar.symbol())));
    }
    template <class Out>
    SLUICE_NEVER_INLINE void say(const Event& cause, Out out) noexcept {
        for (std::size_t i = first_changed_; i < wanted_.size(); ++i) {
            if (!wanted_[i].changed) continue;
            Wanted& wanted = wanted_[i];
            wanted.changed = false;
            if (quotes_.covers(static_cast<SymbolId>(i))) {  // quoted, whatever strategies want
                wanted.refusal_due = false;
                wanted.intent_due = false;
            }
            if (wanted.refusal_due) [[unlikely]] {
                wanted.refusal_due = false;
                out.emit(refusal(cause, static_cast<SymbolId>(i), wanted));
            }
            if (wanted.intent_due) {
                wanted.intent_due = false;
                ++intents_;
                out.template emit<EventKind::kIntent>(
                    Event::intent(cause, static_cast<SymbolId>(i), wanted.intent));
            }
            if (--changed_ == 0) break;
        }
    }

    double threshold_;
    bool allow_short_;
    bool stopped_ = false;
    SizingSettings sizing_;
    SignalGate gate_;
    std::uint32_t parameter_version_ = 0;
    std::size_t waiting_sections_ = 0;  // that have gathered something
    std::size_t failures_due_ = 0;      // of plugins, not told yet
    std::size_t first_changed_ = 0;
    std::size_t changed_ = 0;
    std::vector<Quantity> lots_;
    std::vector<Quantity> multipliers_;
    std::vector<ContractSize> sizes_;
    Currencies currencies_;
    std::vector<Voter> voters_;
    std::vector<std::int64_t> windows_;  // all closes of all cells, one block
    std::vector<PluginStates> plugins_;  // memory of the plugins among them
    std::vector<Cell> cells_;            // by instrument, then strategy
    std::vector<CrossSection> sections_;
    std::size_t regime_timeframe_ = kMaxTimeframes + kMaxActivityBars;  // none is watched
    std::vector<RegimeDetector> detectors_;                             // by instrument
    std::vector<Wanted> wanted_;
    std::vector<StrategyTally> tallies_;
    PerformanceWeights performance_;
    std::uint64_t intents_ = 0;
    QuoteTable quotes_;
};

}  // namespace sluice::pipeline
