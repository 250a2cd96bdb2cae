// The words for bars by activity, and what is said of those that are wrong.
#include <sluice/pipeline/bar_definition.hpp>
#include <sluice/pipeline/settings_schema.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/support.hpp"

namespace sluice::tests {
namespace {

using pipeline::ActivityKind;
using pipeline::parse_activity_bar;
using testing::HasSubstr;

// The first fault of a configuration; empty where it loads.
std::string fault_of(const std::string& toml) {
    const auto faults = pipeline::make_settings_schema().check_text(toml, "my.toml");
    return faults.empty() ? "" : core::config::to_string(faults.front());
}

TEST(BarDefinition, reads_each_kind_and_spells_it_back) {
    EXPECT_EQ(parse_activity_bar("1000 ticks").bar.ticks, 1000);
    EXPECT_EQ(parse_activity_bar("0.5 units").bar.units, quantity("0.5"));
    EXPECT_EQ(parse_activity_bar("1000000.25 notional").bar.notional, money("1000000.25"));
    EXPECT_EQ(parse_activity_bar("imbalance 100").bar.kind, ActivityKind::kImbalance);
    for (const char* text : {"1000 ticks", "0.5 units", "1000000.25 notional", "imbalance 100",
                             "10000000000 units", "1000000000000 notional"}) {
        const auto parsed = parse_activity_bar(text);
        EXPECT_EQ(parsed.fault, "") << text;
        EXPECT_EQ(to_string(parsed.bar), text);
    }
    EXPECT_EQ(parse_activity_bar("1_000 ticks").bar, parse_activity_bar("1000 ticks").bar);
}

TEST(BarDefinition, says_what_it_expects_of_what_it_cannot_read) {
    EXPECT_THAT(parse_activity_bar("1000 tikcs").fault, HasSubstr("\"1000 ticks\""));
    EXPECT_THAT(parse_activity_bar("5m").fault, HasSubstr("belong to bars.timeframes"));
    EXPECT_THAT(parse_activity_bar("0 ticks").fault, HasSubstr("from 1 to 1000000000"));
    EXPECT_THAT(parse_activity_bar("1.5 ticks").fault, HasSubstr("whole number"));
    EXPECT_THAT(parse_activity_bar("-1 units").fault, HasSubstr("0.00000001"));
    EXPECT_THAT(parse_activity_bar("0.001 notional").fault, HasSubstr("to the hundredth"));
    EXPECT_THAT(parse_activity_bar("imbalance 9").fault, HasSubstr("from 10 to 1000000"));
    EXPECT_THAT(parse_activity_bar("").fault, HasSubstr("no kind of bar"));
}

TEST(BarDefinition, is_checked_with_the_configuration) {
    EXPECT_EQ(fault_of("[bars]\nby_activity = [\"1000 ticks\", \"imbalance 100\"]\n"), "");
    EXPECT_THAT(fault_of("[bars]\nby_activity = [\"many ticks\"]\n"),
                HasSubstr("my.toml:2:1: bars.by_activity (line 2): 'many ticks'"));
    EXPECT_THAT(fault_of("[bars]\nby_activity = [\"1000 ticks\", \"1_000 ticks\"]\n"),
                HasSubstr("lists '1000 ticks' twice"));
    EXPECT_THAT(fault_of("[bars]\nprice = \"mid\"\nby_activity = [\"10 units\"]\n"),
                HasSubstr("made of quotes"));
}

TEST(BarDefinition, that_a_strategy_sees_must_be_built) {
    const std::string strategy =
        "[[strategy]]\nkind = \"trend_following\"\nname = \"t\"\nbars = \"1000 ticks\"\n";
    EXPECT_EQ(fault_of("[bars]\nby_activity = [\"1000 ticks\"]\n" + strategy), "");
    EXPECT_THAT(fault_of(strategy), HasSubstr("'1000 ticks', which bars.by_activity"));
    EXPECT_THAT(fault_of("[bars]\ntimeframes = [\"5m\"]\n[[strategy]]\nkind = "
                         "\"trend_following\"\nname = \"t\"\n"),
                HasSubstr("has a timeframe that bars.timeframes"));
    EXPECT_THAT(fault_of("[bars]\nby_activity = [\"1000 ticks\"]\n[[strategy]]\nkind = "
                         "\"cross_section\"\nname = \"t\"\nbars = \"1000 ticks\"\n"),
                HasSubstr("compares bars that end at the same moment"));
}

}  // namespace
}  // namespace sluice::tests
