#include <sluice/adapters/run_folder/report.hpp>

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run_folder_sample.hpp"

namespace sluice::adapters::run_folder {
namespace {

using nlohmann::json;
using pipeline::RunRecord;

constexpr std::size_t kSeriesPointsMax = pipeline::RunSeries::kSeriesPointsMax;

constexpr std::string_view kOpen = "<script type=\"application/json\" id=\"data\">";

std::string data_text(const std::string& html) {
    const std::size_t begin = html.find(kOpen) + kOpen.size();
    return html.substr(begin, html.find("</script>", begin) - begin);
}

std::size_t count_of(const std::string& text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size())
        ++found;
    return found;
}

TEST(RunFolderReport, needs_no_network) {
    const std::string html = report_html(test::sample_run());
    for (const char* address :
         {"http:", "https:", "# sourceMappingURL", " src=", " href=", "<link", "@import", "url("})
        EXPECT_EQ(count_of(html, address), 0U) << address;
    EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
}

TEST(RunFolderReport, carries_dygraphs_and_its_licence) {
    const std::string html = report_html(test::sample_run());
    EXPECT_NE(html.find("Dygraph"), std::string::npos);
    EXPECT_NE(html.find("Permission is hereby granted"), std::string::npos);
    for (const char* placeholder : {"{{title", "{{data", "{{report", "{{dygraphs"})
        EXPECT_EQ(html.find(placeholder), std::string::npos) << placeholder;
}

TEST(RunFolderReport, data_read_back_as_json) {
    const RunRecord record = test::sample_run();
    const json data = json::parse(data_text(report_html(record)));
    EXPECT_EQ(data["summary"]["digest"], record.digest);
    EXPECT_EQ(data["prices"].size(), 3U);
    EXPECT_EQ(data["prices"][0]["symbol"], "IBM");
    EXPECT_EQ(data["prices"][0]["total"], 1'950);
    EXPECT_EQ(data["gaps"].size(), 4U) << "four nights between five days";
    EXPECT_EQ(data["configuration"], record.configuration);
}

TEST(RunFolderReport, a_hostile_name_stays_text) {
    const std::string hostile = "</script><script>alert(1)</script><!--{{data}}&\"'";
    RunRecord plain = test::sample_run();
    RunRecord attacked = plain;
    attacked.instruments[0].symbol = hostile;
    attacked.data_label = hostile;
    attacked.configuration = hostile;
    attacked.warnings = {hostile};
    const std::string html = report_html(attacked);
    EXPECT_EQ(count_of(html, "</script>"), count_of(report_html(plain), "</script>"));
    EXPECT_EQ(count_of(html, "<!--"), count_of(report_html(plain), "<!--"));
    const json data = json::parse(data_text(html));
    EXPECT_EQ(data["prices"][0]["symbol"], hostile);
    EXPECT_EQ(data["summary"]["run"]["warnings"][0], hostile);
}

TEST(RunFolderReport, thins_long_series_and_keeps_the_true_length) {
    tests::KeptRows rows;
    const RunRecord record = test::sample_run(rows, {.days = 40});
    const auto& points = rows.kept.equity;
    const json data = json::parse(data_text(report_html(record)));
    const json& equity = data["equity"];
    EXPECT_EQ(equity["total"], points.size());
    EXPECT_LE(equity["t"].size(), kSeriesPointsMax);
    EXPECT_GT(equity["t"].size(), kSeriesPointsMax / 2);
    EXPECT_EQ(equity["t"].size(), equity["v"].size());
    const auto lowest =
        std::min_element(points.begin(), points.end(),
                         [](const auto& a, const auto& b) { return a.equity < b.equity; });
    EXPECT_EQ(*std::min_element(equity["v"].begin(), equity["v"].end()),
              lowest->equity.to_double());
}

TEST(RunFolderReport, draws_the_finest_timeframe_only) {
    RunRecord record = test::sample_run({.days = 1});
    const std::uint64_t bars = record.series.prices()[0].size();
    pipeline::BarRecord coarse;
    coarse.symbol = core::SymbolId{0};
    coarse.timeframe = 1;
    coarse.end = record.to;
    record.series.take(coarse);
    const json data = json::parse(data_text(report_html(record)));
    EXPECT_EQ(data["prices"][0]["total"], bars);
    EXPECT_EQ(data["prices"][0]["timeframe"], "1m");
}

TEST(RunFolderReport, stays_below_three_megabytes_with_a_thousand_instruments) {
    constexpr std::uint16_t kMany = 1'024;
    tests::KeptRows rows;
    RunRecord record = test::sample_run(rows, {.days = 5});
    record.instruments.resize(kMany, record.instruments[0]);
    record.series = pipeline::RunSeries{kMany, record.timeframes};
    for (std::uint16_t s = 0; s < kMany; ++s) {
        record.by_instrument.push_back(record.by_instrument[0]);
        record.by_instrument.back().symbol = core::SymbolId{s};
        for (std::int64_t minute = 0; minute < 300; ++minute) {
            pipeline::BarRecord bar;
            bar.end = record.from + core::Nanos{60'000'000'000} * minute;
            bar.symbol = core::SymbolId{s};
            bar.bar.close = core::Price::from_raw(182'512'345'678 + minute * 7'654'321);
            record.series.take(bar);
        }
        for (pipeline::FillRecord fill : rows.kept.fills) {
            fill.symbol = core::SymbolId{s};
            record.series.take(fill);
        }
    }
    for (const auto& point : rows.kept.equity) record.series.take(point);
    for (int i = 0; i < 100'000; ++i) record.series.take(pipeline::RefusalRecord{});
    record.configuration.assign(1'000'000, '#');
    const std::string html = report_html(record);
    EXPECT_LT(html.size(), 3'000'000U);
    const json data = json::parse(data_text(html));
    EXPECT_LT(data["configuration"].get<std::string>().size(), 250'000U);
    EXPECT_NE(data["configuration"].get<std::string>().find("config.toml"), std::string::npos);
    EXPECT_EQ(data["refusals"]["total"], 100'000);
    EXPECT_EQ(data["prices"].size(), kMany);
}

TEST(RunFolderReport, an_empty_run_makes_a_report) {
    const json data = json::parse(data_text(report_html(RunRecord{})));
    EXPECT_EQ(data["equity"]["total"], 0);
    EXPECT_TRUE(data["prices"].empty());
}

}  // namespace
}  // namespace sluice::adapters::run_folder
