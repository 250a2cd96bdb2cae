// Real captures of Binance: the figures that were measured on them by other means, and books built
// from depth and snapshot beside the venue's own best prices. Skipped where the data are not.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <ostream>
#include <vector>

#include <sluice/adapters/binance/binance_import.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>
#include <sluice/pipeline/book_rebuild.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::binance::import_binance;
using pipeline::BookState;
using pipeline::LevelBook;
using pipeline::LevelColumns;
using pipeline::LevelRow;
using pipeline::QuoteColumns;
using pipeline::Side;

struct Capture {
    const char* file;
    const char* symbol;
    // MANIFEST.csv and README.md of the data.
    std::uint64_t lines;
    std::size_t tickers;
    std::size_t trades;
    std::uint64_t updates;  // the snapshot's rows included
    std::uint64_t deletes;
    std::uint64_t events;
};
void PrintTo(const Capture& capture, std::ostream* out) { *out << capture.file; }
constexpr std::array kCaptures = {
    Capture{"spot", "BTCUSDT.BINANCE", 41'249, 28'040, 9'757, 126'090, 59'187, 3'451},
    Capture{"usdm", "BTCUSDT-PERP.BINANCE", 93'954, 66'089, 21'313, 445'521, 96'007, 6'551}};
constexpr pipeline::Date kCaptureDay = std::chrono::year{2024} / std::chrono::August / 8;

std::vector<LevelRow> rows_of(const LevelColumns& columns) {
    std::vector<LevelRow> out;
    for (std::size_t i = 0; i < columns.size(); ++i) out.push_back(pipeline::row_of(columns, i));
    return out;
}

class BinanceMarketData : public testing::TestWithParam<Capture> {
  protected:
    void SetUp() override {
        const fs::path file =
            data_folder() / "binance_hftbacktest" / GetParam().file / "btcusdt_20240808.gz";
        if (!fs::exists(file))
            GTEST_SKIP() << "no market data at " << data_folder()
                         << "; name their folder in SLUICE_DATA";
        report_ = import_binance(file, sink_);
        key_ = {GetParam().symbol, kCaptureDay};
    }
    const LevelColumns& levels() { return sink_.levels[key_]; }
    const QuoteColumns& quotes() { return sink_.quotes[key_]; }

    MemorySink sink_;
    MemorySink::Key key_;
    pipeline::ImportReport report_;
};
INSTANTIATE_TEST_SUITE_P(Captures, BinanceMarketData, testing::ValuesIn(kCaptures),
                         [](const auto& test) { return std::string(test.param.file); });

TEST_P(BinanceMarketData, imports_every_line_with_the_measured_rows) {
    const Capture& capture = GetParam();
    EXPECT_EQ(sink_.sources[key_].rows, capture.lines);
    EXPECT_EQ(report_.rows_skipped, 0U);
    EXPECT_EQ(report_.tables_written, 3U);
    EXPECT_EQ(sink_.sources.size(), 1U);  // one day
    EXPECT_EQ(quotes().size(), capture.tickers);
    const pipeline::TradeColumns& trades = sink_.trades[key_];
    ASSERT_EQ(trades.size(), capture.trades);
    for (std::size_t i = 1; i < trades.size(); ++i)
        ASSERT_EQ(trades.sequence[i], trades.sequence[i - 1] + 1) << "a gap in the trade ids";
}

TEST_P(BinanceMarketData, rebuilds_without_a_gap_or_a_crossed_event) {
    const Capture& capture = GetParam();
    LevelBook book;
    pipeline::LevelRebuilder rebuilder(book);
    rebuilder.add(levels());
    const pipeline::LevelRebuild report = rebuilder.report();
    EXPECT_EQ(report.rows, capture.updates);
    EXPECT_EQ(report.zero_rows, capture.deletes);
    EXPECT_EQ(report.snapshot_rows, 2'000U);
    EXPECT_EQ(report.state, BookState::kLive);
    EXPECT_EQ(report.counts.snapshots, 1U);
    EXPECT_EQ(report.counts.gaps, 0U);
    EXPECT_EQ(report.counts.torn + report.counts.refused + report.counts.dropped, 0U);
    EXPECT_EQ(report.counts.applied + report.counts.old, capture.events);
    EXPECT_EQ(report.crossings.crossed + report.crossings.locked, 0U);
}

// Every change of the best price or its size is a bookTicker, numbered in the same count as the
// depth events: after the event that ends with change u, the venue's best is that of the last
// bookTicker with a number of at most u.
TEST_P(BinanceMarketData, has_the_venues_best_bid_and_ask_after_every_event) {
    const std::vector<std::int64_t>& numbers = quotes().sequence;
    ASSERT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
    LevelBook book;
    std::uint64_t compared = 0;
    std::uint64_t same_number = 0;
    for (const LevelRow& row : rows_of(levels())) {
        (void)book.apply(row);
        if ((row.flags & pipeline::kRowEventEnd) == 0 || book.state() != BookState::kLive) continue;
        const auto after = std::upper_bound(numbers.begin(), numbers.end(), book.sequence());
        if (after == numbers.begin()) continue;
        const auto i = static_cast<std::size_t>(std::distance(numbers.begin(), after)) - 1;
        ++compared;
        same_number += numbers[i] == book.sequence() ? 1U : 0U;
        const pipeline::BookLevel bid = book.level(Side::kBuy, 0);
        const pipeline::BookLevel ask = book.level(Side::kSell, 0);
        ASSERT_EQ(bid.price.raw(), quotes().bid_raw[i]) << "change " << book.sequence();
        ASSERT_EQ(ask.price.raw(), quotes().ask_raw[i]) << "change " << book.sequence();
        ASSERT_EQ(bid.quantity.raw(), quotes().bid_size_raw[i]) << "change " << book.sequence();
        ASSERT_EQ(ask.quantity.raw(), quotes().ask_size_raw[i]) << "change " << book.sequence();
    }
    // The events before the snapshot, and those that are in it, show no book.
    EXPECT_GE(compared, GetParam().events - 50);
    EXPECT_GE(same_number, 500U);
}

TEST_P(BinanceMarketData, notices_a_lost_event_and_is_right_again_after_the_next_snapshot) {
    const std::vector<LevelRow> rows = rows_of(levels());
    // One event is lost in the middle; some time later a snapshot arrives, as of a change that came
    // before the events last seen, as it does when it is asked for.
    const auto end_of_event = [&rows](std::size_t i) {
        while ((rows[i].flags & pipeline::kRowEventEnd) == 0) ++i;
        return i + 1;
    };
    const std::size_t lost = end_of_event(rows.size() / 2);
    const std::size_t lost_end = end_of_event(lost);
    const std::size_t asked = end_of_event(rows.size() * 3 / 4);
    const std::size_t answered = end_of_event(std::min(asked + 2'000, rows.size() - 1));

    LevelBook whole;
    for (std::size_t i = 0; i < asked; ++i) (void)whole.apply(rows[i]);
    std::vector<LevelRow> answer;
    for (const Side side : {Side::kBuy, Side::kSell})
        for (std::size_t n = 0; n < whole.depth(side); ++n) {
            const pipeline::BookLevel level = whole.level(side, n);
            answer.push_back({0, level.price.raw(), level.quantity.raw(), whole.sequence(),
                              whole.sequence(), 0,
                              static_cast<std::uint8_t>(side == Side::kBuy ? 'B' : 'A'),
                              pipeline::kRowSnapshot});
        }
    answer.back().flags |= pipeline::kRowEventEnd;

    LevelBook book;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i >= lost && i < lost_end) continue;
        (void)book.apply(rows[i]);
        if (i == lost_end) {
            EXPECT_EQ(book.state(), BookState::kStale) << "the first row after it";
            EXPECT_EQ(book.counts().first_gap_row, lost + 1);
        }
        if (i + 1 == answered)
            for (const LevelRow& row : answer) (void)book.apply(row);
    }
    EXPECT_EQ(book.state(), BookState::kLive);
    EXPECT_EQ(book.counts().gaps, 1U);
    EXPECT_EQ(book.counts().resyncs, 1U);
    for (std::size_t i = asked; i < rows.size(); ++i) (void)whole.apply(rows[i]);
    ASSERT_EQ(book.depth(Side::kBuy), whole.depth(Side::kBuy));
    ASSERT_EQ(book.depth(Side::kSell), whole.depth(Side::kSell));
    for (const Side side : {Side::kBuy, Side::kSell})
        for (std::size_t n = 0; n < whole.depth(side); ++n)
            ASSERT_EQ(book.level(side, n), whole.level(side, n));
}

TEST_P(BinanceMarketData, is_the_same_in_a_store_and_changes_nothing_when_imported_again) {
    const fs::path file =
        data_folder() / "binance_hftbacktest" / GetParam().file / "btcusdt_20240808.gz";
    const TempFolder folder;
    adapters::tick_store::StoreWriter writer(folder.path());
    EXPECT_EQ(import_binance(file, writer).tables_written, 3U);
    EXPECT_EQ(import_binance(file, writer).tables_unchanged, 3U);
    const auto store = adapters::tick_store::TickStore::open(folder.path());
    EXPECT_EQ(store.read<LevelColumns>(GetParam().symbol, kCaptureDay), levels());
    EXPECT_EQ(store.read<QuoteColumns>(GetParam().symbol, kCaptureDay), quotes());
    EXPECT_EQ(store.read<pipeline::TradeColumns>(GetParam().symbol, kCaptureDay),
              sink_.trades[key_]);
}

TEST(BinanceCaptures, have_event_times_that_go_backwards_as_often_as_measured) {
    for (const auto& [name, market, backwards] :
         {std::tuple{"spot", adapters::binance::Market::kSpot, 11},
          std::tuple{"usdm", adapters::binance::Market::kUsdM, 855}}) {
        const fs::path file = data_folder() / "binance_hftbacktest" / name / "btcusdt_20240808.gz";
        if (!fs::exists(file)) GTEST_SKIP() << "no market data at " << data_folder();
        MemorySink sink;
        (void)import_binance(file, sink);
        // All rows by the time of receipt, which is the order of the lines.
        std::vector<std::pair<std::int64_t, std::int64_t>> times;
        const auto take = [&times](const auto& tables) {
            for (const auto& [key, columns] : tables)
                for (std::size_t i = 0; i < columns.size(); ++i)
                    if (columns.time_ns[i] != columns.received_ns[i])
                        times.emplace_back(columns.received_ns[i], columns.time_ns[i]);
        };
        take(sink.levels);
        take(sink.quotes);
        take(sink.trades);
        std::stable_sort(times.begin(), times.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        int found = 0;
        for (std::size_t i = 1; i < times.size(); ++i)
            found += times[i].second < times[i - 1].second ? 1 : 0;
        EXPECT_EQ(found, backwards) << name;
    }
}

}  // namespace
}  // namespace sluice::tests
