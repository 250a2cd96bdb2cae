// Bars that end with what is traded: cases worked out by hand.
#include <gtest/gtest.h>

#include "bars_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::BarPrice;
using pipeline::IncidentKind;
using Rows = std::vector<std::string>;

TEST(ActivityBars, of_ticks_end_with_every_nth_trade_of_their_instrument) {
    BarFeed feed{bar_settings({"3 ticks"})};
    feed.trade(1, "10", "1");
    feed.trade(2, "12", "2");
    feed.trade(2, "50", "9", 1);
    feed.trade(3, "9", "3");
    feed.trade(4, "11", "4");
    feed.trade(5, "11", "5");
    EXPECT_EQ(feed.bars(), Rows{"3 10 12 9 9 6"});
    feed.trade(6, "8", "6");
    EXPECT_EQ(feed.bars(), (Rows{"3 10 12 9 9 6", "6 11 11 8 8 15"}));
    EXPECT_TRUE(feed.bars(0, 1).empty());
    EXPECT_EQ(feed.stage.closed(), (std::vector<std::uint64_t>{0, 2}));
}

TEST(ActivityBars, of_units_keep_the_whole_trade_that_reaches_their_size) {
    BarFeed feed{bar_settings({"100 units"})};
    feed.trade(1, "10", "60");
    feed.trade(2, "11", "70");  // 30 over: they stay in this bar
    feed.trade(3, "12", "99.99999999");
    EXPECT_EQ(feed.bars(), Rows{"2 10 11 10 11 130"});
    feed.trade(4, "13", "0.00000001");  // exactly the size
    EXPECT_EQ(feed.bars().back(), "4 12 13 12 13 100");
}

TEST(ActivityBars, of_units_make_one_bar_of_a_trade_many_times_their_size) {
    BarFeed feed{bar_settings({"100 units"})};
    feed.trade(1, "10", "1000");
    feed.trade(2, "11", "1");
    EXPECT_EQ(feed.bars(), Rows{"1 10 10 10 10 1000"});
}

TEST(ActivityBars, of_notional_end_at_the_exact_amount) {
    BarFeed feed{bar_settings({"1000.50 notional"})};
    feed.trade(1, "10", "100");         // 1000
    feed.trade(2, "0.000000001", "1");  // 1000.000000001
    feed.trade(3, "0.499999998", "1");  // 1000.499999999
    EXPECT_TRUE(feed.bars().empty());
    feed.trade(4, "0.1", "0.00000001");  // 1000.5 exactly
    EXPECT_EQ(feed.bars(), Rows{"4 10 10 0.000000001 0.1 102.00000001"});
}

TEST(ActivityBars, of_notional_count_a_contract_by_its_multiplier) {
    pipeline::InstrumentTable instruments(2);
    instruments[0].multiplier = core::Quantity::from_units(50);
    instruments[1].multiplier = core::Quantity::from_raw(core::Quantity::kScale / 8);
    BarFeed feed{bar_settings({"1000.50 notional"}), instruments};
    feed.trade(1, "10", "2");       // 1000
    feed.trade(2, "0.009", "1");    // 1000.45
    feed.trade(3, "10", "800", 1);  // 1000
    feed.trade(4, "3.9", "1", 1);   // 1000.4875
    EXPECT_TRUE(feed.bars().empty() && feed.bars(0, 1).empty());
    feed.trade(5, "0.001", "1");   // 1000.5 exactly
    feed.trade(6, "0.1", "1", 1);  // the same
    EXPECT_EQ(feed.bars(), Rows{"5 10 10 0.001 0.001 4"});
    EXPECT_EQ(feed.bars(0, 1), Rows{"6 10 10 0.1 0.1 802"});
}

TEST(ActivityBars, of_several_kinds_stand_beside_each_other_after_the_time_bars) {
    BarFeed feed{bar_settings({"2 ticks", "5 units"})};
    feed.trade(86'399, "10", "4");
    feed.trade(86'400, "11", "4");
    const auto bars = feed.out.emitted_of(EventKind::kBar);
    ASSERT_EQ(bars.size(), 3U);
    EXPECT_EQ(row_of(bars[0]), "86400 10 10 10 10 4") << "the day's bar ends before this trade";
    EXPECT_EQ(bars[0].timeframe(), 0U);
    EXPECT_EQ(row_of(bars[1]), "86400 10 11 10 11 8");
    EXPECT_EQ(bars[1].timeframe(), 1U);
    EXPECT_EQ(row_of(bars[2]), "86400 10 11 10 11 8");
    EXPECT_EQ(bars[2].timeframe(), 2U);
    EXPECT_EQ(bars[2].sequence(), Sequence{2});
}

TEST(ActivityBars, end_with_the_session_and_begin_anew_in_the_next) {
    BarFeed feed{bar_settings({"3 ticks", "imbalance 100"})};
    feed.trade(1, "10", "1");
    feed.trade(2, "11", "2");
    feed.timer(60, EventKind::kSessionClose);
    EXPECT_EQ(feed.bars(0), Rows{"60 10 11 10 11 3"});
    EXPECT_EQ(feed.bars(1), Rows{"60 10 11 10 11 3"});
    feed.timer(70, EventKind::kSessionClose);
    EXPECT_EQ(feed.bars(0).size(), 1U) << "nothing was open";
    feed.trade(100, "20", "1");
    feed.trade(101, "20", "1");
    feed.trade(102, "20", "1");
    EXPECT_EQ(feed.bars(0).back(), "102 20 20 20 20 3");
}

TEST(ActivityBars, that_are_open_end_with_the_stream) {
    BarFeed feed{bar_settings({"3 ticks"})};
    feed.trade(1, "10", "1");
    feed.timer(5, EventKind::kEnd);
    EXPECT_EQ(feed.bars(), Rows{"5 10 10 10 10 1"});
}

TEST(ActivityBars, take_a_trade_that_comes_late_and_never_go_back_in_time) {
    BarFeed feed{bar_settings({"2 ticks"})};
    feed.trade(10, "10", "1");
    feed.trade(4, "12", "1");
    feed.trade(5, "13", "1");
    feed.trade(6, "14", "1");
    EXPECT_EQ(feed.bars(), (Rows{"10 10 12 10 12 2", "10 13 14 13 14 2"}));
}

TEST(ActivityBars, of_midpoints_count_quotes_and_no_trades) {
    BarFeed feed{bar_settings({"2 ticks"}, BarPrice::kMid)};
    feed.send(quote_at(at_second(1), 0, price("9"), shares(1), price("11"), shares(1)));
    feed.trade(2, "50", "1");
    EXPECT_TRUE(feed.bars().empty());
    feed.send(quote_at(at_second(3), 0, price("11"), shares(1), price("13"), shares(1)));
    EXPECT_EQ(feed.bars(), Rows{"3 10 12 10 12 0"});
}

TEST(ActivityBars, say_so_when_their_volume_does_not_fit) {
    BarFeed feed{bar_settings({"3 ticks"})};
    feed.send(trade_at(at_second(1), 0, price("1"), Quantity::max()));
    feed.send(trade_at(at_second(2), 0, price("1"), Quantity::max()));
    const auto incidents = feed.out.emitted_of(EventKind::kIncident);
    ASSERT_EQ(incidents.size(), 2U) << "the day's bar and this one";
    EXPECT_EQ(incidents[1].incident_kind(), IncidentKind::kBarVolumeOverflow);
    feed.trade(3, "1", "1");
    EXPECT_EQ(feed.out.emitted_of(EventKind::kBar).front().bar().volume, Quantity::max());
}

// N = 100: the first bar ends at a sum of sqrt(100) = 10. The first trade has no sign yet, ten
// rises follow. With them E[b] = 1 - (1 - 2/2001)^10 = 0.00996 and E[T] = 100 + 2/21 (11 - 100) =
// 91.52, whose root asks for 10 again; the second bar has signs from its first tick on.
TEST(ActivityBars, of_imbalance_end_when_the_signs_reach_the_root_of_the_expected_ticks) {
    BarFeed feed{bar_settings({"imbalance 100"})};
    for (std::int64_t i = 0; i < 10; ++i) feed.trade(i, std::to_string(100 + i), "1");
    EXPECT_TRUE(feed.bars().empty());
    feed.trade(10, "110", "1");
    EXPECT_EQ(feed.bars(), Rows{"10 100 110 100 110 11"});
    for (std::int64_t i = 11; i < 20; ++i) feed.trade(i, "110", "1");  // no change: the sign before
    EXPECT_EQ(feed.bars().size(), 1U);
    feed.trade(20, "110", "1");
    EXPECT_EQ(feed.bars().back(), "20 110 110 110 110 10");
}

TEST(ActivityBars, of_imbalance_take_a_fall_against_a_rise) {
    BarFeed feed{bar_settings({"imbalance 100"})};
    feed.trade(0, "100", "1");
    for (std::int64_t i = 1; i <= 200; ++i) feed.trade(i, i % 2 == 0 ? "100" : "101", "1");
    EXPECT_TRUE(feed.bars().empty()) << "rises and falls cancel";
    for (std::int64_t i = 201; i <= 220; ++i) feed.trade(i, std::to_string(400 - i), "1");
    EXPECT_FALSE(feed.bars().empty());
}

TEST(ActivityBars, of_imbalance_neither_collapse_nor_go_on_for_ever) {
    // Always up, then always back and forth, then always up.
    BarFeed feed{bar_settings({"imbalance 100"})};
    std::int64_t second = 0;
    for (int i = 0; i < 20'000; ++i) feed.trade(second++, std::to_string(1 + i), "1");
    for (int i = 0; i < 20'000; ++i) feed.trade(second++, i % 2 == 0 ? "5" : "6", "1");
    for (int i = 0; i < 20'000; ++i) feed.trade(second++, std::to_string(1 + i), "1");
    std::int64_t shortest = INT64_MAX, longest = 0;
    for (const Event& e : feed.out.emitted_of(EventKind::kBar)) {
        if (e.timeframe() != 1) continue;
        shortest = std::min(shortest, e.bar().volume.raw() / Quantity::kScale);
        longest = std::max(longest, e.bar().volume.raw() / Quantity::kScale);
    }
    EXPECT_GE(shortest, 5) << "the root of a quarter of 100";
    EXPECT_EQ(longest, 400);
}

}  // namespace
}  // namespace sluice::tests
