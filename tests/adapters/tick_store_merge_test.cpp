#include <sluice/adapters/tick_store/hot/tick_merge.hpp>

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::TickMerge;
using adapters::tick_store::TickPiece;

TickPiece piece_of(const pipeline::TradeColumns& t, std::size_t row, std::size_t end) {
    return {t.time_ns.data(),
            t.price_raw.data(),
            t.quantity_raw.data(),
            nullptr,
            nullptr,
            t.conditions.data(),
            t.exchange.data(),
            t.flags.data(),
            row,
            end,
            0};
}
TickPiece piece_of(const pipeline::QuoteColumns& q, std::size_t row, std::size_t end) {
    return {q.time_ns.data(),
            q.bid_raw.data(),
            q.bid_size_raw.data(),
            q.ask_raw.data(),
            q.ask_size_raw.data(),
            nullptr,
            nullptr,
            q.flags.data(),
            row,
            end,
            0};
}

struct SeededFeed {
    int symbol;
    pipeline::TradeColumns trades;
    pipeline::QuoteColumns quotes;
};

// All that the merge gives, in blocks; what it offers as columns is taken so, up to `offers` times
// between two blocks. `by_column` counts those rows.
std::vector<EventKey> merged(const std::vector<SeededFeed>& feeds, std::size_t block,
                             std::size_t cut, int offers = 0, std::size_t* by_column = nullptr) {
    TickMerge merge;
    const auto pieces = [cut](const auto& columns) {
        // Cut in two, as two days would be.
        const std::size_t middle = std::min(cut, columns.size());
        std::vector<TickPiece> out;
        if (middle != 0) out.push_back(piece_of(columns, 0, middle));
        if (middle != columns.size()) out.push_back(piece_of(columns, middle, columns.size()));
        return out;
    };
    for (const SeededFeed& feed : feeds) {
        const auto symbol = static_cast<core::SymbolId>(feed.symbol);
        merge.add(symbol, TickMerge::Kind::kTrades, pieces(feed.trades));
        merge.add(symbol, TickMerge::Kind::kQuotes, pieces(feed.quotes));
    }
    merge.start();
    std::vector<pipeline::Event> events(block);
    std::vector<EventKey> out;
    std::size_t n = 1;
    while (n != 0) {
        for (int i = 0; i < offers; ++i) {
            const pipeline::TickColumns rows = merge.next_columns();
            for (std::size_t row = 0; row < rows.size; ++row)
                out.push_back(key_of(rows.event(row)));
            if (by_column != nullptr) *by_column += rows.size;
        }
        n = merge.fill(events);
        for (std::size_t i = 0; i < n; ++i) out.push_back(key_of(events[i]));
    }
    EXPECT_EQ(out.size(), merge.total());
    return out;
}

// The stated order by other means: all rows in the order of ties, then sorted by time alone.
std::vector<EventKey> sorted(const std::vector<SeededFeed>& feeds) {
    std::vector<EventKey> out;
    for (const SeededFeed& feed : feeds) {
        for (std::size_t i = 0; i < feed.quotes.size(); ++i)
            out.push_back(key_of(feed.quotes, i, feed.symbol));
        for (std::size_t i = 0; i < feed.trades.size(); ++i)
            out.push_back(key_of(feed.trades, i, feed.symbol));
    }
    std::stable_sort(out.begin(), out.end(), [](const EventKey& a, const EventKey& b) {
        return std::get<0>(a) < std::get<0>(b);
    });
    return out;
}

RC_GTEST_PROP(TickMerge, orders_like_a_stable_sort_whatever_the_ties, ()) {
    const auto symbols = *rc::gen::inRange(1, 6);
    const auto times = [] {
        // Few distinct times: most rows tie with rows of other feeds.
        auto drawn =
            *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 12));
        std::sort(drawn.begin(), drawn.end());
        return drawn;
    };
    std::vector<SeededFeed> feeds;
    for (int symbol = 0; symbol < symbols; ++symbol)
        feeds.push_back({symbol, trades_at(times()), quotes_at(times())});
    const auto block = *rc::gen::inRange<std::size_t>(1, 9);
    const auto cut = *rc::gen::inRange<std::size_t>(0, 8);
    RC_ASSERT(merged(feeds, block, cut) == sorted(feeds));
}

TEST(TickMerge, puts_quotes_before_trades_and_lower_symbols_first_at_one_time) {
    const std::vector<SeededFeed> feeds{{0, trades_at({5}), quotes_at({5})},
                                        {1, trades_at({5}), quotes_at({5})}};
    const auto events = merged(feeds, 64, 0);
    ASSERT_EQ(events.size(), 4U);
    const auto quote = static_cast<int>(pipeline::EventKind::kQuote);
    const auto trade = static_cast<int>(pipeline::EventKind::kTrade);
    const int expected[][2] = {{0, quote}, {0, trade}, {1, quote}, {1, trade}};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(std::get<1>(events[i]), expected[i][0]) << i;
        EXPECT_EQ(std::get<2>(events[i]), expected[i][1]) << i;
    }
}

TEST(TickMerge, keeps_row_order_where_a_column_goes_back_in_time) {
    const std::vector<SeededFeed> feeds{{0, trades_at({10, 3, 20}), {}},
                                        {1, trades_at({5, 12}), {}}};
    std::vector<std::int64_t> times;
    for (const EventKey& event : merged(feeds, 64, 0)) times.push_back(std::get<0>(event) - kDayNs);
    EXPECT_EQ(times, (std::vector<std::int64_t>{5, 10, 3, 12, 20}));
}

// Feeds that take turns for a while each: stretches of rows, some of them in a jumble, with ties
// where one feed's stretch meets another's.
std::vector<SeededFeed> feeds_in_turns() {
    const auto feeds = *rc::gen::inRange<std::size_t>(1, 5);
    std::vector<std::vector<std::int64_t>> times(2 * feeds);
    std::int64_t now = 0;
    for (int turns = *rc::gen::inRange(1, 10); turns > 0; --turns) {
        auto& feed = times[*rc::gen::inRange<std::size_t>(0, times.size())];
        const bool jumbled = *rc::gen::inRange(0, 4) == 0;
        for (int rows = *rc::gen::inRange(1, 300); rows > 0; --rows) {
            now += rows % 3 == 0 ? 1 : 0;
            feed.push_back(jumbled && rows % 50 == 7 ? now - 20 : now);
        }
    }
    std::vector<SeededFeed> out;
    for (std::size_t i = 0; i < feeds; ++i)
        out.push_back({static_cast<int>(i), trades_at(times[2 * i]), quotes_at(times[2 * i + 1])});
    return out;
}

RC_GTEST_PROP(TickMerge, gives_the_same_by_column_as_in_blocks, ()) {
    const std::vector<SeededFeed> feeds = feeds_in_turns();
    const auto block = *rc::gen::inRange<std::size_t>(1, 200);
    const auto cut = *rc::gen::inRange<std::size_t>(0, 300);
    RC_ASSERT(merged(feeds, block, cut, *rc::gen::inRange(1, 4)) == merged(feeds, block, cut));
}

TEST(TickMerge, offers_columns_where_one_feed_of_trades_comes_for_a_stretch) {
    std::vector<std::int64_t> early;
    std::vector<std::int64_t> late;
    for (std::int64_t i = 0; i < 200; ++i) {
        early.push_back(i);
        late.push_back(150 + i);
    }
    std::size_t rows = 0;
    const std::vector<SeededFeed> trades{{0, trades_at(early), {}}, {1, trades_at(late), {}}};
    EXPECT_EQ(merged(trades, 1000, 0, 1, &rows), sorted(trades));
    EXPECT_EQ(rows, 151U);  // up to the tie at 150, which the lower symbol wins
    rows = 0;
    const std::vector<SeededFeed> swapped{{0, trades_at(late), {}}, {1, trades_at(early), {}}};
    EXPECT_EQ(merged(swapped, 1000, 0, 1, &rows), sorted(swapped));
    EXPECT_EQ(rows, 150U);
    rows = 0;
    EXPECT_EQ(merged({{0, {}, quotes_at(early)}}, 1000, 0, 1, &rows).size(), 200U);
    EXPECT_EQ(rows, 0U);
}

TEST(TickMerge, is_at_its_end_at_once_without_feeds) {
    TickMerge merge;
    merge.add(core::SymbolId{0}, TickMerge::Kind::kTrades, {});
    merge.start();
    std::vector<pipeline::Event> events(4);
    EXPECT_EQ(merge.fill(events), 0U);
    EXPECT_EQ(merge.total(), 0U);
}

}  // namespace
}  // namespace sluice::tests
