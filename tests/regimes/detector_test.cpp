// The detector on bars made by hand, and what holds on any bars.
#include <sluice/pipeline/hot/regime_detector.hpp>

#include <gtest/gtest.h>

#include <vector>

#include <sluice/core/random.hpp>
#include <sluice/pipeline/settings_schema.hpp>

#include "allocation_hook.hpp"

namespace sluice::tests {
namespace {

using pipeline::Bar;
using pipeline::Price;
using pipeline::Quantity;
using pipeline::Regime;
using pipeline::RegimeDetector;
using pipeline::RegimeSettings;

// In cents.
Bar bar(std::int64_t open, std::int64_t high, std::int64_t low, std::int64_t close) {
    const auto cents = [](std::int64_t n) { return Price::from_raw(n * Price::kScale / 100); };
    return {cents(open), cents(high), cents(low), cents(close), Quantity::from_units(100)};
}
// Small enough to count by hand.
RegimeSettings small() {
    RegimeSettings settings;
    settings.adx_period = 3;
    settings.atr_period = 3;
    settings.baseline = 40;
    settings.band_period = 10;
    settings.dwell = 1;
    return settings;
}

// A market whose character is set bar by bar.
struct Made {
    core::Random random;
    std::int64_t close = 100'000;

    explicit Made(std::uint64_t seed) : random(seed, 0, 0) {}
    Bar next(std::int64_t drift, std::int64_t noise) {
        const std::int64_t open = close;
        close = std::max<std::int64_t>(1'000, open + drift + noise * random.bell() / 4);
        return bar(open, std::max(open, close) + random.below(noise + 1),
                   std::min(open, close) - random.below(noise + 1), close);
    }
    // Up and down around where it is.
    Bar swing(std::int64_t width) {
        const std::int64_t open = close;
        up = !up;
        close = open + (up ? width : -width);
        return bar(open, std::max(open, close), std::min(open, close), close);
    }
    bool up = false;
};

TEST(RegimeDetector, says_its_fallback_until_there_are_bars_enough) {
    for (const Regime fallback : {Regime::kUnknown, Regime::kVolatile}) {
        RegimeSettings settings = small();
        settings.fallback = fallback;
        RegimeDetector detector(settings);
        // ADX 6, bands 10, ATR 3 and a quarter of the baseline: 3 - 1 + 10.
        ASSERT_EQ(detector.warm_up(), 12U);
        Made market(1);
        for (std::size_t i = 1; i < detector.warm_up(); ++i) {
            EXPECT_FALSE(detector.on_bar(market.swing(10))) << i;
            EXPECT_EQ(detector.regime(), fallback);
            EXPECT_FALSE(detector.ready());
        }
        EXPECT_TRUE(detector.on_bar(market.swing(10)));
        EXPECT_TRUE(detector.ready());
        EXPECT_EQ(detector.regime(), Regime::kRanging);
    }
}

TEST(RegimeDetector, waits_for_whichever_of_its_indicators_comes_last) {
    RegimeSettings settings = small();
    settings.adx_period = 20;
    EXPECT_EQ(RegimeDetector(settings).warm_up(), 40U);
    settings.band_period = 41;
    EXPECT_EQ(RegimeDetector(settings).warm_up(), 41U);
    settings.baseline = 161;  // 3 - 1 + 41
    EXPECT_EQ(RegimeDetector(settings).warm_up(), 43U);
}

// Every bar opens at the close of the one before, goes a cent up, and is a cent long. So the true
// range is 1 in each, +DM 1, -DM 0: ADX is 100 and ATR 1. Of ten closes a cent apart the population
// deviation is sqrt((10^2 - 1) / 12) = 2.8723; the bands are 4 of them apart: 11.489 ATRs.
TEST(RegimeDetector, measures_a_ladder_as_the_formulas_say) {
    RegimeDetector detector(small());
    for (std::int64_t i = 0; i < 30; ++i)
        detector.on_bar(bar(1'000 + i, 1'001 + i, 1'000 + i, 1'001 + i));
    EXPECT_NEAR(detector.adx(), 100.0, 1e-9);
    EXPECT_NEAR(detector.volatility(), 1.0, 1e-9);
    EXPECT_NEAR(detector.spread(), 11.4891252930760572, 1e-9);
    EXPECT_EQ(detector.regime(), Regime::kTrending);
}

// ATR of three by Wilder: from 4 cents it goes to 4 + (40 - 4) / 3 = 16 with one bar of 40. The
// baseline after 30 ranges of 4 (28 ATRs, all 4) takes it in as 1/29: 4 + 12 / 29.
TEST(RegimeDetector, measures_a_jump_of_the_range_as_the_formulas_say) {
    RegimeDetector detector(small());
    for (int i = 0; i < 30; ++i) detector.on_bar(bar(1'000, 1'002, 998, 1'000));
    EXPECT_EQ(detector.regime(), Regime::kRanging);
    EXPECT_TRUE(detector.on_bar(bar(1'000, 1'020, 980, 1'000)));
    EXPECT_NEAR(detector.volatility(), 16.0 / (4.0 + 12.0 / 29.0), 1e-9);
    EXPECT_EQ(detector.regime(), Regime::kVolatile);
}

TEST(RegimeDetector, calls_a_market_in_which_nothing_moves_ranging) {
    RegimeDetector detector(small());
    for (int i = 0; i < 60; ++i) detector.on_bar(bar(1'000, 1'000, 1'000, 1'000));
    EXPECT_EQ(detector.regime(), Regime::kRanging);
    EXPECT_EQ(detector.volatility(), 0.0);
    EXPECT_EQ(detector.spread(), 0.0);
}

TEST(RegimeDetector, calls_a_fall_a_trend_as_it_does_a_rise) {
    RegimeDetector detector(small());
    for (std::int64_t i = 0; i < 30; ++i)
        detector.on_bar(bar(9'000 - i, 9'000 - i, 8'999 - i, 8'999 - i));
    EXPECT_EQ(detector.regime(), Regime::kTrending);
}

TEST(RegimeDetector, leaves_out_a_bar_that_cannot_be_and_counts_it) {
    RegimeDetector clean(small());
    RegimeDetector dirty(small());
    Made market(3);
    for (int i = 0; i < 200; ++i) {
        const Bar next = market.next(i / 50 % 2 * 8, 5);
        EXPECT_EQ(clean.on_bar(next), dirty.on_bar(next));
        for (const Bar& wrong : {bar(10, 9, 11, 10), bar(0, 0, 0, 0), bar(10, 12, 9, 13),
                                 bar(10, 12, 9, 8), bar(-5, -4, -6, -5)})
            EXPECT_FALSE(dirty.on_bar(wrong));
    }
    EXPECT_EQ(clean.regime(), dirty.regime());
    EXPECT_EQ(clean.adx(), dirty.adx());
    EXPECT_EQ(clean.left_out(), 0U);
    EXPECT_EQ(dirty.left_out(), 1'000U);
}

// One threshold for both would change again and again where ATR stays close to it.
TEST(RegimeDetector, does_not_flicker_between_its_two_thresholds) {
    RegimeSettings settings = small();
    settings.baseline = 1'000;
    const auto changes_with = [&](double leave) {
        settings.volatile_leave = leave;
        RegimeDetector detector(settings);
        int changes = 0;
        for (int i = 0; i < 300; ++i) detector.on_bar(bar(1'000, 1'002, 998, 1'000));
        for (int i = 0; i < 100; ++i) {
            const std::int64_t half = i % 4 < 2 ? 4 : 2;  // ATR swings about 1.5 times its average
            changes += detector.on_bar(bar(1'000, 1'000 + half, 1'000 - half, 1'000)) ? 1 : 0;
        }
        return changes;
    };
    EXPECT_GT(changes_with(settings.volatile_enter), 20);
    EXPECT_EQ(changes_with(1.0), 1);
}

TEST(RegimeDetector, stays_in_a_regime_for_its_dwell_on_any_market) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        RegimeSettings settings = small();
        settings.dwell = 1 + static_cast<std::int64_t>(seed % 12);
        settings.volatile_leave = settings.volatile_enter;
        settings.adx_leave = settings.adx_enter;
        settings.spread_leave = settings.spread_enter;
        RegimeDetector detector(settings);
        Made market(seed);
        std::int64_t last = -1'000;
        for (std::int64_t i = 0; i < 2'000; ++i) {
            const std::int64_t phase = i / 37 % 3;
            const Regime before = detector.regime();
            const bool changed =
                detector.on_bar(market.next(phase == 1 ? 6 : 0, phase == 2 ? 40 : 5));
            ASSERT_EQ(changed, detector.regime() != before);
            if (!changed) continue;
            ASSERT_GE(i - last, settings.dwell) << "seed " << seed << ", bar " << i;
            last = i;
        }
        EXPECT_GT(last, 100);
    }
}

// Prices times four are exact in binary: every ratio that decides is the same to the bit.
TEST(RegimeDetector, does_not_care_what_a_price_is_counted_in) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        RegimeDetector one(small());
        RegimeDetector four(small());
        Made market(seed);
        for (int i = 0; i < 1'000; ++i) {
            const int phase = i / 60 % 3;
            const Bar b = market.next(phase == 1 ? 6 : 0, phase == 2 ? 40 : 5);
            const auto times = [](Price p) { return Price::from_raw(p.raw() * 4); };
            one.on_bar(b);
            four.on_bar({times(b.open), times(b.high), times(b.low), times(b.close), b.volume});
            ASSERT_EQ(one.regime(), four.regime()) << "seed " << seed << ", bar " << i;
        }
    }
}

TEST(RegimeDetector, gives_the_same_for_the_same_bars_and_a_copy_goes_its_own_way) {
    RegimeDetector first(RegimeSettings{});
    Made market(9);
    for (int i = 0; i < 400; ++i) first.on_bar(market.next(0, 5));
    RegimeDetector second = first;
    for (int i = 0; i < 400; ++i) {
        const Bar b = market.next(i < 200 ? 8 : 0, 5);
        ASSERT_EQ(first.on_bar(b), second.on_bar(b));
        ASSERT_EQ(first.regime(), second.regime());
    }
    for (int i = 0; i < 60; ++i) first.on_bar(market.next(0, 60));
    EXPECT_EQ(first.regime(), Regime::kVolatile);
    EXPECT_NE(second.regime(), Regime::kVolatile);
}

TEST(RegimeDetector, takes_no_memory_after_its_construction) {
    if (!can_count_heap_calls()) GTEST_SKIP() << "this build's malloc cannot be replaced";
    RegimeDetector detector(RegimeSettings{});
    Made market(4);
    arm_heap_count();
    for (int i = 0; i < 2'000; ++i) detector.on_bar(market.next(i / 100 % 3, 5));
    const HeapCalls calls = disarm_heap_count();
    EXPECT_EQ(calls.allocations, 0U);
    EXPECT_EQ(calls.frees, 0U);
}

// The configuration.

TEST(RegimeSection, has_the_defaults_of_the_plain_struct) {
    const auto schema = pipeline::make_settings_schema();
    const RegimeSettings read = schema.load_text("", "x.toml").settings.regime;
    const RegimeSettings plain;
    EXPECT_FALSE(read.enabled);
    EXPECT_EQ(read.timeframe, plain.timeframe);
    EXPECT_EQ(read.baseline, plain.baseline);
    EXPECT_EQ(read.band_period, plain.band_period);
    EXPECT_EQ(read.adx_enter, plain.adx_enter);
    EXPECT_EQ(read.spread_leave, plain.spread_leave);
    EXPECT_EQ(read.fallback, Regime::kUnknown);
}

TEST(RegimeSection, refuses_what_contradicts_itself_with_the_keys_that_do) {
    const auto schema = pipeline::make_settings_schema();
    struct Row {
        const char* text;
        std::vector<const char*> keys;
    };
    for (const Row& row :
         {Row{"volatile_enter = 1.1\nvolatile_leave = 1.2", {"volatile_enter", "volatile_leave"}},
          Row{"adx_enter = 14.0", {"adx_enter", "adx_leave"}},
          Row{"spread_leave = 3.1", {"spread_leave", "spread_enter"}},
          Row{"baseline = 27", {"baseline", "atr_period"}},
          Row{"enabled = true\ntimeframe = \"30s\"", {"regime.timeframe", "bars.timeframes"}}}) {
        const auto faults =
            schema.check_text(std::string("[regime]\n") + row.text + "\n", "x.toml");
        ASSERT_EQ(faults.size(), 1U) << row.text;
        EXPECT_EQ(faults[0].kind, core::config::ErrorKind::kContradiction);
        for (const char* key : row.keys)
            EXPECT_NE(faults[0].message.find(key), std::string::npos) << faults[0].message;
    }
    for (const char* fine :
         {"volatile_leave = 1.5", "baseline = 28", "timeframe = \"30s\"", "fallback = \"ranging\""})
        EXPECT_TRUE(schema.check_text(std::string("[regime]\n") + fine + "\n", "x.toml").empty())
            << fine;
    for (const char* wrong : {"adx_period = 1", "dwell = 0", "band_width = nan",
                              "adx_enter = 101.0", "fallback = \"calm\"", "volatile_enter = 0.0"})
        EXPECT_FALSE(schema.check_text(std::string("[regime]\n") + wrong + "\n", "x.toml").empty())
            << wrong;
}

}  // namespace
}  // namespace sluice::tests
