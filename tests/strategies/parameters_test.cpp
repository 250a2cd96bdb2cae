// Parameters that change while a run goes on: in the stage, from a plan, in every placement.
#include <gtest/gtest.h>

#include <sluice/adapters/csv/parameter_file.hpp>
#include <sluice/pipeline/hot/signal_stage.hpp>
#include <sluice/pipeline/parameter_schedule.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>

#include "kept_rows.hpp"
#include "pipeline/engine_support.hpp"
#include "strategies_support.hpp"

namespace sluice::tests {
namespace {

using namespace trade_path;  // NOLINT: the vocabulary of whole runs
using pipeline::TrendFollowing;
using tests::price;

ParameterChange change_of(std::uint16_t strategy, std::uint16_t parameter, double value,
                          std::uint32_t version = 1) {
    ParameterChange change;
    change.strategy = strategy;
    change.parameter = parameter;
    change.value = value;
    change.version = version;
    return change;
}

Settings trend_of(double fast, double slow) {
    Settings s;
    StrategySettings trend;
    trend.set("fast", fast);
    trend.set("slow", slow);
    s.signals.strategies = {trend};
    return s;
}

class ChangingStage {
  public:
    explicit ChangingStage(const Settings& settings) : stage(settings, tests::instruments(1)) {}
    void close(double at) {
        ++minute_;
        take(Event::bar(tests::at_ns(minute_ * kMinuteNs), Sequence{}, symbol(0), 0, bar_of(at)));
    }
    void change(const ParameterChange& change) {
        take(Event::parameter(tests::at_ns(minute_ * kMinuteNs), change));
    }
    SignalStage stage;
    Captured out;

  private:
    void take(const Event& event) { stage.on<EventKind::kNone>(event, CapturingOutput{out}); }
    std::int64_t minute_ = 0;
};

TEST(Parameters, hold_for_the_bars_after_their_change) {
    ChangingStage changed{trend_of(1, 4)};
    ChangingStage as_before{trend_of(1, 4)};
    for (ChangingStage* stage : {&changed, &as_before})
        for (const double at : {10.0, 10.0, 10.0, 8.0, 8.0}) stage->close(at);
    changed.change(change_of(0, TrendFollowing::kSlow, 2, 7));
    for (ChangingStage* stage : {&changed, &as_before}) stage->close(8.5);
    // 8.5 is above the average of the last two closes (8.25), and below that of four (8.625).
    ASSERT_EQ(as_before.out.emitted.size(), 0U);
    ASSERT_EQ(changed.out.emitted.size(), 1U);
    EXPECT_EQ(changed.out.emitted[0].intent().target, shares(100));
    EXPECT_EQ(changed.out.emitted[0].intent().parameter_version, 7U);
}

TEST(Parameters, of_longer_windows_use_the_bars_that_were_seen) {
    ChangingStage stage{trend_of(1, 2)};
    for (int i = 0; i < 50; ++i) stage.close(10);
    stage.change(change_of(0, TrendFollowing::kSlow, 40));
    stage.close(11);
    EXPECT_EQ(stage.out.emitted.size(), 1U) << "forty closes were there: no second warm-up";
    ChangingStage young{trend_of(1, 2)};
    for (int i = 0; i < 10; ++i) young.close(10);
    young.change(change_of(0, TrendFollowing::kSlow, 40));
    for (int i = 0; i < 28; ++i) young.close(10 + i);
    EXPECT_TRUE(young.out.emitted.empty()) << "not ready before forty closes";
}

TEST(Parameters, of_the_weight_change_the_share_of_a_strategy) {
    Settings s = trend_of(1, 2);
    s.signals.strategies.push_back(s.signals.strategies[0]);
    s.signals.strategies[1].name = "slower";
    s.signals.strategies[1].set("slow", 3);
    ChangingStage stage{s};
    stage.change(change_of(1, kWeightParameter, 0));
    for (const double at : {11.0, 10.0, 12.0}) stage.close(at);
    ASSERT_EQ(stage.out.emitted.size(), 1U);
    EXPECT_EQ(stage.out.emitted[0].intent().score, 1.0) << "the other one has no say";
    EXPECT_EQ(stage.stage.weight(1), 0.0);
}

TEST(Parameters, out_of_their_declaration_are_refused_on_record_and_change_nothing) {
    ChangingStage stage{trend_of(1, 2)};
    ChangingStage untouched{trend_of(1, 2)};
    const std::vector<ParameterChange> bad{
        change_of(1, 0, 1),                           // no such strategy
        change_of(0, 2, 1),                           // no such parameter
        change_of(0, TrendFollowing::kSlow, 513),     // beyond its range
        change_of(0, TrendFollowing::kSlow, 2.5),     // not whole
        change_of(0, TrendFollowing::kSlow, NAN),     //
        change_of(0, TrendFollowing::kFast, 2),       // not below the slow one
        change_of(0, kWeightParameter, -1),           //
        change_of(UINT16_MAX, kWeightParameter, 1)};  // nothing outside the strategies
    for (const ParameterChange& each : bad) stage.change(each);
    ASSERT_EQ(stage.out.emitted.size(), bad.size());
    for (const Event& e : stage.out.emitted) {
        EXPECT_EQ(e.kind(), EventKind::kIncident);
        EXPECT_EQ(e.incident_kind(), IncidentKind::kParameterRefused);
    }
    stage.out.clear();
    for (ChangingStage* each : {&stage, &untouched})
        for (const double at : {11.0, 10.0, 12.0}) each->close(at);
    ASSERT_EQ(stage.out.emitted.size(), untouched.out.emitted.size());
    EXPECT_EQ(stage.out.emitted[0].intent().parameter_version, 0U);
}

TEST(Parameters, that_need_memory_do_not_change_while_a_strategy_runs) {
    Settings s;
    StrategySettings vote;
    vote.kind = StrategyKind::kIndicators;
    s.signals.strategies = {vote};
    ChangingStage stage{s};
    stage.change(change_of(0, IndicatorVote::kAverage, 10));
    EXPECT_EQ(stage.out.emitted.size(), 1U);
    stage.change(change_of(0, IndicatorVote::kQuorum, 0.1));
    EXPECT_EQ(stage.out.emitted.size(), 1U);
}

// ---- plans

std::vector<Event> planned(std::string_view text, const Settings& settings) {
    return plan_changes(adapters::csv::read_parameter_text(text, "plan.csv"), settings.signals);
}
std::string refusal_of(std::string_view text, const Settings& settings = trend_of(10, 30)) {
    try {
        (void)planned(text, settings);
    } catch (const PlanError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(ParameterPlan, becomes_events_by_time_with_versions) {
    const auto events = planned(
        "time,strategy,parameter,value\n"
        "2013-10-08T15:00:00Z,trend,slow,40\n"
        "2013-10-07T15:00:00Z,trend,fast,12\n"
        "\n"
        "2013-10-08T15:00:00Z,trend,weight,0.5\n",
        trend_of(10, 30));
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0].parameter().parameter, TrendFollowing::kFast);
    EXPECT_EQ(events[0].parameter().value, 12);
    EXPECT_EQ(events[1].parameter().parameter, TrendFollowing::kSlow);
    EXPECT_EQ(events[2].parameter().parameter, kWeightParameter);
    for (std::uint32_t i = 0; i < 3; ++i) EXPECT_EQ(events[i].parameter().version, i + 1);
}

TEST(ParameterPlan, reads_the_table_that_a_run_leaves) {
    const auto events =
        planned("time,strategy,parameter,value,version\n2013-10-08T15:00:00Z,trend,slow,40,1\n",
                trend_of(10, 30));
    EXPECT_EQ(events.size(), 1U);
}

TEST(ParameterPlan, that_is_wrong_is_refused_with_line_and_remedy) {
    const std::string head = "time,strategy,parameter,value\n";
    const std::string at = "2013-10-08T15:00:00Z,";
    EXPECT_EQ(refusal_of(head + at + "trent,fast,3\n"),
              "plan.csv, line 2: no strategy is named 'trent'; write trend");
    EXPECT_EQ(refusal_of(head + at + "trend,speed,3\n"),
              "plan.csv, line 2: 'speed' is no parameter of kind trend_following; write fast, slow "
              "or weight");
    EXPECT_EQ(
        refusal_of(head + at + "trend,slow,513\n"),
        "plan.csv, line 2: slow of 'trend' takes whole numbers from 2 to 512, not 513.000000");
    EXPECT_EQ(refusal_of(head + at + "trend,fast,30\n"),
              "plan.csv, line 2: from then on fast of 'trend' would be 30, which must be smaller "
              "than slow, 30; change the other one first");
    EXPECT_EQ(refusal_of(head + "noon,trend,fast,3\n"),
              "plan.csv, line 2: 'noon' is no time; write 2013-10-08T14:30:00Z");
    EXPECT_EQ(refusal_of(head + at + "trend,fast,three\n"),
              "plan.csv, line 2: 'three' is no number");
    EXPECT_EQ(refusal_of(head + at + "trend,fast\n"),
              "plan.csv, line 2: 3 fields, fewer than the first line names");
    EXPECT_EQ(refusal_of("time,strategy,value\n"),
              "plan.csv: its first line names no column 'parameter'; it needs "
              "time,strategy,parameter,value");
    EXPECT_EQ(refusal_of(""), "plan.csv is empty; its first line is time,strategy,parameter,value");
}

TEST(ParameterPlan, reaches_strategies_only) {
    const std::string head = "time,strategy,parameter,value\n2013-10-08T15:00:00Z,";
    for (const char* target :
         {"risk,daily_loss,1000000", "account,capital,1", "signals,threshold,0.1",
          "trend,risk.daily_loss,1000000", "trend,timeframe,1"})
        EXPECT_NE(refusal_of(head + target + "\n"), "accepted") << target;
}

// ---- whole runs

// Every kind of strategy over three instruments, weights that move, and changes on the way.
Settings every_strategy() {
    Settings s = busy_settings();
    const auto add = [&s](StrategyKind kind, std::size_t timeframe) -> StrategySettings& {
        StrategySettings strategy;
        strategy.kind = kind;
        strategy.name = to_string(kind);
        strategy.timeframe = s.bars.timeframes[timeframe];
        s.signals.strategies.push_back(strategy);
        return s.signals.strategies.back();
    };
    StrategySettings& momentum = add(StrategyKind::kMomentum, 0);
    momentum.set("lookback", 4);
    momentum.set("volatility", 8);
    momentum.set("entry", 0.5);
    StrategySettings& section = add(StrategyKind::kCrossSection, 0);
    section.set("lookback", 3);
    section.set("min_z", 0.2);
    StrategySettings& vote = add(StrategyKind::kIndicators, 1);
    vote.set("average", 6);
    vote.set("oscillator", 4);
    vote.set("quorum", 0.2);
    s.signals.strategies[0].symbol_weights = {tests::instruments(3)[1].symbol + "=2"};
    s.signals.threshold = 0.3;
    s.signals.performance.lookback = 20;
    s.regime.enabled = true;
    s.regime.timeframe = s.bars.timeframes[0];
    s.regime.adx_period = 5;
    s.regime.atr_period = 5;
    s.regime.baseline = 20;
    s.regime.band_period = 10;
    s.regime.dwell = 2;
    s.signals.strategies[0].by_regime = {1, 0.5, 2, 0.25};
    return s;
}

const std::vector<Event>& market() {
    static const std::vector<Event> kMarket = random_market(30'000, 3, 7);
    return kMarket;
}

RunRecord run_with_changes(const Settings& settings, CutMask cuts, RowSink* rows = nullptr,
                           std::int64_t second = 20) {
    const StreamTime start = market().front().time();
    const auto planned_at = [&](std::int64_t s, const char* strategy, const char* parameter,
                                double value) {
        return PlannedChange{start + Nanos{s * kSecond}, strategy, parameter, value, "plan"};
    };
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    timers.changes = plan_changes(
        {planned_at(-5, "momentum", "entry", 0.6), planned_at(second, "trend", "slow", 9),
         planned_at(second, "cross_section", "follow", 0),
         planned_at(40, "reversion", "weight", 0.2), planned_at(60, "indicators", "quorum", 0.5),
         planned_at(60, "momentum", "lookback", 7)},
        settings.signals);
    Placement placement;
    placement.cuts = cuts;
    placement.idle = core::IdleStrategy::kYield;
    const auto table = tests::instruments(3);
    SimVenue venue{settings, table};
    VectorSource source{market()};
    RunControl control;
    return run_engine(EngineSetup{settings, table, placement, timers, {}, {}, rows}, venue, source,
                      control);
}

TEST(EveryStrategy, has_its_say_in_the_run_of_these_tests) {
    KeptRows rows;
    const RunRecord r = run_with_changes(every_strategy(), kFused, &rows);
    for (const StrategyRecord& s : r.by_strategy) {
        EXPECT_GT(s.changes, 10U) << s.name;
        EXPECT_NE(s.performance_factor, 1.0) << s.name;
        EXPECT_EQ(s.gains.size(), 20U) << s.name;
    }
    EXPECT_GT(r.orders, 50U);
    EXPECT_EQ(r.parameter_changes, 6U);
    ASSERT_EQ(rows.kept.parameters.size(), 6U);
    EXPECT_EQ(rows.kept.parameters[0].time, market().front().time()) << "planned before the start";
    EXPECT_EQ(rows.kept.parameters[1].strategy, "trend");
    EXPECT_EQ(rows.kept.parameters[1].parameter, "slow");
    EXPECT_EQ(rows.kept.parameters[3].parameter, "weight");
    EXPECT_EQ(rows.kept.parameters[5].version, 6U);
    ASSERT_EQ(rows.kept.intents.size(), r.intents);
    EXPECT_EQ(rows.kept.intents.front().intent.parameter_version, 1U);
    EXPECT_EQ(rows.kept.intents.back().intent.parameter_version, 6U);
    EXPECT_GT(r.regime_changes, 20U);
    EXPECT_EQ(rows.kept.regimes.size(), r.regime_changes);
    for (const IntentRecord& row : rows.kept.intents) {
        EXPECT_LE(std::abs(row.intent.score), 1.0);
        EXPECT_GE(row.intent.confidence, 0.0F);
        EXPECT_LE(row.intent.confidence, 1.0F);
        EXPECT_LE(row.intent.agreement, 1.0F);
    }
}

TEST(EveryStrategy, decides_otherwise_when_a_change_comes_later) {
    EXPECT_NE(run_with_changes(every_strategy(), kFused).digest,
              run_with_changes(every_strategy(), kFused, nullptr, 21).digest);
}

class EveryStrategyPlacement : public testing::TestWithParam<int> {};

TEST_P(EveryStrategyPlacement, agrees_with_fused) {
    static const RunRecord kReference = run_with_changes(every_strategy(), kFused);
    const auto cuts = static_cast<CutMask>(GetParam());
    const RunRecord split = run_with_changes(every_strategy(), cuts);
    EXPECT_EQ(split.digest, kReference.digest) << describe_cuts(cuts);
    EXPECT_EQ(split.intents, kReference.intents);
    for (std::size_t i = 0; i < split.by_strategy.size(); ++i)
        EXPECT_EQ(split.by_strategy[i].gains, kReference.by_strategy[i].gains);
}
INSTANTIATE_TEST_SUITE_P(EveryCut, EveryStrategyPlacement,
                         testing::Range(1, static_cast<int>(kPlacementCount)),
                         [](const auto& test) { return "cuts_" + std::to_string(test.param); });

// ---- an operator's

TEST(OperatorsChange, comes_where_a_planned_one_of_its_recorded_time_would_come) {
    const Settings settings = busy_settings();
    const auto changed = [&](CutMask cuts, OperatorInbox* inbox, std::vector<Event> plan,
                             RowSink* rows, Pacer pacer) {
        ParameterChange slow;
        slow.parameter = TrendFollowing::kSlow;
        slow.value = 9;
        const auto table = tests::instruments(3);
        SimVenue venue{settings, table};
        VectorSource source{market()};
        source.before_block = [&](std::size_t taken) {
            if (inbox == nullptr || taken != 64 * 150) return;
            EXPECT_TRUE(inbox->post(Event::parameter({}, slow)));
            slow.value = 7;
            EXPECT_TRUE(inbox->post(Event::parameter({}, slow)));
        };
        RunControl control;
        control.inbox = inbox;
        TimerPlan timers;
        timers.beat = settings.clock.beat;
        timers.changes = std::move(plan);
        Placement placement;
        placement.cuts = cuts;
        placement.idle = core::IdleStrategy::kYield;
        return run_engine(EngineSetup{settings, table, placement, timers, pacer, {}, rows}, venue,
                          source, control);
    };
    KeptRows rows;
    OperatorInbox inbox;
    const RunRecord operated = changed(kFused, &inbox, {}, &rows, {});
    EXPECT_EQ(operated.parameter_changes, 2U);
    ASSERT_EQ(rows.kept.parameters.size(), 2U);
    EXPECT_EQ(rows.kept.parameters[0].value, 9);
    EXPECT_EQ(rows.kept.parameters[1].value, 7);
    EXPECT_EQ(rows.kept.parameters[1].version, 2U);
    EXPECT_NE(operated.digest, changed(kFused, nullptr, {}, nullptr, {}).digest);

    std::vector<PlannedChange> plan;
    for (const ParameterRecord& row : rows.kept.parameters)
        plan.push_back({row.time, row.strategy, row.parameter, row.value, "record"});
    for (const CutMask cuts : {kFused, CutMask{kPlacementCount - 1}})
        EXPECT_EQ(operated.digest,
                  changed(cuts, nullptr, plan_changes(plan, settings.signals), nullptr, {}).digest)
            << describe_cuts(cuts);
    // Asked for at the pace of the clock, which looks into the inbox between any two ticks.
    OperatorInbox paced;
    EXPECT_EQ(operated.parameter_changes,
              changed(kFused, &paced, {}, nullptr, Pacer{1e9}).parameter_changes);
}

}  // namespace
}  // namespace sluice::tests
