#include <sluice/pipeline/hot/order_book.hpp>

#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "book_test_support.hpp"

namespace sluice::pipeline::book_tests {
namespace {

using Levels = std::vector<std::pair<std::int64_t, std::int64_t>>;

OrderBook small_order_book() { return OrderBook({.orders = 8, .levels = 4}); }

TEST(OrderBook, sorts_both_sides_by_price_with_the_best_first) {
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'B', 100, 5));
    (void)book.apply(add(2, 'B', 102, 6));
    (void)book.apply(add(3, 'B', 101, 7));
    (void)book.apply(add(4, 'A', 110, 8));
    (void)book.apply(add(5, 'A', 108, 9));
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{102, 6}, {101, 7}, {100, 5}}));
    EXPECT_EQ(levels(book, Side::kSell), (Levels{{108, 9}, {110, 8}}));
    EXPECT_EQ(book.resting(), 5U);
    EXPECT_TRUE(book.two_sided());
}

TEST(OrderBook, sums_the_orders_of_a_level_and_serves_the_first_first) {
    OrderBook book = small_order_book();
    for (const std::int64_t order : {7, 3, 5})
        EXPECT_EQ(book.apply(add(order, 'B', 100, order)), OrderOutcome::kAdded);
    EXPECT_EQ(book.level(Side::kBuy, 0),
              (BookLevel{core::Price::from_raw(100), core::Quantity::from_raw(15), 3}));
    EXPECT_EQ(queue(book, Side::kBuy, 0), (Orders{{7, 7}, {3, 3}, {5, 5}}));
}

TEST(OrderBook, cancels_in_part_without_losing_the_place_and_whole_with_the_level) {
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'A', 100, 5));
    (void)book.apply(add(2, 'A', 100, 5));
    EXPECT_EQ(book.apply(cancel(1, 2)), OrderOutcome::kCancelled);
    EXPECT_EQ(queue(book, Side::kSell, 0), (Orders{{1, 3}, {2, 5}}));
    EXPECT_EQ(book.apply(cancel(1, 3)), OrderOutcome::kCancelled);
    EXPECT_EQ(queue(book, Side::kSell, 0), (Orders{{2, 5}}));
    EXPECT_EQ(book.apply(cancel(2, 5)), OrderOutcome::kCancelled);
    EXPECT_EQ(book.depth(Side::kSell), 0U);
    EXPECT_EQ(book.resting(), 0U);
}

TEST(OrderBook, keeps_the_place_of_an_order_that_shrinks) {
    OrderBook book = small_order_book();
    for (const std::int64_t order : {1, 2, 3}) (void)book.apply(add(order, 'B', 100, 5));
    EXPECT_EQ(book.apply(modify(1, 'B', 100, 4)), OrderOutcome::kModified);
    EXPECT_EQ(queue(book, Side::kBuy, 0), (Orders{{1, 4}, {2, 5}, {3, 5}}));
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{100, 14}}));
}

TEST(OrderBook, keeps_the_place_of_an_order_that_is_modified_to_what_it_was) {
    OrderBook book = small_order_book();
    for (const std::int64_t order : {1, 2}) (void)book.apply(add(order, 'B', 100, 5));
    EXPECT_EQ(book.apply(modify(1, 'B', 100, 5)), OrderOutcome::kModified);
    EXPECT_EQ(queue(book, Side::kBuy, 0), (Orders{{1, 5}, {2, 5}}));
}

TEST(OrderBook, sends_an_order_that_grows_to_the_end_of_its_queue) {
    OrderBook book = small_order_book();
    for (const std::int64_t order : {1, 2, 3}) (void)book.apply(add(order, 'B', 100, 5));
    EXPECT_EQ(book.apply(modify(1, 'B', 100, 6)), OrderOutcome::kModified);
    EXPECT_EQ(queue(book, Side::kBuy, 0), (Orders{{2, 5}, {3, 5}, {1, 6}}));
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{100, 16}}));
}

TEST(OrderBook, sends_an_order_with_a_new_price_to_the_end_of_the_queue_there) {
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'B', 100, 5));
    (void)book.apply(add(2, 'B', 101, 5));
    EXPECT_EQ(book.apply(modify(1, 'B', 101, 2)), OrderOutcome::kModified);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{101, 7}}));
    EXPECT_EQ(queue(book, Side::kBuy, 0), (Orders{{2, 5}, {1, 2}}));
    EXPECT_EQ(book.find(1).price.raw(), 101);
}

TEST(OrderBook, removes_an_order_that_is_modified_to_nothing) {
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'B', 100, 5));
    EXPECT_EQ(book.apply(modify(1, 'B', 100, 0)), OrderOutcome::kModified);
    EXPECT_EQ(book.resting(), 0U);
}

TEST(OrderBook, is_left_as_it_was_by_trades_fills_and_nothing) {
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'B', 100, 5));
    for (const char action : {'T', 'F', 'N'})
        EXPECT_EQ(book.apply(order_row(action, 1, 'B', 100, 5)), OrderOutcome::kPassed);
    EXPECT_EQ(queue(book, Side::kBuy, 0), (Orders{{1, 5}}));
}

TEST(OrderBook, counts_what_is_not_lawful_and_stays_as_it_was) {
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'B', 100, 5));
    EXPECT_EQ(book.apply(add(1, 'B', 101, 9)), OrderOutcome::kDuplicateAdd);
    EXPECT_EQ(book.apply(cancel(2, 1)), OrderOutcome::kOrphanCancel);
    EXPECT_EQ(book.apply(modify(2, 'B', 100, 1)), OrderOutcome::kOrphanModify);
    EXPECT_EQ(book.apply(add(3, 'N', 100, 5)), OrderOutcome::kRefused);
    EXPECT_EQ(book.apply(add(3, 'B', 100, 0)), OrderOutcome::kRefused);
    EXPECT_EQ(book.apply(cancel(1, -1)), OrderOutcome::kRefused);
    EXPECT_EQ(book.apply(modify(1, 'A', 100, 5)), OrderOutcome::kRefused);
    EXPECT_EQ(book.apply(order_row('X', 1, 'B', 100, 5)), OrderOutcome::kRefused);
    EXPECT_EQ(queue(book, Side::kBuy, 0), (Orders{{1, 5}}));
    EXPECT_EQ(book.count(OrderOutcome::kRefused), 5U);
    EXPECT_EQ(book.count(OrderOutcome::kOrphanCancel), 1U);
    EXPECT_EQ(book.apply(cancel(1, 6)), OrderOutcome::kOverCancel);
    EXPECT_EQ(book.resting(), 0U);
    EXPECT_EQ(book.rows(), 10U);
}

TEST(OrderBook, refuses_a_level_whose_sum_would_overflow) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'B', 100, kMost));
    EXPECT_EQ(book.apply(add(2, 'B', 100, 1)), OrderOutcome::kRefused);
    (void)book.apply(add(3, 'B', 99, 1));
    EXPECT_EQ(book.apply(modify(3, 'B', 100, 1)), OrderOutcome::kRefused);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{100, kMost}, {99, 1}}));
}

TEST(OrderBook, says_that_it_is_full_and_goes_on) {
    OrderBook book = small_order_book();
    for (std::int64_t i = 0; i < 4; ++i) (void)book.apply(add(i, 'B', 100 + i, 1));
    EXPECT_EQ(book.apply(add(9, 'B', 50, 1)), OrderOutcome::kFull);     // a fifth level
    EXPECT_EQ(book.apply(modify(0, 'B', 50, 1)), OrderOutcome::kFull);  // likewise
    for (std::int64_t i = 4; i < 8; ++i) (void)book.apply(add(i, 'B', 100, 1));
    EXPECT_EQ(book.apply(add(9, 'B', 100, 1)), OrderOutcome::kFull);  // a ninth order
    EXPECT_EQ(book.resting(), 8U);
    (void)book.apply(cancel(3, 1));
    EXPECT_EQ(book.apply(add(9, 'B', 50, 1)), OrderOutcome::kAdded);
}

TEST(OrderBook, takes_any_64_bits_for_an_id_and_any_price) {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    OrderBook book = small_order_book();
    for (const char side : {'B', 'A'})
        for (const std::int64_t price : {kLeast, std::int64_t{-5}, kMost})
            EXPECT_EQ(book.apply(add(side == 'B' ? price : price ^ 1, side, price, 1)),
                      OrderOutcome::kAdded);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{kMost, 1}, {-5, 1}, {kLeast, 1}}));
    EXPECT_EQ(levels(book, Side::kSell), (Levels{{kLeast, 1}, {-5, 1}, {kMost, 1}}));
    EXPECT_EQ(book.apply(cancel(kLeast, 1)), OrderOutcome::kCancelled);
}

TEST(OrderBook, is_emptied_by_a_clear_and_by_the_first_row_of_a_snapshot) {
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'B', 100, 5));
    EXPECT_EQ(book.apply(order_row('R', 0, 'N', 0, 0)), OrderOutcome::kCleared);
    EXPECT_EQ(book.resting(), 0U);
    (void)book.apply(add(1, 'B', 100, 5));
    (void)book.apply(order_row('A', 2, 'B', 99, 1, kRowSnapshot));
    (void)book.apply(order_row('A', 3, 'A', 101, 1, kRowSnapshot | kRowEventEnd));
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{99, 1}}));
    EXPECT_EQ(levels(book, Side::kSell), (Levels{{101, 1}}));
    EXPECT_EQ(book.apply(cancel(1, 5)), OrderOutcome::kOrphanCancel);
}

TEST(OrderBook, notices_a_crossed_or_locked_book_at_the_end_of_an_event_only) {
    OrderBook book = small_order_book();
    (void)book.apply(add(1, 'B', 100, 5));
    (void)book.apply(order_row('A', 2, 'A', 99, 5, 0));  // crossed, within the event
    (void)book.apply(cancel(1, 5));
    EXPECT_EQ(book.crossings(), (BookCrossings{2, 0, 0, 0, 0}));
    (void)book.apply(add(3, 'B', 99, 5));
    (void)book.apply(add(4, 'B', 100, 5));
    EXPECT_EQ(book.crossings(), (BookCrossings{4, 1, 1, 4, 5}));
}

TEST(OrderBook, refuses_capacities_of_nothing) {
    EXPECT_THROW(OrderBook({.orders = 0, .levels = 4}), std::invalid_argument);
    EXPECT_THROW(OrderBook({.orders = 8, .levels = 0}), std::invalid_argument);
    EXPECT_THROW(OrderBook({.orders = std::size_t{1} << 40U, .levels = 4}), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::pipeline::book_tests
