// Weights: per symbol, by performance, restored; and what an intent says of what is behind it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <sluice/pipeline/hot/signal_stage.hpp>

#include "strategies_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::PerformanceSettings;
using pipeline::PerformanceWeights;
using pipeline::Settings;
using pipeline::SignalStage;
using pipeline::StrategyKind;
using pipeline::StrategySettings;

StreamTime minute(std::int64_t n) { return at_ns(n * kMinuteNs); }

PerformanceSettings moving(std::int64_t lookback, double step = 0.5, double min = 0.25,
                           double max = 4.0) {
    return {lookback, step, min, max};
}

// Gains 1 %, 3 %: t = 0.04 / sqrt(0.001) = 1.26491; with a step of a half the factor is 1.63246. The
// other one lost as much: 0.36754. Their mean is 1 already.
TEST(PerformanceWeights, follow_the_ratio_of_the_gains_to_their_size) {
    PerformanceWeights weights{moving(2), 2, {}};
    weights.note(0, minute(1), 0.01);
    weights.note(1, minute(1), -0.01);
    weights.note(0, minute(2), 0.03);
    weights.note(1, minute(2), -0.03);
    EXPECT_EQ(weights.factor(0), 1.0) << "the second minute is not over";
    weights.note(0, minute(3), 0);
    weights.note(1, minute(3), 0);
    EXPECT_NEAR(weights.factor(0), 1.6324555, 1e-6);
    EXPECT_NEAR(weights.factor(1), 0.3675445, 1e-6);
}

TEST(PerformanceWeights, are_bounded_then_scaled_to_a_mean_of_one) {
    PerformanceWeights weights{moving(4, 10.0, 0.5, 2.0), 2, {}};
    for (std::int64_t i = 1; i <= 5; ++i) {
        weights.note(0, minute(i), 0.01);
        weights.note(1, minute(i), -0.01);
    }
    // 2 and 0.5, times 2 / 2.5.
    EXPECT_DOUBLE_EQ(weights.factor(0), 1.6);
    EXPECT_DOUBLE_EQ(weights.factor(1), 0.4);
}

TEST(PerformanceWeights, take_the_instruments_of_one_end_for_one_observation) {
    PerformanceWeights weights{moving(2), 1, {}};
    weights.note(0, minute(1), 0.02);
    weights.note(0, minute(1), 0.04);
    weights.note(0, minute(2), 0.01);
    weights.note(0, minute(3), 0.5);
    EXPECT_EQ(weights.history(0), (std::vector<double>{0.03, 0.01}));
}

TEST(PerformanceWeights, forget_what_is_older_than_their_lookback) {
    PerformanceWeights weights{moving(3), 2, {}};
    for (std::int64_t i = 1; i <= 20; ++i) {
        weights.note(0, minute(i), i < 10 ? -0.01 : 0.01);
        weights.note(1, minute(i), 0.0);
    }
    EXPECT_GT(weights.factor(0), 1.0);
    EXPECT_EQ(weights.history(0), (std::vector<double>{0.01, 0.01, 0.01}));
}

TEST(PerformanceWeights, go_on_where_an_earlier_run_has_ended) {
    PerformanceWeights whole{moving(5), 2, {}};
    PerformanceWeights first{moving(5), 2, {}};
    const auto gain = [](std::int64_t i, int s) {
        return 0.01 * std::sin(static_cast<double>(i) * 1.7 + s);
    };
    for (std::int64_t i = 1; i <= 30; ++i)
        for (const int s : {0, 1}) {
            whole.note(static_cast<std::size_t>(s), minute(i), gain(i, s));
            if (i <= 13) first.note(static_cast<std::size_t>(s), minute(i), gain(i, s));
        }
    // The 13th was not over; the next run sees it again.
    PerformanceWeights second{moving(5), 2, std::vector{first.history(0), first.history(1)}};
    EXPECT_DOUBLE_EQ(second.factor(0), first.factor(0));
    EXPECT_NE(second.factor(0), 1.0);
    for (std::int64_t i = 13; i <= 30; ++i)
        for (const int s : {0, 1}) second.note(static_cast<std::size_t>(s), minute(i), gain(i, s));
    EXPECT_NEAR(second.factor(0), whole.factor(0), 1e-12);
    EXPECT_EQ(second.history(1), whole.history(1));
}

TEST(PerformanceWeights, stay_where_there_is_no_lookback) {
    const PerformanceWeights weights{moving(0), 2, {}};
    EXPECT_FALSE(weights.enabled());
    EXPECT_EQ(weights.factor(1), 1.0);
    EXPECT_TRUE(weights.history(0).empty());
}

// Two trends: one follows the last move, the other turns only on a second one.
Settings two_trends() {
    Settings s;
    StrategySettings quick;
    quick.name = "quick";
    quick.set("fast", 1);
    quick.set("slow", 2);
    StrategySettings steady = quick;
    steady.name = "steady";
    steady.set("slow", 3);
    s.signals.strategies = {quick, steady};
    return s;
}

class WeighingStage {
  public:
    explicit WeighingStage(const Settings& settings, std::size_t count = 1)
        : stage(settings, instruments(count)) {}
    void close(double at, std::size_t instrument = 0) {
        ++minute_;
        stage.on<EventKind::kNone>(
            Event::bar(minute(minute_), Sequence{}, symbol(instrument), 0, bar_of(at)),
            CapturingOutput{out});
    }
    SignalStage stage;
    Captured out;

  private:
    std::int64_t minute_ = 0;
};

TEST(SymbolWeights, take_the_place_of_the_strategys_own) {
    Settings s = two_trends();
    s.signals.threshold = 0.7;
    const pipeline::InstrumentTable table = instruments(2);
    s.signals.strategies[1].symbol_weights = {table[1].symbol + "=0"};
    WeighingStage stage{s, 2};
    for (const std::size_t i : {0U, 1U})
        for (const double at : {10.0, 11.0, 10.0, 11.0}) stage.close(at, i);
    // Of the first, one of two is for long or both are; of the second, the quick one decides alone.
    std::vector<std::size_t> who;
    for (const Event& e : stage.out.emitted) who.push_back(core::index_of(e.symbol()));
    EXPECT_GT(std::count(who.begin(), who.end(), 1U), std::count(who.begin(), who.end(), 0U));
}

TEST(SymbolWeights, that_are_none_are_refused_with_the_entry) {
    for (const char* entry :
         {"AAPL", "AAPL=", "=2", "AAPL=x", "AAPL=-1", "AAPL=1001", "AAPL=nan"}) {
        StrategySettings s;
        s.symbol_weights = {entry};
        try {
            (void)s.weight_of("MSFT");
            ADD_FAILURE() << entry;
        } catch (const std::invalid_argument& error) {
            EXPECT_NE(std::string(error.what()).find(entry), std::string::npos) << error.what();
        }
    }
    StrategySettings s;
    s.symbol_weights = {"AAPL=2", "BRK=B=0.5"};
    EXPECT_EQ(s.weight_of("AAPL"), 2.0);
    EXPECT_EQ(s.weight_of("BRK=B"), 0.5);
    EXPECT_EQ(s.weight_of("MSFT"), std::nullopt);
}

// Steps up and down by one, then a climb of five hundred bars.
TEST(RegimeWeights, are_those_of_the_instruments_regime_from_its_change_on) {
    Settings s = two_trends();
    s.signals.strategies[0].by_regime = {1, 1, 0, 1};  // silent in a trend
    s.signals.strategies[1].by_regime = {1, 0, 1, 1};  // silent in a range
    s.signals.threshold = 0.9;
    s.regime.enabled = true;
    s.regime.timeframe = s.bars.timeframes[0];
    WeighingStage stage{s};
    WeighingStage unwatched{[&] {
        Settings without = s;
        without.regime.enabled = false;
        return without;
    }()};
    for (int i = 0; i < 400; ++i) stage.close(i % 2 == 0 ? 100 : 101);
    for (int i = 0; i < 100; ++i) stage.close(101 + i);
    for (int i = 0; i < 400; ++i) unwatched.close(i % 2 == 0 ? 100 : 101);

    std::vector<pipeline::RegimeChange> changes;
    pipeline::Regime now = pipeline::Regime::kUnknown;
    for (const Event& e : stage.out.emitted) {
        if (e.kind() == EventKind::kRegime) {
            EXPECT_EQ(e.regime().before, now);
            now = e.regime().now;
            changes.push_back(e.regime());
        } else {
            EXPECT_EQ(e.intent().regime, now) << "an intent comes after the change of its bar";
        }
    }
    ASSERT_GE(changes.size(), 2U);
    EXPECT_EQ(changes[0].now, pipeline::Regime::kRanging);
    const auto trend = std::find_if(changes.begin(), changes.end(), [](const auto& change) {
        return change.now == pipeline::Regime::kTrending;
    });
    EXPECT_NE(trend, changes.end()) << "the climb is no trend";
    for (const Event& e : unwatched.out.emitted) {
        ASSERT_EQ(e.kind(), EventKind::kIntent);
        EXPECT_EQ(e.intent().regime, pipeline::Regime::kUnknown);
    }
    // In the range the quick one decides alone, and turns with every bar; in the climb the steady one.
    ASSERT_FALSE(stage.out.emitted.empty());
    EXPECT_GT(stage.out.emitted.size(), 200U);
}

TEST(Intents, say_what_is_behind_them) {
    Settings s = two_trends();
    s.signals.strategies[1].weight = 3;
    s.signals.threshold = 0.2;
    WeighingStage stage{s};
    for (const double at : {11.0, 10.0}) stage.close(at);
    EXPECT_TRUE(stage.out.emitted.empty());
    stage.close(12);  // the quick one crosses; the steady one is ready just now, and flat
    ASSERT_EQ(stage.out.emitted.size(), 1U);
    const pipeline::Intent& first = stage.out.emitted[0].intent();
    EXPECT_EQ(first.score, 0.25);
    EXPECT_EQ(first.agreement, 0.25F);
    EXPECT_EQ(first.behind, 1);
    EXPECT_EQ(first.confidence, 0.25F);
    EXPECT_EQ(first.parameter_version, 0U);
    EXPECT_EQ(first.regime, pipeline::Regime::kUnknown);

    // While the steady one was not warmed up, the score was of the quick one alone: sure of itself, but
    // a quarter of all weight.
    Settings alone = two_trends();
    alone.signals.strategies[1].weight = 3;
    alone.signals.strategies[1].set("slow", 100);
    WeighingStage young{alone};
    for (const double at : {11.0, 10.0, 12.0}) young.close(at);
    ASSERT_EQ(young.out.emitted.size(), 1U);
    EXPECT_EQ(young.out.emitted[0].intent().score, 1.0);
    EXPECT_EQ(young.out.emitted[0].intent().agreement, 1.0F);
    EXPECT_EQ(young.out.emitted[0].intent().confidence, 0.25F);
}

TEST(PerformanceWeights, move_the_decision_of_the_stage) {
    // A market that always turns: who follows the last move loses, who goes against it gains.
    Settings s;
    StrategySettings follower;
    follower.name = "follower";
    follower.set("fast", 1);
    follower.set("slow", 2);
    StrategySettings reverter;
    reverter.name = "reverter";
    reverter.kind = StrategyKind::kMeanReversion;
    reverter.set("period", 2);
    reverter.set("entry_deviations", 0.9);
    reverter.set("exit_deviations", 0.0);
    s.signals.strategies = {follower, reverter};
    s.signals.performance = moving(10, 1.0, 0.1, 10.0);
    WeighingStage stage{s};
    for (int i = 0; i < 40; ++i) stage.close(i % 2 == 0 ? 100 : 102);
    EXPECT_LT(stage.stage.performance().factor(0), 0.2);
    EXPECT_GT(stage.stage.performance().factor(1), 1.8);
    ASSERT_FALSE(stage.out.emitted.empty());
    const double last = stage.out.emitted.back().intent().score;
    EXPECT_LT(last, -0.5) << "after a rise it wants to be short";
}

}  // namespace
}  // namespace sluice::tests
