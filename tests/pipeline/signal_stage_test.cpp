// Stances to a wanted position. Each strategy here compares the last two closes of a timeframe of
// its own, so that a test moves one stance at a time.
#include <sluice/pipeline/hot/signal_stage.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Settings;
using pipeline::SignalStage;
using pipeline::SizingMode;
using pipeline::StrategyKind;
using pipeline::StrategySettings;

Nanos minutes(std::int64_t n) { return Nanos{n * kMinuteNs}; }

// Long after a rise that follows a fall, short after a fall that follows a rise.
StrategySettings last_move(std::int64_t timeframe_minutes, double weight) {
    StrategySettings s;
    s.name = "last-move-" + std::to_string(timeframe_minutes);
    s.timeframe = minutes(timeframe_minutes);
    s.weight = weight;
    s.set("fast", 1);
    s.set("slow", 2);
    return s;
}

Settings settings_of(std::vector<double> weights) {
    Settings settings;
    settings.bars.timeframes.clear();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto length = static_cast<std::int64_t>(i + 1);
        settings.bars.timeframes.push_back(minutes(length));
        settings.signals.strategies.push_back(last_move(length, weights[i]));
    }
    return settings;
}

class Signals {
  public:
    explicit Signals(const Settings& settings, std::size_t count = 1)
        : stage(settings, instruments(count)) {}

    void close(std::size_t timeframe, std::string_view at, std::size_t instrument = 0) {
        ++second_;
        const Event bar =
            bar_at(at_second(second_), instrument, static_cast<std::uint8_t>(timeframe), price(at),
                   static_cast<Sequence>(second_));
        stage.on<EventKind::kNone>(bar, CapturingOutput{out});
    }
    void go_long(std::size_t timeframe, std::size_t instrument = 0) {
        for (const char* at : {"11", "10", "12"}) close(timeframe, at, instrument);
    }
    void go_short(std::size_t timeframe, std::size_t instrument = 0) {
        for (const char* at : {"11", "12", "10"}) close(timeframe, at, instrument);
    }
    void send(EventKind kind) {
        stage.on<EventKind::kNone>(timer_at(at_second(++second_), kind), CapturingOutput{out});
    }
    // Targets of the intents so far, in units.
    [[nodiscard]] std::vector<std::string> targets() const {
        std::vector<std::string> rows;
        for (const Event& e : out.emitted) rows.push_back(to_string(e.intent().target));
        return rows;
    }

    SignalStage stage;
    Captured out;

  private:
    std::int64_t second_ = 0;
};
using Targets = std::vector<std::string>;

TEST(SignalStage, wants_the_configured_quantity_from_the_bar_on_that_turned_the_stance) {
    Signals signals{settings_of({1})};
    signals.close(0, "11");
    signals.close(0, "10");
    EXPECT_TRUE(signals.out.emitted.empty());
    signals.close(0, "12");
    ASSERT_EQ(signals.out.emitted.size(), 1U);
    const Event& intent = signals.out.emitted[0];
    EXPECT_EQ(intent.kind(), EventKind::kIntent);
    EXPECT_EQ(intent.intent().target, shares(100));
    EXPECT_EQ(intent.intent().score, 1.0);
    EXPECT_EQ(intent.symbol(), symbol(0));
    EXPECT_EQ(intent.sequence(), Sequence{3}) << "the cause of its bar";
    EXPECT_EQ(intent.time(), at_second(3));
    EXPECT_EQ(signals.out.passed.size(), 3U) << "bars go on";
}

TEST(SignalStage, says_nothing_while_nothing_changes) {
    Signals signals{settings_of({1})};
    signals.go_long(0);
    for (const char* at : {"13", "14", "15", "15"}) signals.close(0, at);
    EXPECT_EQ(signals.targets(), Targets{"100"});
    EXPECT_EQ(signals.stage.intents(), 1U);
}

TEST(SignalStage, turns_around_in_one_intent) {
    Signals signals{settings_of({1})};
    signals.go_long(0);
    signals.close(0, "9");
    signals.close(0, "10");
    ASSERT_EQ(signals.targets(), (Targets{"100", "-100", "100"}));
    EXPECT_EQ(signals.out.emitted[1].intent().score, -1.0);
}

TEST(SignalStage, weighs_stances_and_normalises_by_the_weights) {
    for (const double scale : {1.0, 200.0}) {
        // Three for long against one for short: (3 - 1) / 4 is half.
        auto settings = settings_of({3 * scale, 1 * scale});
        settings.signals.threshold = 0.5;
        Signals at_threshold{settings};
        at_threshold.go_short(1);
        at_threshold.go_long(0);
        // Short alone; then the other one is warmed up, says flat and outvotes it; then long.
        ASSERT_EQ(at_threshold.targets(), (Targets{"-100", "0", "100"}));
        EXPECT_EQ(at_threshold.out.emitted.back().intent().score, 0.5);

        settings.signals.threshold = 0.51;
        Signals below_threshold{settings};
        below_threshold.go_short(1);
        below_threshold.go_long(0);
        EXPECT_EQ(below_threshold.targets(), (Targets{"-100", "0"}));
    }
}

TEST(SignalStage, leaves_out_strategies_that_are_not_warmed_up) {
    Signals signals{settings_of({1, 999})};
    signals.go_long(0);
    EXPECT_EQ(signals.targets(), Targets{"100"}) << "the heavy one has seen no bar";
    signals.close(1, "10");
    EXPECT_EQ(signals.targets(), Targets{"100"}) << "nor enough of them";
    signals.close(1, "10");
    ASSERT_EQ(signals.targets(), (Targets{"100", "0"})) << "now it says flat, and weighs more";
    EXPECT_DOUBLE_EQ(signals.out.emitted[1].intent().score, 0.001);
}

TEST(SignalStage, wants_nothing_when_no_strategy_has_weight) {
    Signals signals{settings_of({0})};
    signals.go_long(0);
    EXPECT_TRUE(signals.targets().empty());
}

TEST(SignalStage, is_flat_instead_of_short_where_shorts_are_not_allowed) {
    auto settings = settings_of({1});
    settings.signals.allow_short = false;
    Signals signals{settings};
    signals.go_short(0);
    EXPECT_TRUE(signals.targets().empty());
    signals.close(0, "12");
    signals.close(0, "9");
    EXPECT_EQ(signals.targets(), (Targets{"100", "0"}));
}

TEST(SignalStage, keeps_instruments_and_timeframes_apart) {
    Signals signals{settings_of({1, 1}), 2};
    signals.close(0, "11", 0);
    signals.close(1, "10", 0);
    signals.close(0, "12", 1);
    EXPECT_TRUE(signals.targets().empty()) << "no strategy has seen two closes of its own";
    signals.go_long(0, 1);
    ASSERT_EQ(signals.out.emitted.size(), 1U);
    EXPECT_EQ(signals.out.emitted[0].symbol(), symbol(1));
}

TEST(SignalStage, ignores_bars_of_timeframes_that_no_strategy_uses) {
    auto settings = settings_of({1});
    settings.bars.timeframes.push_back(minutes(5));
    Signals signals{settings};
    signals.go_long(1);
    EXPECT_TRUE(signals.targets().empty());
    EXPECT_EQ(signals.stage.tallies().at(0).bars, 0U);
}

TEST(SignalStage, sizes_by_money_in_whole_lots) {
    struct Row {
        const char* notional;
        const char* lot;
        const char* target;  // at a price of 12
    };
    for (const Row& row :
         {Row{"10000", "1", "833"}, Row{"10000", "100", "800"}, Row{"10000", "0.001", "833.333"},
          Row{"1200", "100", "100"}, Row{"1199.99", "100", "0"},
          Row{"10000", "0.00000001", "833.33333333"}}) {
        auto settings = settings_of({1});
        settings.sizing.mode = SizingMode::kNotional;
        settings.sizing.notional = money(row.notional);
        auto table = instruments(1);
        table[0].lot_size = quantity(row.lot);
        SignalStage stage{settings, table};
        Captured out;
        for (const char* at : {"11", "10", "12"})
            stage.on<EventKind::kNone>(bar_at(at_second(1), 0, 0, price(at)), CapturingOutput{out});
        ASSERT_EQ(out.emitted.size(), 1U) << row.notional;
        EXPECT_EQ(to_string(out.emitted[0].intent().target), row.target) << row.lot;
    }
}

TEST(SignalStage, sizes_and_tallies_at_the_rate_that_came) {
    auto settings = settings_of({1});
    settings.account.rates = {"EUR=1"};
    settings.sizing.mode = SizingMode::kNotional;
    settings.sizing.notional = money("12000");
    auto table = instruments(1);
    table[0].currency = "EUR";
    SignalStage stage{settings, table};
    Captured out;
    stage.on<EventKind::kNone>(Event::rate(at_second(0), 1, price("2")), CapturingOutput{out});
    for (const char* at : {"11", "10", "12", "15"})
        stage.on<EventKind::kNone>(bar_at(at_second(1), 0, 0, price(at)), CapturingOutput{out});
    ASSERT_FALSE(out.emitted.empty());
    EXPECT_EQ(to_string(out.emitted[0].intent().target), "500");  // 12,000 over 12 EUR of 2
    EXPECT_EQ(stage.tallies().at(0).stance_profit, money("6"));   // from 12 to 15
}

TEST(SignalStage, caps_a_size_that_money_over_a_tiny_price_makes_too_large) {
    auto settings = settings_of({1});
    settings.sizing.mode = SizingMode::kNotional;
    settings.sizing.notional = Money::from_units(1'000'000'000);
    Signals signals{settings};
    for (const char* at : {"0.000000002", "0.000000001", "0.000000003"}) signals.close(0, at);
    ASSERT_EQ(signals.out.emitted.size(), 1U);
    EXPECT_GT(signals.out.emitted[0].intent().target, Quantity{});
}

TEST(SignalStage, wants_nothing_new_after_a_stop_and_after_the_end) {
    for (const EventKind last : {EventKind::kStop, EventKind::kEnd}) {
        Signals signals{settings_of({1})};
        signals.send(last);
        signals.go_long(0);
        signals.go_short(0);
        EXPECT_TRUE(signals.out.emitted.empty());
        EXPECT_EQ(signals.out.passed.front().kind(), last) << "the stop itself goes on";
        EXPECT_EQ(signals.stage.intents(), 0U);
    }
}

TEST(SignalStage, tallies_what_holding_each_stance_would_have_brought) {
    Signals signals{settings_of({1})};
    // Stance: flat, flat, long from 12, held to 15 (+3), then 13 turns it short (-2 held long),
    // short to 10 (+3).
    for (const char* at : {"11", "10", "12", "15", "13", "10"}) signals.close(0, at);
    const auto& tally = signals.stage.tallies().at(0);
    EXPECT_EQ(tally.bars, 6U);
    EXPECT_EQ(tally.long_bars, 2U);
    EXPECT_EQ(tally.short_bars, 2U);
    EXPECT_EQ(tally.changes, 2U);
    EXPECT_EQ(tally.winning_bars, 2U);
    EXPECT_EQ(tally.losing_bars, 1U);
    EXPECT_EQ(to_string(tally.stance_profit), "4");
}

TEST(SignalStage, runs_mean_reversion_beside_trend_following) {
    Settings settings;
    settings.bars.timeframes = {minutes(1)};
    StrategySettings reversion;
    reversion.name = "reversion";
    reversion.kind = StrategyKind::kMeanReversion;
    reversion.timeframe = minutes(1);
    reversion.set("period", 5);
    reversion.set("entry_deviations", 2.0);
    settings.signals.strategies = {reversion};
    Signals signals{settings};
    for (const char* at : {"100", "100", "100", "100", "110"}) signals.close(0, at);
    EXPECT_EQ(signals.targets(), Targets{"-100"}) << "against the jump";
}

TEST(SignalStage, refuses_a_strategy_without_its_timeframe) {
    auto settings = settings_of({1});
    settings.signals.strategies[0].timeframe = minutes(7);
    try {
        SignalStage stage{settings, instruments(1)};
        FAIL() << "it must not start";
    } catch (const std::invalid_argument& error) {
        EXPECT_NE(std::string(error.what()).find("last-move-1"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace sluice::tests
