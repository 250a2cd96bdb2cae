// How good the signals of each strategy on each instrument were, from what a run has recorded.
// On the recorder's thread, off the hot path. A strategy on an instrument takes all its memory with its
// first bar: a session does not grow while it runs.
//
// A signal is a strength in [-1, 1] after a bar; a horizon is in bars of the strategy's timeframe. What
// came of it is the forward return, close over close of so many bars before, less 1.
//
//   hit rate     share of the bars with a strength and a move in which they had one sign, horizon 1
//   information  Spearman's rank correlation of strengths with forward returns, by horizon
//   coefficient  (R. Grinold and R. Kahn, Active Portfolio Management, 2nd ed., 2000)
//   half-life    of the information: the first horizon, between two by a straight line, at which the
//                coefficient is down to half of that at the first one; none where that is not positive
//                or where it never is
//   turnover     mean absolute change of the strength from bar to bar
//   gross        sum of strength times the next return: holding it, as a share of a position
//   cost         sum of those changes times what a unit of turnover cost on this instrument: commission
//                and how much worse fills were than the last close, over the value traded
//   cost share   cost over gross; none where there is nothing to take it from
//
// Hit rate, turnover, gross and cost are of all bars. The coefficients are of pairs kept evenly: all of
// them up to a bound, then every second, fourth, ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sluice::pipeline {

inline constexpr std::size_t kQualityHorizons[] = {1, 2, 5, 10, 20, 60};

struct QualityPoint {
    std::size_t horizon = 0;  // bars
    std::uint64_t pairs = 0;  // seen; the coefficient may be of fewer
    double information = 0;   // NaN where the signal or the return never varied
};
struct QualityRecord {
    std::size_t strategy = 0;
    std::size_t instrument = 0;
    std::uint64_t bars = 0;     // once the strategy was ready
    std::uint64_t decided = 0;  // with a strength and a move
    std::uint64_t hits = 0;
    std::vector<QualityPoint> points;
    double half_life = 0;  // bars; NaN: none
    double turnover = 0;   // a bar
    double gross = 0;
    double cost = 0;

    [[nodiscard]] double hit_rate() const noexcept;    // NaN: nothing decided
    [[nodiscard]] double cost_share() const noexcept;  // NaN: no gain
};

class SignalQuality {
  public:
    // Horizons ascend, from 1 on. `most_pairs` bounds what all of it keeps together.
    SignalQuality(std::size_t strategies, std::size_t instruments,
                  std::span<const std::size_t> horizons = kQualityHorizons,
                  std::size_t most_pairs = std::size_t{1} << 22);

    // After a bar of the strategy's timeframe, once it is ready; a close that is not positive is left out.
    void observe(std::size_t strategy, std::size_t instrument, double strength, double close);
    // A fill: what was traded, and what it cost; both in money, the cost negative where it was a gain.
    void traded(std::size_t instrument, double value, double cost);

    // Of the cells that saw a bar, by strategy, then instrument.
    [[nodiscard]] std::vector<QualityRecord> records() const;
    [[nodiscard]] std::size_t pairs_kept_at_most() const noexcept { return capacity_; }

  private:
    struct Kept {
        std::vector<float> strengths;  // room for all that is ever kept
        std::vector<float> returns;
        std::size_t size = 0;
        std::uint64_t seen = 0;
        std::uint64_t stride = 1;
    };
    struct Cell {
        std::vector<double> strengths;  // of the last bars, a ring
        std::vector<double> closes;
        std::vector<Kept> kept;  // by horizon
        std::uint64_t bars = 0;
        std::uint64_t decided = 0;
        std::uint64_t hits = 0;
        double changes = 0;
        double gross = 0;
    };
    struct Traded {
        double value = 0;
        double cost = 0;
    };

    void keep(Kept& kept, double strength, double forward) const;

    std::size_t instruments_;
    std::vector<std::size_t> horizons_;
    std::size_t capacity_;     // pairs by cell and horizon
    std::vector<Cell> cells_;  // by strategy, then instrument
    std::vector<Traded> traded_;
};

}  // namespace sluice::pipeline
