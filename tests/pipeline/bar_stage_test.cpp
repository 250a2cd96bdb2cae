// Ticks to bars: which bar a tick belongs to, when a bar closes, and what happens to a tick that
// comes too late for it.
#include <sluice/pipeline/hot/bar_stage.hpp>

#include <gtest/gtest.h>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Bar;
using pipeline::BarPrice;
using pipeline::BarSettings;
using pipeline::BarStage;
using pipeline::IncidentKind;
using pipeline::InstrumentTable;

constexpr Nanos kTenSeconds{10 * kSecondNs};
constexpr Nanos kOneMinute{kMinuteNs};

class Bars : public testing::Test {
  protected:
    explicit Bars(std::vector<Nanos> timeframes = {kTenSeconds, kOneMinute},
                  BarPrice made_of = BarPrice::kTrade)
        : stage(BarSettings{std::move(timeframes), made_of, false}, InstrumentTable(2)) {}

    void trade(std::int64_t second, std::string_view at, std::int64_t size,
               std::size_t instrument = 0) {
        send(trade_at(at_second(second), instrument, price(at), shares(size)));
    }
    void beat(std::int64_t second) { send(timer_at(at_second(second), EventKind::kBeat)); }
    void end(std::int64_t second) { send(timer_at(at_second(second), EventKind::kEnd)); }
    void send(const Event& given) {
        Event event = given;
        event.place(Sequence{++sequence}, 0);
        stage.on<EventKind::kNone>(event, CapturingOutput{out});
    }
    // "end open high low close volume" of each bar of a timeframe, times in seconds.
    [[nodiscard]] std::vector<std::string> bars(std::size_t timeframe,
                                                std::size_t instrument = 0) const {
        std::vector<std::string> rows;
        for (const Event& e : out.emitted_of(EventKind::kBar)) {
            if (e.timeframe() != timeframe || core::index_of(e.symbol()) != instrument) continue;
            const Bar& b = e.bar();
            rows.push_back(std::to_string(core::ns_since_epoch(e.time()) / kSecondNs) + " " +
                           to_string(b.open) + " " + to_string(b.high) + " " + to_string(b.low) +
                           " " + to_string(b.close) + " " + to_string(b.volume));
        }
        return rows;
    }

    BarStage stage;
    Captured out;
    std::uint64_t sequence = 0;
};
using BarRows = std::vector<std::string>;

TEST_F(Bars, hold_open_high_low_close_and_volume_of_each_timeframe_at_once) {
    trade(0, "10", 1);
    trade(4, "12", 2);
    trade(9, "9", 3);
    trade(10, "11", 4);  // ends the first ten seconds: an end is exclusive
    trade(59, "8.5", 5);
    trade(60, "13", 6);
    EXPECT_EQ(bars(0), (BarRows{"10 10 12 9 9 6", "20 11 11 11 11 4", "60 8.5 8.5 8.5 8.5 5"}));
    EXPECT_EQ(bars(1), BarRows{"60 10 12 8.5 8.5 15"});
    EXPECT_EQ(stage.closed(), (std::vector<std::uint64_t>{3, 1}));
    EXPECT_EQ(stage.late(), 0U);
}

TEST_F(Bars, close_with_the_clock_when_no_tick_comes) {
    trade(1, "10", 1);
    beat(9);
    EXPECT_TRUE(bars(0).empty());
    beat(10);
    EXPECT_EQ(bars(0), BarRows{"10 10 10 10 10 1"});
    EXPECT_TRUE(bars(1).empty());
    beat(11);
    EXPECT_EQ(bars(0).size(), 1U) << "a bar closes once";
    beat(60);
    EXPECT_EQ(bars(1), BarRows{"60 10 10 10 10 1"});
}

TEST_F(Bars, name_the_event_that_closed_them_and_follow_it) {
    trade(1, "10", 1);
    beat(10);
    ASSERT_EQ(out.emitted.size(), 1U);
    EXPECT_EQ(out.emitted[0].sequence(), Sequence{2});
    EXPECT_EQ(core::ns_since_epoch(out.emitted[0].time()), 10 * kSecondNs);
    EXPECT_EQ(out.passed.size(), 2U) << "the beat itself goes on";
    EXPECT_EQ(out.passed[1].kind(), EventKind::kBeat);
}

TEST_F(Bars, do_not_exist_for_empty_periods) {
    trade(1, "10", 1);
    for (std::int64_t second = 2; second <= 600; ++second) beat(second);
    trade(605, "11", 2);
    end(605);
    EXPECT_EQ(bars(0), (BarRows{"10 10 10 10 10 1", "610 11 11 11 11 2"}));
    EXPECT_EQ(bars(1), (BarRows{"60 10 10 10 10 1", "660 11 11 11 11 2"}));
}

TEST_F(Bars, stay_as_published_when_a_late_tick_comes_and_count_it) {
    trade(1, "10", 1);
    trade(12, "11", 1);  // closes 0-10
    trade(5, "99", 7);   // late for 0-10, in time for the minute
    beat(60);
    EXPECT_EQ(stage.late(), 1U);
    EXPECT_EQ(bars(0), (BarRows{"10 10 10 10 10 1", "20 11 11 11 11 1"}));
    EXPECT_EQ(bars(1), BarRows{"60 10 99 10 99 9"}) << "the bar that is still open takes it";
}

TEST_F(Bars, closed_by_the_clock_are_closed_for_late_ticks_too) {
    trade(1, "10", 1);
    beat(10);
    trade(9, "99", 7);
    end(60);
    EXPECT_EQ(stage.late(), 1U);
    EXPECT_EQ(bars(0), BarRows{"10 10 10 10 10 1"});
}

TEST_F(Bars, use_a_tick_out_of_order_while_they_are_open) {
    trade(5, "10", 1);
    trade(3, "12", 1);  // before the tick that came first: a new high, and the last to arrive
    trade(4, "7", 1);
    beat(10);
    EXPECT_EQ(stage.late(), 0U);
    EXPECT_EQ(bars(0), BarRows{"10 10 12 7 7 3"});
}

TEST_F(Bars, of_one_instrument_do_not_close_by_ticks_of_another) {
    trade(1, "10", 1, 0);
    trade(12, "20", 1, 1);
    EXPECT_TRUE(bars(0, 0).empty());
    trade(9, "11", 1, 0);
    EXPECT_EQ(stage.late(), 0U);
    beat(20);
    EXPECT_EQ(bars(0, 0), BarRows{"10 10 11 10 11 2"});
    EXPECT_EQ(bars(0, 1), BarRows{"20 20 20 20 20 1"});
}

TEST_F(Bars, that_are_open_at_the_end_come_out_as_far_as_they_got) {
    trade(61, "10", 1);
    end(62);
    EXPECT_EQ(bars(0), BarRows{"70 10 10 10 10 1"});
    EXPECT_EQ(bars(1), BarRows{"120 10 10 10 10 1"});
    end(63);
    EXPECT_EQ(out.emitted.size(), 2U);
}

TEST_F(Bars, are_aligned_to_utc_before_the_epoch_as_after_it) {
    trade(-5, "10", 1);
    end(-5);
    EXPECT_EQ(bars(0), BarRows{"0 10 10 10 10 1"});
}

TEST_F(Bars, whose_volume_is_more_than_can_be_held_say_so_and_keep_the_most) {
    send(trade_at(at_second(0), 0, price("10"), Quantity::max()));
    EXPECT_TRUE(out.emitted.empty());
    trade(1, "11", 1);
    const auto incidents = out.emitted_of(EventKind::kIncident);
    ASSERT_EQ(incidents.size(), 2U) << "one for each timeframe";
    EXPECT_EQ(incidents[0].incident_kind(), IncidentKind::kBarVolumeOverflow);
    EXPECT_EQ(incidents[0].incident().quantity, shares(1));
    EXPECT_EQ(incidents[0].sequence(), Sequence{2});
    beat(10);
    EXPECT_EQ(bars(0), BarRows{"10 10 11 10 11 " + to_string(Quantity::max())});
}

TEST_F(Bars, of_trades_take_no_notice_of_quotes) {
    send(quote_at(at_second(1), 0, price("9"), shares(1), price("11"), shares(1)));
    end(60);
    EXPECT_TRUE(out.emitted.empty());
}

class MidBars : public Bars {
  protected:
    MidBars() : Bars({kTenSeconds}, BarPrice::kMid) {}
    void quote(std::int64_t second, std::string_view bid, std::string_view ask) {
        send(quote_at(at_second(second), 0, price(bid), shares(100), price(ask), shares(100)));
    }
};

TEST_F(MidBars, are_made_of_the_middle_of_updates_that_carry_one_side_each) {
    quote(1, "10", "0");
    EXPECT_TRUE(bars(0).empty());
    quote(2, "0", "11");    // now both: 10.5
    quote(3, "10.6", "0");  // 10.8
    quote(4, "0", "10.8");  // 10.7
    quote(5, "9", "9.5");   // 9.25
    trade(6, "50", 1);      // a trade is not their business
    beat(10);
    EXPECT_EQ(bars(0), BarRows{"10 10.5 10.8 9.25 9.25 0"});
}

TEST_F(MidBars, keep_the_sides_of_an_instrument_from_one_bar_to_the_next) {
    quote(1, "10", "11");
    quote(11, "10.2", "0");
    beat(20);
    EXPECT_EQ(bars(0), (BarRows{"10 10.5 10.5 10.5 10.5 0", "20 10.6 10.6 10.6 10.6 0"}));
}

TEST_F(MidBars, round_the_middle_down_to_the_price_unit) {
    quote(1, "0.000000001", "0.000000002");
    beat(10);
    EXPECT_EQ(bars(0), BarRows{"10 0.000000001 0.000000001 0.000000001 0.000000001 0"});
}

TEST_F(MidBars, hold_the_middle_of_the_largest_prices) {
    send(quote_at(at_second(1), 0, Price::from_raw(INT64_MAX - 2), shares(1), Price::max(),
                  shares(1)));
    beat(10);
    ASSERT_EQ(bars(0).size(), 1U);
    EXPECT_EQ(out.emitted[0].bar().close, Price::from_raw(INT64_MAX - 1));
}

}  // namespace
}  // namespace sluice::tests
