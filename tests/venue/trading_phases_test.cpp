// When the simulated venue does not trade continuously: halts, and auctions at the open and the close.
#include <stdexcept>

#include <gmock/gmock.h>

#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/pipeline/trading_phases.hpp>

#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::uint32_t kOpeningPrint = 0x40;
constexpr std::uint32_t kClosingPrint = 0x80;

// S0 is halted from the first second to the second one; orders arrive at once.
class VenueHalt : public SimVenueBench {
  protected:
    void SetUp() override {
        settings_.venue.order_latency = Nanos{0};
        settings_.venue.queue = QueueModel::kFront;
        settings_.venue.halts = {"S0 1970-01-01T00:00:01Z 1970-01-01T00:00:02Z"};
        open();
        quote(10, 99'00, 50, 100'00, 40);
        trade(20, 99'50, 1);
    }
    static constexpr std::int64_t kIn = kSecond + 500;
    static constexpr std::int64_t kAfter = 2 * kSecond;
};

TEST_F(VenueHalt, nothing_trades_until_the_first_print_after_it_and_what_rests_stays) {
    const ApprovedOrder bid = submit(30, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    trade(kSecond - 1, 99'00, 3);
    trade(kSecond, 99'00, 4);  // the first moment of the halt
    trade(kIn, 98'00, 5);
    quote(kIn, 97'00, 5, 98'00, 9);
    quote(kAfter, 97'50, 5, 98'50, 9);
    run_until(kAfter + 100);
    expect_fills(bid, {{99'00, 3}});
    trade(kAfter + 200, 99'00, 6);  // the reopening
    trade(kAfter + 300, 99'00, 2);
    finish();
    expect_fills(bid, {{99'00, 3}, {99'00, 6}, {99'00, 2}});
}

TEST_F(VenueHalt, refuses_orders_and_replacements_until_its_end_and_takes_cancels) {
    const ApprovedOrder bid = submit(30, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    const ApprovedOrder other = submit(30, desk_.limit(Side::kBuy, qty(5), cents(99'00)));
    const ApprovedOrder late = submit(kIn, desk_.market(Side::kBuy, qty(1)));
    submit(kIn, desk_.replacement(bid, qty(20), cents(98'00)));
    cancel(kIn, other);
    finish();
    expect_last(late, ExecKind::kRejected, RejectReason::kHalted);
    expect_last(bid, ExecKind::kReplaceRejected, RejectReason::kHalted);
    expect_reports(other, {ExecKind::kAccepted, ExecKind::kCancelled});
}

TEST_F(VenueHalt, what_was_displayed_before_it_is_gone_and_orders_after_it_wait_for_the_reopening) {
    const ApprovedOrder buy = submit(kAfter + 10, desk_.market(Side::kBuy, qty(10)));
    const ApprovedOrder now =
        submit(kAfter + 10, desk_.market(Side::kBuy, qty(10), TimeInForce::kIoc));
    quote(kAfter + 20, 101'00, 5, 0, 0);  // the 40 at 100.00 are of before it
    run_until(kAfter + 30);
    expect_fills(buy, {});
    trade(kAfter + 40, 101'50, 4);
    run_until(kAfter + 100);
    expect_fills(buy, {{101'50, 4}});
    expect_reports(now, {ExecKind::kAccepted, ExecKind::kExpired});  // the other had all of it
    const ApprovedOrder next = submit(kAfter + 150, desk_.limit(Side::kBuy, qty(9), cents(100'00)));
    quote(kAfter + 200, 101'00, 5, 102'00, 9);
    finish();
    expect_fills(buy, {{101'50, 4}, {102'00, 6}});
    expect_fills(next, {});
}

TEST_F(VenueHalt, an_instrument_that_never_prints_reopens_with_a_quote) {
    open();
    quote(10, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(30, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    quote(kIn, 97'00, 5, 98'00, 9);
    run_until(kAfter);
    expect_fills(bid, {});
    quote(kAfter + 1, 97'00, 5, 98'50, 9);
    finish();
    expect_fills(bid, {{99'00, 9}});
}

TEST_F(VenueHalt, stops_are_set_off_by_the_reopening_and_not_before) {
    const ApprovedOrder stop = submit(30, desk_.order({kSymbol, Side::kSell, OrderType::kStop,
                                                       TimeInForce::kGtc, qty(5), cents(98'50)},
                                                      desk_.next()));
    trade(kIn, 98'00, 5);
    quote(kAfter, 97'00, 5, 98'00, 9);
    run_until(kAfter + 1);
    expect_fills(stop, {});
    trade(kAfter + 10, 98'00, 5);
    finish();
    expect_fills(stop, {{97'00, 5}});
}

TEST_F(VenueHalt, is_of_one_instrument_or_of_all) {
    for (const char* symbol : {"S1", "*"}) {
        settings_.venue.halts = {std::string(symbol) +
                                 " 1970-01-01T00:00:01Z 1970-01-01T01:00:02+01:00"};
        open(2);
        quote(10, 99'00, 50, 100'00, 40);
        const ApprovedOrder buy = submit(kIn, desk_.market(Side::kBuy, qty(1)));
        finish();
        EXPECT_EQ(exchange_->fills(buy).size(), *symbol == '*' ? 0U : 1U) << symbol;
    }
    settings_.venue.halts = {"NOBODY 1970-01-01T00:00:01Z 1970-01-01T00:00:02Z"};
    EXPECT_THROW(open(), std::invalid_argument);
}

TEST_F(VenueHalt, ones_that_overlap_are_one) {
    settings_.venue.halts = {"* 1970-01-01T00:00:02Z 1970-01-01T00:00:03Z",
                             "S0 1970-01-01T00:00:01Z 1970-01-01T00:00:02.5Z"};
    open();
    const ApprovedOrder bid = submit(30, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    trade(2 * kSecond + kSecond / 2 + 1, 99'00, 3);
    trade(3 * kSecond, 99'00, 4);
    finish();
    expect_fills(bid, {{99'00, 4}});
}

// Auctions of S0 are those of exchange N.
class VenueAuction : public SimVenueBench {
  protected:
    void SetUp() override {
        settings_.venue.order_latency = Nanos{0};
        settings_.venue.opening_conditions = kOpeningPrint;
        settings_.venue.closing_conditions = kClosingPrint;
        settings_.venue.auction_exchanges = {"S0=N"};
        open();
        timer(0, EventKind::kSessionOpen);
        quote(10, 99'00, 500, 100'00, 400);
    }
    ApprovedOrder market(std::int64_t ns, Side side, std::int64_t units, TimeInForce tif) {
        return submit(ns, desk_.market(side, qty(units), tif));
    }
};

TEST_F(VenueAuction, an_order_fills_in_its_prints_alone_at_their_price_and_the_rest_expires) {
    const ApprovedOrder buy = market(20, Side::kBuy, 100, TimeInForce::kOpening);
    trade(30, 99'50, 70);
    exchange_->print(40, cents(99'60), 70, kOpeningPrint, 'Q');
    exchange_->print(50, cents(99'60), 70, kClosingPrint, 'N');
    run_until(1'000);
    expect_reports(buy, {ExecKind::kAccepted});
    exchange_->print(1'000, cents(99'70), 30, kOpeningPrint | 1, 'N');
    exchange_->print(1'100, cents(99'80), 90, kOpeningPrint, 'N');  // another price: not of it
    exchange_->print(1'200, cents(99'70), 20, kOpeningPrint, 'N');
    trade(1'300, 99'70, 500);
    run_until(kSecond + 2'000);
    expect_fills(buy, {{99'70, 30}, {99'70, 20}});
    EXPECT_TRUE(exchange_->ended_by(buy, ExecKind::kExpired));
    EXPECT_EQ(core::ns_since_epoch(exchange_->of(buy).back().time()),
              kSecond + 1'000 + kResponseLatency);
}

TEST_F(VenueAuction, orders_share_a_print_in_their_order) {
    const ApprovedOrder first = market(20, Side::kBuy, 30, TimeInForce::kOpening);
    const ApprovedOrder second = market(30, Side::kBuy, 30, TimeInForce::kOpening);
    exchange_->print(1'000, cents(99'70), 40, kOpeningPrint, 'N');
    finish();
    expect_fills(first, {{99'70, 30}});
    expect_fills(second, {{99'70, 10}});
}

TEST_F(VenueAuction, limit_orders_take_part_beyond_their_limit_and_at_it_only_at_the_front) {
    for (const auto queue : {QueueModel::kBack, QueueModel::kFront}) {
        settings_.venue.queue = queue;
        open();
        const auto limit = [&](Side side, std::int64_t price) {
            return submit(20, desk_.limit(side, qty(10), cents(price), TimeInForce::kClosing));
        };
        const ApprovedOrder beyond = limit(Side::kBuy, 99'71);
        const ApprovedOrder at_it = limit(Side::kBuy, 99'70);
        const ApprovedOrder below = limit(Side::kBuy, 99'69);
        const ApprovedOrder sells = limit(Side::kSell, 99'60);
        exchange_->print(1'000, cents(99'70), 100, kClosingPrint, 'N');
        finish();
        expect_fills(beyond, {{99'70, 10}});
        EXPECT_EQ(exchange_->fills(at_it).size(), queue == QueueModel::kFront ? 1U : 0U);
        expect_fills(below, {});
        expect_fills(sells, {{99'70, 10}});
    }
}

TEST_F(VenueAuction, the_closing_print_that_comes_after_the_session_is_heard) {
    const ApprovedOrder sell = market(20, Side::kSell, 10, TimeInForce::kClosing);
    const ApprovedOrder rests = submit(20, desk_.limit(Side::kBuy, qty(10), cents(99'00)));
    timer(1'000, EventKind::kSessionClose);
    exchange_->print(1'100, cents(98'00), 10, 1, 'N', false);
    exchange_->print(1'200, cents(98'10), 10, kClosingPrint, 'N', false);
    finish();
    expect_fills(sell, {{98'10, 10}});
    expect_fills(rests, {});
}

TEST_F(VenueAuction, without_one_a_closing_order_expires_when_the_next_session_opens) {
    const ApprovedOrder sell = market(20, Side::kSell, 10, TimeInForce::kClosing);
    timer(1'000, EventKind::kSessionClose);
    run_until(5'000);
    expect_reports(sell, {ExecKind::kAccepted});
    timer(6'000, EventKind::kSessionOpen);
    finish();
    expect_reports(sell, {ExecKind::kAccepted, ExecKind::kExpired});
}

TEST_F(VenueAuction, an_opening_order_waits_for_the_next_session_and_no_longer) {
    const ApprovedOrder buy = market(20, Side::kBuy, 10, TimeInForce::kOpening);
    timer(1'000, EventKind::kSessionClose);
    timer(6'000, EventKind::kSessionOpen);
    run_until(7'000);
    expect_reports(buy, {ExecKind::kAccepted});
    timer(8'000, EventKind::kSessionClose);
    finish();
    expect_reports(buy, {ExecKind::kAccepted, ExecKind::kExpired});
}

TEST_F(VenueAuction, costs_what_a_taker_pays) {
    settings_.venue.commission = CommissionKind::kMakerTaker;
    settings_.venue.maker_bps_e4 = -10'000;
    settings_.venue.taker_per_unit = money("0.001");
    settings_.venue.queue = QueueModel::kFront;
    open();
    const ApprovedOrder buy =
        submit(20, desk_.limit(Side::kBuy, qty(10), cents(99'70), TimeInForce::kOpening));
    exchange_->print(1'000, cents(99'70), 40, kOpeningPrint, 'N');
    finish();
    ASSERT_EQ(exchange_->fills(buy).size(), 1U);
    EXPECT_EQ(exchange_->fills(buy)[0].report().commission.money(), money("0.01"));
}

TEST_F(VenueAuction, is_not_held_in_a_halt) {
    settings_.venue.halts = {"* 1970-01-01T00:00:01Z 1970-01-01T00:00:02Z"};
    open();
    const ApprovedOrder sell = market(20, Side::kSell, 10, TimeInForce::kClosing);
    exchange_->print(kSecond, cents(98'10), 4, kClosingPrint, 'N', false);
    exchange_->print(2 * kSecond, cents(98'20), 5, kClosingPrint, 'N', false);
    finish();
    expect_fills(sell, {{98'20, 5}});
}

TEST(TradingPhases, are_refused_where_they_cannot_be_meant) {
    const auto schema = make_settings_schema();
    const auto fault = [&](const char* text) {
        const auto faults = schema.check_text(text, "a test");
        return faults.empty() ? std::string{} : faults.front().message;
    };
    using testing::HasSubstr;
    EXPECT_THAT(fault("venue.halts = [\"IBM 2013-10-07T15:00:00Z\"]"), HasSubstr("is no halt"));
    EXPECT_THAT(fault("venue.halts = [\"IBM 2013-10-07 2013-10-08\"]"), HasSubstr("is no halt"));
    EXPECT_THAT(fault("venue.halts = [\"IBM 2013-10-07T15:00:00Z 2013-10-07T15:00:00Z\"]"),
                HasSubstr("before it has begun"));
    EXPECT_THAT(fault("venue.auction_exchanges = [\"IBM\"]"), HasSubstr("SYMBOL=LETTER"));
    EXPECT_THAT(fault("execution.time_in_force = \"closing\"\nvenue.opening_conditions = 64"),
                HasSubstr("closing_conditions"));
    EXPECT_EQ(fault("execution.time_in_force = \"closing\"\nvenue.closing_conditions = 0x80"), "");
}

}  // namespace
}  // namespace sluice::tests::trade_path
