// The event keeps what it was made of, and the sequencer's marks do not touch the rest.
#include <sluice/core/hot/ring_slot.hpp>
#include <sluice/pipeline/hot/event.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::ExecKind;
using pipeline::IncidentKind;
using pipeline::is_market;
using pipeline::is_sequenced;
using pipeline::kFlagOutOfOrder;
using pipeline::kFlagSuspicious;
using pipeline::PackedMoney;
using pipeline::RefusalReason;
using pipeline::RejectReason;

TEST(Event, keeps_a_trade) {
    const auto e = Event::trade(at_ns(5), symbol(3), {price("1.5"), shares(7), 11, 0xABC, 'Q'},
                                kFlagSuspicious);
    EXPECT_EQ(e.time(), at_ns(5));
    EXPECT_EQ(e.symbol(), symbol(3));
    EXPECT_EQ(e.kind(), EventKind::kTrade);
    EXPECT_EQ(e.trade().price, price("1.5"));
    EXPECT_EQ(e.trade().quantity, shares(7));
    EXPECT_EQ(e.trade().conditions, 0xABCU);
    EXPECT_EQ(e.trade().exchange, 'Q');
    EXPECT_EQ(e.flags(), kFlagSuspicious);
    EXPECT_EQ(e.sequence(), Sequence::kNone);
}

TEST(Event, is_placed_in_the_stream_and_stamped_without_touching_its_payload) {
    auto trade = trade_at(at_ns(5), 3, price("1.5"), shares(7), kFlagSuspicious);
    trade.place(Sequence{42}, kFlagOutOfOrder);
    trade.stamp_ingress(123);
    EXPECT_EQ(trade.sequence(), Sequence{42});
    EXPECT_EQ(trade.flags(), kFlagSuspicious | kFlagOutOfOrder);
    EXPECT_EQ(trade.ingress_ticks(), 123U);
    EXPECT_EQ(trade.trade().price, price("1.5"));
    EXPECT_EQ(trade.trade().quantity, shares(7));

    auto quote = quote_at(at_ns(5), 3, price("1"), shares(2), price("3"), shares(4));
    quote.stamp_ingress(456);
    EXPECT_EQ(quote.ingress_ticks(), 456U);
    EXPECT_EQ(quote.quote().bid, price("1"));
    EXPECT_EQ(quote.quote().bid_size, shares(2));
    EXPECT_EQ(quote.quote().ask, price("3"));
    EXPECT_EQ(quote.quote().ask_size, shares(4));

    auto beat = timer_at(at_ns(5), EventKind::kBeat);
    EXPECT_EQ(beat.ingress_ticks(), 0U);
    beat.stamp_ingress(789);
    EXPECT_EQ(beat.ingress_ticks(), 789U);
}

TEST(Event, keeps_a_report_with_its_kind_and_reason_and_no_stamp) {
    for (std::size_t kind = 0; kind < pipeline::kExecKindCount; ++kind) {
        for (const auto reason : {RejectReason::kNone, RejectReason::kVenueFull}) {
            const auto e =
                Event::report(at_ns(1), symbol(2), static_cast<ExecKind>(kind), reason,
                              {OrderId{9}, price("2"), shares(3), PackedMoney{money("-0.25")}});
            EXPECT_EQ(e.exec_kind(), static_cast<ExecKind>(kind));
            EXPECT_EQ(e.reject_reason(), reason);
            EXPECT_EQ(e.report().order, OrderId{9});
            EXPECT_EQ(to_string(e.report().commission.money()), "-0.25");
            EXPECT_EQ(e.ingress_ticks(), 0U);
        }
    }
}

TEST(Event, derived_carries_the_time_and_place_of_its_cause) {
    auto cause = timer_at(at_second(9), EventKind::kBeat);
    cause.place(Sequence{17}, 0);
    const auto intent = Event::intent(cause, symbol(1), {shares(-5), -0.75});
    EXPECT_EQ(intent.time(), at_second(9));
    EXPECT_EQ(intent.sequence(), Sequence{17});
    EXPECT_EQ(intent.intent().target, shares(-5));
    EXPECT_EQ(intent.intent().score, -0.75);
    const auto refusal = Event::refusal(at_ns(1), Sequence{17}, symbol(1),
                                        RefusalReason::kInsufficientFunds, {{}, {}, 1.5, 2.5});
    EXPECT_EQ(refusal.refusal_reason(), RefusalReason::kInsufficientFunds);
    EXPECT_EQ(refusal.refusal().limit, 2.5);
    const auto incident =
        Event::incident(at_ns(1), Sequence{17}, symbol(1), IncidentKind::kBarVolumeOverflow, {});
    EXPECT_EQ(incident.incident_kind(), IncidentKind::kBarVolumeOverflow);
}

TEST(Event, knows_which_kinds_enter_at_the_sequencer) {
    for (const auto kind : {EventKind::kTrade, EventKind::kQuote, EventKind::kReport,
                            EventKind::kBeat, EventKind::kDayStart, EventKind::kSessionOpen,
                            EventKind::kSessionClose, EventKind::kStop, EventKind::kEnd})
        EXPECT_TRUE(is_sequenced(kind));
    for (const auto kind : {EventKind::kNone, EventKind::kBar, EventKind::kIntent,
                            EventKind::kApproved, EventKind::kCancel, EventKind::kRefusal,
                            EventKind::kIncident, EventKind::kEquity, EventKind::kSync})
        EXPECT_FALSE(is_sequenced(kind));
    EXPECT_TRUE(is_market(EventKind::kQuote) && is_market(EventKind::kTrade));
    EXPECT_FALSE(is_market(EventKind::kBeat));
}

RC_GTEST_PROP(Event, packs_any_money, ()) {
    const auto high = *rc::gen::arbitrary<std::int64_t>();
    const auto low = *rc::gen::arbitrary<std::uint64_t>();
    const int shift = *rc::gen::inRange(0, 128);
    const auto raw =
        static_cast<core::Int128>(
            (static_cast<core::Uint128>(static_cast<std::uint64_t>(high)) << 64) | low) >>
        shift;
    RC_ASSERT(PackedMoney{Money::from_raw(raw)}.money() == Money::from_raw(raw));
}

// The ring writes its own word into the line, so nothing of the event may lie in it.
TEST(Event, lends_the_ring_a_word_that_holds_nothing_of_its_own) {
    auto full = Event::quote(
        StreamTime::max(), symbol(0xFFFF),
        {Price::max(), Price::max(), Quantity::max(), Quantity::max(), UINT64_MAX}, 0xFF);
    full.place(static_cast<Sequence>(UINT64_MAX), 0xFF);
    std::uint32_t& word = core::RingStampOf<Event>::of(full);
    EXPECT_EQ(word, 0U);
    word = 0x12345678;
    EXPECT_EQ(full.time(), StreamTime::max());
    EXPECT_EQ(full.sequence(), static_cast<Sequence>(UINT64_MAX));
    EXPECT_EQ(full.symbol(), symbol(0xFFFF));
    EXPECT_EQ(full.kind(), EventKind::kQuote);
    EXPECT_EQ(full.flags(), 0xFF);
    EXPECT_EQ(full.quote().ask_size, Quantity::max());
    EXPECT_EQ(full.ingress_ticks(), UINT64_MAX);
}

}  // namespace
}  // namespace sluice::tests
