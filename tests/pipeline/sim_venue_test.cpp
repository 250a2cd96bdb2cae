// The simulated venue's rules about liquidity, one sentence a rule, on markets made by hand.
#include <gtest/gtest.h>

#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

class SimVenueTaking : public SimVenueBench {};
class SimVenueResting : public SimVenueBench {};
class SimVenueWithoutQuotes : public SimVenueBench {};

TEST_F(SimVenueTaking, a_market_order_takes_the_displayed_size_at_the_other_sides_best_price) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder buy = submit(10, desk_.market(Side::kBuy, qty(40)));
    const ApprovedOrder sell = submit(20, desk_.market(Side::kSell, qty(50)));
    finish();
    expect_fills(buy, {{100'00, 40}});
    expect_fills(sell, {{99'00, 50}});
}

TEST_F(SimVenueTaking, an_order_takes_no_more_than_is_displayed_and_the_rest_waits) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder buy = submit(10, desk_.market(Side::kBuy, qty(100)));
    run_until(1'000);
    expect_fills(buy, {{100'00, 40}});
    quote(2'000, 99'00, 50, 101'00, 25);
    finish();
    expect_fills(buy, {{100'00, 40}, {101'00, 25}});
}

TEST_F(SimVenueTaking, a_limit_order_never_pays_more_than_its_limit) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder below = submit(10, desk_.limit(Side::kBuy, qty(10), cents(99'99)));
    const ApprovedOrder above = submit(20, desk_.limit(Side::kBuy, qty(10), cents(100'05)));
    finish();
    expect_fills(below, {});
    expect_fills(above, {{100'00, 10}});
}

TEST_F(SimVenueTaking, what_was_taken_is_gone_until_the_display_exceeds_it) {
    quote(0, 99'00, 50, 100'00, 40);
    submit(10, desk_.market(Side::kBuy, qty(30)));
    const ApprovedOrder second = submit(20, desk_.market(Side::kBuy, qty(100)));
    run_until(1'000);
    expect_fills(second, {{100'00, 10}});
    quote(1'000, 99'00, 50, 100'00, 40);  // the same forty shown again
    run_until(2'000);
    expect_fills(second, {{100'00, 10}});
    quote(2'000, 99'00, 50, 100'00, 45);  // five more than were taken
    finish();
    expect_fills(second, {{100'00, 10}, {100'00, 5}});
}

TEST_F(SimVenueTaking, what_was_taken_is_remembered_while_other_prices_are_shown) {
    quote(0, 99'00, 50, 100'00, 40);
    submit(10, desk_.market(Side::kBuy, qty(40)));
    quote(1'000, 99'00, 50, 100'10, 40);
    quote(2'000, 99'00, 50, 100'00, 40);
    const ApprovedOrder late = submit(3'000, desk_.limit(Side::kBuy, qty(10), cents(100'00)));
    finish();
    expect_fills(late, {});
}

TEST_F(SimVenueTaking, what_was_taken_is_remembered_while_two_other_prices_alternate) {
    quote(0, 99'00, 50, 100'00, 40);
    submit(10, desk_.market(Side::kBuy, qty(40)));
    for (std::int64_t i = 1; i <= 8; ++i) {
        quote(i * 1'000, 99'00, 50, i % 2 == 0 ? 100'10 : 100'20, 40 + i);
        submit(i * 1'000 + 10, desk_.limit(Side::kBuy, qty(1), cents(100'20)));
    }
    quote(9'000, 99'00, 50, 100'00, 40);  // the forty of the beginning
    const ApprovedOrder late = submit(9'010, desk_.limit(Side::kBuy, qty(10), cents(100'00)));
    finish();
    expect_fills(late, {});
}

TEST_F(SimVenueTaking, an_update_of_one_side_leaves_the_other_as_it_was) {
    quote(0, 99'00, 50, 100'00, 40);
    quote(1'000, 98'00, 60, 0, 0);
    const ApprovedOrder buy = submit(2'000, desk_.market(Side::kBuy, qty(40)));
    finish();
    expect_fills(buy, {{100'00, 40}});
}

TEST_F(SimVenueTaking, nothing_trades_against_a_side_that_was_never_shown) {
    quote(0, 99'00, 50, 0, 0);
    const ApprovedOrder buy = submit(10, desk_.market(Side::kBuy, qty(40)));
    finish();
    expect_fills(buy, {});
}

TEST_F(SimVenueTaking, two_orders_share_what_is_displayed_in_the_order_they_came) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder first = submit(10, desk_.market(Side::kBuy, qty(30)));
    const ApprovedOrder second = submit(10, desk_.market(Side::kBuy, qty(30)));
    finish();
    expect_fills(first, {{100'00, 30}});
    expect_fills(second, {{100'00, 10}});
}

TEST_F(SimVenueResting, at_the_back_of_the_queue_the_displayed_size_trades_first) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    trade(1'000, 99'00, 30);
    run_until(2'000);
    expect_fills(bid, {});
    trade(2'000, 99'00, 25);  // twenty ahead of it, five left
    run_until(3'000);
    expect_fills(bid, {{99'00, 5}});
    trade(3'000, 99'00, 100);
    finish();
    expect_fills(bid, {{99'00, 5}, {99'00, 15}});
}

TEST_F(SimVenueResting, at_the_front_of_the_queue_the_first_print_at_the_price_fills) {
    settings_.venue.queue = QueueModel::kFront;
    open();
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    trade(1'000, 99'00, 12);
    finish();
    expect_fills(bid, {{99'00, 12}});
}

TEST_F(SimVenueResting, a_displayed_size_that_shrinks_does_not_shorten_the_queue) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    quote(1'000, 99'00, 1, 100'00, 40);
    trade(2'000, 99'00, 50);
    run_until(3'000);
    expect_fills(bid, {});
    trade(3'000, 99'00, 20);
    finish();
    expect_fills(bid, {{99'00, 20}});
}

TEST_F(SimVenueResting, an_order_that_improves_the_best_price_has_nobody_ahead) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'50)));
    trade(1'000, 99'50, 8);
    finish();
    expect_fills(bid, {{99'50, 8}});
}

TEST_F(SimVenueResting, a_price_that_becomes_the_best_later_is_queued_for_then) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(98'00)));
    quote(1'000, 98'00, 30, 100'00, 40);
    trade(2'000, 98'00, 30);
    run_until(3'000);
    expect_fills(bid, {});
    trade(3'000, 98'00, 20);
    finish();
    expect_fills(bid, {{98'00, 20}});
}

TEST_F(SimVenueResting, a_print_beyond_its_price_fills_at_once_at_its_own_price_once_shown) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    trade(1'000, 98'90, 15);  // through the queue: everyone at 99.00 has traded
    finish();
    expect_fills(bid, {{99'00, 15}});
}

TEST_F(SimVenueResting, beyond_a_price_never_shown_it_fills_at_the_price_that_crossed) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'50)));
    trade(1'000, 99'20, 15);
    finish();
    expect_fills(bid, {{99'20, 15}});
}

TEST_F(SimVenueResting, a_quote_that_crosses_it_fills_it_with_what_that_quote_displays) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder unseen = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'50)));
    quote(1'000, 99'00, 50, 99'40, 12);
    finish();
    expect_fills(unseen, {{99'40, 12}});
    open();
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder seen = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'00)));
    quote(1'000, 98'00, 50, 98'50, 12);
    finish();
    expect_fills(seen, {{99'00, 12}});
}

TEST_F(SimVenueResting, a_print_on_the_wrong_side_of_its_price_does_nothing) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder bid = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'50)));
    const ApprovedOrder ask = submit(10, desk_.limit(Side::kSell, qty(20), cents(99'90)));
    trade(1'000, 99'60, 1'000);
    finish();
    expect_fills(bid, {});
    expect_fills(ask, {});
}

TEST_F(SimVenueResting, a_prints_size_is_used_once_over_all_orders_best_price_first) {
    quote(0, 99'00, 50, 100'00, 40);
    const ApprovedOrder worse = submit(10, desk_.limit(Side::kBuy, qty(20), cents(99'50)));
    const ApprovedOrder better = submit(20, desk_.limit(Side::kBuy, qty(20), cents(99'60)));
    const ApprovedOrder later = submit(30, desk_.limit(Side::kBuy, qty(20), cents(99'60)));
    trade(1'000, 99'10, 50);
    finish();
    expect_fills(better, {{99'10, 20}});
    expect_fills(later, {{99'10, 20}});
    expect_fills(worse, {{99'10, 10}});
}

TEST_F(SimVenueWithoutQuotes, a_market_order_takes_the_next_print_at_its_price_and_size) {
    trade(0, 100'00, 500);
    const ApprovedOrder buy = submit(10, desk_.market(Side::kBuy, qty(30)));
    run_until(1'000);
    expect_fills(buy, {});
    trade(1'000, 100'50, 20);
    trade(2'000, 100'70, 50);
    finish();
    expect_fills(buy, {{100'50, 20}, {100'70, 10}});
}

TEST_F(SimVenueWithoutQuotes, a_limit_order_takes_only_prints_within_its_limit) {
    trade(0, 100'00, 500);
    const ApprovedOrder buy = submit(10, desk_.limit(Side::kBuy, qty(30), cents(100'20)));
    trade(1'000, 100'50, 20);
    trade(2'000, 100'10, 20);
    trade(3'000, 100'20, 20);
    finish();
    expect_fills(buy, {{100'10, 20}, {100'20, 10}});
}

TEST_F(SimVenueWithoutQuotes, a_print_from_before_the_arrival_is_not_used) {
    trade(0, 100'00, 500);
    const ApprovedOrder buy = submit(10, desk_.market(Side::kBuy, qty(30)));
    trade(10 + kOrderLatency - 1, 100'00, 500);
    finish();
    expect_fills(buy, {});
}

TEST_F(SimVenueWithoutQuotes, instruments_do_not_share_their_liquidity) {
    open(2);
    const ApprovedOrder buy = submit(10, desk_.market(Side::kBuy, qty(30)));
    exchange_->trade(1'000, cents(100'00), 500, SymbolId{1});
    finish();
    expect_fills(buy, {});
}

}  // namespace
}  // namespace sluice::tests::trade_path
