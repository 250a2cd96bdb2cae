#include <sluice/adapters/run_folder/summary.hpp>

#include <cmath>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "run_folder_sample.hpp"

namespace sluice::adapters::run_folder {
namespace {

using nlohmann::json;
using pipeline::RunRecord;

json parsed(const RunRecord& record) { return json::parse(summary_json(record)); }

std::string printed(const RunRecord& record, bool colour = false) {
    std::ostringstream out;
    print_summary(out, record, colour);
    return out.str();
}

std::uint64_t sum_of(const json& object) {
    std::uint64_t sum = 0;
    for (const auto& value : object) sum += value.get<std::uint64_t>();
    return sum;
}

// No floating point at or below `node`.
bool holds_no_double(const json& node) {
    if (node.is_number_float()) return false;
    for (const auto& child : node)
        if (child.is_structured() ? !holds_no_double(child) : child.is_number_float()) return false;
    return true;
}

TEST(RunFolderSummary, counts_add_up) {
    const json s = parsed(test::sample_run());
    EXPECT_EQ(s["schema"], "sluice.summary/1");
    const json& t = s["ticks"];
    const auto count = [&](const char* key) { return t[key].get<std::uint64_t>(); };
    EXPECT_GT(count("total"), 0U);
    EXPECT_EQ(count("trades") + count("quotes"), count("total"));
    EXPECT_EQ(count("used") + count("late") + count("refused"), count("total"));
    EXPECT_EQ(sum_of(t["refused_by_reason"]), count("refused"));
    for (const char* part : {"refusals", "reports", "incidents"}) {
        const json& counted = s[part];
        EXPECT_EQ(sum_of(counted[part == std::string{"refusals"} ? "by_reason" : "by_kind"]),
                  counted["total"].get<std::uint64_t>());
    }
    EXPECT_EQ(sum_of(s["bars"]["by_timeframe"]), s["bars"]["total"].get<std::uint64_t>());
    EXPECT_EQ(s["bars"]["by_timeframe"]["1m"], 5'850);
}

TEST(RunFolderSummary, names_every_reason_even_at_zero) {
    const json s = parsed(RunRecord{});
    EXPECT_EQ(s["refusals"]["by_reason"].size(), pipeline::kRefusalReasonCount);
    EXPECT_EQ(s["reports"]["by_kind"].size(), pipeline::kExecKindCount);
    EXPECT_EQ(s["incidents"]["by_kind"].size(), pipeline::kIncidentKindCount);
    EXPECT_EQ(s["refusals"]["by_reason"]["insufficient_funds"], 0);
    EXPECT_TRUE(s["run"]["from"].is_null());
}

TEST(RunFolderSummary, money_is_an_exact_decimal_string) {
    RunRecord record = test::sample_run();
    record.capital = core::Money{};
    record.equity = core::Money::from_raw(-21 * core::Int128{core::Money::kScale} -
                                          534'889 * core::Int128{core::Money::kScale / 1'000'000});
    record.commission = core::Money::from_raw(1);
    const json s = parsed(record);
    EXPECT_EQ(s["books"]["pnl"], "-21.534889");
    EXPECT_EQ(s["books"]["commission"], "0.00000000000000001");
    EXPECT_TRUE(holds_no_double(s["books"]));
    EXPECT_TRUE(holds_no_double(s["instruments"]));
    EXPECT_EQ(s["strategies"][0]["stance_profit"], "3.00000000000000001");
    EXPECT_TRUE(s["strategies"][0]["stance_profit"].is_string());
}

TEST(RunFolderSummary, profit_of_an_instrument_is_after_commission) {
    RunRecord record = test::sample_run();
    auto& row = record.by_instrument[0];
    row.realised = core::Money::from_units(10);
    row.unrealised = core::Money::from_units(-3);
    row.commission = core::Money::from_units(2);
    EXPECT_EQ(parsed(record)["instruments"][0]["pnl"], "5");
}

TEST(RunFolderSummary, says_null_where_the_quality_of_a_signal_has_no_number) {
    RunRecord record = test::sample_run();
    EXPECT_TRUE(parsed(record)["signal_quality"].empty());
    pipeline::QualityRecord row;
    row.bars = 5;
    row.decided = 4;
    row.hits = 3;
    row.points = {{1, 4, 0.8}, {2, 3, std::nan("")}};
    row.half_life = std::nan("");
    row.gross = 0.5;
    row.cost = 0.125;
    record.signal_quality = {row};
    row.decided = row.hits = 0;
    row.gross = -0.5;
    record.signal_quality.push_back(row);
    const json s = parsed(record)["signal_quality"];
    EXPECT_EQ(s[0]["strategy"], record.by_strategy[0].name);
    EXPECT_EQ(s[0]["symbol"], record.instruments[0].symbol);
    EXPECT_EQ(s[0]["hit_rate"], 0.75);
    EXPECT_EQ(s[0]["information"][0]["bars"], 1);
    EXPECT_EQ(s[0]["information"][0]["coefficient"], 0.8);
    EXPECT_TRUE(s[0]["information"][1]["coefficient"].is_null());
    EXPECT_TRUE(s[0]["half_life_bars"].is_null());
    EXPECT_EQ(s[0]["cost_share"], 0.25);
    EXPECT_TRUE(s[1]["hit_rate"].is_null());
    EXPECT_TRUE(s[1]["cost_share"].is_null());
}

TEST(RunFolderSummary, carries_what_identifies_the_run) {
    RunRecord record = test::sample_run();
    record.interrupted = true;
    record.warnings = {"two cores"};
    const json s = parsed(record);
    EXPECT_EQ(s["digest"], record.digest);
    EXPECT_EQ(s["run"]["configuration_hash"], record.configuration_hash);
    EXPECT_EQ(s["run"]["data"], "generated, seed 42");
    EXPECT_EQ(s["run"]["generated"], true);
    EXPECT_EQ(s["run"]["interrupted"], true);
    EXPECT_EQ(s["run"]["warnings"], json({"two cores"}));
    EXPECT_EQ(s["run"]["from"], "2013-10-07T13:30:00.000000000Z");
    EXPECT_EQ(s["latency"].size(), record.latency.size());
    EXPECT_EQ(s["latency"][5]["p999_ns"], 1'900);
}

TEST(RunFolderSummary, survives_text_that_is_no_utf8) {
    RunRecord record = test::sample_run();
    record.instruments[0].symbol = "\xFF\xFE";
    EXPECT_NO_THROW(parsed(record));
}

TEST(RunFolderSummary, prints_refusals_that_happened_and_no_others) {
    const std::string text = printed(test::sample_run());
    EXPECT_NE(text.find("max position"), std::string::npos);
    EXPECT_EQ(text.find("insufficient funds"), std::string::npos);
}

TEST(RunFolderSummary, says_clearly_when_data_are_generated) {
    EXPECT_NE(printed(test::sample_run()).find("GENERATED DATA"), std::string::npos);
    EXPECT_EQ(printed(test::sample_run({.generated = false})).find("GENERATED"), std::string::npos);
}

TEST(RunFolderSummary, colour_adds_escapes_and_nothing_else) {
    const RunRecord record = test::sample_run();
    std::string coloured = printed(record, true);
    EXPECT_NE(coloured, printed(record));
    for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;)
        coloured.erase(at, coloured.find('m', at) - at + 1);
    EXPECT_EQ(coloured, printed(record));
}

TEST(RunFolderSummary, an_empty_run_prints) {
    const std::string text = printed(RunRecord{});
    EXPECT_NE(text.find("not measured"), std::string::npos);
    EXPECT_EQ(text.find("nan"), std::string::npos);
}

TEST(RunFolderSummary, a_hostile_symbol_cannot_steer_the_terminal) {
    RunRecord record = test::sample_run();
    record.instruments[0].symbol = "\x1b]0;owned\x07";
    EXPECT_EQ(printed(record).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace sluice::adapters::run_folder
