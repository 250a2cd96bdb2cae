// The clock as a source: where beats fall, and which comes first when two are due at once.
#include <sluice/pipeline/hot/timers.hpp>

#include <gtest/gtest.h>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::TimerPlan;
using pipeline::Timers;

constexpr EventKind kDay = EventKind::kDayStart;
constexpr EventKind kOpen = EventKind::kSessionOpen;
constexpr EventKind kClose = EventKind::kSessionClose;
constexpr EventKind kBeat = EventKind::kBeat;

TimerPlan plan_of(std::int64_t beat_seconds,
                  std::vector<std::pair<std::int64_t, EventKind>> boundaries = {},
                  bool session = true) {
    TimerPlan plan;
    plan.beat = Nanos{beat_seconds * kSecondNs};
    plan.session_enabled = session;
    for (const auto& [second, kind] : boundaries)
        plan.boundaries.push_back({at_second(second), kind});
    return plan;
}

// The next timers as "second kind".
std::vector<std::pair<std::int64_t, EventKind>> next_timers(Timers& timers, std::size_t count) {
    std::vector<std::pair<std::int64_t, EventKind>> out;
    for (std::size_t i = 0; i < count; ++i) {
        const StreamTime due = timers.next();
        const Event event = timers.pop();
        EXPECT_EQ(event.time(), due);
        EXPECT_EQ(event.symbol(), core::kNoSymbol);
        out.emplace_back(core::ns_since_epoch(due) / kSecondNs, event.kind());
    }
    return out;
}
using Due = std::vector<std::pair<std::int64_t, EventKind>>;

TEST(Timers, beat_on_multiples_of_their_period_since_the_epoch) {
    Timers timers{plan_of(5)};
    (void)timers.start(at_second(12, 1));
    EXPECT_EQ(next_timers(timers, 3), (Due{{15, kBeat}, {20, kBeat}, {25, kBeat}}));
}

TEST(Timers, beat_at_the_first_event_when_it_falls_on_a_multiple) {
    Timers timers{plan_of(5)};
    (void)timers.start(at_second(15));
    EXPECT_EQ(next_timers(timers, 2), (Due{{15, kBeat}, {20, kBeat}}));
}

TEST(Timers, beat_on_multiples_before_the_epoch_too) {
    Timers timers{plan_of(5)};
    (void)timers.start(at_second(-12));
    EXPECT_EQ(next_timers(timers, 3), (Due{{-10, kBeat}, {-5, kBeat}, {0, kBeat}}));
}

TEST(Timers, put_a_boundary_before_the_beat_of_the_same_time) {
    Timers timers{plan_of(10, {{20, kDay}, {20, kOpen}, {25, kClose}})};
    (void)timers.start(at_second(11));
    EXPECT_EQ(next_timers(timers, 5),
              (Due{{20, kDay}, {20, kOpen}, {20, kBeat}, {25, kClose}, {30, kBeat}}));
}

TEST(Timers, say_whether_a_session_is_open_when_the_stream_begins) {
    const auto plan = plan_of(10, {{20, kOpen}, {25, kDay}, {30, kClose}, {50, kOpen}});
    struct Row {
        std::int64_t first;
        bool open;
        std::int64_t next_boundary;
    };
    for (const Row& row : {Row{19, false, 20}, Row{20, true, 25}, Row{26, true, 30},
                           Row{30, false, 50}, Row{49, false, 50}, Row{50, true, 0}}) {
        Timers timers{plan};
        EXPECT_EQ(timers.start(at_second(row.first)), row.open) << row.first;
        // What has passed does not come again.
        while (timers.next() <= at_second(60)) {
            const Event event = timers.pop();
            if (event.kind() == kBeat) continue;
            EXPECT_EQ(event.time(), at_second(row.next_boundary)) << row.first;
            break;
        }
    }
}

TEST(Timers, keep_the_session_open_throughout_where_there_is_none) {
    Timers timers{plan_of(10, {{20, kDay}}, false)};
    EXPECT_TRUE(timers.start(at_second(5)));
    EXPECT_TRUE((Timers{plan_of(10, {}, false)}.start(at_second(99))));
}

TEST(Timers, go_on_beating_after_the_last_boundary) {
    Timers timers{plan_of(60, {{90, kOpen}})};
    (void)timers.start(at_second(61));
    EXPECT_EQ(next_timers(timers, 3), (Due{{90, kOpen}, {120, kBeat}, {180, kBeat}}));
}

TEST(Timers, bring_a_change_of_a_parameter_between_a_boundary_and_the_beat_of_its_time) {
    TimerPlan plan = plan_of(5, {{20, kDay}});
    for (const std::int64_t second : {3, 20, 20, 31})
        plan.changes.push_back(Event::parameter(at_second(second), {}));
    Timers timers{plan};
    (void)timers.start(at_second(15));
    constexpr EventKind kChange = EventKind::kParameter;
    EXPECT_EQ(next_timers(timers, 9), (Due{{15, kChange},  // planned before the first event
                                           {15, kBeat},
                                           {20, kDay},
                                           {20, kChange},
                                           {20, kChange},
                                           {20, kBeat},
                                           {25, kBeat},
                                           {30, kBeat},
                                           {31, kChange}}));
}

TEST(Timers, bring_charges_after_a_boundary_and_before_the_rest_of_their_time) {
    TimerPlan plan = plan_of(5, {{20, kDay}});
    for (const std::int64_t second : {14, 15, 20, 20, 22})
        plan.charges.push_back(Event::charge(at_second(second), core::kNoSymbol, {}));
    plan.changes.push_back(Event::parameter(at_second(20), {}));
    Timers timers{plan};
    (void)timers.start(at_second(15));
    constexpr EventKind kCharge = EventKind::kCharge;
    EXPECT_EQ(next_timers(timers, 8), (Due{{15, kCharge},  // that of before the start is left out
                                           {15, kBeat},
                                           {20, kDay},
                                           {20, kCharge},
                                           {20, kCharge},
                                           {20, EventKind::kParameter},
                                           {20, kBeat},
                                           {22, kCharge}}));
}

// Of those before the start each currency's last is what holds at the start.
TEST(Timers, bring_rates_among_charges_and_begin_with_those_of_before) {
    TimerPlan plan = plan_of(5, {{20, kDay}});
    const auto rate = [&](std::int64_t second, pipeline::CurrencyId currency, std::int64_t raw) {
        plan.charges.push_back(Event::rate(at_second(second), currency, Price::from_raw(raw)));
    };
    rate(3, 1, 10);
    rate(4, 2, 20);
    plan.charges.push_back(Event::charge(at_second(9), core::kNoSymbol, {}));
    rate(10, 1, 11);
    rate(20, 1, 12);
    plan.charges.push_back(Event::charge(at_second(20), core::kNoSymbol, {}));
    rate(20, 1, 13);
    Timers timers{plan};
    (void)timers.start(at_second(15));
    std::vector<std::int64_t> rates;
    Due due;
    while (timers.next() <= at_second(20)) {
        const Event event = timers.pop();
        due.emplace_back(core::ns_since_epoch(event.time()) / kSecondNs, event.kind());
        if (event.kind() == EventKind::kRate) rates.push_back(event.rate().rate.raw());
    }
    constexpr EventKind kRate = EventKind::kRate;
    EXPECT_EQ(due, (Due{{15, kRate},
                        {15, kRate},
                        {15, kBeat},
                        {20, kDay},
                        {20, kRate},
                        {20, EventKind::kCharge},
                        {20, kRate},
                        {20, kBeat}}));
    EXPECT_EQ(rates, (std::vector<std::int64_t>{20, 11, 12, 13}));
}

TEST(Timers, bring_a_change_that_was_added_after_the_planned_ones_and_number_all_of_them) {
    TimerPlan plan = plan_of(5, {{20, kDay}});
    pipeline::ParameterChange change;
    for (const std::int64_t second : {3, 20, 31}) {
        change.value = static_cast<double>(second);
        plan.changes.push_back(Event::parameter(at_second(second), change));
    }
    Timers timers{plan};
    (void)timers.start(at_second(15));
    for (const std::int64_t second : {20, 22}) {
        change.value = static_cast<double>(100 + second);
        EXPECT_TRUE(timers.add(Event::parameter(at_second(second), change)));
    }
    std::vector<double> values;
    std::vector<std::uint32_t> versions;
    while (timers.next() <= at_second(31)) {
        const Event event = timers.pop();
        if (event.kind() != EventKind::kParameter) continue;
        values.push_back(event.parameter().value);
        versions.push_back(event.parameter().version);
    }
    EXPECT_EQ(values, (std::vector<double>{3, 20, 120, 122, 31}));
    EXPECT_EQ(versions, (std::vector<std::uint32_t>{1, 2, 3, 4, 5}));
    EXPECT_EQ(timers.next_version(), 6U);
}

TEST(Timers, take_so_many_added_changes_and_no_more) {
    Timers timers{plan_of(5, {})};
    (void)timers.start(at_second(15));
    std::size_t taken = 0;
    while (timers.add(Event::parameter(at_second(16), {}))) ++taken;
    EXPECT_EQ(taken, 64U);
    while (timers.next() <= at_second(16)) (void)timers.pop();
    EXPECT_TRUE(timers.add(Event::parameter(at_second(17), {})));
}

}  // namespace
}  // namespace sluice::tests
