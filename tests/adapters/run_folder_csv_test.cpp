#include <sluice/adapters/run_folder/csv.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "run_folder_sample.hpp"

namespace sluice::adapters::run_folder {
namespace {

using pipeline::RunRecord;
using Table = std::vector<std::vector<std::string>>;

// A reader by RFC 4180, independent of the writer.
Table parse(const std::string& text) {
    Table rows;
    std::vector<std::string> row;
    std::string field;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c != '"')
                field.push_back(c);
            else if (i + 1 < text.size() && text[i + 1] == '"')
                field.push_back(text[++i]);
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',' || c == '\n') {
            row.push_back(std::move(field));
            field.clear();
            if (c == '\n') rows.push_back(std::move(row)), row.clear();
        } else {
            field.push_back(c);
        }
    }
    return rows;
}

template <class Writer>
std::string written(Writer writer, const RunRecord& record) {
    std::string out;
    writer(record, [&out](std::string_view text) { out.append(text); });
    return out;
}

TEST(RunFolderCsv, quotes_only_what_needs_it) {
    EXPECT_EQ(csv_field("IBM"), "IBM");
    EXPECT_EQ(csv_field(""), "");
    EXPECT_EQ(csv_field("@ES"), "@ES");
    EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
    EXPECT_EQ(csv_field("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(csv_field("a\nb"), "\"a\nb\"");
}

RC_GTEST_PROP(RunFolderCsv, any_text_reads_back, (const std::string& a, const std::string& b)) {
    const Table table = parse(csv_field(a) + "," + csv_field(b) + "\n");
    RC_ASSERT(table == (Table{{a, b}}));
}

TEST(RunFolderCsv, every_row_has_the_columns_of_its_header) {
    RunRecord record = test::sample_run();
    record.instruments[0].symbol = "I,B\"M\n";
    record.incident_rows.push_back({record.from,
                                    core::SymbolId{0},
                                    pipeline::IncidentKind::kReportForUnknownOrder,
                                    core::OrderId{9},
                                    {}});
    const auto holds = [&](auto writer, std::size_t rows) {
        const Table table = parse(written(writer, record));
        ASSERT_EQ(table.size(), rows + 1);
        for (const auto& row : table) ASSERT_EQ(row.size(), table[0].size());
    };
    holds(write_orders_csv, record.order_rows.size());
    holds(write_fills_csv, record.fill_rows.size());
    holds(write_refusals_csv, record.refusal_rows.size());
    holds(write_incidents_csv, record.incident_rows.size());
    holds(write_equity_csv, record.equity_points.size());
}

TEST(RunFolderCsv, writes_a_fill_exactly) {
    RunRecord record;
    record.instruments.emplace_back().symbol = "BRK.A";
    record.fill_rows.push_back({core::time_from_ns<core::StreamTime>(1'381'152'600'000'000'001),
                                core::OrderId{7}, core::SymbolId{0}, pipeline::Side::kSell,
                                core::Quantity::from_raw(1), core::Price::from_raw(182'500'000'001),
                                core::Money::from_raw(5), core::Quantity::from_units(-3)});
    EXPECT_EQ(written(write_fills_csv, record),
              "time,order_id,symbol,side,quantity,price,commission,position_after\n"
              "2013-10-07T13:30:00.000000001Z,7,BRK.A,sell,0.00000001,182.500000001,"
              "0.00000000000000005,-3\n");
}

TEST(RunFolderCsv, a_market_order_has_no_limit_price) {
    RunRecord record;
    record.instruments.emplace_back().symbol = "IBM";
    pipeline::OrderRecord order;
    order.symbol = core::SymbolId{0};
    order.status = "filled";
    record.order_rows.assign(2, order);
    record.order_rows[1].type = pipeline::OrderType::kLimit;
    record.order_rows[1].limit = core::Price::from_units(5);
    const Table table = parse(written(write_orders_csv, record));
    EXPECT_EQ(table[1][7], "");
    EXPECT_EQ(table[2][7], "5");
}

TEST(RunFolderCsv, drawdown_is_measured_from_the_highest_equity_so_far) {
    RunRecord record;
    record.capital = core::Money::from_units(100);
    for (const int units : {90, 120, 115})
        record.equity_points.push_back({{}, core::Money::from_units(units), {}});
    const Table table = parse(written(write_equity_csv, record));
    EXPECT_EQ(table[1][3], "10");
    EXPECT_EQ(table[2][3], "0");
    EXPECT_EQ(table[3][3], "5");
}

}  // namespace
}  // namespace sluice::adapters::run_folder
