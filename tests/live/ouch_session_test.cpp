// Orders over both versions of OUCH against our own server: what is asked for arrives, what happens
// to it comes back under the engine's own number.
#include "ouch_support.hpp"

namespace sluice::tests::ouch_live {
namespace {

using enum ExecKind;

class OuchSessionTest : public testing::TestWithParam<OuchVersion> {
  protected:
    Pair pair{GetParam()};
    OuchSession& session = pair.session;
    PuppetExchange& exchange = pair.exchange;
};

TEST_P(OuchSessionTest, brings_an_order_from_entry_to_its_last_fill) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(7, Side::kBuy, 300, 150 * 100 * kCent)));
    EXPECT_EQ(pair.turns(), (std::vector<Said>{{7, kAccepted, 300, 1'500'000}}));
    ASSERT_EQ(exchange.requests.size(), 1U);
    const OrderRequest& request = exchange.requests[0];
    EXPECT_EQ(request.symbol, 1);
    EXPECT_EQ(request.side, Side::kBuy);
    EXPECT_EQ(request.shares, 300U);
    EXPECT_EQ(request.price, 1'500'000U);
    EXPECT_EQ(request.tif, TimeInForce::kDay);
    exchange.fill(request.ref, 100, 1'499'900, 11);
    exchange.fill(request.ref, 200, 1'500'000, 12);
    EXPECT_EQ(pair.turns(),
              (std::vector<Said>{{7, kFill, 100, 1'499'900}, {7, kFill, 200, 1'500'000}}));
    EXPECT_EQ(pair.symbols.back(), SymbolId{0});
    // The order is done: there is nothing left to cancel.
    EXPECT_FALSE(session.cancel(OrderId{7}, SymbolId{0}));
    EXPECT_EQ(session.last_refusal(), RejectReason::kUnknownOrder);
    EXPECT_EQ(session.counts().orders, 1U);
    EXPECT_EQ(session.counts().reports, 3U);
}

TEST_P(OuchSessionTest, tells_the_time_of_the_exchange) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(1, Side::kSell, 1, kCent)));
    const std::int64_t before = pair.now;
    pair.turns();
    ASSERT_EQ(pair.times.size(), 1U);
    EXPECT_GE(pair.times[0], kDayStart + before);
    EXPECT_LE(pair.times[0], kDayStart + pair.now);
}

TEST_P(OuchSessionTest, maps_each_time_in_force_and_the_market_price) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(1, Side::kBuy, 5, 0, TimeInForce::kIoc)));
    ASSERT_TRUE(session.submit(Desk::order(2, Side::kSell, 6, kCent, TimeInForce::kFok)));
    ASSERT_TRUE(
        session.submit(Desk::order(3, Side::kSell, 7, kCent, TimeInForce::kGtc, SymbolId{1})));
    pair.turns();
    ASSERT_EQ(exchange.requests.size(), 3U);
    EXPECT_EQ(exchange.requests[0].price, kMarketPrice);
    EXPECT_EQ(exchange.requests[0].tif, TimeInForce::kIoc);
    EXPECT_EQ(exchange.requests[1].tif, TimeInForce::kFok);
    EXPECT_EQ(exchange.requests[1].side, Side::kSell);
    EXPECT_EQ(exchange.requests[2].tif, TimeInForce::kDay);
    EXPECT_EQ(exchange.requests[2].symbol, 2);
}

TEST_P(OuchSessionTest, refuses_what_the_protocol_cannot_carry) {
    const auto refusal = [&](const ApprovedOrder& order) {
        EXPECT_FALSE(session.submit(order));
        return session.last_refusal();
    };
    EXPECT_EQ(refusal(Desk::order(1, Side::kBuy, 1, kCent)), RejectReason::kVenueUnreachable);
    pair.up();
    EXPECT_EQ(refusal(Desk::order(1, Side::kBuy, 1, kCent + 1)), RejectReason::kBadPrice);
    EXPECT_EQ(refusal(Desk::order(1, Side::kBuy, 1, 200'000 * 100 * kCent)),
              RejectReason::kBadPrice);
    EXPECT_EQ(refusal(Desk::order(1, Side::kBuy, 1'000'000, kCent)), RejectReason::kBadQuantity);
    EXPECT_EQ(refusal(Desk::approved(1, Side::kBuy, Quantity::from_raw(150'000'000), kCent,
                                     TimeInForce::kDay, SymbolId{0}, false)),
              RejectReason::kBadQuantity);
    EXPECT_EQ(refusal(Desk::order(1, Side::kBuy, 1, kCent, TimeInForce::kDay, SymbolId{2})),
              RejectReason::kUnknownSymbol);
    EXPECT_EQ(refusal(Desk::replacement(1, Side::kBuy, 1, kCent)), RejectReason::kUnknownOrder);
    EXPECT_EQ(session.ouch_counts().refused, 6U);
    // The bounds themselves pass.
    EXPECT_TRUE(session.submit(Desk::order(2, Side::kBuy, 999'999, 100'000)));
    EXPECT_TRUE(session.submit(Desk::order(3, Side::kBuy, 1, 199'999 * 100 * kCent + 99 * kCent)));
    pair.turns();
    ASSERT_EQ(exchange.requests.size(), 2U);
    EXPECT_EQ(exchange.requests[0].price, 1U);
    EXPECT_EQ(exchange.requests[1].price, 1'999'999'900U);
}

TEST_P(OuchSessionTest, keeps_an_orders_number_over_its_replacements) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(4, Side::kBuy, 500, 100 * kCent)));
    pair.turns();
    exchange.fill(exchange.requests[0].ref, 100, 10'000, 1);
    ASSERT_TRUE(session.submit(Desk::replacement(4, Side::kBuy, 600, 101 * kCent)));
    // One at a time.
    EXPECT_FALSE(session.submit(Desk::replacement(4, Side::kBuy, 700, 101 * kCent)));
    EXPECT_EQ(pair.turns(),
              (std::vector<Said>{{4, kFill, 100, 10'000}, {4, kReplaced, 600, 10'100}}));
    // 600 in all, 100 of them executed: 500 stand open.
    ASSERT_EQ(exchange.requests.size(), 2U);
    EXPECT_EQ(exchange.requests[1].shares, 500U);
    EXPECT_EQ(exchange.requests[1].replaces, exchange.requests[0].ref);
    EXPECT_NE(exchange.requests[1].ref, exchange.requests[0].ref);
    exchange.fill(exchange.requests[1].ref, 500, 10'100, 2);
    EXPECT_EQ(pair.turns(), (std::vector<Said>{{4, kFill, 500, 10'100}}));
    EXPECT_FALSE(session.cancel(OrderId{4}, SymbolId{0}));
}

TEST_P(OuchSessionTest, cancels_an_order_under_whichever_name_it_has) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    ASSERT_TRUE(session.cancel(OrderId{1}, SymbolId{0}));
    EXPECT_EQ(pair.turns(),
              (std::vector<Said>{{1, kAccepted, 500, 10'000}, {1, kCancelled, 0, 0}}));
    // While a replacement is on its way.
    ASSERT_TRUE(session.submit(Desk::order(2, Side::kBuy, 500, 100 * kCent)));
    ASSERT_TRUE(session.submit(Desk::replacement(2, Side::kBuy, 400, 100 * kCent)));
    ASSERT_TRUE(session.cancel(OrderId{2}, SymbolId{0}));
    EXPECT_EQ(pair.turns(), (std::vector<Said>{{2, kAccepted, 500, 10'000},
                                               {2, kReplaced, 400, 10'000},
                                               {2, kCancelled, 0, 0}}));
}

TEST_P(OuchSessionTest, passes_refusals_on_with_their_reason) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    pair.turns();
    exchange.reject_with = 'H';
    ASSERT_TRUE(session.submit(Desk::order(2, Side::kBuy, 500, 100 * kCent)));
    ASSERT_TRUE(session.submit(Desk::replacement(1, Side::kBuy, 400, 100 * kCent)));
    EXPECT_EQ(pair.turns(),
              (std::vector<Said>{{2, kRejected, 0, 0, RejectReason::kHalted},
                                 {1, kReplaceRejected, 0, 0, RejectReason::kHalted}}));
    // The order that was to be replaced is still there.
    exchange.reject_with = 0;
    ASSERT_TRUE(session.cancel(OrderId{1}, SymbolId{0}));
    exchange.say(ReportKind::kCancelRejected, exchange.requests[0].ref);
    EXPECT_EQ(pair.turns(), (std::vector<Said>{{1, kCancelRejected, 0, 0}, {1, kCancelled, 0, 0}}));
    for (const auto& [letter, reason] : {std::pair{'S', RejectReason::kUnknownSymbol},
                                         {'X', RejectReason::kBadPrice},
                                         {'Z', RejectReason::kBadQuantity},
                                         {'C', RejectReason::kVenueClosed},
                                         {'O', RejectReason::kOther}}) {
        exchange.reject_with = letter;
        const std::uint64_t id = 100U + static_cast<unsigned char>(letter);
        ASSERT_TRUE(session.submit(Desk::order(id, Side::kBuy, 500, 100 * kCent)));
        EXPECT_EQ(pair.turns(), (std::vector<Said>{{id, kRejected, 0, 0, reason}}));
    }
}

TEST_P(OuchSessionTest, tells_an_expiry_from_a_cancel) {
    pair.up();
    const std::pair<char, ExecKind> kinds[] = {
        {'U', kCancelled}, {'I', kExpired}, {'T', kExpired}, {'S', kCancelled}, {'Q', kCancelled}};
    std::uint64_t id = 0;
    for (const auto& [reason, kind] : kinds) {
        ASSERT_TRUE(session.submit(Desk::order(++id, Side::kBuy, 500, 100 * kCent)));
        pair.turns();
        exchange.take_off(exchange.requests.back().ref, 500, reason);
        EXPECT_EQ(pair.turns(), (std::vector<Said>{{id, kind, 0, 0}}));
    }
}

TEST_P(OuchSessionTest, reports_the_end_of_a_reduced_order_with_its_last_fill) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    pair.turns();
    const std::uint64_t ref = exchange.requests[0].ref;
    exchange.take_off(ref, 200, 'S');
    EXPECT_TRUE(pair.turns().empty());
    EXPECT_EQ(session.ouch_counts().reduced, 1U);
    exchange.fill(ref, 300, 10'000, 1);
    EXPECT_EQ(pair.turns(),
              (std::vector<Said>{{1, kFill, 300, 10'000}, {1, kCancelled, 0, 10'000}}));
}

TEST_P(OuchSessionTest, ends_an_order_that_is_dead_on_arrival_once) {
    pair.up();
    exchange.answer = false;
    ASSERT_TRUE(session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent, TimeInForce::kIoc)));
    pair.turns();
    OrderReport report = exchange.about(exchange.requests[0].ref);
    report.kind = ReportKind::kAccepted;
    report.shares = 500;
    report.alive = false;
    pair.server.on_report(report);
    exchange.take_off(exchange.requests[0].ref, 500, 'I');
    EXPECT_EQ(pair.turns(),
              (std::vector<Said>{{1, kAccepted, 500, 10'000}, {1, kExpired, 0, 10'000}}));
    EXPECT_EQ(pair.server.soup().messages(0), GetParam() == OuchVersion::k50 ? 2U : 1U);
}

TEST_P(OuchSessionTest, shows_a_broken_trade_as_an_impossible_fill) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    pair.turns();
    exchange.fill(exchange.requests[0].ref, 500, 10'000, 9);
    exchange.say(ReportKind::kBroken, exchange.requests[0].ref);
    EXPECT_EQ(pair.turns(), (std::vector<Said>{{1, kFill, 500, 10'000}, {1, kFill, 0, 0}}));
    EXPECT_EQ(session.ouch_counts().broken, 1U);
}

TEST_P(OuchSessionTest, drops_a_repeated_execution_and_passes_a_stranger_on) {
    OuchFaults faults;
    faults.on_report = [](std::size_t, std::span<const std::byte> message) {
        ReportFault fault;
        if (static_cast<char>(message[0]) == 'E') {
            fault.copies = 2;
            fault.stray = true;
        }
        return fault;
    };
    Pair faulty{GetParam(), faults};
    faulty.up();
    ASSERT_TRUE(faulty.session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    faulty.turns();
    faulty.exchange.fill(faulty.exchange.requests[0].ref, 100, 10'000, 9);
    EXPECT_EQ(faulty.turns(),
              (std::vector<Said>{{1, kFill, 100, 10'000}, {0, kFill, 100, 10'000}}));
    EXPECT_EQ(faulty.symbols.back(), core::kNoSymbol);
    EXPECT_EQ(faulty.session.ouch_counts().duplicates, 1U);
    EXPECT_EQ(faulty.session.counts().unknown, 1U);
}

TEST_P(OuchSessionTest, hears_a_late_report_late) {
    OuchFaults faults;
    faults.on_report = [](std::size_t, std::span<const std::byte> message) {
        return ReportFault{1, static_cast<char>(message[0]) == 'A' ? 50'000'000 : 0, false};
    };
    Pair slow{GetParam(), faults};
    slow.up();
    ASSERT_TRUE(slow.session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    slow.turns();
    slow.exchange.fill(slow.exchange.requests[0].ref, 500, 10'000, 9);
    EXPECT_EQ(slow.turns(), (std::vector<Said>{{1, kFill, 500, 10'000}}));
    EXPECT_EQ(slow.turns(60), (std::vector<Said>{{1, kAccepted, 500, 10'000}}));
    EXPECT_FALSE(slow.session.cancel(OrderId{1}, SymbolId{0}));
}

TEST_P(OuchSessionTest, cancels_what_is_open_when_asked_to_on_a_disconnect) {
    Pair careful{GetParam(), {}, true};
    careful.up();
    careful.server.drop(0);
    careful.turn();
    EXPECT_EQ(careful.exchange.cancelled_clients, (std::vector<std::uint32_t>{1}));
    pair.up();
    pair.server.drop(0);
    pair.turn();
    EXPECT_TRUE(exchange.cancelled_clients.empty());
}

TEST_P(OuchSessionTest, asks_for_no_more_than_it_has_names_for) {
    pair.up();
    std::uint64_t accepted = 0;
    for (std::uint64_t id = 1; id <= 200; ++id)
        accepted += session.submit(Desk::order(id, Side::kBuy, 1, kCent)) ? 1U : 0U;
    EXPECT_EQ(accepted, 64U);
    EXPECT_EQ(session.last_refusal(), RejectReason::kVenueFull);
    pair.turns();
    EXPECT_EQ(exchange.requests.size(), 64U);
}

TEST_P(OuchSessionTest, takes_the_order_away_when_its_replacement_makes_no_sense) {
    pair.up();
    ASSERT_TRUE(session.submit(Desk::order(1, Side::kBuy, 500, 100 * kCent)));
    pair.turns();
    exchange.fill(exchange.requests[0].ref, 300, 10'000, 1);
    ASSERT_TRUE(session.submit(Desk::replacement(1, Side::kBuy, 300, 100 * kCent)));
    EXPECT_EQ(pair.turns(), (std::vector<Said>{{1, kFill, 300, 10'000}, {1, kCancelled, 0, 0}}));
}

INSTANTIATE_TEST_SUITE_P(versions, OuchSessionTest,
                         testing::Values(OuchVersion::k42, OuchVersion::k50),
                         [](const auto& version) {
                             return version.param == OuchVersion::k42 ? "ouch42" : "ouch50";
                         });

TEST(OuchSession, refuses_settings_that_do_not_fit) {
    Link link;
    const auto clock = core::TscClock::from_rate(1e9);
    const auto make = [&](auto change) {
        OuchSessionConfig config = Pair::session_config(OuchVersion::k42);
        change(config);
        OuchSession session{link, config, clock};
    };
    EXPECT_NO_THROW(make([](auto&) {}));
    EXPECT_THROW(make([](auto& c) { c.soup.user = "toolong"; }), std::invalid_argument);
    EXPECT_THROW(make([](auto& c) { c.soup.password = "elevenchars"; }), std::invalid_argument);
    EXPECT_THROW(make([](auto& c) { c.symbols = {"NINECHARS"}; }), std::invalid_argument);
    EXPECT_THROW(make([](auto& c) { c.token_prefix = "SEVENCH"; }), std::invalid_argument);
    EXPECT_THROW(make([](auto& c) { c.firm = "FIRMS"; }), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::tests::ouch_live
