// ItchFeed, message by message: what Nasdaq published, and what the specification says follows.
#include <gtest/gtest.h>

#include <sluice/core/hot/tsc.hpp>

#include "itch_feed_support.hpp"

namespace sluice::test_itch {
namespace {

struct ItchFeedTest : FeedFixture {};

TEST_F(ItchFeedTest, quotes_what_nasdaq_published) {
    EXPECT_TRUE(say({kMeta, kApple}).empty());
    EXPECT_TRUE(feed->listed(core::SymbolId{0}));
    EXPECT_EQ(say({kBid}), std::vector<Seen>{quote(0, kTime, {805'200, 0, 1, 0})});
    EXPECT_EQ(say({kOffer, kLowerBid}), std::vector<Seen>{quote(0, kTime, kBoth)});
    EXPECT_EQ(feed->books().depth(0, Side::kBuy), 2U);
    EXPECT_EQ(feed->state(), FeedState::kLive);
    EXPECT_EQ(feed->counts().messages, 5U);
    EXPECT_EQ(feed->counts().duplicates, 3U);
    EXPECT_EQ(feed->counts().unknown, 0U);
}

TEST_F(ItchFeedTest, tells_a_trade_before_the_quote_that_follows_from_it) {
    say({kMeta, kBid, kOffer, kLowerBid});
    // 40 of the 100 offered, then the rest.
    EXPECT_EQ(say({"4519720002 1f23e0981ae2 00000000006b3f7f 00000028 0000000000000001"}),
              (std::vector<Seen>{trade(0, kTime + 1, 3'573'300, 40),
                                 quote(0, kTime + 1, {805'200, 3'573'300, 1, 60})}));
    EXPECT_EQ(say({"4519720002 1f23e0981ae3 00000000006b3f7f 0000003c 0000000000000002"}),
              (std::vector<Seen>{trade(0, kTime + 2, 3'573'300, 60),
                                 quote(0, kTime + 2, {805'200, 0, 1, 0})}));
}

TEST_F(ItchFeedTest, tells_executions_at_another_price_only_when_printable) {
    say({kMeta, kBid, kOffer});
    EXPECT_EQ(
        say({"4319720002 1f23e0981ae2 00000000006b3f7f 00000028 0000000000000001 59 00368633"}),
        (std::vector<Seen>{trade(0, kTime + 1, 3'573'299, 40),
                           quote(0, kTime + 1, {805'200, 3'573'300, 1, 60})}));
    EXPECT_EQ(
        say({"4319720002 1f23e0981ae3 00000000006b3f7f 00000028 0000000000000002 4e 00368633"}),
        std::vector<Seen>{quote(0, kTime + 2, {805'200, 3'573'300, 1, 20})});
}

TEST_F(ItchFeedTest, tells_hidden_trades_and_crosses_but_no_cross_of_nothing) {
    say({kMeta});
    EXPECT_EQ(say({"5019720002 1f23e0981ae1 0000000000000000 42 00000064 4d45544120202020 001399f8"
                   "0000000000000001"}),
              std::vector<Seen>{trade(0, kTime, 1'284'600, 100)});
    EXPECT_EQ(say({"5119720001 1f23e0981ae1 00000000000f4240 4d45544120202020 001399f8"
                   "0000000000000002 4f",
                   "5119720001 1f23e0981ae1 0000000000000000 4d45544120202020 00000000"
                   "0000000000000003 4f"}),
              std::vector<Seen>{trade(0, kTime, 1'284'600, 1'000'000)});
    EXPECT_EQ(feed->counts().malformed, 0U);
}

TEST_F(ItchFeedTest, follows_orders_that_shrink_vanish_and_are_replaced) {
    say({kMeta, kBid, kOffer, kLowerBid});
    EXPECT_EQ(say({"5819720000 1f23e0981ae1 00000000006b3f7f 00000014"}),
              std::vector<Seen>{quote(0, kTime, {805'200, 3'573'300, 1, 80})});
    EXPECT_EQ(say({"4419720000 1f23e0981ae1 0000000000792f9f"}),
              std::vector<Seen>{quote(0, kTime, {805'000, 3'573'300, 2, 80})});
    EXPECT_EQ(say({"5519720000 1f23e0981ae1 0000000000113af4 0000000000aaaaaa 00000007 000c4951"}),
              std::vector<Seen>{quote(0, kTime, {805'201, 3'573'300, 7, 80})});
    EXPECT_EQ(feed->books().resting(), 2U);
}

TEST_F(ItchFeedTest, keeps_a_bid_and_an_offer_at_one_price_apart) {
    say({kMeta, kBid});
    EXPECT_EQ(
        say({"4119720000 1f23e0981ae1 0000000000000007 53 00000009 4d45544120202020 000c4950"}),
        std::vector<Seen>{quote(0, kTime, {805'200, 805'200, 1, 9})});
    EXPECT_EQ(say({"4419720000 1f23e0981ae1 0000000000792f9f"}),
              std::vector<Seen>{quote(0, kTime, {0, 805'200, 0, 9})});
}

TEST_F(ItchFeedTest, hands_on_what_the_first_line_brought_before_it_looks_at_the_second) {
    say({kMeta});
    for (MemoryWire* line : {&a, &b}) line->send(mold_packet(sequence, {from_hex(kBid)}));
    EXPECT_EQ(feed->poll(now).size(), 1U);
    EXPECT_EQ(a.waiting.size() + b.waiting.size(), 1U);
    EXPECT_EQ(feed->poll(now).size(), 0U);
    EXPECT_EQ(a.waiting.size() + b.waiting.size(), 0U);
}

TEST_F(ItchFeedTest, keeps_the_states_of_trading_and_of_the_day) {
    EXPECT_EQ(feed->system_event(), ' ');
    say({kMeta, "5300000000 1f1acedb02f0 51"});
    EXPECT_EQ(feed->system_event(), 'Q');
    EXPECT_EQ(feed->trading_state(core::SymbolId{0}), ' ');
    say({"4819720000 1f23e0981ae1 4d45544120202020 48 20 54312020"});
    EXPECT_EQ(feed->trading_state(core::SymbolId{0}), 'H');
}

TEST_F(ItchFeedTest, counts_what_is_not_followed) {
    say({kMeta,
         "4115980000 1f1aced85306 000000000166b53e 42 00000640 49564f4f20202020 000d55ac",  // IVOO
         "4419720000 1f23e0981ae1 0000000000792f9f",  // no order
         "5a"});                                      // no message of ITCH 5.0
    EXPECT_EQ(feed->counts().unknown, 3U);
    EXPECT_EQ(feed->counts().malformed, 0U);
}

TEST_F(ItchFeedTest, counts_what_breaks_the_rules_and_goes_on) {
    say({kMeta, kBid});
    say({"4419720000 1f23e0981ae1 0000000000792f",  // short
         kBid,                                      // there already
         "4119720000 1f23e0981ae1 0000000000000001 42 00000000 4d45544120202020 000c4950",
         "4119720000 1f23e0981ae1 0000000000000001 58 00000001 4d45544120202020 000c4950",
         "4119720000 1f23e0981ae1 0000000000000001 42 00000001 4d45544120202020 80000000",
         "4119720000 1f23e0981ae1 ffffffffffffffff 42 00000001 4d45544120202020 000c4950",
         // META under another number
         "5219730000 1f23e0980000 4d45544120202020 51 4e 00000064 4e 43 5a20 50 4e 4e 31 4e "
         "00000000"
         "4e"});
    EXPECT_EQ(feed->counts().malformed, 7U);
    EXPECT_EQ(feed->books().resting(), 1U);
    EXPECT_EQ(say({kOffer}), std::vector<Seen>{quote(0, kTime, kBoth)});
}

TEST_F(ItchFeedTest, removes_an_order_from_which_more_is_taken_than_it_has) {
    say({kMeta, kBid, kOffer});
    EXPECT_EQ(say({"5819720000 1f23e0981ae1 00000000006b3f7f 00000065"}),
              std::vector<Seen>{quote(0, kTime, {805'200, 0, 1, 0})});
    EXPECT_EQ(feed->counts().malformed, 1U);
}

TEST_F(ItchFeedTest, stamps_events_with_the_time_at_which_their_datagram_was_taken) {
    const std::uint64_t before = core::Tsc::now();
    for (const char* hex : {kMeta, kBid}) a.send(mold_packet(sequence++, {from_hex(hex)}));
    const auto events = feed->poll(now);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_GE(events[0].ingress_ticks(), before);
    EXPECT_LE(events[0].ingress_ticks(), core::Tsc::now());
}

// --- states ---

TEST_F(ItchFeedTest, waits_until_it_hears_something_and_is_silent_without_heartbeats) {
    poll();
    EXPECT_EQ(feed->state(), FeedState::kWaiting);
    a.send(mold_empty(1));
    poll();
    EXPECT_EQ(feed->state(), FeedState::kLive);
    now += 3'000'000'000;
    poll();
    EXPECT_EQ(feed->state(), FeedState::kLive);
    ++now;
    poll();
    EXPECT_EQ(feed->state(), FeedState::kSilent);
    a.send(mold_empty(1));
    poll();
    EXPECT_EQ(feed->state(), FeedState::kLive);
}

TEST_F(ItchFeedTest, says_that_messages_are_missing_until_the_reply_brings_them) {
    say({kMeta});
    for (MemoryWire* line : {&a, &b}) line->send(mold_packet(3, {from_hex(kOffer)}));
    EXPECT_TRUE(poll().empty());
    EXPECT_EQ(feed->state(), FeedState::kGap);
    EXPECT_EQ(feed->counts().gaps, 1U);
    EXPECT_EQ(requests.waiting.size(), 1U);
    replies.send(mold_packet(2, {from_hex(kBid)}));
    EXPECT_EQ(poll().size(), 2U);
    EXPECT_EQ(feed->state(), FeedState::kLive);
}

TEST_F(ItchFeedTest, does_not_trust_its_books_after_a_loss_unless_told_to) {
    for (const bool live : {false, true}) {
        ItchFeedOptions options;
        options.live_after_loss = live;
        open(options, false);
        sequence = 5;  // without requests, what was before is lost
        say({kMeta});
        EXPECT_EQ(feed->counts().lost, 4U);
        EXPECT_EQ(feed->state(), live ? FeedState::kLive : FeedState::kWaiting);
    }
}

TEST_F(ItchFeedTest, does_not_trust_a_book_that_had_no_room) {
    ItchFeedOptions options;
    options.books.levels = 1;
    open(options);
    say({kMeta, kBid});
    EXPECT_EQ(feed->state(), FeedState::kLive);
    say({kLowerBid});
    EXPECT_FALSE(feed->whole());
    EXPECT_EQ(feed->state(), FeedState::kWaiting);
}

TEST_F(ItchFeedTest, ends_with_the_session) {
    say({kMeta});
    a.send(mold_empty(2, 0xFFFF));
    poll();
    EXPECT_EQ(feed->state(), FeedState::kEnded);
}

TEST_F(ItchFeedTest, ends_when_its_session_is_silent_and_another_begins) {
    say({kMeta});
    now += 2'000'000'000;
    a.send(mold_empty(1, 0, "NEXT"));
    poll();
    EXPECT_EQ(feed->state(), FeedState::kEnded);
}

TEST(ItchFeed, refuses_what_it_cannot_follow) {
    MemoryWire line;
    const auto with = [&](std::initializer_list<const char*> names, ItchLines lines) {
        const ItchFeed feed(instruments(names), lines, {});
    };
    EXPECT_THROW(with({"TOOLONGNAME"}, {&line}), std::invalid_argument);
    EXPECT_THROW(with({""}, {&line}), std::invalid_argument);
    EXPECT_THROW(with({"META", "META"}, {&line}), std::invalid_argument);
    EXPECT_THROW(with({"META"}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::test_itch
