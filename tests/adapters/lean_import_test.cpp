#include <sluice/adapters/lean/lean_import.hpp>

#include <gtest/gtest.h>

#include "import_test_support.hpp"

namespace sluice::tests {
namespace {

using namespace importing;
using namespace std::chrono_literals;
using adapters::lean::import_lean;
using adapters::lean::LeanOptions;
using pipeline::ImportError;
using pipeline::ImportFault;

constexpr const char* kTrades = "34200000,1815200,283,P,0,0\n34200500,1815300,100,Q,1,1";

class LeanImport : public testing::Test {
  protected:
    [[nodiscard]] fs::path zip_path(const std::string& name = "20131007_trade.zip") const {
        return folder_ / ("equity/usa/tick/ibm/" + name);
    }
    fs::path add_trades(const std::string& text, const std::string& name = "20131007_trade.zip") {
        write_zip(zip_path(name), {{"20131007_ibm_Trade_Tick.csv", text}});
        return zip_path(name);
    }
    [[nodiscard]] ImportError error_for(const fs::path& path) {
        const auto error = error_of<ImportError>([&] { import_lean(path, sink_); });
        EXPECT_TRUE(sink_.tables.empty());
        return error;
    }

    [[nodiscard]] const pipeline::TradeColumns& ibm(std::optional<pipeline::Date> date = {}) const {
        return sink_.table<pipeline::TradeColumns>("IBM", 0, date);
    }

    Folder folder_;
    FakeSink sink_;
};

TEST_F(LeanImport, takes_symbol_date_and_kind_from_the_path_and_times_from_the_zone) {
    const auto report = import_lean(add_trades(kTrades), sink_);
    EXPECT_EQ(report.rows_stored, 2U);
    // 09:30 in New York in October is 13:30 UTC.
    EXPECT_EQ(ibm(2013y / 10 / 7).time_ns[0], 1'381'152'600'000'000'000);
    EXPECT_EQ(ibm().flags[1], 1);
    EXPECT_EQ(sink_.sources.begin()->second.name, "20131007_trade.zip");
    EXPECT_EQ(sink_.sources.begin()->second.rows, 2U);
}

TEST_F(LeanImport, follows_daylight_saving_time) {
    // 2013-03-10 begins at UTC-5 and ends at UTC-4; 02:30 does not exist.
    add_trades("3600000,10000,1,P,0,0\n34200000,10000,1,P,0,0\n", "20130310_trade.zip");
    import_lean(zip_path("20130310_trade.zip"), sink_);
    const auto spring = ibm();
    EXPECT_EQ(spring.time_ns[0], 1'362'895'200'000'000'000);  // 01:00 EST = 06:00 UTC
    EXPECT_EQ(spring.time_ns[1], 1'362'922'200'000'000'000);  // 09:30 EDT = 13:30 UTC
    sink_.clear();
    EXPECT_EQ(error_for(add_trades("9000000,10000,1,P,0,0", "20130310_trade.zip")).fault(),
              ImportFault::kBadRow);
    // 2013-11-03: 01:30 occurs twice; the first is meant.
    add_trades("5400000,10000,1,P,0,0\n34200000,10000,1,P,0,0", "20131103_trade.zip");
    import_lean(zip_path("20131103_trade.zip"), sink_);
    const auto autumn = ibm();
    EXPECT_EQ(autumn.time_ns[0], 1'383'456'600'000'000'000);  // 05:30 UTC
    EXPECT_EQ(autumn.time_ns[1], 1'383'489'000'000'000'000);  // 14:30 UTC
}

TEST_F(LeanImport, stops_at_a_bad_row_and_says_where_and_why) {
    const auto error = error_for(add_trades("34200000,1815200,283,P,0,0\n34200001,-5,1,P,0,0\n"));
    EXPECT_EQ(error.fault(), ImportFault::kBadRow);
    EXPECT_EQ(error.bad_row().row, 2U);
    EXPECT_EQ(error.bad_row().entry, "20131007_ibm_Trade_Tick.csv");
    EXPECT_EQ(error.bad_row().text, "34200001,-5,1,P,0,0");
    EXPECT_EQ(error.bad_row().reason, "price is negative, not a number, or cannot be held");
    EXPECT_NE(std::string(error.what()).find("20131007_trade.zip"), std::string::npos);
}

TEST_F(LeanImport, skips_and_counts_bad_rows_when_told_to) {
    LeanOptions options;
    options.on_bad_row = pipeline::OnBadRow::kSkip;
    const auto report = import_lean(
        add_trades("1,-1,1,P,0,0\r\n34200000,1815200,283,P,0,0\r\nnonsense\r\n"), sink_, options);
    EXPECT_EQ(report.rows_skipped, 2U);
    EXPECT_EQ(report.rows_stored, 1U);
    ASSERT_EQ(report.bad_rows.size(), 2U);
    EXPECT_EQ(report.bad_rows[1].row, 3U);
    EXPECT_EQ(report.bad_rows[1].text, "nonsense");
    EXPECT_EQ(sink_.sources.begin()->second.rows, 3U);
}

TEST_F(LeanImport, refuses_an_archive_cut_short_at_any_length) {
    std::string text;
    for (int i = 0; i < 400; ++i)
        text += std::to_string(34'200'000 + i * 7) + ",1815200,283,P,0,0\n";
    const std::string whole = read(add_trades(text));
    for (std::size_t size = 0; size < whole.size(); size += 61) {
        write(zip_path(), std::string_view(whole).substr(0, size));
        EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kDamaged) << size;
    }
}

TEST_F(LeanImport, refuses_an_archive_whose_data_were_changed) {
    std::string text;
    for (int i = 0; i < 400; ++i)
        text += std::to_string(34'200'000 + i * 7) + ",1815200,283,P,0,0\n";
    std::string bytes = read(add_trades(text));
    bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 1);
    write(zip_path(), bytes);
    EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kDamaged);
}

TEST_F(LeanImport, refuses_archives_without_one_csv) {
    write_zip(zip_path(), {{"readme.txt", "hello"}});
    EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kUnsupported);
    write_zip(zip_path(), {{"a.csv", kTrades}, {"b.csv", kTrades}});
    EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kUnsupported);
}

TEST_F(LeanImport, says_what_is_read_when_the_path_is_of_another_kind) {
    for (const char* name :
         {"option/usa/minute/ibm/20131007_trade.zip", "equity/usa/weekly/abc/20131007_trade.zip",
          "equity/usa/tick/ibm/20131007_depth.zip", "equity/usa/tick/ibm/20131399_trade.zip",
          "equity/usa/tick/ibm/00010101_trade.zip", "equity/usa/tick/ibm/ibm.zip",
          "future/cme/margins/ES.csv", "future/cme/factor_files/es.csv", "readme.md"}) {
        write_zip(folder_ / name, {{"x.csv", kTrades}});
        const auto error = error_for(folder_ / name);
        EXPECT_EQ(error.fault(), ImportFault::kUnsupported) << name;
        EXPECT_NE(std::string(error.what()).find("<security>/<market>"), std::string::npos);
    }
    EXPECT_EQ(error_for(folder_ / "future").fault(), ImportFault::kUnsupported);
    EXPECT_EQ(error_for(folder_ / "nothing/here").fault(), ImportFault::kMissing);
}

TEST_F(LeanImport, takes_all_tick_archives_below_a_folder_and_counts_the_others) {
    add_trades(kTrades);
    add_trades(kTrades, "20131008_trade.zip");
    write_zip(zip_path("20131007_quote.zip"), {{"q.csv", "34200000,1,2,3,4,P,0,0"}});
    write_zip(folder_ / "option/usa/minute/ibm/20131007_trade.zip", {{"m.csv", kTrades}});
    write(folder_ / "future/cme/margins/ES.csv", "date,initial,maintenance\n");
    const auto report = import_lean(folder_.path(), sink_);
    EXPECT_EQ(report.tables_written, 3U);
    EXPECT_EQ(report.files_ignored, 2U);
    EXPECT_EQ(report.rows_stored, 5U);
    ASSERT_EQ(report.notes.size(), 2U);
    EXPECT_NE(report.notes[0].find("ES.csv: margin requirements"), std::string::npos);
    EXPECT_NE(report.notes[1].find("'option'"), std::string::npos);
}

TEST_F(LeanImport, reports_progress_and_ends_when_asked) {
    add_trades(kTrades);
    add_trades(kTrades, "20131008_trade.zip");
    LeanOptions options;
    pipeline::ImportProgress last;
    options.progress = [&](const pipeline::ImportProgress& progress) {
        last = progress;
        return true;
    };
    import_lean(folder_.path(), sink_, options);
    EXPECT_EQ(last.rows, 4U);
    EXPECT_EQ(last.bytes, last.bytes_total);
    EXPECT_GT(last.bytes, 0U);
    options.progress = [](const pipeline::ImportProgress&) { return false; };
    FakeSink other;
    const auto report = import_lean(folder_.path(), other, options);
    EXPECT_TRUE(report.cancelled);
    EXPECT_EQ(report.tables_written, 1U);
}

TEST_F(LeanImport, does_not_decode_again_what_the_store_holds) {
    add_trades(kTrades);
    EXPECT_EQ(import_lean(zip_path(), sink_).tables_written, 1U);
    const auto again = import_lean(zip_path(), sink_);
    EXPECT_EQ(again.tables_written, 0U);
    EXPECT_EQ(again.tables_unchanged, 1U);
}

TEST_F(LeanImport, refuses_a_time_zone_that_does_not_exist) {
    LeanOptions options;
    options.time_zone = "America/New_Yrok";
    const auto path = add_trades(kTrades);
    const auto error = error_of<ImportError>([&] { import_lean(path, sink_, options); });
    EXPECT_EQ(error.fault(), ImportFault::kBadOption);
}

TEST_F(LeanImport, files_bars_of_an_hour_and_more_by_year) {
    write_zip(folder_ / "equity/usa/daily/ibm.zip",
              {{"ibm.csv",
                "20121231 00:00,1,1,1,1,1\n20130102 00:00,1,2,1,1,1\n"
                "20130103 00:00,1,1,1,1,1"}});
    import_lean(folder_ / "equity/usa/daily/ibm.zip", sink_);
    EXPECT_EQ(sink_.table<pipeline::BarColumns>("IBM", 86'400, 2012y / 1 / 1).size(), 1U);
    const auto& bars = sink_.table<pipeline::BarColumns>("IBM", 86'400, 2013y / 1 / 1);
    EXPECT_EQ(bars.time_ns[0], 1'357'102'800'000'000'000);  // midnight in New York
    EXPECT_EQ(bars.high_raw[0], 200'000);
}

TEST_F(LeanImport, names_what_is_no_equity_by_its_market) {
    const std::string quote = "0,1.1,1.2";
    write_zip(folder_ / "forex/fxcm/tick/eurusd/20140501_quote.zip", {{"q.csv", quote}});
    write_zip(folder_ / "cfd/oanda/tick/xauusd/20140501_quote.zip", {{"q.csv", quote}});
    write_zip(folder_ / "cryptofuture/binance/minute/btcusdt/20220101_trade.zip",
              {{"m.csv", "0,1,2,1,1,0.5"}});
    write_zip(folder_ / "index/usa/minute/spx/20220103_trade.zip",
              {{"m.csv", "0,4778.1,4778.1,1,1,"}});
    import_lean(folder_.path(), sink_);
    const auto& eurusd = sink_.table<pipeline::QuoteColumns>("EURUSD.FXCM");
    EXPECT_EQ(eurusd.time_ns[0], 1'398'920'400'000'000'000);  // five hours behind UTC
    EXPECT_EQ(sink_.instruments["EURUSD.FXCM"].time_zone, "Etc/GMT+5");
    EXPECT_EQ(sink_.instruments["EURUSD.FXCM"].asset_class, pipeline::AssetClass::kForex);
    EXPECT_EQ(sink_.table<pipeline::QuoteColumns>("XAUUSD.OANDA").time_ns[0],
              1'398'902'400'000'000'000);
    EXPECT_EQ(sink_.table<pipeline::BarColumns>("BTCUSDT-PERP.BINANCE", 60).volume_raw[0],
              50'000'000);
    EXPECT_EQ(sink_.table<pipeline::BarColumns>("SPX.USA", 60).open_raw[0], 4'778'100'000'000);
}

TEST_F(LeanImport, keeps_each_expiry_of_a_future_by_itself) {
    const fs::path path = folder_ / "future/cme/minute/es/20131007_openinterest.zip";
    write_zip(path, {{"20131007_es_minute_openinterest_201312.csv", "60000,5"},
                     {"20131007_es_minute_openinterest_201403_20140321.csv", "60000,7"}});
    EXPECT_EQ(import_lean(path, sink_).tables_written, 2U);
    EXPECT_EQ(sink_.table<pipeline::OpenInterestColumns>("ESZ13.CME").open_interest_raw[0],
              500'000'000);
    EXPECT_EQ(sink_.table<pipeline::OpenInterestColumns>("ESH14.CME").open_interest_raw[0],
              700'000'000);
    EXPECT_EQ(import_lean(path, sink_).tables_unchanged, 2U);
    for (const char* entry : {"es.csv", "es_201313.csv", "es_200.csv", "es201312.csv"}) {
        write_zip(path, {{entry, "60000,5"}});
        EXPECT_EQ(error_of<ImportError>([&] { import_lean(path, sink_); }).fault(),
                  ImportFault::kUnsupported)
            << entry;
    }
}

TEST_F(LeanImport, takes_zone_and_steps_from_the_databases_above_the_file) {
    write(folder_ / "market-hours/market-hours-database.json",
          R"({"entries": {"Future-cme-[*]": {"dataTimeZone": "UTC-06",
              "exchangeTimeZone": "America/Chicago", "monday": []}}})");
    write(folder_ / "symbol-properties/symbol-properties-database.csv",
          "market,symbol,type,description,quote_currency,contract_multiplier,"
          "minimum_price_variation,lot_size\ncme,ES,future,E-mini,USD,50.0,0.25,1.0\n");
    const fs::path path = folder_ / "future/cme/minute/es/20131007_trade.zip";
    write_zip(path, {{"es_201312.csv", "0,1,2,1,1,5"}});
    import_lean(path, sink_);
    const auto& es = sink_.instruments["ESZ13.CME"];
    EXPECT_EQ(es.time_zone, "Etc/GMT+6");
    EXPECT_EQ(es.multiplier, core::Quantity::from_units(50));
    EXPECT_EQ(es.tick_size, core::PriceDelta::from_raw(250'000'000));
    EXPECT_EQ(sink_.table<pipeline::BarColumns>("ESZ13.CME", 60).time_ns[0],
              1'381'125'600'000'000'000);  // 06:00 UTC
    write(folder_ / "market-hours/market-hours-database.json", "{\"entries\": [");
    const auto error = error_of<ImportError>([&] { import_lean(path, sink_); });
    EXPECT_EQ(error.fault(), ImportFault::kDamaged);
    EXPECT_NE(std::string(error.what()).find("market-hours-database.json"), std::string::npos);
}

TEST_F(LeanImport, notes_rows_that_were_rounded) {
    const fs::path path = folder_ / "crypto/coinbase/minute/btcusd/20170903_trade.zip";
    write_zip(path, {{"m.csv", "0,1,2,1,1,9.342381490000001\n60000,1,2,1,1,1"}});
    const auto report = import_lean(path, sink_);
    EXPECT_EQ(report.rows_stored, 2U);
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_NE(report.notes[0].find("m.csv: 1 rows"), std::string::npos) << report.notes[0];
}

TEST_F(LeanImport, hands_over_large_tables_in_chunks) {
    std::string text;
    for (int i = 0; i < 150'000; ++i) text += std::to_string(34'200'000 + i) + ",1815200,1,P,0,0\n";
    EXPECT_EQ(import_lean(add_trades(text), sink_).rows_stored, 150'000U);
    EXPECT_EQ(sink_.chunk_rows_max, std::size_t{1} << 16U);
    EXPECT_EQ(ibm().time_ns[149'999] - ibm().time_ns[0], 149'999'000'000);
}

TEST_F(LeanImport, refuses_a_line_without_end) {
    EXPECT_EQ(error_for(add_trades(std::string(200'000, '7'))).fault(), ImportFault::kDamaged);
}

}  // namespace
}  // namespace sluice::tests
