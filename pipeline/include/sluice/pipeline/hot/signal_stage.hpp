// T5 signals: bars in, intents out.
// Runs on the thread of its group; all windows are taken at construction; work is done per bar.
//
// Each strategy has a stance (-1, 0, +1) per instrument. The score is the mean of the stances of
// the strategies that are warmed up, weighted and normalised by their weights. A score at or above
// the threshold wants a long position, at or below its negative a short one (or none, where shorts
// are not allowed), and anything between wants none. An intent goes out when what is wanted
// changes, never on every bar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>
#include <sluice/pipeline/hot/strategies.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

// How one strategy has done over all instruments, its stance held one unit at a time, before costs.
struct StrategyTally {
    std::uint64_t bars = 0;
    std::uint64_t long_bars = 0;
    std::uint64_t short_bars = 0;
    std::uint64_t changes = 0;
    std::uint64_t winning_bars = 0;
    std::uint64_t losing_bars = 0;
    Money stance_profit;
};

class SignalStage {
  public:
    // Throws std::invalid_argument when a strategy's timeframe is not among `timeframes`.
    SignalStage(const Settings& settings, const InstrumentTable& instruments);

    // The event itself goes on first, then an intent if it led to one.
    template <EventKind kKnown, StageOutput Out>
    SLUICE_ALWAYS_INLINE void on(const Event& event, Out out) noexcept {
        out.template pass<kKnown>(event);
        switch (kind_of<kKnown>(event)) {
            case EventKind::kBar:
                if (on_bar(event) && !stopped_) out.emit(intent(event));
                break;
            case EventKind::kStop:
            case EventKind::kEnd: stopped_ = true; break;
            default: break;
        }
    }

    [[nodiscard]] const std::vector<StrategyTally>& tallies() const noexcept { return tallies_; }
    [[nodiscard]] std::uint64_t intents() const noexcept { return intents_; }

  private:
    // One strategy on one instrument.
    struct Cell {
        std::variant<TrendFollowing, MeanReversion> strategy;
        Price last_close;
        bool ready = false;

        bool on_close(Price close) noexcept;
        [[nodiscard]] int stance() const noexcept;
    };
    struct Wanted {
        Quantity target;
        double score = 0;
        int direction = 0;
    };

    // True when the wanted position of the bar's instrument has changed.
    [[gnu::hot]] bool on_bar(const Event& event) noexcept;
    void tally(StrategyTally& tally, const Cell& cell, int held, Price close) noexcept;
    [[nodiscard]] double score(std::size_t first_cell) const noexcept;
    [[nodiscard]] Quantity size(std::size_t instrument, Price price) const noexcept;
    [[nodiscard]] Event intent(const Event& cause) noexcept {
        ++intents_;
        const Wanted& wanted = wanted_[core::index_of(cause.symbol())];
        return Event::intent(cause, cause.symbol(), Intent{wanted.target, wanted.score});
    }

    double threshold_;
    bool allow_short_;
    bool stopped_ = false;
    SizingSettings sizing_;
    std::vector<Quantity> lots_;
    std::vector<std::uint8_t> timeframe_of_;  // by strategy
    std::vector<double> weights_;
    std::vector<std::int64_t> windows_;  // all closes of all cells, one block
    std::vector<Cell> cells_;            // by instrument, then strategy
    std::vector<Wanted> wanted_;
    std::vector<StrategyTally> tallies_;
    std::uint64_t intents_ = 0;
};

}  // namespace sluice::pipeline
