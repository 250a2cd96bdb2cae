// ItchFeed over a whole market: from what the exchange publishes to trades and quotes, against books
// kept the plain way; and what becomes of them when more arrives than can be handed on.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/itch/mold_publisher.hpp>

#include "itch_feed_support.hpp"

namespace sluice::test_itch {
namespace {

using itch::MoldPublisher;
using pipeline::ExchangeSymbol;
using pipeline::MarketAction;
using pipeline::MarketUpdate;

struct ItchConflation : FeedFixture {};

std::vector<ExchangeSymbol> listing(std::initializer_list<std::string_view> names) {
    std::vector<ExchangeSymbol> out;
    for (const std::string_view name : names) {
        out.emplace_back();
        out.back().name.fill(' ');
        std::copy(name.begin(), name.end(), out.back().name.begin());
    }
    return out;
}

// What a feed has to say of an update.
void expect_of(const MarketUpdate& update, std::size_t symbol, const PlainBook& book,
               const PlainTop& before, std::uint32_t order_price, std::vector<Seen>& out) {
    const std::int64_t time = kMidnight + update.time_ns;
    const MarketAction action = update.action;
    if (action == MarketAction::kTrade ||
        (action == MarketAction::kExecutedAtPrice && update.code == 'Y'))
        out.push_back(trade(symbol, time, update.price, update.shares));
    if (action == MarketAction::kExecuted)
        out.push_back(trade(symbol, time, order_price, update.shares));
    const PlainTop top = book.top();
    if (!(top == before) && (top.bid != 0 || top.ask != 0)) out.push_back(quote(symbol, time, top));
}

// An exchange with three stocks, of which two are followed, and lines that lose packets.
struct Exchange {
    explicit Exchange(std::uint64_t seed, std::size_t conflate_after = 1'000'000)
        : market(seed, 3), random(seed) {
        itch::PublisherOptions publishing;
        publishing.midnight_ns = kMidnight;
        publishing.kept_messages = 4'096;
        publisher.emplace(publishing, symbols,
                          std::vector<pipeline::DatagramSender*>{&line_a, &line_b});
        ItchFeedOptions options;
        options.midnight_ns = kMidnight;
        options.conflate_after = conflate_after;
        options.datagrams_max = 1'000'000;
        options.events_max = 4'096;
        options.books = {1'024, 64};
        options.mold.window = 1'024;
        feed.emplace(instruments({"THREE", "ONE"}),
                     ItchLines{&line_a, &line_b, &requests, &replies}, options);
        for (std::uint16_t symbol = 1; symbol <= 3; ++symbol) {
            MarketUpdate update;
            update.action = MarketAction::kDirectory;
            update.symbol = symbol;
            publish(update);
        }
    }
    void publish(MarketUpdate update) {
        update.time_ns += kMidnight;
        publisher->on_update(update);
    }
    void happen(std::vector<Seen>& expected) {
        const PlainTop tops[3] = {market.book(1).top(), market.book(2).top(), market.book(3).top()};
        const MarketUpdate update = market.next();
        publish(update);
        if (update.symbol == 2) return;
        expect_of(update, update.symbol == 3 ? 0 : 1, market.book(update.symbol),
                  tops[update.symbol - 1U], market.last_price(), expected);
    }
    void lose(MemoryWire& line, double share) {
        std::erase_if(line.waiting, [&](const Bytes&) {
            return std::uniform_real_distribution<>(0, 1)(random) < share;
        });
    }
    void poll(std::vector<Seen>& got) {
        for (auto events = feed->poll(now); !events.empty(); events = feed->poll(now))
            for (const Event& event : events) got.push_back(seen(event));
        publisher->serve_requests(requests, replies);
    }

    std::vector<ExchangeSymbol> symbols = listing({"ONE", "TWO", "THREE"});
    RandomMarket market;
    std::mt19937_64 random;
    MemoryWire line_a;
    MemoryWire line_b;
    MemoryWire requests;
    MemoryWire replies;
    std::optional<MoldPublisher> publisher;
    std::optional<ItchFeed> feed;
    std::uint64_t now = 1;
};

void expect_same_books(const Exchange& exchange) {
    const auto& books = exchange.feed->books();
    for (const std::uint16_t symbol : {std::uint16_t{3}, std::uint16_t{1}}) {
        const std::uint16_t book = symbol == 3 ? 0 : 1;
        for (const Side side : {Side::kBuy, Side::kSell}) {
            const auto levels = exchange.market.book(symbol).levels(side);
            RC_ASSERT(books.depth(book, side) == levels.size());
            for (std::size_t i = 0; i < levels.size(); ++i) {
                RC_ASSERT(books.level(book, side, i).price == levels[i].first);
                RC_ASSERT(books.level(book, side, i).shares == levels[i].second);
            }
        }
    }
}

RC_GTEST_PROP(ItchFeedProperty, says_what_follows_from_what_the_exchange_said,
              (std::uint64_t seed)) {
    Exchange exchange(seed);
    const double loss = *rc::gen::inRange(0, 50) / 100.0;
    std::vector<Seen> expected;
    std::vector<Seen> got;
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 40; ++i) {
            exchange.happen(expected);
            if (exchange.random() % 4 == 0) exchange.publisher->flush(0);
        }
        exchange.publisher->flush(0);
        for (MemoryWire* line : {&exchange.line_a, &exchange.line_b}) exchange.lose(*line, loss);
        exchange.now += 10'000'000;
        exchange.poll(got);
    }
    // The end is told until it is heard.
    exchange.publisher->end(0);
    std::int64_t quiet = 0;
    for (int i = 0; i < 1'000 && exchange.feed->state() != FeedState::kEnded; ++i) {
        exchange.publisher->flush(quiet += 1'000'000'001);
        exchange.now += 10'000'000;
        exchange.poll(got);
    }
    RC_ASSERT(exchange.feed->state() == FeedState::kEnded);
    RC_ASSERT(exchange.feed->counts().malformed == 0U);
    RC_ASSERT(exchange.feed->whole());
    RC_ASSERT(got == expected);
    expect_same_books(exchange);
}

// Of each instrument: its trades' first, highest, lowest and last price and their volume.
struct Bar {
    std::int64_t open = 0;
    std::int64_t high = 0;
    std::int64_t low = 0;
    std::int64_t close = 0;
    std::int64_t volume = 0;
    std::uint64_t trades = 0;
    std::uint64_t quotes = 0;
    std::optional<Seen> last_quote;

    void add(const Seen& s) {
        if (s.kind == 'Q') {
            ++quotes;
            last_quote = s;
            last_quote->flags = 0;
            return;
        }
        if (trades++ == 0) open = high = low = s.bid_or_price;
        high = std::max(high, s.bid_or_price);
        low = std::min(low, s.bid_or_price);
        close = s.bid_or_price;
        volume += s.bid_size_or_quantity;
    }
};

RC_GTEST_PROP(ItchFeedProperty, keeps_the_bars_and_the_last_quote_of_what_it_conflates,
              (std::uint64_t seed)) {
    Exchange exchange(seed, 1);
    std::vector<Seen> expected;
    std::vector<Seen> got;
    exchange.publisher->flush(0);
    exchange.poll(got);  // the directory
    const int count = *rc::gen::inRange(1, 400);
    for (int i = 0; i < count; ++i) {
        exchange.happen(expected);
        exchange.publisher->flush(0);
    }
    exchange.poll(got);
    std::array<Bar, 2> whole;
    std::array<Bar, 2> told;
    for (const Seen& s : expected) whole[s.symbol].add(s);
    for (const Seen& s : got) told[s.symbol].add(s);
    for (std::size_t i = 0; i < 2; ++i) {
        RC_ASSERT(told[i].open == whole[i].open);
        RC_ASSERT(told[i].high == whole[i].high);
        RC_ASSERT(told[i].low == whole[i].low);
        RC_ASSERT(told[i].close == whole[i].close);
        RC_ASSERT(told[i].volume == whole[i].volume);
        // One of each comes before conflation begins.
        RC_ASSERT(told[i].trades <= 5U);
        RC_ASSERT(told[i].quotes <= 2U);
        // A top that came back to what was quoted before is not quoted again.
        if (told[i].last_quote && told[i].last_quote->time == whole[i].last_quote->time)
            RC_ASSERT(*told[i].last_quote == *whole[i].last_quote);
    }
    RC_ASSERT(got.size() + exchange.feed->counts().conflated == expected.size());
    RC_ASSERT(std::is_sorted(got.begin(), got.end(),
                             [](const Seen& x, const Seen& y) { return x.time < y.time; }));
    expect_same_books(exchange);
}

TEST_F(ItchConflation, marks_the_event_that_stands_for_several) {
    ItchFeedOptions options;
    options.conflate_after = 2;
    open(options);
    say({kMeta, kBid, kOffer});
    const auto hidden = [&](const char* price_and_shares) {
        const std::string text = price_and_shares;
        const Bytes message =
            from_hex("5019720002 1f23e0981ae1 0000000000000000 42 " + text.substr(0, 8) +
                     "4d45544120202020" + text.substr(8) + "0000000000000001");
        a.send(mold_packet(sequence++, {message}));
    };
    //      shares  price
    hidden("00000001000186a0");  // one by one: 10.0000
    hidden("0000000200018704");
    hidden("00000003000186a0");  // open and low of the rest
    hidden("0000000400018768");  // high
    hidden("0000000500018704");  // goes into the last
    hidden("0000000600018704");  // close
    constexpr std::uint8_t kMerged = pipeline::kFlagConflated;
    EXPECT_EQ(poll(), (std::vector<Seen>{trade(0, kTime, 100'000, 1), trade(0, kTime, 100'100, 2),
                                         trade(0, kTime, 100'000, 3), trade(0, kTime, 100'200, 4),
                                         trade(0, kTime, 100'100, 11, kMerged)}));
    EXPECT_EQ(feed->counts().conflated, 1U);
}

TEST_F(ItchConflation, conflates_when_a_poll_brings_more_events_than_it_may) {
    ItchFeedOptions options;
    options.events_max = 2;
    open(options);
    say({kMeta});
    const char* const one = "4119720000 1f23e0981ae1 00000000000000";
    std::vector<Bytes> adds;
    for (int i = 10; i < 20; ++i)
        adds.push_back(from_hex(one + std::to_string(i) + "42 00000001 4d45544120202020 000c4950"));
    a.send(mold_packet(sequence, adds));
    EXPECT_EQ(poll(), (std::vector<Seen>{
                          quote(0, kTime, {805'200, 0, 1, 0}), quote(0, kTime, {805'200, 0, 2, 0}),
                          quote(0, kTime, {805'200, 0, 10, 0}, pipeline::kFlagConflated)}));
    EXPECT_EQ(feed->counts().conflated, 7U);
}

TEST_F(ItchConflation, takes_a_bounded_number_of_datagrams_in_a_poll) {
    ItchFeedOptions options;
    options.datagrams_max = 4;
    open(options);
    for (std::uint64_t i = 1; i <= 10; ++i) a.send(mold_packet(i, {from_hex(kMeta)}));
    poll();
    EXPECT_EQ(feed->counts().datagrams, 4U);
    poll();
    EXPECT_EQ(feed->counts().datagrams, 8U);
}

}  // namespace
}  // namespace sluice::test_itch
