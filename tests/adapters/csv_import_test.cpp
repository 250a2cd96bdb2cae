#include <sluice/adapters/csv/csv_import.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/adapters/csv/csv_records.hpp>

#include "import_test_support.hpp"

namespace sluice::tests {
namespace {

using namespace importing;
using adapters::csv::CsvOptions;
using adapters::csv::CsvRecords;
using adapters::csv::import_csv;
using adapters::csv::parse_time;
using adapters::csv::RecordFault;
using adapters::csv::TimeFormat;
using pipeline::ImportError;
using pipeline::ImportFault;

using Records = std::vector<std::vector<std::string>>;

Records records_of(const std::string& text) {
    Records out;
    CsvRecords records(text);
    while (records.next()) {
        EXPECT_EQ(records.fault(), RecordFault::kOk);
        out.emplace_back(records.fields().begin(), records.fields().end());
    }
    return out;
}

TEST(CsvRecords, reads_quotes_line_ends_and_a_byte_order_mark) {
    EXPECT_EQ(records_of("\xEF\xBB\xBFtime,price\r\n1,2\r\n"),
              (Records{{"time", "price"}, {"1", "2"}}));
    EXPECT_EQ(records_of("\"a,b\",\"say \"\"hi\"\"\",\"\"\n\"two\nlines\",x"),
              (Records{{"a,b", "say \"hi\"", ""}, {"two\nlines", "x"}}));
    EXPECT_EQ(records_of("\"a\"\r\n\"b\"\r\n"), (Records{{"a"}, {"b"}}));
    EXPECT_EQ(records_of("a,,\n,b,"), (Records{{"a", "", ""}, {"", "b", ""}}));
}

TEST(CsvRecords, counts_lines_within_quoted_fields) {
    const std::string text = "h\n\"1\n2\n3\"\nlast\n";
    CsvRecords records(text);
    std::vector<std::uint64_t> lines;
    while (records.next()) lines.push_back(records.line());
    EXPECT_EQ(lines, (std::vector<std::uint64_t>{1, 2, 5}));
}

TEST(CsvRecords, names_broken_quoting_and_goes_on_behind_it) {
    const std::string text = "\"a\"b,c\nd,e\n\"open";
    CsvRecords records(text);
    ASSERT_TRUE(records.next());
    EXPECT_EQ(records.fault(), RecordFault::kTextAfterQuote);
    ASSERT_TRUE(records.next());
    EXPECT_EQ(records.fault(), RecordFault::kOk);
    EXPECT_EQ(records.fields()[1], "e");
    ASSERT_TRUE(records.next());
    EXPECT_EQ(records.fault(), RecordFault::kOpenQuote);
    EXPECT_FALSE(records.next());
}

RC_GTEST_PROP(CsvRecords, reads_back_any_fields_that_were_quoted, ()) {
    const auto fields = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::element('a', '"', ',', '\n', '\r', ' '))));
    std::string text;
    for (const std::string& field : fields) {
        if (!text.empty()) text += ',';
        text += '"';
        for (const char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
        text += '"';
    }
    RC_ASSERT(records_of(text) == Records{fields});
}

TEST(CsvTime, reads_every_format_exactly) {
    const std::tuple<const char*, TimeFormat, std::int64_t> cases[] = {
        {"1381152600123456789", TimeFormat::kNanoseconds, 1'381'152'600'123'456'789},
        {"1381152600123456.789", TimeFormat::kMicroseconds, 1'381'152'600'123'456'789},
        {"1381152600123", TimeFormat::kMilliseconds, 1'381'152'600'123'000'000},
        {"1381152600.5", TimeFormat::kSeconds, 1'381'152'600'500'000'000},
        {"2013-10-07T13:30:00Z", TimeFormat::kIso8601, 1'381'152'600'000'000'000},
        {"2013-10-07 13:30:00.123456789", TimeFormat::kIso8601, 1'381'152'600'123'456'789},
        {"2013-10-07T09:30:00.5-04:00", TimeFormat::kIso8601, 1'381'152'600'500'000'000},
        {"1969-12-31T23:59:59.999999999Z", TimeFormat::kIso8601, -1},
    };
    for (const auto& [text, format, expected] : cases) {
        std::int64_t got{};
        EXPECT_TRUE(parse_time(text, format, got)) << text;
        EXPECT_EQ(got, expected) << text;
    }
}

TEST(CsvTime, refuses_what_is_no_time) {
    std::int64_t got{};
    for (const char* text :
         {"", "2013-10-07", "2013-13-07T13:30:00Z", "2013-02-29T00:00:00Z", "2013-10-07T24:00:00Z",
          "2013-10-07T13:60:00Z", "2013-10-07T13:30:60Z", "2013-10-07T13:30:00.",
          "2013-10-07T13:30:00.1234567891Z", "2013-10-07T13:30:00+4", "2013-10-07T13:30:00ZZ",
          "2013-10-07T13:30:00Zulu", "9999-01-01T00:00:00Z", "13-10-07T13:30:00Z"})
        EXPECT_FALSE(parse_time(text, TimeFormat::kIso8601, got)) << text;
    EXPECT_FALSE(parse_time("1.5", TimeFormat::kNanoseconds, got));
    EXPECT_FALSE(parse_time("1e9", TimeFormat::kSeconds, got));
    EXPECT_FALSE(parse_time("99999999999999", TimeFormat::kSeconds, got));
}

pipeline::Instrument instrument_named(const std::string& symbol) {
    pipeline::Instrument out;
    out.symbol = symbol;
    return out;
}

class CsvImport : public testing::Test {
  protected:
    pipeline::ImportReport import(const std::string& text, CsvOptions options = {}) {
        write(folder_ / "ticks.csv", text);
        return import_csv(folder_ / "ticks.csv", instrument_named("ABC"), sink_, options);
    }
    [[nodiscard]] ImportError error_for(const std::string& text, CsvOptions options = {}) {
        const auto error = error_of<ImportError>([&] { import(text, options); });
        EXPECT_TRUE(sink_.tables.empty());
        EXPECT_NE(std::string(error.what()).find("ticks.csv"), std::string::npos) << error.what();
        return error;
    }
    [[nodiscard]] const pipeline::TradeColumns& trades(
        std::optional<pipeline::Date> date = {}) const {
        return sink_.table<pipeline::TradeColumns>("ABC", 0, date);
    }

    Folder folder_;
    FakeSink sink_;
};

CsvOptions quotes() {
    CsvOptions options;
    options.kind = pipeline::TableKind::kQuotes;
    return options;
}

TEST_F(CsvImport, splits_days_where_the_exchanges_date_changes) {
    // 03:59 UTC is still the evening before in New York.
    const auto report = import(
        "time,price,quantity\n2013-10-08T03:59:59Z,1.25,3\n2013-10-08T04:00:00Z,1.5,0.00000001\n");
    EXPECT_EQ(report.tables_written, 2U);
    ASSERT_EQ(sink_.tables.size(), 2U);
    using namespace std::chrono_literals;
    EXPECT_EQ(trades(2013y / 10 / 7).price_raw[0], 1'250'000'000);
    EXPECT_EQ(trades(2013y / 10 / 8).quantity_raw[0], 1);
}

TEST_F(CsvImport, reads_quotes_with_a_side_left_out) {
    import("time,bid,ask,bid_size,ask_size\n2013-10-08T14:00:00Z,1.25,,100,\n\n", quotes());
    const auto& got = sink_.table<pipeline::QuoteColumns>("ABC");
    EXPECT_EQ(got.bid_raw[0], 1'250'000'000);
    EXPECT_EQ(got.ask_raw[0], 0);
    EXPECT_EQ(got.ask_size_raw[0], 0);
}

TEST_F(CsvImport, takes_columns_by_the_names_given_and_ignores_the_others) {
    CsvOptions options;
    options.columns.time = "ts";
    options.columns.price = "last px";
    options.columns.quantity = "vol";
    options.time_format = TimeFormat::kMilliseconds;
    options.separator = ';';
    import("note;vol;ts;\"last px\"\r\nhello;5;1381152600123;9.99\r\n", options);
    EXPECT_EQ(trades().price_raw[0], 9'990'000'000);
    EXPECT_EQ(trades().time_ns[0], 1'381'152'600'123'000'000);
}

TEST_F(CsvImport, refuses_a_header_that_does_not_fit_and_lists_it) {
    const auto missing = error_for("time,last,quantity\n");
    EXPECT_EQ(missing.fault(), ImportFault::kBadHeader);
    EXPECT_NE(std::string(missing.what()).find("'price'; it has 'time', 'last', 'quantity'"),
              std::string::npos)
        << missing.what();
    EXPECT_EQ(error_for("time,price,price,quantity\n1,2,3,4\n").fault(), ImportFault::kBadHeader);
    EXPECT_EQ(error_for("").fault(), ImportFault::kBadHeader);
    EXPECT_EQ(error_for("time,price,quantity\n").fault(), ImportFault::kBadHeader);
}

TEST_F(CsvImport, stops_at_each_kind_of_bad_row_and_names_line_and_reason) {
    const std::pair<const char*, const char*> cases[] = {
        {"2013-10-08T14:00:00Z,-1,5", "price: negative"},
        {"2013-10-08T14:00:00Z,abc,5", "price: not a decimal number"},
        {"2013-10-08T14:00:00Z,1.0000000001,5", "price: more decimals than can be held exactly"},
        {"2013-10-08T14:00:00Z,99999999999,5", "price: out of range"},
        {"2013-10-08T14:00:00Z,1,-5", "quantity: negative"},
        {"2013-10-08T14:00:00Z,1,", "quantity: empty"},
        {"2013-10-08T14:00:00Z,1", "2 columns where the header has 3"},
        {"2013-10-08T14:00:00Z,1,2,3", "4 columns where the header has 3"},
        {"yesterday,1,2", "time: not a time like 2013-10-07T13:30:00.123Z"},
        {"\"2013\"x,1,2", "text between a closing quote and the separator"},
    };
    for (const auto& [row, reason] : cases) {
        const auto error =
            error_for("time,price,quantity\n2013-10-08T14:00:00Z,1,5\n" + std::string(row) + "\n");
        EXPECT_EQ(error.fault(), ImportFault::kBadRow);
        EXPECT_EQ(error.bad_row().row, 3U);
        EXPECT_EQ(error.bad_row().text, row);
        EXPECT_EQ(error.bad_row().reason, reason);
    }
}

TEST_F(CsvImport, keeps_a_quantity_of_zero) {
    import("time,price,quantity\n2013-10-08T14:00:00Z,5,0\n");
    EXPECT_EQ(trades().quantity_raw[0], 0);
}

TEST_F(CsvImport, refuses_a_trade_without_a_price) {
    const auto error = error_for("time,price,quantity\n2013-10-08T14:00:00Z,0,5\n");
    EXPECT_EQ(error.bad_row().reason, "price: zero");
}

TEST_F(CsvImport, refuses_a_size_without_a_price) {
    const auto error =
        error_for("time,bid,ask,bid_size,ask_size\n2013-10-08T14:00:00Z,0,2,100,100\n", quotes());
    EXPECT_EQ(error.bad_row().reason, "bid_size: without a bid");
}

TEST_F(CsvImport, skips_and_counts_bad_rows_when_told_to) {
    CsvOptions options;
    options.on_bad_row = pipeline::OnBadRow::kSkip;
    const auto report =
        import("time,price,quantity\nx,1,1\n2013-10-08T14:00:00Z,1,5\n,,\n", options);
    EXPECT_EQ(report.rows_skipped, 2U);
    EXPECT_EQ(report.rows_stored, 1U);
    EXPECT_EQ(report.bad_rows[1].row, 4U);
    EXPECT_EQ(sink_.sources.begin()->second.rows, 3U);
}

TEST_F(CsvImport, says_that_the_file_or_the_zone_does_not_exist) {
    const auto missing = error_of<ImportError>(
        [this] { import_csv(folder_ / "no.csv", instrument_named("A"), sink_); });
    EXPECT_EQ(missing.fault(), ImportFault::kMissing);
    auto nowhere = instrument_named("A");
    nowhere.time_zone = "Mars/Olympus";
    write(folder_ / "ticks.csv", "time,price,quantity\n");
    EXPECT_EQ(
        error_of<ImportError>([&] { import_csv(folder_ / "ticks.csv", nowhere, sink_); }).fault(),
        ImportFault::kBadOption);
}

TEST_F(CsvImport, stores_nothing_when_asked_to_end) {
    CsvOptions options;
    options.progress = [](const pipeline::ImportProgress&) { return false; };
    const auto report = import("time,price,quantity\n2013-10-08T14:00:00Z,1,5\n", options);
    EXPECT_TRUE(report.cancelled);
    EXPECT_TRUE(sink_.tables.empty());
}

}  // namespace
}  // namespace sluice::tests
