// The cross-section through the stage: who is compared with whom, when, and what comes of it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <random>

#include <sluice/pipeline/hot/signal_stage.hpp>

#include "strategies_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Settings;
using pipeline::SignalStage;
using pipeline::StrategyKind;
using pipeline::StrategySettings;

Settings settings_of(double lookback, double names, double min_z, double follow = 1) {
    Settings s;
    StrategySettings section;
    section.kind = StrategyKind::kCrossSection;
    section.set("lookback", lookback);
    section.set("names", names);
    section.set("min_z", min_z);
    section.set("follow", follow);
    s.signals.strategies = {section};
    return s;
}

class CrossSectionStage {
  public:
    CrossSectionStage(const Settings& settings, std::size_t count)
        : stage_(settings, instruments(count)) {}

    // Bars that end at this minute; a close of 0: the instrument has none.
    void minute(std::int64_t number, const std::vector<double>& closes) {
        for (std::size_t i = 0; i < closes.size(); ++i)
            if (closes[i] > 0) bar(number, i, closes[i]);
    }
    void bar(std::int64_t number, std::size_t instrument, double close) {
        const StreamTime end = at_ns(number * kMinuteNs);
        take(Event::bar(end, Sequence{++sequence_}, symbol(instrument), 0, bar_of(close)));
    }
    void beat(std::int64_t minute, std::int64_t second) {
        take(Event::timer(at_ns(minute * kMinuteNs + second * kSecondNs), EventKind::kBeat));
    }
    // What the intents since the last call want, in units, by instrument.
    std::map<std::size_t, double> wanted() {
        std::map<std::size_t, double> out;
        for (const Event& e : captured_.emitted)
            out[core::index_of(e.symbol())] = static_cast<double>(e.intent().target.raw()) / 1e8;
        captured_.clear();
        return out;
    }
    [[nodiscard]] const SignalStage& stage() const { return stage_; }

  private:
    void take(const Event& event) {
        stage_.on<EventKind::kNone>(event, CapturingOutput{captured_});
    }
    SignalStage stage_;
    Captured captured_;
    std::uint64_t sequence_ = 0;
};
using Wanted = std::map<std::size_t, double>;

// Returns 3 %, 1 %, 0 %, -2 %: mean 0.5 %, deviation 1.803 %, z 1.387, 0.277, -0.277, -1.387.
const std::vector<double> kBefore{100, 100, 100, 100};
const std::vector<double> kAfter{103, 101, 100, 98};

TEST(CrossSection, buys_the_best_and_sells_the_worst_once_all_are_in) {
    CrossSectionStage s{settings_of(1, 1, 0.5), 4};
    s.minute(1, kBefore);
    EXPECT_EQ(s.wanted(), Wanted{});
    s.minute(2, {103, 101, 100});
    EXPECT_EQ(s.wanted(), Wanted{}) << "one is missing";
    s.bar(2, 3, 98);
    EXPECT_EQ(s.wanted(), (Wanted{{0, 100}, {3, -100}}));
}

TEST(CrossSection, turns_round_where_it_does_not_follow) {
    CrossSectionStage s{settings_of(1, 1, 0.5, 0), 4};
    s.minute(1, kBefore);
    s.minute(2, kAfter);
    EXPECT_EQ(s.wanted(), (Wanted{{0, -100}, {3, 100}}));
}

TEST(CrossSection, takes_as_many_on_one_side_as_on_the_other) {
    CrossSectionStage two{settings_of(1, 2, 0.2), 4};
    two.minute(1, kBefore);
    two.minute(2, kAfter);
    EXPECT_EQ(two.wanted(), (Wanted{{0, 100}, {1, 100}, {2, -100}, {3, -100}}));
    // z 1.387 and -1.387 are far enough, 0.277 and -0.277 are not.
    CrossSectionStage far{settings_of(1, 2, 0.5), 4};
    far.minute(1, kBefore);
    far.minute(2, kAfter);
    EXPECT_EQ(far.wanted(), (Wanted{{0, 100}, {3, -100}}));
    // One high above three equal ones: z 1.732 and -0.577 each. Nobody is below -1 to be sold.
    CrossSectionStage lonely{settings_of(1, 1, 1.0), 4};
    lonely.minute(1, kBefore);
    lonely.minute(2, {104, 100, 100, 100});
    EXPECT_EQ(lonely.wanted(), Wanted{});
}

TEST(CrossSection, ranks_with_the_next_bar_at_the_latest_who_was_in) {
    CrossSectionStage s{settings_of(1, 1, 0.5), 4};
    s.minute(1, kBefore);
    s.minute(2, {103, 0, 100, 98});
    EXPECT_EQ(s.wanted(), Wanted{});
    s.bar(3, 1, 100);
    EXPECT_EQ(s.wanted(), (Wanted{{0, 100}, {3, -100}}));
}

TEST(CrossSection, ranks_with_the_second_beat_who_was_in) {
    CrossSectionStage s{settings_of(1, 1, 0.5), 4};
    s.minute(1, kBefore);
    s.minute(2, {103, 0, 100, 98});
    s.beat(2, 0);  // it may yet close bars of that minute
    EXPECT_EQ(s.wanted(), Wanted{});
    s.beat(2, 1);
    EXPECT_EQ(s.wanted(), (Wanted{{0, 100}, {3, -100}}));
    s.bar(2, 1, 200);
    s.beat(2, 2);
    s.beat(2, 3);
    EXPECT_EQ(s.wanted(), Wanted{}) << "too late for that minute";
}

TEST(CrossSection, leaves_out_who_has_no_past_yet_and_needs_two) {
    CrossSectionStage s{settings_of(1, 1, 0.5), 3};
    s.minute(1, {100, 100, 0});
    s.minute(2, {102, 98, 100});
    EXPECT_EQ(s.wanted(), (Wanted{{0, 100}, {1, -100}})) << "the third has no return";
    CrossSectionStage alone{settings_of(1, 1, 0.0), 1};
    alone.minute(1, {100});
    alone.minute(2, {103});
    EXPECT_EQ(alone.wanted(), Wanted{});
}

TEST(CrossSection, gives_up_and_turns_as_the_order_of_the_instruments_does) {
    CrossSectionStage s{settings_of(1, 1, 0.5), 4};
    s.minute(1, kBefore);
    s.minute(2, kAfter);
    (void)s.wanted();
    s.minute(3, {103, 104, 100, 98});  // the second is best; of the equal ones the last stays sold
    EXPECT_EQ(s.wanted(), (Wanted{{0, 0}, {1, 100}}));
    s.minute(4, {104, 104, 99, 98});
    EXPECT_EQ(s.wanted(), (Wanted{{0, 100}, {1, 0}, {2, -100}, {3, 0}}));
}

// Any closes: as many long as short, no more than asked for, and every long did better than any short.
RC_GTEST_PROP(CrossSection, is_balanced_and_ordered, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(2, 12);
    const auto names = *rc::gen::inRange(1, 5);
    const double min_z = *rc::gen::element(0.0, 0.3, 1.0);
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    CrossSectionStage s{settings_of(2, names, min_z), count};
    std::vector<std::vector<double>> closes;
    std::vector<double> held(count, 0);
    for (std::int64_t minute = 1; minute <= 12; ++minute) {
        std::vector<double> now;
        for (std::size_t i = 0; i < count; ++i)
            now.push_back(100 + static_cast<double>(random() % 9));
        closes.push_back(now);
        s.minute(minute, now);
        for (const auto& [instrument, units] : s.wanted()) held[instrument] = units;
        if (minute < 3) continue;
        const auto& then = closes[closes.size() - 3];
        int longs = 0;
        int shorts = 0;
        double worst_long = 1e9;
        double best_short = -1e9;
        for (std::size_t i = 0; i < count; ++i) {
            const double change = now[i] / then[i];
            if (held[i] > 0) {
                ++longs;
                worst_long = std::min(worst_long, change);
            } else if (held[i] < 0) {
                ++shorts;
                best_short = std::max(best_short, change);
            }
        }
        RC_ASSERT(longs == shorts);
        RC_ASSERT(longs <= names);
        if (longs > 0) RC_ASSERT(worst_long > best_short);
    }
}

}  // namespace
}  // namespace sluice::tests
