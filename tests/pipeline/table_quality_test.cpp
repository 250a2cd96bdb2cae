#include <gtest/gtest.h>

#include <sluice/pipeline/calendar_choice.hpp>
#include <sluice/pipeline/table_quality.hpp>

namespace sluice::tests {
namespace {

using pipeline::inspect;
using pipeline::inspect_sessions;
using pipeline::TableQuality;

TEST(TableQuality, counts_what_is_unusual_about_trades) {
    pipeline::TradeColumns trades;
    trades.append({10, 100, 5, 0, 'Q', 0});
    trades.append({10, 100, 5, 0, 'Q', 0});                       // a repeat
    trades.append({10, 100, 5, 1, 'Q', 0});                       // equal time only
    trades.append({9, 0, 5, 0, 'Q', pipeline::kRowSuspicious});   // back in time, free
    trades.append({11, 100, 0, 0, 'Q', pipeline::kRowEventEnd});  // nothing traded
    TableQuality expected;
    expected.rows = 5;
    expected.out_of_order = 1;
    expected.equal_times = 2;
    expected.repeats = 1;
    expected.zero_price = 1;
    expected.zero_size = 1;
    expected.suspicious = 1;
    EXPECT_EQ(inspect(trades), expected);
}

TEST(TableQuality, takes_a_missing_side_for_no_cross) {
    pipeline::QuoteColumns quotes;
    quotes.append({1, 100, 99, 1, 1, 0, 0, 0});   // crossed
    quotes.append({2, 100, 100, 1, 1, 0, 0, 0});  // locked
    quotes.append({3, 100, 0, 1, 0, 0, 0, 0});    // bid only
    quotes.append({4, 100, 101, 0, 1, 0, 0, 0});  // a bid for nothing
    TableQuality expected;
    expected.rows = 4;
    expected.crossed = 1;
    expected.locked = 1;
    expected.absent_sides = 1;
    expected.zero_size = 1;
    EXPECT_EQ(inspect(quotes), expected);
}

TEST(TableQuality, finds_bars_whose_range_does_not_hold_their_ends) {
    pipeline::BarColumns bars;
    bars.append({1, 10, 12, 9, 11, 5});
    bars.append({2, 10, 10, 9, 11, 0});   // closed above its high, on no volume
    bars.append({3, 10, 12, 11, 11, 5});  // opened below its low
    const TableQuality quality = inspect(bars);
    EXPECT_EQ(quality.bad_range, 2U);
    EXPECT_EQ(quality.zero_size, 1U);
}

TEST(TableQuality, measures_gaps_within_sessions_only) {
    const std::int64_t times[] = {5, 12, 14, 19, 31, 38, 39};
    const pipeline::TimeSpan sessions[] = {{10, 20}, {30, 40}};
    TableQuality quality;
    inspect_sessions(times, sessions, 4, quality);
    EXPECT_EQ(quality.outside_session, 1U);
    EXPECT_EQ(quality.gaps_in_session, 2U);  // 14 to 19 and 31 to 38; the night does not count
    EXPECT_EQ(quality.longest_gap_ns, 7);
}

TEST(CalendarChoice, goes_from_the_particular_to_the_general) {
    const auto names = [](const char* symbol, pipeline::AssetClass asset_class) {
        pipeline::Instrument instrument;
        instrument.symbol = symbol;
        instrument.asset_class = asset_class;
        return pipeline::calendar_candidates(instrument);
    };
    using pipeline::AssetClass;
    using Names = std::vector<std::string>;
    EXPECT_EQ(names("IBM", AssetClass::kEquity), (Names{"equity-usa-IBM", "equity-usa"}));
    EXPECT_EQ(names("BRK.B", AssetClass::kEquity), (Names{"equity-usa-BRK.B", "equity-usa"}));
    EXPECT_EQ(names("ESZ13.CME", AssetClass::kFuture), (Names{"future-cme-ES", "future-cme"}));
    EXPECT_EQ(names("EURUSD.OANDA", AssetClass::kForex),
              (Names{"forex-oanda-EURUSD", "forex-oanda"}));
}

}  // namespace
}  // namespace sluice::tests
