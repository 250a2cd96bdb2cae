// What a signal was worth, and how much each of overlapping signals counts (Lopez de Prado 2018,
// chapters 3 to 5): triple-barrier labels, uniqueness, weights, sequential bootstrap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/research/purged_split.hpp>

namespace sluice::research {

struct BarrierPlan {
    std::size_t bars = 0;    // until the vertical barrier; clipped at the last price
    double take_profit = 1;  // times `target`; 0: no such barrier
    double stop_loss = 1;    // times `target`; 0: none
    double target = 0;       // return that counts as a move, such as the volatility there; positive
    int side = 1;            // 1 long, -1 short
};
struct BarrierLabel {
    std::size_t touch = 0;  // bar on which it ended
    int label = 0;          // 1 profit taken, -1 stopped, 0 neither in time
    double result = 0;      // simple return from the start to there, times side
};
// From bar `start` on closes; a bar at the barrier or beyond touches it. std::invalid_argument when
// the start is not before the last price, bars is 0, the target not positive, a multiple negative or
// the side neither 1 nor -1.
[[nodiscard]] BarrierLabel triple_barrier(std::span<const double> prices, std::size_t start,
                                          const BarrierPlan& plan);

// How many labels occupy each of `bars` bars. Labels lie within the bars: std::invalid_argument else,
// here and below.
[[nodiscard]] std::vector<std::uint32_t> concurrency(std::span<const LabelSpan> labels,
                                                     std::size_t bars);
// Mean over a label's bars of 1 / concurrency.
[[nodiscard]] std::vector<double> average_uniqueness(std::span<const LabelSpan> labels,
                                                     std::size_t bars);
// Size of the sum over a label's bars of the bar's log return / concurrency, scaled to a sum of as
// many as there are labels. The first bar has no return.
[[nodiscard]] std::vector<double> return_weights(std::span<const LabelSpan> labels,
                                                 std::span<const double> prices);
// Chance of each label to be drawn next by the sequential bootstrap, after those already drawn (by
// number, repeats count): its uniqueness beside them, by the sum of all.
[[nodiscard]] std::vector<double> draw_chances(std::span<const LabelSpan> labels,
                                               std::span<const std::size_t> drawn,
                                               std::size_t bars);
// Weights that fall linearly in cumulated uniqueness, from 1 for the newest: to `oldest` (0 to 1) for
// age beyond the oldest label, or with a negative `oldest` (above -1) to zero before it, older
// labels staying at zero. std::invalid_argument outside (-1, 1].
[[nodiscard]] std::vector<double> time_decay(std::span<const double> uniqueness, double oldest);

// Weights of (1 - L)^d (chapter 5): w_0 = 1, w_k = -w_{k-1} (d - k + 1) / k.
[[nodiscard]] std::vector<double> fractional_weights(double d, std::size_t count);
// The series differenced so, with a window of that many weights: NaN where the window is not full.
[[nodiscard]] std::vector<double> fractional_difference(std::span<const double> series, double d,
                                                        std::size_t window);

}  // namespace sluice::research
