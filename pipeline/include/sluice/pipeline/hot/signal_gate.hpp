// Is a signal good enough to trade on? Between what the strategies want and the intent that says so.
// A pure function of a few numbers; constant time, no memory.
//
// The score of a signal is the mean of its strength, confidence and agreement by their weights, times its
// freshness: 1 when it has just crossed the threshold, falling in a straight line to 0 over `max_age`
// bars. It passes with a score of `min_score` or more and each part at its own least or above. What wants
// no position always passes: a gate that kept positions open would be no protection.
//
// The first reason in the order of SignalFault is the one that is told, with the value and its limit.
#pragma once

#include <cmath>
#include <cstdint>

#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

struct SignalFacts {
    double score = 0;       // weighted mean strength, in [-1, 1]
    double confidence = 0;  // in [0, 1]
    double agreement = 0;   // in [0, 1]
    std::uint16_t age = 0;  // bars since the score crossed the threshold
};

enum class SignalFault : std::uint8_t { kNone, kStale, kConfidence, kAgreement, kQuality };

struct SignalVerdict {
    SignalFault fault = SignalFault::kNone;
    double observed = 0;
    double limit = 0;

    [[nodiscard]] bool passes() const noexcept { return fault == SignalFault::kNone; }
};

class SignalGate {
  public:
    explicit SignalGate(const QualitySettings& settings) noexcept : settings_(settings) {}

    [[nodiscard]] bool enabled() const noexcept { return settings_.enabled; }

    [[nodiscard]] double freshness(std::uint16_t age) const noexcept {
        if (settings_.max_age == 0) return 1.0;  // signals do not age
        const auto bars = static_cast<double>(age);
        const auto most = static_cast<double>(settings_.max_age);
        return bars >= most ? 0.0 : 1.0 - bars / most;
    }
    // In [0, 1].
    [[nodiscard]] double quality(const SignalFacts& signal) const noexcept {
        const double weights =
            settings_.strength_weight + settings_.confidence_weight + settings_.agreement_weight;
        const double sum = settings_.strength_weight * std::abs(signal.score) +
                           settings_.confidence_weight * signal.confidence +
                           settings_.agreement_weight * signal.agreement;
        return sum / weights * freshness(signal.age);
    }

    // Of a signal that wants a position.
    [[nodiscard]] SignalVerdict judge(const SignalFacts& signal) const noexcept {
        if (!settings_.enabled) return {};
        if (settings_.max_age != 0 && signal.age >= settings_.max_age)
            return {SignalFault::kStale, static_cast<double>(signal.age),
                    static_cast<double>(settings_.max_age)};
        // What is not a number passes no limit.
        if (!(signal.confidence >= settings_.min_confidence))
            return {SignalFault::kConfidence, signal.confidence, settings_.min_confidence};
        if (!(signal.agreement >= settings_.min_agreement))
            return {SignalFault::kAgreement, signal.agreement, settings_.min_agreement};
        const double score = quality(signal);
        if (!(score >= settings_.min_score))
            return {SignalFault::kQuality, score, settings_.min_score};
        return {};
    }

  private:
    QualitySettings settings_;
};

}  // namespace sluice::pipeline
