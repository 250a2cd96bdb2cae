#include <zip.h>

#include <gtest/gtest.h>

#include <sluice/adapters/lean/lean_import.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::lean::import_lean;
using adapters::lean::LeanOptions;
using adapters::tick_store::StoreWriter;
using pipeline::ImportError;
using pipeline::ImportFault;

void write_zip(const fs::path& path,
               const std::vector<std::pair<std::string, std::string>>& entries) {
    fs::create_directories(path.parent_path());
    int error = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    ASSERT_NE(archive, nullptr);
    for (const auto& [name, text] : entries) {
        zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
        ASSERT_GE(zip_file_add(archive, name.c_str(), source, 0), 0);
    }
    ASSERT_EQ(zip_close(archive), 0);
}

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
        EXPECT_TRUE(sink_.trades.empty() && sink_.quotes.empty());
        return error;
    }

    TempFolder folder_;
    MemorySink sink_;
};

TEST_F(LeanImport, takes_symbol_date_and_kind_from_the_path_and_times_from_the_zone) {
    const auto report = import_lean(add_trades(kTrades), sink_);
    EXPECT_EQ(report.rows_stored, 2U);
    const MemorySink::Key key{"IBM", std::chrono::year{2013} / std::chrono::October / 7};
    ASSERT_EQ(sink_.trades.count(key), 1U);
    // 09:30 in New York in October is 13:30 UTC.
    EXPECT_EQ(sink_.trades[key].time_ns[0], 1'381'152'600'000'000'000);
    EXPECT_EQ(sink_.trades[key].flags[1], 1);
    EXPECT_EQ(sink_.sources[key].name, "20131007_trade.zip");
    EXPECT_EQ(sink_.sources[key].rows, 2U);
}

TEST_F(LeanImport, follows_daylight_saving_time) {
    // 2013-03-10 begins at UTC-5 and ends at UTC-4; 02:30 does not exist.
    add_trades("3600000,10000,1,P,0,0\n34200000,10000,1,P,0,0\n", "20130310_trade.zip");
    import_lean(zip_path("20130310_trade.zip"), sink_);
    const auto& spring = sink_.trades.begin()->second;
    EXPECT_EQ(spring.time_ns[0], 1'362'895'200'000'000'000);  // 01:00 EST = 06:00 UTC
    EXPECT_EQ(spring.time_ns[1], 1'362'922'200'000'000'000);  // 09:30 EDT = 13:30 UTC
    sink_.trades.clear();
    EXPECT_EQ(error_for(add_trades("9000000,10000,1,P,0,0", "20130310_trade.zip")).fault(),
              ImportFault::kBadRow);
    // 2013-11-03: 01:30 occurs twice; the first is meant.
    add_trades("5400000,10000,1,P,0,0\n34200000,10000,1,P,0,0", "20131103_trade.zip");
    import_lean(zip_path("20131103_trade.zip"), sink_);
    const auto& autumn = sink_.trades.begin()->second;
    EXPECT_EQ(autumn.time_ns[0], 1'383'456'600'000'000'000);  // 05:30 UTC
    EXPECT_EQ(autumn.time_ns[1], 1'383'489'000'000'000'000);  // 14:30 UTC
}

TEST_F(LeanImport, stops_at_a_bad_row_and_says_where_and_why) {
    const auto error = error_for(add_trades("34200000,1815200,283,P,0,0\n34200001,-5,1,P,0,0\n"));
    EXPECT_EQ(error.fault(), ImportFault::kBadRow);
    EXPECT_EQ(error.bad_row().row, 2U);
    EXPECT_EQ(error.bad_row().entry, "20131007_ibm_Trade_Tick.csv");
    EXPECT_EQ(error.bad_row().text, "34200001,-5,1,P,0,0");
    EXPECT_EQ(error.bad_row().reason, "a trade's price must be above zero");
    EXPECT_NE(std::string(error.what()).find("20131007_trade.zip"), std::string::npos);
}

TEST_F(LeanImport, skips_and_counts_bad_rows_when_told_to) {
    LeanOptions options;
    options.on_bad_row = pipeline::OnBadRow::kSkip;
    const auto report = import_lean(
        add_trades("1,0,1,P,0,0\r\n34200000,1815200,283,P,0,0\r\nnonsense\r\n"), sink_, options);
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
    const std::string whole = read_file(add_trades(text));
    for (std::size_t size = 0; size < whole.size(); size += 61) {
        write_file(zip_path(), std::string_view(whole).substr(0, size));
        EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kDamaged) << size;
    }
}

TEST_F(LeanImport, refuses_an_archive_whose_data_were_changed) {
    std::string text;
    for (int i = 0; i < 400; ++i)
        text += std::to_string(34'200'000 + i * 7) + ",1815200,283,P,0,0\n";
    std::string bytes = read_file(add_trades(text));
    bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 1);
    write_file(zip_path(), bytes);
    EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kDamaged);
}

TEST_F(LeanImport, refuses_archives_without_one_csv) {
    write_zip(zip_path(), {{"readme.txt", "hello"}});
    EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kUnsupported);
    write_zip(zip_path(), {{"a.csv", kTrades}, {"b.csv", kTrades}});
    EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kUnsupported);
    write_zip(zip_path(), {{"20131007_ibm_minute_trade.csv", kTrades}});
    EXPECT_EQ(error_for(zip_path()).fault(), ImportFault::kUnsupported);
}

TEST_F(LeanImport, says_what_is_read_when_the_path_is_of_another_kind) {
    for (const char* name :
         {"equity/usa/minute/ibm/20131007_trade.zip", "crypto/gdax/tick/btcusd/20161007_trade.zip",
          "equity/india/tick/abc/20131007_trade.zip",
          "equity/usa/tick/ibm/20131007_openinterest.zip", "equity/usa/tick/ibm/20131399_trade.zip",
          "equity/usa/tick/ibm/ibm.zip"}) {
        write_zip(folder_ / name, {{"x.csv", kTrades}});
        const auto error = error_for(folder_ / name);
        EXPECT_EQ(error.fault(), ImportFault::kUnsupported) << name;
        EXPECT_NE(std::string(error.what()).find("equity/usa/tick/<symbol>"), std::string::npos);
    }
    EXPECT_EQ(error_for(folder_ / "equity/usa/minute").fault(), ImportFault::kUnsupported);
    EXPECT_EQ(error_for(folder_ / "nothing/here").fault(), ImportFault::kMissing);
}

TEST_F(LeanImport, takes_all_tick_archives_below_a_folder_and_counts_the_others) {
    add_trades(kTrades);
    add_trades(kTrades, "20131008_trade.zip");
    write_zip(zip_path("20131007_quote.zip"), {{"q.csv", "34200000,1,2,3,4,P,0,0"}});
    write_zip(folder_ / "equity/usa/minute/ibm/20131007_trade.zip", {{"m.csv", kTrades}});
    const auto report = import_lean(folder_.path(), sink_);
    EXPECT_EQ(report.tables_written, 3U);
    EXPECT_EQ(report.files_ignored, 1U);
    EXPECT_EQ(report.rows_stored, 5U);
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
    MemorySink other;
    const auto report = import_lean(folder_.path(), other, options);
    EXPECT_TRUE(report.cancelled);
    EXPECT_EQ(report.tables_written, 1U);
}

TEST_F(LeanImport, does_not_decode_again_what_the_store_holds) {
    add_trades(kTrades);
    StoreWriter writer(folder_ / "store");
    EXPECT_EQ(import_lean(zip_path(), writer).tables_written, 1U);
    const auto again = import_lean(zip_path(), writer);
    EXPECT_EQ(again.tables_written, 0U);
    EXPECT_EQ(again.tables_unchanged, 1U);
}

TEST_F(LeanImport, refuses_a_time_zone_that_does_not_exist) {
    LeanOptions options;
    options.instrument.time_zone = "America/New_Yrok";
    const auto path = add_trades(kTrades);
    const auto error = error_of<ImportError>([&] { import_lean(path, sink_, options); });
    EXPECT_EQ(error.fault(), ImportFault::kBadOption);
}

}  // namespace
}  // namespace sluice::tests
