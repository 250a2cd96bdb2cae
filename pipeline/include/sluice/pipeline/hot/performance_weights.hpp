// Weights that follow performance: each strategy is watched by what its strength would have gained, as
// a share of the price, from bar to bar before costs. Signals' thread only; constant time per bar.
//
// One observation is the mean over the instruments that have a bar of one end time; it counts from the
// first bar of a later end on, so nothing looks ahead. Over the last N observations
//
//   t = sum / sqrt(sum of squares)          in [-sqrt(N), sqrt(N)]; about normal for a strategy by chance
//   factor = clamp(1 + step * t, min, max)  then all are scaled so that their mean is 1
//
// Memory: N observations a strategy, taken at construction. Until N are there, the factor is 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class PerformanceWeights {
  public:
    // `histories`: what an earlier run has seen, by strategy, oldest first; empty, or one for each.
    PerformanceWeights(const PerformanceSettings& settings, std::size_t strategies,
                       std::span<const std::vector<double>> histories)
        : settings_(settings), factors_(strategies, 1.0), raw_(strategies, 1.0) {
        if (!enabled()) return;
        tracks_.assign(strategies, Track{static_cast<std::size_t>(settings.lookback)});
        for (std::size_t i = 0; i < std::min(histories.size(), strategies); ++i) {
            for (const double gain : histories[i]) tracks_[i].add(gain);
            raw_[i] = raw_factor(tracks_[i]);
        }
        normalise();
    }

    [[nodiscard]] bool enabled() const noexcept { return settings_.lookback != 0; }
    [[nodiscard]] double factor(std::size_t strategy) const noexcept { return factors_[strategy]; }

    // What one instrument's bar gave the strategy. Only where enabled.
    void note(std::size_t strategy, StreamTime end, double gain) noexcept {
        Track& track = tracks_[strategy];
        if (end > track.end) {
            if (track.count != 0) {
                track.add(track.sum / static_cast<double>(track.count));
                raw_[strategy] = raw_factor(track);
                normalise();
            }
            track.end = end;
            track.sum = 0;
            track.count = 0;
        }
        track.sum += gain;
        ++track.count;
    }

    // The observations, oldest first. After the run: allocates.
    [[nodiscard]] std::vector<double> history(std::size_t strategy) const {
        std::vector<double> out;
        if (!enabled()) return out;
        const core::RollingWindow<double>& gains = tracks_[strategy].gains;
        for (std::size_t age = gains.size(); age-- > 0;) out.push_back(gains.at(age));
        return out;
    }

  private:
    struct Track {
        explicit Track(std::size_t length) : gains(length), sums(length) {}
        void add(double gain) noexcept {
            if (sums.full()) {
                const double leaving = gains.oldest();
                sums.replace<double>({{leaving, leaving * leaving}}, {{gain, gain * gain}});
            } else {
                sums.fill<double>({{gain, gain * gain}});
            }
            gains.push(gain);
        }
        core::RollingWindow<double> gains;
        core::RollingSums<2> sums;  // of observations, of their squares
        StreamTime end = StreamTime::min();
        double sum = 0;  // of the end that is being gathered
        std::size_t count = 0;
    };

    [[nodiscard]] double raw_factor(const Track& track) const noexcept {
        if (!track.sums.full() || !(track.sums[1] > 0)) return 1.0;
        return std::clamp(1 + settings_.step * track.sums[0] / std::sqrt(track.sums[1]),
                          settings_.min, settings_.max);
    }
    void normalise() noexcept {
        double sum = 0;
        for (const double raw : raw_) sum += raw;
        for (std::size_t i = 0; i < raw_.size(); ++i)
            factors_[i] = raw_[i] * static_cast<double>(raw_.size()) / sum;
    }

    PerformanceSettings settings_;
    std::vector<double> factors_;
    std::vector<double> raw_;
    std::vector<Track> tracks_;
};

}  // namespace sluice::pipeline
