// Mapping files, and what they make of rows.
#include <sluice/adapters/csv/csv_mapping.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/adapters/csv/csv_import.hpp>
#include <sluice/adapters/csv/csv_stream.hpp>
#include <sluice/core/config/diagnostics.hpp>

#include "import_test_support.hpp"

namespace sluice::tests {
namespace {

using namespace importing;
using namespace std::chrono_literals;
using adapters::csv::CsvField;
using adapters::csv::CsvMapping;
using adapters::csv::CsvOptions;
using adapters::csv::CsvStream;
using adapters::csv::parse_mapping;
using adapters::csv::TimeReader;
using core::config::ConfigError;
using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::TableKind;

constexpr const char* kBarsByEnd = R"(
kind = "bars"
period = "1m"
time_marks = "end"
[columns]
time = "timestamp_utc"
)";

std::int64_t read_time(const std::string& toml, const std::string& text) {
    std::int64_t out = -1;
    EXPECT_TRUE(TimeReader(parse_mapping(toml, "map.toml")).read(text, out)) << text;
    return out;
}

class CsvMapped : public testing::Test {
  protected:
    pipeline::ImportReport import(const std::string& toml, const std::string& text) {
        return import_file(toml, write(folder_ / "rows.csv", text));
    }
    pipeline::ImportReport import_file(const std::string& toml, const fs::path& path) {
        CsvOptions options;
        options.mapping = parse_mapping(toml, "map.toml");
        pipeline::Instrument instrument;
        instrument.symbol = "ABC";
        instrument.time_zone = "UTC";
        return import_csv(path, instrument, sink_, options);
    }
    Folder folder_;
    FakeSink sink_;
};

TEST(CsvMappingFile, reads_every_key) {
    const CsvMapping got = parse_mapping(R"(
kind = "quote_bars"
period = "1h"
delimiter = "tab"
header = false
time_format = "%Y%m%d %H%M%S"
time_zone = "Europe/Berlin"
time_marks = "end"
[columns]
time = "#1"
bid_open = "#4"
[constants]
ask_size = "100"
)",
                                         "map.toml");
    EXPECT_EQ(got.key, (pipeline::TableKey{TableKind::kQuoteBars, 3600}));
    EXPECT_EQ(got.delimiter, '\t');
    EXPECT_FALSE(got.header);
    EXPECT_EQ(got.time_pattern, "%Y%m%d %H%M%S");
    EXPECT_EQ(got.time_zone, "Europe/Berlin");
    EXPECT_EQ(got.time_marks, adapters::csv::TimeMarks::kEnd);
    EXPECT_EQ(got.column(CsvField::kBidOpen), "#4");
    EXPECT_EQ(got.constant(CsvField::kAskSize), "100");
}

TEST(CsvMappingFile, names_line_and_remedy_of_what_is_wrong) {
    const auto message = [](const std::string& toml) -> std::string {
        return error_of<ConfigError>([&] { (void)parse_mapping(toml, "map.toml"); }).what();
    };
    EXPECT_NE(message("\nkidn = \"bars\"").find("map.toml:2"), std::string::npos);
    EXPECT_NE(message("kind = \"bars\"").find("period"), std::string::npos);
    EXPECT_NE(message("kind = \"bars\"\nperiod = \"1500ms\"").find("whole seconds"),
              std::string::npos);
    EXPECT_NE(message("time_marks = \"end\"").find("bars only"), std::string::npos);
    EXPECT_NE(message("delimiter = \";;\"").find("one character"), std::string::npos);
    EXPECT_NE(message("time_format = \"unix\"").find("pattern"), std::string::npos);
    EXPECT_NE(message("[columns]\nprize = \"#1\"").find("price"), std::string::npos);
}

TEST(CsvMappingFile, documents_itself) {
    const std::string text = adapters::csv::documented_mapping();
    EXPECT_EQ(parse_mapping(text, "defaults"), parse_mapping("", "empty"));
    EXPECT_NE(text.find("open_interest"), std::string::npos);
}

TEST(CsvTimeReader, reads_patterns_zones_and_offsets) {
    const std::string berlin = "time_zone = \"Europe/Berlin\"\n";
    const std::string pattern = "time_format = \"%d/%b/%y %I:%M:%S.%f %p\"\n";
    EXPECT_EQ(read_time(berlin + pattern, "7/Oct/13 3:30:00.25 PM"), 1'381'152'600'250'000'000);
    EXPECT_EQ(read_time(pattern, "07/oct/13 01:30:00.000000001 pm"), 1'381'152'600'000'000'001);
    EXPECT_EQ(read_time("time_format = \"%Y%m%d%H%M%S%z\"\n", "20131007153000+0200"),
              1'381'152'600'000'000'000);
    // An offset of its own goes before the zone of the file; without one the file's holds.
    EXPECT_EQ(read_time(berlin, "2013-10-07T13:30:00Z"), 1'381'152'600'000'000'000);
    EXPECT_EQ(read_time(berlin, "2013-10-07 15:30:00"), 1'381'152'600'000'000'000);
}

TEST(CsvTimeReader, refuses_what_does_not_fit_the_pattern) {
    TimeReader reader(parse_mapping("time_format = \"%Y-%m-%d %I:%M %p\"", "map.toml"));
    std::int64_t out{};
    for (const char* text : {"", "2013-10-07", "2013-13-07 1:30 PM", "2013-10-07 13:30 PM",
                             "2013-10-07 0:30 AM", "2013-10-07 1:60 PM", "2013-10-07 1:30 XM",
                             "2013-10-07 1:30 PM ", "2013-02-29 1:30 PM", "0000-01-01 1:30 PM"})
        EXPECT_FALSE(reader.read(text, out)) << text;
    TimeReader spring(parse_mapping("time_zone = \"America/New_York\"", "map.toml"));
    EXPECT_FALSE(spring.read("2013-03-10 02:30:00", out)) << "the clock skips that hour";
}

TEST(CsvTimeReader, refuses_a_pattern_without_a_date_or_with_unknown_letters) {
    for (const char* pattern : {"%H:%M", "%Y%m%d %Q", "%Y-%m-%d %I:%M"}) {
        CsvMapping mapping;
        mapping.time_format = adapters::csv::TimeFormat::kPattern;
        mapping.time_pattern = pattern;
        EXPECT_EQ(error_of<ImportError>([&] { TimeReader{mapping}; }).fault(),
                  ImportFault::kBadOption)
            << pattern;
    }
}

TEST_F(CsvMapped, moves_bars_from_their_end_to_their_start) {
    import(kBarsByEnd,
           "timestamp_utc,open,high,low,close,volume\n2024-01-02 00:00:00,1,2,0.5,1.5,7\n");
    // The minute that ended at midnight belongs to the day before.
    const auto& bars = sink_.table<pipeline::BarColumns>("ABC", 60, 2024y / 1 / 1);
    EXPECT_EQ(bars.time_ns[0], 1'704'153'540'000'000'000);
    EXPECT_EQ(bars.high_raw[0], 2'000'000'000);
    EXPECT_EQ(bars.volume_raw[0], 700'000'000);
}

TEST_F(CsvMapped, files_bars_of_an_hour_and_more_by_year) {
    import("kind = \"bars\"\nperiod = \"1d\"\n",
           "time,open,high,low,close,volume\n2012-12-31T00:00:00Z,1,1,1,1,1\n"
           "2013-01-01T00:00:00Z,1,1,1,1,1\n2013-06-01T00:00:00Z,1,1,1,1,1\n");
    EXPECT_EQ(sink_.table<pipeline::BarColumns>("ABC", 86'400, 2012y / 1 / 1).size(), 1U);
    EXPECT_EQ(sink_.table<pipeline::BarColumns>("ABC", 86'400, 2013y / 1 / 1).size(), 2U);
}

TEST_F(CsvMapped, takes_columns_by_number_where_there_is_no_header) {
    import(
        "header = false\ndelimiter = \"tab\"\ntime_format = \"ms\"\n[columns]\ntime = \"#3\"\n"
        "price = \"#1\"\nside = \"#2\"\n[constants]\nquantity = \"2.5\"\n",
        "9.99\tSELL\t1381152600123\n8\tb\t1381152600124\n");
    const auto& trades = sink_.table<pipeline::TradeColumns>("ABC");
    EXPECT_EQ(trades.price_raw, (std::vector<std::int64_t>{9'990'000'000, 8'000'000'000}));
    EXPECT_EQ(trades.quantity_raw[1], 250'000'000);
    EXPECT_EQ(trades.flags, (std::vector<std::uint8_t>{pipeline::kRowSeller, pipeline::kRowBuyer}));
}

TEST_F(CsvMapped, reads_quote_bars_and_open_interest) {
    import("kind = \"quote_bars\"\nperiod = \"1s\"\n",
           "time,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close,ask_size\n"
           "2024-01-02T00:00:00Z,,,,,1,2,0.5,1.5,7\n");
    const auto& bars = sink_.table<pipeline::QuoteBarColumns>("ABC", 1);
    EXPECT_EQ(bars.bid_close_raw[0], 0);
    EXPECT_EQ(bars.ask_close_raw[0], 1'500'000'000);
    EXPECT_EQ(bars.ask_size_raw[0], 700'000'000);
    import("kind = \"open_interest\"\n", "time,open_interest\n2024-01-02T00:00:00Z,12\n");
    EXPECT_EQ(sink_.table<pipeline::OpenInterestColumns>("ABC").open_interest_raw[0],
              1'200'000'000);
}

TEST_F(CsvMapped, says_which_column_is_not_there) {
    const auto fault = [this](const std::string& toml, const std::string& text) {
        return error_of<ImportError>([&] { import(toml, text); }).fault();
    };
    EXPECT_EQ(fault("[columns]\nprice = \"#4\"\n", "time,price,quantity\n"),
              ImportFault::kBadHeader);
    EXPECT_EQ(fault("[columns]\nside = \"aggressor\"\n", "time,price,quantity\n"),
              ImportFault::kBadHeader);
    EXPECT_EQ(fault("header = false\n", "1,2,3\n"), ImportFault::kBadHeader);
    EXPECT_TRUE(sink_.tables.empty());
}

TEST_F(CsvMapped, reads_gzip_and_refuses_it_cut_short_at_any_length) {
    std::string text = "timestamp_utc,open,high,low,close,volume\n";
    for (int i = 0; i < 500; ++i)
        text += "2024-01-02 0" + std::to_string(i / 60 % 10) + ":" + (i % 60 < 10 ? "0" : "") +
                std::to_string(i % 60) + ":00,1,2,0.5,1.5," + std::to_string(i * 7919 % 997) + "\n";
    const fs::path path = write_gzip(folder_ / "rows.csv.gz", text);
    EXPECT_EQ(import_file(kBarsByEnd, path).rows_stored, 500U);
    const std::string whole = read(path);
    sink_.clear();
    for (std::size_t size = 2; size + 1 < whole.size(); size += 37) {
        write(path, std::string_view(whole).substr(0, size));
        EXPECT_EQ(error_of<ImportError>([&] { import_file(kBarsByEnd, path); }).fault(),
                  ImportFault::kDamaged)
            << size;
        EXPECT_TRUE(sink_.tables.empty());
    }
    std::string changed = whole;
    changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 4);
    write(path, changed);
    EXPECT_EQ(error_of<ImportError>([&] { import_file(kBarsByEnd, path); }).fault(),
              ImportFault::kDamaged);
}

TEST_F(CsvMapped, reads_the_real_bars_with_every_row) {
    const fs::path path = real_data() / "xcme_bars/6EH4.XCME_1min_bars_20240101_20240131.csv.gz";
    if (!fs::exists(path)) GTEST_SKIP() << "no market data; name their folder in SLUICE_DATA";
    const auto report = import_file(kBarsByEnd, path);
    EXPECT_EQ(report.rows_stored, 29'996U);
    std::int64_t first = INT64_MAX;
    std::int64_t last = INT64_MIN;
    std::uint64_t backwards = 0;
    for (const auto& [key, columns] : sink_.tables) {
        const auto& bars = std::get<pipeline::BarColumns>(columns);
        first = std::min(first, bars.time_ns.front());
        last = std::max(last, bars.time_ns.back());
        for (std::size_t i = 1; i < bars.size(); ++i)
            backwards += bars.time_ns[i] <= bars.time_ns[i - 1] ? 1U : 0U;
    }
    EXPECT_EQ(first, 1'704'150'000'000'000'000);  // 2024-01-01 23:01 marks the end
    EXPECT_EQ(last, 1'706'745'480'000'000'000);   // 2024-01-31 23:59 the same
    EXPECT_EQ(backwards, 0U);
}

TEST(CsvStreamWindow, refuses_a_record_longer_than_its_window) {
    const std::string text = "a,b\n\"" + std::string(100, 'x') + "\nlast\n";
    CsvStream records(text, ',', "rows.csv", 64);
    ASSERT_TRUE(records.next());
    const auto error = error_of<ImportError>([&] {
        while (records.next()) {}
    });
    EXPECT_EQ(error.fault(), ImportFault::kDamaged);
    EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
}

RC_GTEST_PROP(CsvStreamWindow, gives_the_same_records_whatever_its_size, ()) {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::element('a', 'b', ',', '\n', '\r', '"', '7'));
    const auto window = *rc::gen::inRange<std::size_t>(text.size() + 16, text.size() + 64);
    const auto small = *rc::gen::inRange<std::size_t>(16, 64);
    adapters::csv::CsvRecords whole(text);
    CsvStream wide(text, ',', "rows.csv", window);
    CsvStream narrow(text, ',', "rows.csv", small);
    while (whole.next()) {
        RC_ASSERT(wide.next());
        RC_ASSERT(wide.fields() == whole.fields());
        RC_ASSERT(wide.line() == whole.line());
        if (whole.text().size() + 4 > small) return;  // longer than the narrow window
        RC_ASSERT(narrow.next());
        RC_ASSERT(narrow.fields() == whole.fields());
        RC_ASSERT(narrow.line() == whole.line());
    }
    RC_ASSERT(!wide.next());
}

}  // namespace
}  // namespace sluice::tests
