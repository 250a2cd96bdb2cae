// Real .bi5 files against the figures that were measured on them by other means. Skipped where the
// data are not.
#include <gtest/gtest.h>

#include <algorithm>

#include "dukascopy_test_support.hpp"

namespace sluice::tests {
namespace {

TEST(DukascopyMarketData, imports_a_day_of_ticks_and_its_candles_with_the_rows_of_the_manifest) {
    if (!fs::exists(data_folder() / "MANIFEST.csv"))
        GTEST_SKIP() << "no market data at " << data_folder()
                     << "; name their folder in SLUICE_DATA";
    MemorySink sink;
    const auto report = adapters::dukascopy::import_dukascopy(data_folder() / "dukascopy", sink);
    EXPECT_EQ(report.tables_written, 2U);
    EXPECT_EQ(report.rows_stored, 136'741U + 1'440U);
    EXPECT_EQ(report.rows_skipped, 0U);
    const auto date = *pipeline::parse_iso_date("2019-02-04");
    const pipeline::QuoteColumns& quotes = sink.quotes.at({"EURUSD.DUKASCOPY", date});
    ASSERT_EQ(quotes.size(), 136'741U);
    constexpr std::int64_t kMidnight = 1'549'238'400'000'000'000;
    EXPECT_EQ(quotes.time_ns.front(), kMidnight + 994'000'000);
    EXPECT_EQ(quotes.time_ns.back(), kMidnight + 86'397'992'000'000);
    const auto in_hour = [&](std::int64_t hour) {
        const std::int64_t start = kMidnight + hour * 3'600'000'000'000;
        return std::count_if(quotes.time_ns.begin(), quotes.time_ns.end(), [&](std::int64_t at) {
            return at >= start && at < start + 3'600'000'000'000;
        });
    };
    EXPECT_EQ(in_hour(0), 3'733);
    EXPECT_EQ(in_hour(15), 11'063);
    EXPECT_EQ(in_hour(23), 2'633);
    EXPECT_EQ(*std::min_element(quotes.bid_raw.begin(), quotes.bid_raw.end()), 1'142'440'000);
    EXPECT_EQ(*std::max_element(quotes.ask_raw.begin(), quotes.ask_raw.end()), 1'146'050'000);
    const auto& bars = sink.quote_bars.at({"EURUSD.DUKASCOPY", date, 60});
    ASSERT_EQ(bars.size(), 1'440U);
    EXPECT_EQ(bars.time_ns.front(), kMidnight);
    EXPECT_EQ(bars.time_ns.back(), kMidnight + 1'439 * std::int64_t{60'000'000'000});
}

}  // namespace
}  // namespace sluice::tests
