// The one ordered stream: who comes first, what is marked, and how it ends.
#include <gtest/gtest.h>

#include <memory>

#include "sequencer_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Admission;
using pipeline::kFlagOutOfOrder;
using pipeline::OnStop;
using pipeline::Pacer;
using pipeline::RunControl;
using pipeline::TimerPlan;
using pipeline::Timers;

Event tick(std::int64_t ns) { return trade_at(at_ns(ns), 0, price("10"), shares(1)); }
Event bad_tick(std::int64_t ns) { return trade_at(at_ns(ns), 0, Price{}, shares(1)); }

class Sequencing : public testing::Test {
  protected:
    using Sequencer = pipeline::Sequencer<FakeVenue, FakeLane<false>>;

    Sequencing() { plan.beat = Nanos{1000}; }

    void run(std::vector<Event> events) {
        ListSource source{std::move(events)};
        run(source);
    }
    void run(ListSource& source) {
        sequencer = std::make_unique<Sequencer>(venue, lane, Timers{plan}, Admission{false, 1},
                                                Pacer{}, control, on_stop);
        sequencer->run(source);
    }
    // "kind time" of what came out.
    [[nodiscard]] std::vector<std::string> stream() const {
        std::vector<std::string> rows;
        for (const Event& e : lane.log)
            rows.push_back(name(e) + " " + std::to_string(core::ns_since_epoch(e.time())));
        return rows;
    }
    static std::string name(const Event& event) {
        switch (event.kind()) {
            case EventKind::kTrade:
                return (event.flags() & kFlagOutOfOrder) != 0 ? "late-trade" : "trade";
            case EventKind::kReport: return "report";
            case EventKind::kBeat: return "beat";
            case EventKind::kDayStart: return "day";
            case EventKind::kSessionOpen: return "open";
            case EventKind::kSessionClose: return "close";
            case EventKind::kStop: return "stop";
            case EventKind::kEnd: return "end";
            default: return "?";
        }
    }
    void expect_dense_sequence() const {
        for (std::size_t i = 0; i < lane.log.size(); ++i)
            ASSERT_EQ(lane.log[i].sequence(), static_cast<Sequence>(i + 1));
        EXPECT_EQ(sequencer->events(), lane.log.size());
    }

    TimerPlan plan;
    FakeVenue venue{100, 50};
    FakeLane<false> lane{venue};
    RunControl control;
    OnStop on_stop = OnStop::kCancel;
    std::unique_ptr<Sequencer> sequencer;
};
using Stream = std::vector<std::string>;

TEST_F(Sequencing, merges_ticks_and_beats_by_time) {
    run({tick(500), tick(999), tick(1001), tick(3500)});
    EXPECT_EQ(stream(), (Stream{"open 500", "trade 500", "trade 999", "beat 1000", "trade 1001",
                                "beat 2000", "beat 3000", "trade 3500", "stop 3500", "end 3500"}));
    expect_dense_sequence();
    EXPECT_EQ(sequencer->beats(), 3U);
    EXPECT_EQ(control.ticks_taken.load(), 4U);
    EXPECT_EQ(control.stream_time_ns.load(), 3500);
    EXPECT_EQ(sequencer->first_time(), at_ns(500));
}

TEST_F(Sequencing, puts_the_venue_before_the_clock_before_the_market_at_one_time) {
    // Sent at 850, there at 950, back at 1000: the time of a beat and of a tick.
    lane.commands = [](const Event& e) {
        return e.kind() == EventKind::kTrade && e.time() == at_ns(850);
    };
    run({tick(850), tick(1000), tick(1000)});
    EXPECT_EQ(stream(), (Stream{"open 850", "trade 850", "report 1000", "beat 1000", "trade 1000",
                                "trade 1000", "stop 1000", "end 1000"}));
}

TEST_F(Sequencing, keeps_the_order_of_the_source_at_one_time) {
    auto first = tick(500);
    auto second = trade_at(at_ns(500), 0, price("11"), shares(2));
    run({first, second});
    EXPECT_EQ(lane.log[1].trade().price, price("10"));
    EXPECT_EQ(lane.log[2].trade().price, price("11"));
}

TEST_F(Sequencing, passes_on_a_tick_that_goes_back_with_its_own_time_and_a_mark) {
    run({tick(1500), tick(1200), tick(1500), tick(1499)});
    EXPECT_EQ(stream(), (Stream{"open 1500", "trade 1500", "late-trade 1200", "trade 1500",
                                "late-trade 1499", "stop 1500", "end 1500"}));
    EXPECT_EQ(sequencer->take_counts().out_of_order, 2U);
}

TEST_F(Sequencing, marks_a_tick_that_goes_back_behind_a_beat) {
    run({tick(500), tick(1001), tick(999)});
    EXPECT_EQ(stream().at(4), "late-trade 999");
}

TEST_F(Sequencing, counts_refused_ticks_and_does_not_let_them_in) {
    run({tick(1), bad_tick(2), tick(3)});
    EXPECT_EQ(stream(), (Stream{"open 1", "trade 1", "trade 3", "stop 3", "end 3"}));
    EXPECT_EQ(venue.market.size(), 2U) << "nor does the venue see them";
    const auto counts = sequencer->take_counts();
    EXPECT_EQ(counts.invalid, 1U);
    EXPECT_EQ(counts.seen.at(0).trades, 3U);
}

TEST_F(Sequencing, opens_and_closes_the_session_for_the_venue_and_for_admission) {
    plan.session_enabled = true;
    plan.boundaries = {{at_ns(100), EventKind::kSessionOpen},
                       {at_ns(200), EventKind::kSessionClose}};
    run({tick(50), tick(100), tick(199), tick(200)});
    EXPECT_EQ(stream(), (Stream{"close 50", "open 100", "trade 100", "trade 199", "close 200",
                                "stop 200", "end 200"}));
    EXPECT_EQ(sequencer->take_counts().off_session, 2U);
    ASSERT_EQ(venue.timers.size(), 3U);
    EXPECT_EQ(venue.timers[1].kind(), EventKind::kSessionOpen);
}

TEST_F(Sequencing, lets_what_is_under_way_arrive_before_the_stop_and_the_answer_before_the_end) {
    lane.commands = [](const Event& e) {
        return e.kind() == EventKind::kTrade || e.kind() == EventKind::kStop;
    };
    run({tick(500)});
    EXPECT_EQ(stream(),
              (Stream{"open 500", "trade 500", "report 650", "stop 650", "report 800", "end 800"}));
    expect_dense_sequence();
}

TEST_F(Sequencing, ends_the_stream_of_an_empty_source) {
    run(std::vector<Event>{});
    ASSERT_EQ(lane.log.size(), 2U);
    EXPECT_EQ(lane.log[0].kind(), EventKind::kStop);
    EXPECT_EQ(lane.log[1].kind(), EventKind::kEnd);
    expect_dense_sequence();
}

TEST_F(Sequencing, stops_when_told_without_waiting_for_what_is_under_way_first) {
    lane.commands = [](const Event& e) { return e.kind() == EventKind::kTrade; };
    ListSource source{{tick(500), tick(501), tick(502)}};
    source.before_block = [this](std::size_t block) {
        if (block == 1) control.stop.store(true);
    };
    run(source);
    EXPECT_EQ(stream(), (Stream{"open 500", "trade 500", "stop 500", "report 650", "end 650"}));
    expect_dense_sequence();
}

TEST_F(Sequencing, goes_on_after_a_stop_until_flat_where_that_is_asked_for) {
    on_stop = OnStop::kFlatten;
    lane.is_flat = [this] { return venue.market.size() >= 3; };
    ListSource source{{tick(500), tick(501), tick(502), tick(503), tick(504)}};
    source.before_block = [this](std::size_t block) {
        if (block == 1) control.stop.store(true);
    };
    run(source);
    // The block in hand when the stop came is dropped.
    EXPECT_EQ(stream(),
              (Stream{"open 500", "trade 500", "stop 500", "trade 502", "trade 503", "end 503"}));
}

TEST_F(Sequencing, gives_up_getting_flat_after_a_minute_of_the_market) {
    on_stop = OnStop::kFlatten;
    plan.beat = Nanos{1000 * kSecondNs};
    lane.is_flat = [] { return false; };
    std::vector<Event> ticks;
    for (std::int64_t second = 1; second <= 300; ++second)
        ticks.push_back(tick(second * kSecondNs));
    ListSource source{ticks};
    source.before_block = [this](std::size_t block) {
        if (block == 1) control.stop.store(true);
    };
    run(source);
    EXPECT_EQ(lane.log.back().kind(), EventKind::kEnd);
    EXPECT_EQ(lane.log.back().time(), at_second(61));
}

TEST_F(Sequencing, gives_the_same_stream_at_any_pace) {
    std::vector<std::vector<Event>> streams;
    for (const Pacer& pace : {Pacer{}, Pacer{1e12}}) {
        FakeVenue own_venue{100, 50};
        FakeLane<false> own_lane{own_venue};
        own_lane.commands = [](const Event& e) { return e.kind() == EventKind::kTrade; };
        ListSource source{{tick(500), tick(777), tick(1000), tick(2600), tick(2500)}};
        Sequencer paced{own_venue, own_lane, Timers{plan}, Admission{false, 1},
                        pace,      control,  on_stop};
        paced.run(source);
        streams.push_back(own_lane.log);
    }
    ASSERT_EQ(streams[0].size(), streams[1].size());
    for (std::size_t i = 0; i < streams[0].size(); ++i) {
        EXPECT_EQ(streams[0][i].kind(), streams[1][i].kind()) << i;
        EXPECT_EQ(streams[0][i].time(), streams[1][i].time()) << i;
        EXPECT_EQ(streams[0][i].flags(), streams[1][i].flags()) << i;
    }
}

}  // namespace
}  // namespace sluice::tests
