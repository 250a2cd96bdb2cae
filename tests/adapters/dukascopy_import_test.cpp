// The Dukascopy importer on files made here, row by row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include <sluice/adapters/dukascopy/dukascopy_instrument.hpp>
#include <sluice/adapters/dukascopy/dukascopy_path.hpp>
#include <sluice/adapters/dukascopy/dukascopy_rows.hpp>

#include "dukascopy_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::dukascopy::known_points_per_unit;
using adapters::dukascopy::parse_path;
using adapters::dukascopy::quantity_of_millions;
using pipeline::ImportFault;
using testing::ElementsAre;
using testing::HasSubstr;

// The vendor's 00 is January: kDay.
const char* const kHour5 = "EURUSD/2024/00/02/05h_ticks.bi5";
const MemorySink::Key kEur{"EURUSD.DUKASCOPY", kDay};
constexpr std::int64_t kHour = 3'600'000'000'000;

TEST(DukascopyImport, reads_a_tick_as_the_quote_that_the_vendor_sent) {
    DukascopyRun run;
    write_file(run.folder / kHour5, lzma_alone(bi5_tick(994, 114'545, 114'543, 1.12F, 2.06F)));
    const auto report = run.import(kHour5);
    EXPECT_EQ(report.tables_written, 1U);
    EXPECT_EQ(report.rows_stored, 1U);
    const pipeline::QuoteColumns& quotes = run.sink.quotes.at(kEur);
    EXPECT_THAT(quotes.time_ns, ElementsAre(kDayNs + 5 * kHour + 994'000'000));
    EXPECT_THAT(quotes.bid_raw, ElementsAre(1'145'430'000));
    EXPECT_THAT(quotes.ask_raw, ElementsAre(1'145'450'000));
    EXPECT_THAT(quotes.bid_size_raw, ElementsAre(2'060'000 * std::int64_t{100'000'000}));
    EXPECT_THAT(quotes.ask_size_raw, ElementsAre(1'120'000 * std::int64_t{100'000'000}));
    const pipeline::Instrument& euro = run.sink.instruments.at(kEur);
    EXPECT_EQ(euro.currency, "USD");
    EXPECT_EQ(euro.time_zone, "UTC");
    EXPECT_EQ(euro.tick_size.raw(), 10'000);
    EXPECT_EQ(euro.asset_class, pipeline::AssetClass::kForex);
}

TEST(DukascopyImport, makes_one_table_of_the_hours_of_a_day_in_their_order) {
    DukascopyRun run;
    for (const char* hour : {"23", "00", "09"})
        write_file(run.folder / ("eurusd/2024/00/02/" + std::string(hour) + "h_ticks.bi5"),
                   lzma_alone(bi5_tick(1, 2, 1, 1, 1) + bi5_tick(2, 2, 1, 1, 1)));
    write_file(run.folder / "eurusd/2024/00/02/10h_ticks.bi5", "");  // an hour without ticks
    write_file(run.folder / "eurusd/2024/00/03/00h_ticks.bi5", lzma_alone(bi5_tick(1, 2, 1, 1, 1)));
    write_file(run.folder / "eurusd/notes.txt", "");
    const auto report = run.import();
    EXPECT_EQ(report.tables_written, 2U);
    EXPECT_EQ(report.files_ignored, 1U);
    const auto& times = run.sink.quotes.at(kEur).time_ns;
    ASSERT_EQ(times.size(), 6U);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    EXPECT_EQ(run.sink.sources.at(kEur).rows, 6U);
    EXPECT_THAT(run.sink.sources.at(kEur).name, HasSubstr("4 files"));
}

TEST(DukascopyImport, joins_the_candles_of_both_sides_and_leaves_a_missing_side_without_a_price) {
    DukascopyRun run;
    const std::string day = "EURUSD/2024/00/02/";
    write_file(run.folder / (day + "BID_candles_min_1.bi5"),
               lzma_alone(bi5_candle(0, 11, 12, 10, 13, 1.5F) + bi5_candle(60, 11, 11, 11, 11, 0)));
    write_file(run.folder / (day + "ASK_candles_min_1.bi5"),
               lzma_alone(bi5_candle(60, 21, 22, 20, 23, 2)));
    EXPECT_EQ(run.import().rows_stored, 2U);
    const auto& bars = run.sink.quote_bars.at({"EURUSD.DUKASCOPY", kDay, 60});
    EXPECT_THAT(bars.time_ns, ElementsAre(kDayNs, kDayNs + 60'000'000'000));
    EXPECT_THAT(bars.bid_open_raw, ElementsAre(110'000, 110'000));
    EXPECT_THAT(bars.bid_high_raw, ElementsAre(130'000, 110'000));
    EXPECT_THAT(bars.bid_low_raw, ElementsAre(100'000, 110'000));
    EXPECT_THAT(bars.bid_close_raw, ElementsAre(120'000, 110'000));
    EXPECT_THAT(bars.bid_size_raw, ElementsAre(150'000'000'000'000, 0));
    EXPECT_THAT(bars.ask_close_raw, ElementsAre(0, 220'000));
}

TEST(DukascopyImport, keeps_the_hourly_candles_of_all_months_in_the_table_of_their_year) {
    DukascopyRun run;
    for (const char* month : {"00", "11"})
        write_file(run.folder / ("EURUSD/2024/" + std::string(month) + "/BID_candles_hour_1.bi5"),
                   lzma_alone(bi5_candle(30 * 86'400, 11, 12, 10, 13, 1)));
    EXPECT_EQ(run.import().tables_written, 1U);
    const auto& bars =
        run.sink.quote_bars.at({"EURUSD.DUKASCOPY", *pipeline::parse_iso_date("2024-01-01"), 3600});
    EXPECT_THAT(bars.time_ns, ElementsAre(1'706'659'200'000'000'000, 1'735'603'200'000'000'000));
}

TEST(DukascopyImport, counts_the_months_of_a_path_from_zero) {
    EXPECT_EQ(parse_path("EURUSD/2019/01/04/07h_ticks.bi5")->date,
              *pipeline::parse_iso_date("2019-02-04"));
    EXPECT_EQ(parse_path("EURUSD/2019/11/31/07h_ticks.bi5")->date,
              *pipeline::parse_iso_date("2019-12-31"));
    for (const char* path :
         {"EURUSD/2019/12/04/07h_ticks.bi5", "EURUSD/2019/01/29/07h_ticks.bi5",
          "EURUSD/2019/01/04/24h_ticks.bi5", "EURUSD/2019/01/04/7h_ticks.bi5",
          "2019/01/04/07h_ticks.bi5", "EURUSD/19/01/04/07h_ticks.bi5",
          "EURUSD/2019/01/04/MID_candles_min_1.bi5", "EUR USD/2019/01/04/07h_ticks.bi5", "", "/"})
        EXPECT_FALSE(parse_path(path)) << path;
}

TEST(DukascopyImport, knows_the_points_of_pairs_metals_and_coins_and_asks_for_others) {
    EXPECT_EQ(known_points_per_unit("EURUSD"), 100'000);
    EXPECT_EQ(known_points_per_unit("USDJPY"), 1'000);
    EXPECT_EQ(known_points_per_unit("XAUUSD"), 1'000);
    EXPECT_EQ(known_points_per_unit("BTCUSD"), 10);
    EXPECT_FALSE(known_points_per_unit("USDCZK"));
    DukascopyRun run;
    const std::string path = "AAPLUSUSD/2024/00/02/05h_ticks.bi5";
    write_file(run.folder / path, lzma_alone(bi5_tick(0, 2, 1, 1, 1)));
    EXPECT_THAT(run.refusal(ImportFault::kBadOption, path), HasSubstr("--points"));
    run.options.points_per_unit = 1'000;
    EXPECT_EQ(run.import(path).rows_stored, 1U);
    EXPECT_THAT(run.sink.quotes.at({"AAPLUSUSD.DUKASCOPY", kDay}).ask_raw, ElementsAre(2'000'000));
    run.options.points_per_unit = 7;
    EXPECT_THROW((void)run.import(path), pipeline::ImportError);
}

TEST(DukascopyImport, refuses_a_path_that_does_not_say_what_the_file_is) {
    DukascopyRun run;
    write_file(run.folder / "x.bi5", "");
    EXPECT_THAT(run.refusal(ImportFault::kUnsupported, "x.bi5"), HasSubstr("months from 00"));
    EXPECT_THAT(run.refusal(ImportFault::kUnsupported), HasSubstr("no .bi5 file"));
    EXPECT_THAT(run.refusal(ImportFault::kMissing, "none.bi5"), HasSubstr("no such file"));
}

TEST(DukascopyImport, refuses_files_that_are_cut_off_corrupt_too_long_or_want_too_much_memory) {
    std::string rows;
    for (std::uint32_t i = 0; i < 500; ++i) rows += bi5_tick(i * 7'001, 2 + i * i, 1, 1, 1);
    const std::string whole = lzma_alone(rows);
    std::string corrupt = whole;
    for (std::size_t i = 60; i < 80; ++i) corrupt[i] = '\x5A';
    const std::vector<std::pair<std::string, const char*>> cases = {
        {whole.substr(0, whole.size() / 2), "cut off"},
        {whole.substr(0, 5), "cut off"},
        {corrupt, "corrupt"},
        {whole + "x", "after its end"},
        {lzma_alone(rows.substr(0, 30)), "ends within row 2"},
        {lzma_alone(rows, 1U << 30U), "64 MiB"},
        {"\xFF" + whole, "not LZMA-alone"},
    };
    for (const auto& [bytes, why] : cases) {
        DukascopyRun run;
        write_file(run.folder / kHour5, bytes);
        EXPECT_THAT(run.refusal(ImportFault::kDamaged, kHour5), HasSubstr(why));
    }
}

TEST(DukascopyImport, skips_bad_rows_when_told_to_and_reports_each) {
    const float none = std::numeric_limits<float>::quiet_NaN();
    const std::string rows = bi5_tick(0, 2, 1, 1, 1) + bi5_tick(3'600'000, 2, 1, 1, 1) +
                             bi5_tick(1, 0, 0, 1, 1) + bi5_tick(1, 2, 1, -1, 1) +
                             bi5_tick(1, 2, 1, 1, none) + bi5_tick(1, 2, 0, 1, 1);
    DukascopyRun run;
    write_file(run.folder / kHour5, lzma_alone(rows));
    EXPECT_THAT(run.refusal(ImportFault::kBadRow, kHour5), HasSubstr("row 2"));
    run.options.on_bad_row = pipeline::OnBadRow::kSkip;
    const auto report = run.import(kHour5);
    EXPECT_EQ(report.rows_skipped, 4U);
    EXPECT_THAT(run.sink.quotes.at(kEur).bid_raw, ElementsAre(10'000, 0));
    EXPECT_THAT(run.sink.quotes.at(kEur).bid_size_raw, ElementsAre(100'000'000'000'000, 0));
    EXPECT_EQ(run.sink.sources.at(kEur).rows, 6U);
}

TEST(DukascopyImport, skips_candles_between_periods_twice_or_with_prices_out_of_order) {
    const std::string rows = bi5_candle(0, 11, 12, 10, 13, 1) + bi5_candle(0, 11, 12, 10, 13, 1) +
                             bi5_candle(30, 11, 12, 10, 13, 1) +
                             bi5_candle(86'400, 11, 12, 10, 13, 1) +
                             bi5_candle(60, 9, 12, 10, 13, 1) + bi5_candle(60, 0, 0, 0, 0, 1);
    DukascopyRun run;
    const std::string path = "EURUSD/2024/00/02/BID_candles_min_1.bi5";
    write_file(run.folder / path, lzma_alone(rows));
    run.options.on_bad_row = pipeline::OnBadRow::kSkip;
    const auto report = run.import(path);
    EXPECT_EQ(report.rows_stored, 1U);
    EXPECT_EQ(report.rows_skipped, 5U);
}

TEST(DukascopyImport, stops_when_asked_to_and_stores_nothing_of_the_table_in_hand) {
    std::string rows;
    for (std::uint32_t i = 0; i < 140'000; ++i) rows += bi5_tick(i, 2, 1, 1, 1);
    DukascopyRun run;
    write_file(run.folder / kHour5, lzma_alone(rows));
    run.options.progress = [](const pipeline::ImportProgress& at) {
        EXPECT_LE(at.bytes, at.bytes_total);
        return at.rows < 100'000;
    };
    EXPECT_TRUE(run.import(kHour5).cancelled);
    EXPECT_TRUE(run.sink.quotes.empty());
}

TEST(DukascopyImport, tells_the_same_files_by_the_same_source_and_other_files_by_another) {
    DukascopyRun run;
    const auto source = [&] {
        (void)run.import();
        return run.sink.sources.at(kEur).sha256;
    };
    write_file(run.folder / kHour5, lzma_alone(bi5_tick(1, 2, 1, 1, 1)));
    const std::string alone = source();
    EXPECT_EQ(alone, run.sink.fingerprint(read_file(run.folder / kHour5)));
    write_file(run.folder / "EURUSD/2024/00/02/06h_ticks.bi5", lzma_alone(bi5_tick(1, 2, 1, 1, 1)));
    const std::string both = source();
    EXPECT_NE(alone, both);
    EXPECT_EQ(both, source());
}

TEST(DukascopyImport, refuses_two_files_of_the_same_hour) {
    DukascopyRun run;
    for (const char* root : {"a/", "b/"}) write_file(run.folder / (root + std::string(kHour5)), "");
    EXPECT_THAT(run.refusal(ImportFault::kUnsupported), HasSubstr("the same hours"));
}

TEST(DukascopyVolume, is_the_shortest_decimal_that_is_the_float) {
    constexpr std::int64_t kUnit = 100'000'000;
    EXPECT_EQ(quantity_of_millions(0.0F), 0);
    EXPECT_EQ(quantity_of_millions(1.12F), 1'120'000 * kUnit);
    EXPECT_EQ(quantity_of_millions(77.77F), 77'770'000 * kUnit);
    EXPECT_EQ(quantity_of_millions(293.76F), 293'760'000 * kUnit);
    EXPECT_EQ(quantity_of_millions(92'233.0F), 92'233'000'000 * kUnit);
    EXPECT_EQ(quantity_of_millions(1.5e-7F), 15'000'000);  // 0.15 of a unit
    EXPECT_EQ(quantity_of_millions(1e-14F), 1);
    EXPECT_EQ(quantity_of_millions(1e-40F), 0);
    EXPECT_FALSE(quantity_of_millions(-1.0F));
    EXPECT_FALSE(quantity_of_millions(std::numeric_limits<float>::infinity()));
    EXPECT_FALSE(quantity_of_millions(std::numeric_limits<float>::quiet_NaN()));
    EXPECT_FALSE(quantity_of_millions(92'234.0F));
}

RC_GTEST_PROP(DukascopyVolume, gives_back_every_amount_of_two_decimals, ()) {
    const auto hundredths = *rc::gen::inRange<std::int64_t>(0, 9'000'000);
    const auto volume = static_cast<float>(static_cast<double>(hundredths) / 100.0);
    RC_ASSERT(quantity_of_millions(volume) == hundredths * 1'000'000'000'000);
}

}  // namespace
}  // namespace sluice::tests
