#include <sluice/pipeline/hot/level_book.hpp>

#include <stdexcept>

#include <gtest/gtest.h>

#include "book_test_support.hpp"

namespace sluice::pipeline::book_tests {
namespace {

using Levels = std::vector<std::pair<std::int64_t, std::int64_t>>;

LevelBook small_book() { return LevelBook({.levels = 4, .pending = 6}); }

// Live as of change 10, with 100 bid and 105 asked.
LevelBook live_book() {
    LevelBook book = small_book();
    EXPECT_EQ(book.apply(snapshot(10, 'B', 100, 5)), LevelOutcome::kSnapshot);
    EXPECT_EQ(book.apply(snapshot(10, 'A', 105, 6, true)), LevelOutcome::kSnapshot);
    EXPECT_EQ(book.state(), BookState::kLive);
    return book;
}

TEST(LevelBook, sets_replaces_and_deletes_levels) {
    LevelBook book = live_book();
    EXPECT_EQ(book.apply(update(10, 11, 'B', 101, 7)), LevelOutcome::kSet);
    EXPECT_EQ(book.apply(update(11, 12, 'B', 100, 8)), LevelOutcome::kSet);
    EXPECT_EQ(book.apply(update(12, 13, 'A', 105, 0)), LevelOutcome::kDeleted);
    EXPECT_EQ(book.apply(update(13, 14, 'A', 104, 0)), LevelOutcome::kAbsentDelete);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{101, 7}, {100, 8}}));
    EXPECT_EQ(book.depth(Side::kSell), 0U);
    EXPECT_EQ(book.sequence(), 14);
    EXPECT_EQ(book.counts().deletes, 1U);
    EXPECT_EQ(book.counts().absent_deletes, 1U);
}

TEST(LevelBook, shows_nothing_before_the_first_snapshot) {
    LevelBook book = small_book();
    EXPECT_EQ(book.apply(update(1, 2, 'B', 100, 5)), LevelOutcome::kPending);
    EXPECT_EQ(book.state(), BookState::kEmpty);
    EXPECT_EQ(book.depth(Side::kBuy), 0U);
}

TEST(LevelBook, applies_what_came_before_the_snapshot_and_is_not_in_it) {
    LevelBook book = small_book();
    (void)book.apply(update(1, 5, 'B', 100, 1));
    (void)book.apply(update(5, 12, 'B', 101, 2));  // begins before change 10, ends after it
    (void)book.apply(update(12, 15, 'A', 106, 3));
    (void)book.apply(snapshot(10, 'B', 99, 9, true));
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{101, 2}, {99, 9}}));
    EXPECT_EQ(levels(book, Side::kSell), (Levels{{106, 3}}));
    EXPECT_EQ(book.sequence(), 15);
    EXPECT_EQ(book.counts().old, 1U);
    EXPECT_EQ(book.counts().applied, 2U);
    EXPECT_EQ(book.counts().gaps, 0U);
    EXPECT_EQ(book.counts().overlapping, 0U);
}

TEST(LevelBook, leaves_out_events_that_the_snapshot_covers) {
    LevelBook book = live_book();
    EXPECT_EQ(book.apply(update(8, 9, 'B', 100, 1)), LevelOutcome::kOld);
    EXPECT_EQ(book.apply(update(9, 10, 'B', 100, 1)), LevelOutcome::kOld);
    EXPECT_EQ(book.apply(update(9, 11, 'B', 100, 2)), LevelOutcome::kSet);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{100, 2}}));
    EXPECT_EQ(book.counts().old, 2U);
    EXPECT_EQ(book.counts().overlapping, 0U);  // the first after a snapshot may
    (void)book.apply(update(10, 12, 'B', 100, 3));
    EXPECT_EQ(book.counts().overlapping, 1U);
}

TEST(LevelBook, goes_stale_at_a_gap_and_stays_as_it_was_until_the_next_snapshot) {
    LevelBook book = live_book();
    EXPECT_EQ(book.apply(update(12, 13, 'B', 101, 1)), LevelOutcome::kPending);
    EXPECT_EQ(book.state(), BookState::kStale);
    EXPECT_EQ(book.apply(update(13, 14, 'B', 102, 1)), LevelOutcome::kPending);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{100, 5}}));
    EXPECT_EQ(book.counts().gaps, 1U);
    EXPECT_EQ(book.counts().first_gap_row, 3U);
    (void)book.apply(snapshot(13, 'B', 101, 7, true));
    EXPECT_EQ(book.state(), BookState::kLive);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{102, 1}, {101, 7}}));
    EXPECT_EQ(book.counts().resyncs, 1U);
    EXPECT_EQ(book.counts().gaps, 1U);
    (void)book.apply(snapshot(20, 'B', 101, 7, true));
    EXPECT_EQ(book.counts().snapshots, 3U);
    EXPECT_EQ(book.counts().resyncs, 1U);  // was not lost
}

TEST(LevelBook, is_not_live_while_a_snapshot_is_on_its_way) {
    LevelBook book = live_book();
    (void)book.apply(snapshot(11, 'B', 101, 1));
    EXPECT_EQ(book.state(), BookState::kStale);
    (void)book.apply(snapshot(11, 'A', 105, 1, true));
    EXPECT_EQ(book.state(), BookState::kLive);
    EXPECT_EQ(book.counts().resyncs, 0U);
}

TEST(LevelBook, waits_for_a_newer_snapshot_when_one_does_not_reach_the_events_kept) {
    LevelBook book = small_book();
    (void)book.apply(update(20, 21, 'B', 100, 1));
    (void)book.apply(snapshot(10, 'B', 99, 9, true));
    EXPECT_EQ(book.state(), BookState::kStale);
    EXPECT_EQ(book.counts().gaps, 1U);
    (void)book.apply(snapshot(20, 'B', 99, 8, true));
    EXPECT_EQ(book.state(), BookState::kLive);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{100, 1}, {99, 8}}));
    EXPECT_EQ(book.counts().resyncs, 1U);
}

TEST(LevelBook, leaves_out_a_snapshot_that_is_older_than_the_live_book) {
    LevelBook book = live_book();
    (void)book.apply(update(10, 12, 'B', 101, 1));
    EXPECT_EQ(book.apply(snapshot(11, 'B', 55, 5, true)), LevelOutcome::kOld);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{101, 1}, {100, 5}}));
    EXPECT_EQ(book.counts().old_snapshots, 1U);
    (void)book.apply(snapshot(12, 'B', 55, 5, true));
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{55, 5}}));
    (void)book.apply(snapshot(3, 'B', 56, 5, true));  // nothing but snapshots: numbered anew
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{56, 5}}));
}

TEST(LevelBook, drops_the_oldest_whole_event_when_too_much_waits) {
    LevelBook book = small_book();  // room for six rows
    for (std::int64_t event = 0; event < 4; ++event)
        for (int row = 0; row < 2; ++row)
            (void)book.apply(
                level_row(event, event + 1, 'B', 100 + event, 5, row == 1 ? kRowEventEnd : 0));
    EXPECT_EQ(book.counts().dropped, 1U);
    (void)book.apply(snapshot(1, 'B', 90, 1, true));
    EXPECT_EQ(book.state(), BookState::kLive);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{103, 5}, {102, 5}, {101, 5}, {90, 1}}));
}

TEST(LevelBook, drops_an_event_that_is_larger_than_the_room_to_wait) {
    LevelBook book = small_book();
    for (int row = 0; row < 8; ++row)
        (void)book.apply(level_row(1, 2, 'B', 100 + row, 5, row == 7 ? kRowEventEnd : 0));
    EXPECT_EQ(book.counts().dropped, 1U);
    (void)book.apply(snapshot(1, 'B', 90, 1, true));
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{90, 1}}));
    (void)book.apply(update(2, 3, 'B', 91, 1));
    EXPECT_EQ(book.counts().gaps, 1U);  // the event that was dropped
}

TEST(LevelBook, is_stale_after_an_event_or_snapshot_without_its_last_row) {
    LevelBook book = live_book();
    (void)book.apply(level_row(10, 11, 'B', 101, 1, 0));
    (void)book.apply(update(11, 12, 'B', 102, 1));
    EXPECT_EQ(book.state(), BookState::kStale);
    EXPECT_EQ(book.counts().torn, 1U);
    (void)book.apply(snapshot(12, 'B', 80, 1));
    (void)book.apply(update(12, 13, 'B', 81, 1));
    EXPECT_EQ(book.state(), BookState::kStale);
    EXPECT_EQ(book.counts().torn, 2U);
    (void)book.apply(snapshot(12, 'B', 80, 1, true));
    EXPECT_EQ(book.state(), BookState::kLive);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{81, 1}, {80, 1}}));
}

TEST(LevelBook, does_not_apply_half_an_event_that_was_kept_for_the_snapshot) {
    LevelBook book = small_book();
    (void)book.apply(level_row(10, 11, 'B', 101, 1, 0));
    (void)book.apply(snapshot(10, 'B', 80, 1, true));
    EXPECT_EQ(book.state(), BookState::kStale);
    EXPECT_EQ(levels(book, Side::kBuy), (Levels{{80, 1}}));
    EXPECT_EQ(book.counts().torn, 1U);
    (void)book.apply(snapshot(11, 'B', 81, 1, true));
    EXPECT_EQ(book.state(), BookState::kLive);
    EXPECT_EQ(book.counts().resyncs, 1U);
}

TEST(LevelBook, is_stale_after_a_row_that_cannot_be_or_does_not_fit) {
    LevelBook book = live_book();
    EXPECT_EQ(book.apply(update(10, 11, 'N', 101, 1)), LevelOutcome::kRefused);
    EXPECT_EQ(book.state(), BookState::kStale);
    (void)book.apply(snapshot(11, 'B', 100, 1, true));
    EXPECT_EQ(book.apply(update(11, 12, 'B', 101, -1)), LevelOutcome::kRefused);
    (void)book.apply(snapshot(12, 'B', 100, 1, true));
    for (std::int64_t i = 0; i < 3; ++i)
        EXPECT_EQ(book.apply(update(12 + i, 13 + i, 'B', 101 + i, 1)), LevelOutcome::kSet);
    EXPECT_EQ(book.apply(update(15, 16, 'B', 50, 1)), LevelOutcome::kFull);
    EXPECT_EQ(book.state(), BookState::kStale);
    EXPECT_EQ(book.counts().refused, 3U);
    EXPECT_EQ(book.counts().resyncs, 2U);
}

TEST(LevelBook, notices_a_crossed_book_after_a_complete_event) {
    LevelBook book = live_book();
    (void)book.apply(level_row(10, 11, 'B', 106, 1, 0));
    (void)book.apply(level_row(10, 11, 'A', 105, 0, kRowEventEnd));
    EXPECT_EQ(book.crossings().crossed, 0U);
    (void)book.apply(update(11, 12, 'A', 106, 1));
    (void)book.apply(update(12, 13, 'A', 105, 1));
    EXPECT_EQ(book.crossings(), (BookCrossings{4, 1, 1, 5, 6}));
}

TEST(LevelBook, starts_anew_when_cleared) {
    LevelBook book = live_book();
    book.clear();
    EXPECT_EQ(book.state(), BookState::kEmpty);
    EXPECT_EQ(book.depth(Side::kBuy), 0U);
    EXPECT_THROW(LevelBook({.levels = 0, .pending = 4}), std::invalid_argument);
    EXPECT_THROW(LevelBook({.levels = 4, .pending = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::pipeline::book_tests
