// The merge of many feeds against a plain reference: every row, sorted by the greatest time up to
// it in its feed, ties in the order of the feeds, then of the rows. What the feeds are made of is
// meant to meet every way in which a window of time can end.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/adapters/tick_store/hot/tick_merge.hpp>

namespace sluice::tests {
namespace {

using adapters::tick_store::DeferredPieces;
using adapters::tick_store::RowOrder;
using adapters::tick_store::TickMerge;
using adapters::tick_store::TickPiece;

// What tells rows apart: time, symbol, kind, number in the feed (as its price).
using Row = std::tuple<std::int64_t, int, int, std::int64_t>;

struct Feed {
    int symbol = 0;
    TickMerge::Kind kind = TickMerge::Kind::kTrades;
    std::vector<std::int64_t> times;
    std::vector<std::size_t> piece_rows;  // sum up to times.size()
    bool is_deferred = false;
};

// Columns of all rows of a feed; those that say nothing here are shared and zero.
struct Columns {
    explicit Columns(const Feed& feed)
        : time(feed.times), number(feed.times.size()), zero(feed.times.size()),
          none(feed.times.size()), bits(feed.times.size()) {
        for (std::size_t i = 0; i < number.size(); ++i) number[i] = static_cast<std::int64_t>(i);
    }
    [[nodiscard]] TickPiece piece(std::size_t row, std::size_t end) const {
        return {time.data(), number.data(), zero.data(), number.data(), zero.data(),
                bits.data(), none.data(),   none.data(), row,           end};
    }
    std::vector<std::int64_t> time;
    std::vector<std::int64_t> number;
    std::vector<std::int64_t> zero;
    std::vector<std::uint8_t> none;
    std::vector<std::uint32_t> bits;
};

// Copies the rows of a deferred piece into the one buffer of its feed, where those of the piece
// before lay: a merge that still needs these shows wrong rows.
class Copies final : public DeferredPieces {
  public:
    TickPiece defer(std::size_t feed, const Columns& columns, std::size_t row, std::size_t end) {
        deferred_.push_back({feed, &columns, row, end});
        TickPiece piece;
        piece.deferred = static_cast<std::uint32_t>(deferred_.size());
        piece.end = end - row;
        auto& [time, number] = buffers_[feed];
        time.resize(std::max(time.size(), piece.end));
        number.resize(time.size());
        return piece;
    }
    void load(TickPiece& piece) noexcept override {
        const Deferred& d = deferred_[piece.deferred - 1];
        auto& [time, number] = buffers_[d.feed];
        std::fill(time.begin(), time.end(), -1);
        std::fill(number.begin(), number.end(), -1);
        std::copy_n(d.columns->time.data() + d.row, piece.end, time.data());
        std::copy_n(d.columns->number.data() + d.row, piece.end, number.data());
        const auto file = piece.file;
        const auto deferred = piece.deferred;
        const auto end = piece.end;
        piece = d.columns->piece(0, end);
        piece.time = time.data();
        piece.price_or_bid = piece.ask = number.data();
        piece.file = file;
        piece.deferred = deferred;
    }

  private:
    struct Deferred {
        std::size_t feed;
        const Columns* columns;
        std::size_t row;
        std::size_t end;
    };
    std::vector<Deferred> deferred_;
    std::map<std::size_t, std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>>> buffers_;
};

[[nodiscard]] Row row_of(const pipeline::Event& event) {
    const bool trade = event.kind() == pipeline::EventKind::kTrade;
    return {core::ns_since_epoch(event.time()), static_cast<int>(event.symbol()), trade ? 1 : 0,
            trade ? event.trade().price.raw() : event.quote().bid.raw()};
}

[[nodiscard]] std::vector<Row> reference(std::vector<Feed> feeds) {
    std::sort(feeds.begin(), feeds.end(), [](const Feed& a, const Feed& b) {
        return std::tie(a.symbol, a.kind) < std::tie(b.symbol, b.kind);
    });
    std::vector<std::pair<std::int64_t, Row>> rows;
    for (const Feed& feed : feeds) {
        std::int64_t greatest = std::numeric_limits<std::int64_t>::min();
        for (std::size_t i = 0; i < feed.times.size(); ++i) {
            greatest = std::max(greatest, feed.times[i]);
            rows.push_back({greatest,
                            {feed.times[i], feed.symbol, static_cast<int>(feed.kind),
                             static_cast<std::int64_t>(i)}});
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Row> out;
    for (const auto& [time, row] : rows) out.push_back(row);
    return out;
}

// In blocks of `block`; before each of them, `offers` times what can be had as columns.
[[nodiscard]] std::vector<Row> merged(const std::vector<Feed>& feeds, std::size_t block,
                                      int offers) {
    std::deque<Columns> columns;
    Copies copies;
    TickMerge merge;
    for (std::size_t f = 0; f < feeds.size(); ++f) {
        const Feed& feed = feeds[f];
        columns.emplace_back(feed);
        std::vector<TickPiece> pieces;
        std::size_t row = 0;
        for (const std::size_t rows : feed.piece_rows) {
            pieces.push_back(feed.is_deferred ? copies.defer(f, columns.back(), row, row + rows)
                                              : columns.back().piece(row, row + rows));
            row += rows;
        }
        merge.add(static_cast<core::SymbolId>(feed.symbol), feed.kind, pieces);
    }
    merge.start(&copies);
    std::vector<Row> out;
    std::vector<pipeline::Event> events(block);
    for (std::size_t n = 1; n != 0;) {
        for (int i = 0; i < offers; ++i) {
            const pipeline::TickColumns rows = merge.next_columns();
            for (std::size_t row = 0; row < rows.size; ++row)
                out.push_back(row_of(rows.event(row)));
        }
        n = merge.fill(events);
        for (std::size_t i = 0; i < n; ++i) out.push_back(row_of(events[i]));
    }
    EXPECT_EQ(out.size(), merge.total());
    return out;
}

// How the times of a feed go on from one row to the next.
enum class Steps { kDense, kSparse, kTies, kBack, kClusters, kGaps, kEnds, kCount };

class Draw {
  public:
    explicit Draw(std::uint32_t seed) : random_(seed) {}
    [[nodiscard]] std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n));
    }
    [[nodiscard]] std::int64_t step(Steps steps, std::int64_t mean) {
        switch (steps) {
            case Steps::kDense: return below(2 * mean);
            case Steps::kSparse: return below(200 * mean);
            case Steps::kTies: return below(40) == 0 ? mean : 0;
            case Steps::kBack: return below(9) == 0 ? -below(20 * mean) : below(4 * mean);
            case Steps::kClusters: return below(100) == 0 ? 5'000'000 * mean : below(3);
            default: return below(30) == 0 ? std::int64_t{1} << below(55) : below(mean);
        }
    }
    [[nodiscard]] std::vector<std::int64_t> times(Steps steps, std::size_t rows) {
        const std::int64_t mean = std::int64_t{1} << below(20);
        std::int64_t now = below(5 * mean);
        std::vector<std::int64_t> out;
        for (std::size_t i = 0; i < rows; ++i) out.push_back(now += step(steps, mean));
        if (steps == Steps::kEnds) {
            constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
            constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
            for (std::size_t i = 0; i < rows; ++i)
                out[i] = i < rows / 2 ? kFirst + static_cast<std::int64_t>(i / 3)
                                      : kLast - static_cast<std::int64_t>((rows - i) / 3);
        }
        return out;
    }
    [[nodiscard]] Feed feed(int symbol, TickMerge::Kind kind, Steps steps, std::size_t rows) {
        Feed out{symbol, kind, times(steps, rows), {}, below(2) == 0};
        const std::int64_t most = below(3) == 0 ? 3 : static_cast<std::int64_t>(rows) + 1;
        for (std::size_t left = rows; left != 0; left -= out.piece_rows.back())
            out.piece_rows.push_back(std::min(left, static_cast<std::size_t>(1 + below(most))));
        return out;
    }
    // Of one way to go on, or of all of them.
    [[nodiscard]] std::vector<Feed> feeds(Steps only) {
        const auto count = 1 + below(below(3) == 0 ? 70 : 8);
        std::vector<Feed> out;
        for (int i = 0; i < count; ++i) {
            const Steps steps =
                only == Steps::kCount
                    ? static_cast<Steps>(below(static_cast<std::int64_t>(Steps::kCount)))
                    : only;
            const auto kind = i % 2 == 0 ? TickMerge::Kind::kTrades : TickMerge::Kind::kQuotes;
            out.push_back(feed(i / 2, kind, steps, static_cast<std::size_t>(1 + below(400))));
        }
        return out;
    }

  private:
    std::mt19937_64 random_;
};

class MergeOrder : public testing::TestWithParam<Steps> {};

TEST_P(MergeOrder, is_that_of_a_stable_sort_in_blocks_of_any_size) {
    for (std::uint32_t seed = 0; seed < 25; ++seed) {
        const std::vector<Feed> feeds = Draw(seed).feeds(GetParam());
        const std::vector<Row> expected = reference(feeds);
        for (const std::size_t block : {1U, 7U, 64U, 1024U})
            ASSERT_EQ(merged(feeds, block, 0), expected) << "seed " << seed << ", block " << block;
        ASSERT_EQ(merged(feeds, 64, 1), expected) << "seed " << seed << ", with columns";
    }
}

INSTANTIATE_TEST_SUITE_P(Steps, MergeOrder,
                         testing::Values(Steps::kDense, Steps::kSparse, Steps::kTies, Steps::kBack,
                                         Steps::kClusters, Steps::kGaps, Steps::kEnds,
                                         Steps::kCount));

TEST(RowOrder, is_that_of_a_stable_sort_whatever_the_bits_in_which_times_differ) {
    std::mt19937_64 random(7);
    RowOrder order;
    for (const unsigned bits : {1U, 8U, 16U, 17U, 30U, 40U, 46U}) {
        for (int round = 0; round < 40; ++round) {
            // Times that share their upper bits are those that sixteen of them do not tell apart.
            const unsigned differing = round % 2 == 0 ? bits : std::min(bits, 12U);
            const std::size_t rows = 1 + random() % RowOrder::kRowsMost;
            std::vector<std::pair<std::uint64_t, std::size_t>> expected;
            for (std::size_t i = 0; i < rows; ++i) {
                const std::uint64_t since = random() >> (64U - differing);
                order.set(i, since);
                expected.push_back({since, i});
            }
            order.sort(rows, bits);
            std::sort(expected.begin(), expected.end());
            for (std::size_t i = 0; i < rows; ++i)
                ASSERT_EQ(order.ranks()[expected[i].second], i) << bits << " bits, row " << i;
        }
    }
}

}  // namespace
}  // namespace sluice::tests
