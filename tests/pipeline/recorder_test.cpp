// The record of a run: its rows and counts, and a digest that no change escapes.
#include <sluice/pipeline/recorder.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include <sluice/pipeline/hot/risk_gate.hpp>

#include "kept_rows.hpp"
#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::ApprovedOrder;
using pipeline::ExecKind;
using pipeline::Exposure;
using pipeline::IncidentKind;
using pipeline::OrderType;
using pipeline::PackedMoney;
using pipeline::Portfolio;
using pipeline::Recorder;
using pipeline::RefusalReason;
using pipeline::RejectReason;
using pipeline::RiskGate;
using pipeline::RiskSettings;
using pipeline::RunRecord;
using pipeline::Side;
using pipeline::TimeInForce;

OrderId order_id(std::uint64_t n) { return static_cast<OrderId>(n); }

// An order that a gate let through.
ApprovedOrder approved(std::uint64_t id, Side side, std::int64_t size, std::string_view limit = "0",
                       TimeInForce tif = TimeInForce::kGtc, std::size_t instrument = 0) {
    RiskSettings wide_open;
    wide_open.require_funds = false;
    RiskGate gate{wide_open};
    const Price at = price(limit);
    const pipeline::Proposal proposal{
        symbol(instrument), side, at.is_zero() ? OrderType::kMarket : OrderType::kLimit, tif,
        shares(size),       at};
    const Exposure exposure{{}, {}, {}, shares(1), at.is_zero() ? price("10") : at};
    const auto verdict =
        gate.judge(proposal, exposure, Portfolio{Money{}, 2}, at_second(0), order_id(id));
    if (!verdict.approved()) throw std::logic_error(to_string(verdict.reason()));
    return verdict.order();
}
ApprovedOrder replacement(const ApprovedOrder& old, std::int64_t size, std::string_view limit) {
    RiskSettings wide_open;
    wide_open.require_funds = false;
    RiskGate gate{wide_open};
    const pipeline::Proposal proposal{old.symbol(),        old.side(),   old.type(),
                                      old.time_in_force(), shares(size), price(limit)};
    const auto verdict =
        gate.judge_replacement(proposal, shares(size), {{}, {}, {}, shares(1), price(limit)},
                               Portfolio{Money{}, 2}, at_second(0), old.id());
    if (!verdict.approved()) throw std::logic_error(to_string(verdict.reason()));
    return verdict.order();
}
Event sent(std::int64_t second, const ApprovedOrder& order) {
    return Event::approved(at_second(second), Sequence{7}, order);
}
Event report(std::int64_t second, ExecKind kind, std::uint64_t order, std::int64_t size = 0,
             std::string_view at = "0", std::string_view commission = "0",
             RejectReason reason = RejectReason::kNone) {
    return Event::report(
        at_second(second), symbol(0), kind, reason,
        {order_id(order), price(at), shares(size), PackedMoney{money(commission)}});
}
pipeline::Settings settings() {
    pipeline::Settings s;
    s.account.capital = Money::from_units(1000);
    return s;
}
struct Recorded : RunRecord {
    Rows rows;
};
Recorded record_of(const std::vector<Event>& events, const Portfolio& books,
                   std::uint64_t checksum = 0) {
    KeptRows rows;
    Recorder recorder{settings(), instruments(2), &rows};
    for (const Event& event : events) recorder.take(event);
    Recorded record;
    recorder.finish(books, checksum, record);
    record.rows = rows.kept;
    return record;
}
Recorded record_of(const std::vector<Event>& events) {
    return record_of(events, Portfolio{Money::from_units(1000), 2});
}

TEST(Recorder, follows_an_order_from_its_sending_to_its_last_fill) {
    const auto record = record_of({
        sent(1, approved(5, Side::kSell, 100, "10.5", TimeInForce::kDay)),
        report(2, ExecKind::kAccepted, 5),
        report(3, ExecKind::kFill, 5, 30, "10.5", "0.15"),
        report(4, ExecKind::kFill, 5, 70, "10.6", "0.35"),
    });
    ASSERT_EQ(record.rows.orders.size(), 1U);
    const auto& order = record.rows.orders[0];
    EXPECT_EQ(order.time, at_second(1));
    EXPECT_EQ(order.id, order_id(5));
    EXPECT_EQ(order.side, Side::kSell);
    EXPECT_EQ(order.type, OrderType::kLimit);
    EXPECT_EQ(order.tif, TimeInForce::kDay);
    EXPECT_EQ(order.quantity, shares(100));
    EXPECT_EQ(order.limit, price("10.5"));
    EXPECT_EQ(order.filled, shares(100));
    EXPECT_EQ(order.status, "filled");

    ASSERT_EQ(record.rows.fills.size(), 2U);
    EXPECT_EQ(record.rows.fills[0].position_after, shares(-30));
    EXPECT_EQ(record.rows.fills[1].position_after, shares(-100));
    EXPECT_EQ(record.rows.fills[1].price, price("10.6"));
    EXPECT_EQ(record.rows.fills[1].commission, money("0.35"));
    EXPECT_EQ(record.rows.fills[1].side, Side::kSell);
    EXPECT_EQ(record.orders, 1U);
    EXPECT_EQ(record.fills, 2U);
    EXPECT_EQ(record.reports[static_cast<std::size_t>(ExecKind::kFill)], 2U);
    EXPECT_EQ(record.reports[static_cast<std::size_t>(ExecKind::kAccepted)], 1U);
}

TEST(Recorder, gives_an_order_the_status_of_its_last_word) {
    const auto status = [](const std::vector<Event>& reports) {
        std::vector<Event> events{sent(1, approved(5, Side::kBuy, 100))};
        events.insert(events.end(), reports.begin(), reports.end());
        return record_of(events).rows.orders.at(0).status;
    };
    EXPECT_EQ(status({}), "sent");
    EXPECT_EQ(status({report(2, ExecKind::kAccepted, 5)}), "accepted");
    EXPECT_EQ(status({report(2, ExecKind::kFill, 5, 1, "10")}), "partially_filled");
    EXPECT_EQ(status({report(2, ExecKind::kFill, 5, 1, "10"), report(3, ExecKind::kCancelled, 5)}),
              "cancelled");
    EXPECT_EQ(status({report(2, ExecKind::kExpired, 5)}), "expired");
    EXPECT_EQ(status({report(2, ExecKind::kRejected, 5)}), "rejected");
    // A cancel that came too late changes nothing.
    EXPECT_EQ(
        status({report(2, ExecKind::kFill, 5, 100, "10"), report(3, ExecKind::kCancelRejected, 5)}),
        "filled");
}

TEST(Recorder, keeps_the_new_terms_of_a_replaced_order_in_its_row) {
    const auto old = approved(5, Side::kBuy, 100, "10");
    const auto record = record_of({sent(1, old), sent(2, replacement(old, 80, "10.2")),
                                   report(3, ExecKind::kReplaced, 5, 80, "10.2")});
    ASSERT_EQ(record.rows.orders.size(), 1U);
    EXPECT_EQ(record.rows.orders[0].replaces, 1U);
    EXPECT_EQ(record.rows.orders[0].quantity, shares(80));
    EXPECT_EQ(record.rows.orders[0].limit, price("10.2"));
    EXPECT_EQ(record.orders, 1U);
    EXPECT_EQ(record.replaces, 1U);
}

TEST(Recorder, counts_a_report_for_an_order_that_it_does_not_know_without_a_row) {
    const auto record = record_of({report(1, ExecKind::kFill, 99, 5, "10")});
    EXPECT_EQ(record.reports[static_cast<std::size_t>(ExecKind::kFill)], 1U);
    EXPECT_EQ(record.fills, 0U);
    EXPECT_TRUE(record.rows.fills.empty());
}

TEST(Recorder, keeps_refusals_incidents_cancels_intents_equity_and_bars) {
    const auto record = record_of({
        Event::refusal(at_second(1), Sequence{1}, symbol(1), RefusalReason::kMaxPosition,
                       {price("10"), shares(-5), 1500, 1000}),
        Event::incident(at_second(2), Sequence{2}, symbol(0), IncidentKind::kFillBeyondOrder,
                        {order_id(9), shares(3)}),
        Event::cancel(at_second(3), Sequence{3}, symbol(0), order_id(9)),
        Event::intent(timer_at(at_second(4), EventKind::kBeat), symbol(0), {shares(1), 0.5}),
        Event::equity(at_second(5), Sequence{5}, money("1001.5"), money("-1.5")),
        bar_at(at_second(60), 1, 0, price("12")),
    });
    ASSERT_EQ(record.rows.refusals.size(), 1U);
    EXPECT_EQ(record.rows.refusals[0].reason, RefusalReason::kMaxPosition);
    EXPECT_EQ(record.rows.refusals[0].quantity, shares(-5));
    EXPECT_EQ(record.rows.refusals[0].observed, 1500.0);
    EXPECT_EQ(record.rows.refusals[0].limit, 1000.0);
    EXPECT_EQ(record.rows.refusals[0].symbol, symbol(1));
    EXPECT_EQ(record.refusals[static_cast<std::size_t>(RefusalReason::kMaxPosition)], 1U);
    ASSERT_EQ(record.rows.incidents.size(), 1U);
    EXPECT_EQ(record.rows.incidents[0].order, order_id(9));
    EXPECT_EQ(record.incidents[static_cast<std::size_t>(IncidentKind::kFillBeyondOrder)], 1U);
    EXPECT_EQ(record.cancels, 1U);
    EXPECT_EQ(record.intents, 1U);
    ASSERT_EQ(record.rows.equity.size(), 1U);
    EXPECT_EQ(to_string(record.rows.equity[0].equity), "1001.5");
    EXPECT_EQ(to_string(record.rows.equity[0].realised), "-1.5");
    const auto bars = record.series.prices().at(1).points();
    ASSERT_EQ(bars.size(), 1U);
    EXPECT_EQ(bars[0].time, at_second(60));
    EXPECT_EQ(bars[0].value, price("12"));
}

TEST(Recorder, lets_the_row_of_an_order_go_when_it_is_final_and_the_rest_at_the_end_by_id) {
    KeptRows rows;
    Recorder recorder{settings(), instruments(2), &rows};
    for (const std::uint64_t id : {5U, 6U, 7U})
        recorder.take(sent(1, approved(id, Side::kBuy, 100)));
    recorder.take(report(2, ExecKind::kFill, 6, 40, "10"));
    EXPECT_TRUE(rows.kept.orders.empty());
    recorder.take(report(3, ExecKind::kFill, 6, 60, "10"));
    ASSERT_EQ(rows.kept.orders.size(), 1U);
    EXPECT_EQ(rows.kept.orders[0].id, order_id(6));
    RunRecord record;
    recorder.finish(Portfolio{Money{}, 2}, 0, record);
    ASSERT_EQ(rows.kept.orders.size(), 3U);
    EXPECT_EQ(rows.kept.orders[1].id, order_id(5));
    EXPECT_EQ(rows.kept.orders[2].id, order_id(7));
}

// The risk stage makes it an incident and keeps it out of the books.
TEST(Recorder, has_no_row_for_a_fill_of_an_order_that_is_gone) {
    const auto record =
        record_of({sent(1, approved(5, Side::kBuy, 100)), report(2, ExecKind::kCancelled, 5),
                   report(3, ExecKind::kFill, 5, 10, "10")});
    EXPECT_EQ(record.reports[static_cast<std::size_t>(ExecKind::kFill)], 1U);
    EXPECT_EQ(record.fills, 0U);
    EXPECT_TRUE(record.rows.fills.empty());
    ASSERT_EQ(record.rows.orders.size(), 1U);
    EXPECT_EQ(record.rows.orders[0].status, "cancelled");
}

TEST(Recorder, measures_drawdown_from_the_highest_equity_so_far_or_the_capital) {
    std::vector<Event> events;
    for (const char* equity : {"990", "1020", "1015"})
        events.push_back(Event::equity(at_second(5), Sequence{5}, money(equity), money("0")));
    const auto record = record_of(events);
    EXPECT_EQ(record.rows.equity.at(0).drawdown, money("10"));
    EXPECT_EQ(record.rows.equity.at(1).drawdown, money("0"));
    EXPECT_EQ(record.rows.equity.at(2).drawdown, money("5"));
    EXPECT_EQ(record.series.drawdown().points().at(2).value, money("-5"));
}

TEST(Recorder, records_the_same_without_anyone_who_keeps_rows) {
    const std::vector<Event> events{sent(1, approved(5, Side::kBuy, 100)),
                                    report(2, ExecKind::kFill, 5, 100, "10")};
    Recorder recorder{settings(), instruments(2), nullptr};
    for (const Event& event : events) recorder.take(event);
    RunRecord record;
    recorder.finish(Portfolio{Money::from_units(1000), 2}, 0, record);
    EXPECT_EQ(record.digest, record_of(events).digest);
    EXPECT_EQ(record.fills, 1U);
}

// Each entry differs from the first in one thing only; all digests must differ.
TEST(Recorder, changes_the_digest_with_any_field_of_any_event) {
    using enum TimeInForce;
    const auto base = approved(5, Side::kBuy, 100, "10");
    const std::vector<std::vector<Event>> variants{
        {},
        {sent(1, base)},
        {sent(2, base)},
        {Event::approved(at_second(1), Sequence{8}, base)},
        {sent(1, approved(6, Side::kBuy, 100, "10"))},
        {sent(1, approved(5, Side::kSell, 100, "10"))},
        {sent(1, approved(5, Side::kBuy, 101, "10"))},
        {sent(1, approved(5, Side::kBuy, 100, "10.000000001"))},
        {sent(1, approved(5, Side::kBuy, 100))},
        {sent(1, approved(5, Side::kBuy, 100, "10", kDay))},
        {sent(1, approved(5, Side::kBuy, 100, "10", kGtc, 1))},
        {sent(1, replacement(base, 100, "10"))},
        {sent(1, base), sent(1, base)},
        {report(1, ExecKind::kFill, 5, 10, "10", "1")},
        {report(2, ExecKind::kFill, 5, 10, "10", "1")},
        {report(1, ExecKind::kAccepted, 5, 10, "10", "1")},
        {report(1, ExecKind::kFill, 6, 10, "10", "1")},
        {report(1, ExecKind::kFill, 5, 11, "10", "1")},
        {report(1, ExecKind::kFill, 5, 10, "10.01", "1")},
        {report(1, ExecKind::kFill, 5, 10, "10", "1.00000001")},
        {report(1, ExecKind::kFill, 5, 10, "10", "1", RejectReason::kVenueFull)},
        {Event::refusal(at_second(1), Sequence{1}, symbol(0), RefusalReason::kHalted,
                        {price("10"), shares(5), 0, 0})},
        {Event::refusal(at_second(1), Sequence{1}, symbol(0), RefusalReason::kDailyLoss,
                        {price("10"), shares(5), 0, 0})},
        {Event::refusal(at_second(1), Sequence{1}, symbol(0), RefusalReason::kHalted,
                        {price("11"), shares(5), 0, 0})},
        {Event::refusal(at_second(1), Sequence{1}, symbol(0), RefusalReason::kHalted,
                        {price("10"), shares(-5), 0, 0})},
        {Event::refusal(at_second(1), Sequence{1}, symbol(1), RefusalReason::kHalted,
                        {price("10"), shares(5), 0, 0})},
        {Event::cancel(at_second(1), Sequence{1}, symbol(0), order_id(5))},
        {Event::cancel(at_second(1), Sequence{1}, symbol(0), order_id(6))},
        {Event::incident(at_second(1), Sequence{1}, symbol(0), IncidentKind::kGatewayRefused,
                         {order_id(5), shares(1)})},
        {Event::incident(at_second(1), Sequence{1}, symbol(0), IncidentKind::kGatewayRefused,
                         {order_id(5), shares(2)})},
        {Event::incident(at_second(1), Sequence{1}, symbol(0), IncidentKind::kIllegalTransition,
                         {order_id(5), shares(1)})},
    };
    std::set<std::string> digests;
    for (const auto& events : variants) digests.insert(record_of(events).digest);
    EXPECT_EQ(digests.size(), variants.size());
}

TEST(Recorder, changes_the_digest_with_the_final_books_and_with_the_input) {
    const Portfolio untouched{Money::from_units(1000), 2};
    Portfolio marked = untouched;
    (void)marked.mark(symbol(0), price("10"));
    Portfolio traded = untouched;
    traded.apply_fill(symbol(0), shares(1), price("10"), Money{});
    Portfolio paid = untouched;
    paid.apply_fill(symbol(0), shares(1), price("10"), Money::from_raw(1));
    Portfolio other = untouched;
    other.apply_fill(symbol(1), shares(1), price("10"), Money{});
    Portfolio fell = traded;  // the same position and mark, but it has seen a drawdown
    (void)fell.mark(symbol(0), price("9"));
    (void)fell.mark(symbol(0), price("10"));
    std::set<std::string> digests;
    for (const Portfolio& books : {untouched, marked, traded, paid, other, fell})
        digests.insert(record_of({}, books).digest);
    digests.insert(record_of({}, untouched, 1).digest);
    EXPECT_EQ(digests.size(), 7U);
}

// What is only shown, and may be thinned or switched off, must not make two runs differ.
TEST(Recorder, leaves_bars_equity_points_and_intents_out_of_the_digest) {
    EXPECT_EQ(record_of({bar_at(at_second(60), 0, 0, price("12")),
                         Event::equity(at_second(5), Sequence{5}, money("1"), money("0"))})
                  .digest,
              record_of({}).digest);
}

RC_GTEST_PROP(Recorder, gives_another_digest_when_two_events_change_places, ()) {
    std::vector<Event> events;
    const auto count = *rc::gen::inRange<std::size_t>(2, 20);
    for (std::size_t i = 0; i < count; ++i)
        events.push_back(report(static_cast<std::int64_t>(i), ExecKind::kFill,
                                *rc::gen::inRange<std::uint64_t>(1, 50),
                                *rc::gen::inRange<std::int64_t>(1, 100), "10"));
    const auto a = *rc::gen::inRange<std::size_t>(0, count);
    const auto b = (a + *rc::gen::inRange<std::size_t>(1, count)) % count;
    const std::string before = record_of(events).digest;
    RC_ASSERT(record_of(events).digest == before);
    std::swap(events[a], events[b]);
    RC_ASSERT(record_of(events).digest != before);
}

}  // namespace
}  // namespace sluice::tests
