#include <sluice/adapters/run_folder/csv.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "run_folder_sample.hpp"

namespace sluice::adapters::run_folder {
namespace {

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

pipeline::InstrumentTable one_instrument(const char* symbol) {
    pipeline::InstrumentTable table(1);
    table[0].symbol = symbol;
    return table;
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
    tests::KeptRows rows;
    pipeline::RunRecord record = test::sample_run(rows);
    record.instruments[0].symbol = "I,B\"M\n";
    rows.kept.incidents.push_back({record.from,
                                   core::SymbolId{0},
                                   pipeline::IncidentKind::kReportForUnknownOrder,
                                   core::OrderId{9},
                                   {}});
    const auto holds = [&](std::string_view header, const auto& kept) {
        std::string text{header};
        for (const auto& row : kept) text += csv_row(row, record.instruments);
        const Table table = parse(text);
        ASSERT_FALSE(kept.empty());
        ASSERT_EQ(table.size(), kept.size() + 1);
        for (const auto& row : table) ASSERT_EQ(row.size(), table[0].size());
    };
    holds(kOrdersHeader, rows.kept.orders);
    holds(kFillsHeader, rows.kept.fills);
    holds(kRefusalsHeader, rows.kept.refusals);
    holds(kIncidentsHeader, rows.kept.incidents);
    holds(kEquityHeader, rows.kept.equity);
}

TEST(RunFolderCsv, writes_a_fill_exactly) {
    const pipeline::FillRecord fill{core::time_from_ns<core::StreamTime>(1'381'152'600'000'000'001),
                                    core::OrderId{7},
                                    core::SymbolId{0},
                                    pipeline::Side::kSell,
                                    core::Quantity::from_raw(1),
                                    core::Price::from_raw(182'500'000'001),
                                    core::Money::from_raw(5),
                                    core::Quantity::from_units(-3)};
    EXPECT_EQ(csv_row(fill, one_instrument("BRK.A")),
              "2013-10-07T13:30:00.000000001Z,7,BRK.A,sell,0.00000001,182.500000001,"
              "0.00000000000000005,-3\n");
}

TEST(RunFolderCsv, a_market_order_has_no_limit_price) {
    pipeline::OrderRecord order;
    order.symbol = core::SymbolId{0};
    order.status = "filled";
    order.limit = core::Price::from_units(5);
    EXPECT_EQ(parse(csv_row(order, one_instrument("IBM")))[0][7], "");
    order.type = pipeline::OrderType::kLimit;
    EXPECT_EQ(parse(csv_row(order, one_instrument("IBM")))[0][7], "5");
}

}  // namespace
}  // namespace sluice::adapters::run_folder
