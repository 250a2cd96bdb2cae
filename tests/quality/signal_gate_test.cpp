// Which signals are traded on: the score by hand, and what the signal stage makes of it.
#include <sluice/pipeline/hot/signal_gate.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include <sluice/pipeline/hot/signal_stage.hpp>
#include <sluice/pipeline/settings_schema.hpp>

#include "pipeline/support.hpp"

namespace sluice::tests {
namespace {

using pipeline::QualitySettings;
using pipeline::RefusalReason;
using pipeline::Settings;
using pipeline::SignalFault;
using pipeline::SignalGate;
using pipeline::SignalStage;

QualitySettings on() {
    QualitySettings settings;
    settings.enabled = true;
    settings.min_score = 0.0;
    return settings;
}

TEST(SignalGate, scores_by_its_weights_and_by_what_is_left_of_the_age) {
    QualitySettings settings = on();
    settings.strength_weight = 2;
    settings.confidence_weight = 1;
    settings.agreement_weight = 1;
    settings.max_age = 10;
    const SignalGate gate(settings);
    // (2 * 0.5 + 0.25 + 0.75) / 4
    EXPECT_DOUBLE_EQ(gate.quality({-0.5, 0.25, 0.75, 0}), 0.5);
    EXPECT_DOUBLE_EQ(gate.quality({0.5, 0.25, 0.75, 4}), 0.3);
    EXPECT_DOUBLE_EQ(gate.quality({0.5, 0.25, 0.75, 10}), 0.0);
    EXPECT_DOUBLE_EQ(gate.quality({0.5, 0.25, 0.75, 11}), 0.0);
    settings.max_age = 0;
    EXPECT_DOUBLE_EQ(SignalGate(settings).quality({0.5, 0.25, 0.75, 60'000}), 0.5);
}

TEST(SignalGate, lets_everything_pass_where_it_is_off) {
    EXPECT_TRUE(SignalGate(QualitySettings{}).judge({0.0, 0.0, 0.0, 65'535}).passes());
}

TEST(SignalGate, names_the_first_reason_with_the_value_and_its_limit) {
    QualitySettings settings = on();
    settings.max_age = 5;
    settings.min_confidence = 0.6;
    settings.min_agreement = 0.7;
    settings.min_score = 0.8;
    const SignalGate gate(settings);
    const auto is = [&](const pipeline::SignalFacts& signal, SignalFault fault, double observed,
                        double limit) {
        const auto verdict = gate.judge(signal);
        EXPECT_EQ(verdict.fault, fault);
        EXPECT_DOUBLE_EQ(verdict.observed, observed);
        EXPECT_DOUBLE_EQ(verdict.limit, limit);
    };
    is({1, 0.1, 0.1, 5}, SignalFault::kStale, 5, 5);
    is({1, 0.5, 0.1, 0}, SignalFault::kConfidence, 0.5, 0.6);
    is({1, 0.6, 0.6, 0}, SignalFault::kAgreement, 0.6, 0.7);
    is({0.5, 0.6, 0.7, 0}, SignalFault::kQuality, 0.6, 0.8);
    is({1, 0.75, 0.75, 0}, SignalFault::kNone, 0, 0);
    EXPECT_EQ(gate.judge({1, std::numeric_limits<double>::quiet_NaN(), 1, 0}).fault,
              SignalFault::kConfidence)
        << "what is no number passes no limit";
}

// Two trend followers of one bar against two and against four, weights 3 and 1.
Settings two_trends(const std::string& quality) {
    return pipeline::make_settings_schema()
        .load_text(quality +
                       "[[strategy]]\nkind = \"trend_following\"\nname = \"a\"\nweight = 3.0\n"
                       "fast = 1\nslow = 2\n"
                       "[[strategy]]\nkind = \"trend_following\"\nname = \"b\"\nweight = 1.0\n"
                       "fast = 1\nslow = 4\n",
                   "test")
        .settings;
}
// One bar after another, as "target@age" of intents and "reason observed/limit" of refusals.
std::vector<std::string> told(const Settings& settings, const std::vector<int>& closes) {
    SignalStage stage(settings, instruments(1));
    std::vector<std::string> out;
    for (std::size_t i = 0; i < closes.size(); ++i) {
        Captured captured;
        const Event bar = bar_at(at_ns(static_cast<std::int64_t>(i + 1) * kMinuteNs), 0, 0,
                                 Price::from_raw(closes[i] * Price::kScale));
        stage.on<EventKind::kNone>(bar, CapturingOutput{captured});
        std::string line;
        for (const Event& event : captured.emitted) {
            if (!line.empty()) line += ", ";
            if (event.kind() == EventKind::kIntent)
                line += to_string(event.intent().target) + "@" + std::to_string(event.intent().age);
            else
                line += std::string(to_string(event.refusal_reason())) + " " +
                        std::to_string(event.refusal().observed).substr(0, 4) + "/" +
                        std::to_string(event.refusal().limit).substr(0, 4);
        }
        out.push_back(line);
    }
    return out;
}

// a is ready with the second close, b with the fourth.
//   101: a long; 3 of 4 of the weight is there: confidence 0.75
//   102: b ready, no cross yet: score 0.75; refused as before, and not told again
//    90: both short: confidence 1
//    91: a long, b short: score 0.5, confidence 0.5: what is refused wants no position, so the short ends
//   120: both long; it has waited one bar
TEST(SignalGate, holds_back_what_is_not_sure_enough_and_keeps_no_position_against_it) {
    const std::vector<int> closes{100, 99, 101, 102, 90, 91, 120};
    EXPECT_EQ(told(two_trends("[quality]\nenabled = true\nmin_confidence = 0.9\n"), closes),
              (std::vector<std::string>{"", "", "low_confidence 0.75/0.90", "", "-100@0",
                                        "low_confidence 0.50/0.90, 0@0", "100@1"}));
    EXPECT_EQ(told(two_trends(""), closes),
              (std::vector<std::string>{"", "", "100@0", "", "-100@0", "100@0", ""}));
}

TEST(SignalGate, tells_again_when_the_reason_becomes_another) {
    EXPECT_EQ(told(two_trends("[quality]\nenabled = true\nmin_confidence = 0.9\nmax_age = 2\n"),
                   {100, 99, 101, 102, 103, 104}),
              (std::vector<std::string>{"", "", "low_confidence 0.75/0.90", "",
                                        "stale_signal 2.00/2.00", ""}));
}

TEST(SignalGate, never_holds_back_the_wish_for_no_position) {
    // Long only: the fall to 90 wants none, and no limit can stop that.
    auto settings = two_trends("[signals]\nallow_short = false\n");
    settings.quality = on();
    settings.quality.min_score = 0.95;
    EXPECT_EQ(told(settings, {100, 99, 98, 97, 120, 90}),
              (std::vector<std::string>{"", "", "", "", "100@0", "0@0"}));
}

TEST(QualitySection, refuses_weights_that_weigh_nothing) {
    const auto schema = pipeline::make_settings_schema();
    const auto faults = schema.check_text(
        "[quality]\nstrength_weight = 0.0\nconfidence_weight = 0.0\nagreement_weight = 0.0\n", "x");
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_NE(faults[0].message.find("strength_weight"), std::string::npos);
    EXPECT_FALSE(schema.check_text("[quality]\nmin_score = 1.1\n", "x").empty());
    EXPECT_FALSE(schema.load_text("", "x").settings.quality.enabled);
}

}  // namespace
}  // namespace sluice::tests
