// How two series go together over the last n pairs: Pearson's and Spearman's coefficients, -1 to 1.
// 0 where one of them does not move. LEAN's correlation takes prices, as it is given them here; feed
// returns to correlate returns.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>
#include <sluice/pipeline/hot/indicators/readings.hpp>
#include <sluice/pipeline/hot/indicators/statistics.hpp>

namespace sluice::pipeline::indicators {

// K. Pearson, 1895, and the slope of the value on the reference (beta, when fed returns).
class PearsonCorrelation : public Readings<2> {
  public:
    using Input = Pair;
    static constexpr std::array<std::string_view, 2> kOutputNames{"correlation", "slope"};
    explicit PearsonCorrelation(std::size_t period)
        : Readings(period), window_(period), sums_(period), length_(static_cast<double>(period)) {}

    void update(const Pair& pair) noexcept {
        if (sums_.full())
            sums_.replace<core::DoubleDouble>(terms(window_.oldest()), terms(pair));
        else
            sums_.fill<core::DoubleDouble>(terms(pair));
        window_.push(pair);
        if (!sums_.full()) return;
        // n^2 times the variances and the covariance.
        const double value = scaled_variance(sums_.exact(0), sums_.exact(2), length_);
        const double reference = scaled_variance(sums_.exact(1), sums_.exact(3), length_);
        if (value == 0 || reference == 0) return publish(0.0, 0.0);
        const double both = (sums_.exact(4) * length_ - sums_.exact(0) * sums_.exact(1)).value();
        publish(std::clamp(both / std::sqrt(value * reference), -1.0, 1.0), both / reference);
    }
    [[nodiscard]] double slope() const noexcept { return output(1); }

  private:
    [[nodiscard]] static std::array<core::DoubleDouble, 5> terms(const Pair& pair) noexcept {
        return {{{pair.value, 0},
                 {pair.reference, 0},
                 core::two_product(pair.value, pair.value),
                 core::two_product(pair.reference, pair.reference),
                 core::two_product(pair.value, pair.reference)}};
    }

    core::RollingWindow<Pair> window_;
    core::RollingSums<5> sums_;
    double length_;
};

// C. Spearman, 1904: Pearson's of the ranks, equal values sharing the mean of theirs. O(n): one
// value that comes or goes can move every rank. Ranks are kept, doubled, as whole numbers, and so
// all sums are exact; n up to 100,000.
class SpearmanCorrelation : public OneReading<Pair> {
  public:
    explicit SpearmanCorrelation(std::size_t period)
        : OneReading(period), values_(period), references_(period) {}

    void update(const Pair& pair) noexcept {
        values_.replace(pair.value);
        references_.replace(pair.reference);
        if (!values_.full()) return;
        const auto n = static_cast<std::int64_t>(values_.ranks.size());
        std::int64_t both = 0;
        std::int64_t squares = 0;
        std::int64_t reference_squares = 0;
        for (std::size_t i = 0; i < values_.ranks.size(); ++i) {
            // From the middle of the ranks, which is the mean whatever the ties.
            const std::int64_t a = values_.ranks[i] - (n + 1);
            const std::int64_t b = references_.ranks[i] - (n + 1);
            both += a * b;
            squares += a * a;
            reference_squares += b * b;
        }
        const bool moves = squares > 0 && reference_squares > 0;
        publish(moves ? std::clamp(static_cast<double>(both) /
                                       (std::sqrt(static_cast<double>(squares)) *
                                        std::sqrt(static_cast<double>(reference_squares))),
                                   -1.0, 1.0)
                      : 0.0);
    }

  private:
    // The last n values in the order of their slots, and twice the rank of each (the lowest has 2).
    struct Ranked {
        explicit Ranked(std::size_t period) : ranks(period), window(period) {}

        [[nodiscard]] bool full() const noexcept { return window.full(); }
        void replace(double value) noexcept {
            const std::size_t slot = window.next_slot();
            const bool leaves = window.full();
            const double old = leaves ? window.oldest() : 0.0;
            const std::size_t held = window.size();
            std::int64_t rank = 2;
            for (std::size_t i = 0; i < held; ++i) {
                if (i == slot) continue;
                const double other = window.slot(i);
                if (leaves) ranks[i] -= 2 * (old < other) + (old == other);
                ranks[i] += 2 * (value < other) + (value == other);
                rank += 2 * (other < value) + (other == value);
            }
            ranks[slot] = rank;
            window.push(value);
        }
        std::vector<std::int64_t> ranks;
        core::RollingWindow<double> window;
    };
    Ranked values_;
    Ranked references_;
};

static_assert(Indicator<PearsonCorrelation> && Indicator<SpearmanCorrelation>);

}  // namespace sluice::pipeline::indicators
