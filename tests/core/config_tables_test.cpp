#include "config_sample.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::core::config {
namespace {

using sample::schema;

Diagnostic table_fault(std::string_view text, const std::vector<std::string>& overrides = {}) {
    const auto faults = schema().check_text(text, "engine.toml", overrides);
    EXPECT_EQ(faults.size(), 1U) << text;
    return faults.empty() ? Diagnostic{} : faults.front();
}

TEST(ConfigTables, default_entries_stand_where_the_file_has_none) {
    const auto settings = schema().defaults();
    ASSERT_EQ(settings.strategies.size(), 1U);
    EXPECT_EQ(settings.strategies[0].name, "main");
    EXPECT_EQ(settings.strategies[0].slow, 50);
    EXPECT_TRUE(settings.instruments.empty());
}

TEST(ConfigTables, an_empty_array_means_none) {
    EXPECT_TRUE(schema().load_text("strategy = []", "t").settings.strategies.empty());
}

TEST(ConfigTables, the_kind_selects_which_keys_are_valid) {
    const auto loaded = schema().load_text(
        "[[strategy]]\nkind = \"trend\"\nname = \"a\"\nslow = 90\n"
        "[[strategy]]\nkind = \"revert\"\nname = \"b\"\nwidth = 3\n",
        "t");
    ASSERT_EQ(loaded.settings.strategies.size(), 2U);
    EXPECT_EQ(loaded.settings.strategies[0].fast, 10);
    EXPECT_EQ(loaded.settings.strategies[0].slow, 90);
    EXPECT_EQ(loaded.settings.strategies[1].width, 3.0);
    EXPECT_EQ(loaded.origin_of("strategy[1].width").line, 8U);

    const auto fault = table_fault("[[strategy]]\nkind = \"revert\"\nname = \"b\"\nfast = 3\n");
    EXPECT_EQ(to_string(fault),
              "engine.toml:4:1: unknown key 'strategy[0].fast'; only a table of kind \"trend\" has "
              "it");
}

TEST(ConfigTables, a_key_of_a_table_gets_its_nearest) {
    EXPECT_EQ(table_fault("[[strategy]]\nkind = \"trend\"\nname = \"b\"\nfst = 3\n").message,
              "unknown key 'strategy[0].fst'; did you mean 'strategy[0].fast'?");
}

TEST(ConfigTables, a_missing_or_unknown_kind_is_the_one_fault_reported) {
    const auto missing = table_fault("[[strategy]]\nname = \"a\"\nfast = 3\n");
    EXPECT_EQ(missing.kind, ErrorKind::kMissing);
    EXPECT_EQ(missing.where.line, 1U);
    EXPECT_EQ(table_fault("[[strategy]]\nkind = \"tend\"\nname = \"a\"\nfast = 3\n").kind,
              ErrorKind::kOutOfRange);
}

TEST(ConfigTables, a_required_key_must_be_given) {
    const auto fault = table_fault("[[instrument]]\nsymbol = \"IBM\"\n[[instrument]]\ntick = 1\n");
    EXPECT_EQ(fault.kind, ErrorKind::kMissing);
    EXPECT_EQ(fault.key, "instrument[1].symbol");
    EXPECT_EQ(fault.where.line, 3U);
}

TEST(ConfigTables, a_unique_key_may_not_repeat) {
    const auto fault = table_fault(
        "[[strategy]]\nkind = \"trend\"\nname = \"a\"\n[[strategy]]\nkind = \"trend\"\nname = "
        "\"a\"\n");
    EXPECT_EQ(fault.kind, ErrorKind::kDuplicate);
    EXPECT_EQ(to_string(fault),
              "engine.toml:6:1: strategy[1].name (line 6) is \"a\", and so is strategy[0].name "
              "(line 3); give each its own");
}

TEST(ConfigTables, a_rule_holds_within_each_table) {
    EXPECT_EQ(to_string(table_fault("[[strategy]]\nkind = \"trend\"\nname = \"a\"\nfast = 60\n")),
              "engine.toml:4:1: strategy[0].fast (line 4) is not below strategy[0].slow (default): "
              "the averages would never cross");
}

TEST(ConfigTables, too_many_are_refused) {
    std::string text;
    for (int i = 0; i < 4; ++i) {
        text += "[[strategy]]\nkind = \"trend\"\nname = \"n" + std::to_string(i) + "\"\n";
    }
    EXPECT_EQ(table_fault(text).message,
              "there are 4 tables [[strategy]], but there must be 0 to 3");
}

TEST(ConfigTables, one_written_as_a_plain_section_is_told_the_brackets) {
    const auto fault = table_fault("[strategy]\nkind = \"trend\"\n");
    EXPECT_EQ(fault.kind, ErrorKind::kWrongType);
    EXPECT_NE(fault.message.find("[[strategy]]"), std::string::npos);
}

TEST(ConfigTimes, may_be_written_as_a_toml_time) {
    const auto s = schema().load_text("session.open = 09:30:15", "t").settings;
    EXPECT_EQ(s.session.open.count(), 34'215 * std::int64_t{1'000'000'000});
}

TEST(ConfigOverrides, win_over_the_file_and_the_last_one_over_the_first) {
    const auto loaded = schema().load_text("risk.max_orders = 5\n", "t",
                                           {"risk.max_orders=6", "risk.max_orders=7"});
    EXPECT_EQ(loaded.settings.risk.max_orders, 7U);
}

TEST(ConfigOverrides, need_no_quotes_for_texts_times_and_lists) {
    const auto s = schema()
                       .load_text("", "t",
                                  {"run_name=my run", "placement=split", "risk.rate.window=250ms",
                                   "session.open=08:15", "session.frames=1m,1h", "record=false",
                                   "risk.fee=-0.5", "session.tags=[\"x, y\"]"})
                       .settings;
    EXPECT_EQ(s.run_name, "my run");
    EXPECT_EQ(s.placement, sample::Placement::kSplit);
    EXPECT_EQ(s.risk.rate_window.count(), 250'000'000);
    EXPECT_EQ(s.session.open.count(), 29'700 * std::int64_t{1'000'000'000});
    EXPECT_EQ(s.session.frames.size(), 2U);
    EXPECT_FALSE(s.record);
    EXPECT_EQ(s.risk.fee, -5'000);
    EXPECT_EQ(s.session.tags, std::vector<std::string>{"x, y"});
}

TEST(ConfigOverrides, reach_into_tables_of_the_file_and_of_the_defaults) {
    EXPECT_EQ(schema().load_text("", "t", {"strategy[0].fast=12"}).settings.strategies[0].fast, 12);
    const auto fault = table_fault("", {"strategy[1].fast=12"});
    EXPECT_EQ(fault.kind, ErrorKind::kOutOfRange);
    EXPECT_EQ(table_fault("", {"strategy[0].fst=12"}).kind, ErrorKind::kUnknownKey);
    EXPECT_EQ(table_fault("", {"stratgy[0].fast=12"}).kind, ErrorKind::kUnknownKey);
}

TEST(ConfigOverrides, mend_a_bad_value_of_the_file) {
    EXPECT_TRUE(schema().check_text("risk.max_orders = \"x\"", "t", {"risk.max_orders=6"}).empty());
}

TEST(ConfigOverrides, are_refused_like_the_file_and_say_where_they_came_from) {
    EXPECT_EQ(to_string(table_fault("", {"risk.max_postion=5"})),
              "command line: unknown key 'risk.max_postion'; did you mean 'risk.max_position'?");
    EXPECT_EQ(table_fault("", {"risk.max_orders"}).kind, ErrorKind::kSyntax);
    EXPECT_EQ(table_fault("", {"=5"}).kind, ErrorKind::kSyntax);
    EXPECT_EQ(table_fault("", {"risk.max_orders="}).kind, ErrorKind::kSyntax);
    EXPECT_EQ(table_fault("", {"risk.max_orders=1\nrecord = false"}).kind, ErrorKind::kSyntax);
    EXPECT_EQ(table_fault("", {"risk.max_orders=five"}).kind, ErrorKind::kSyntax);
    EXPECT_EQ(table_fault("", {"risk.max_orders=0"}).kind, ErrorKind::kOutOfRange);
    EXPECT_EQ(table_fault("", {"risk.max_orders=1.5"}).kind, ErrorKind::kWrongType);
    EXPECT_EQ(table_fault("risk = 5", {"risk.max_orders=5"}).kind, ErrorKind::kWrongType);
}

TEST(ConfigOverrides, are_named_in_a_contradiction) {
    EXPECT_EQ(to_string(table_fault("risk.max_position = 50\n", {"risk.max_order_size=60"})),
              "command line: risk.max_order_size (command line) is larger than risk.max_position "
              "(line 1): the largest order could never be sent");
}

}  // namespace
}  // namespace sluice::core::config
