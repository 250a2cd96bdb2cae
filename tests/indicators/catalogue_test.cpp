// The declarations: they agree with the code and with the guide, and refuse what they do not allow.
#include <gtest/gtest.h>

#include <set>

#include "indicator_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::find_indicator;
using pipeline::indicator_catalogue;
using pipeline::IndicatorError;
using pipeline::IndicatorParameter;
using pipeline::IndicatorSpec;
using pipeline::make_indicator;
using pipeline::parse_arguments;

std::string refusal(const std::string& name, const std::string& arguments = "") {
    try {
        (void)make_indicator(name, arguments);
    } catch (const IndicatorError& error) {
        return error.what();
    }
    return "";
}

TEST(IndicatorCatalogue, says_all_that_a_reader_needs_of_each) {
    std::set<std::string> names;
    for (const IndicatorSpec& spec : indicator_catalogue()) {
        EXPECT_TRUE(names.insert(spec.name).second) << spec.name << " is declared twice";
        EXPECT_FALSE(spec.title.empty() || spec.family.empty()) << spec.name;
        EXPECT_FALSE(spec.outputs.empty()) << spec.name;
        EXPECT_EQ(std::set(spec.outputs.begin(), spec.outputs.end()).size(), spec.outputs.size())
            << spec.name;
        std::set<std::string> parameters;
        for (const IndicatorParameter& p : spec.parameters) {
            EXPECT_TRUE(parameters.insert(p.name).second) << spec.name << " " << p.name;
            EXPECT_FALSE(p.doc.empty()) << spec.name << " " << p.name;
            EXPECT_LE(p.lowest, p.fallback) << spec.name << " " << p.name;
            EXPECT_LE(p.fallback, p.highest) << spec.name << " " << p.name;
        }
    }
    EXPECT_GE(names.size(), 50U);
}

// Building one asks for each declared parameter; an undeclared one throws.
TEST(IndicatorCatalogue, makes_each_with_its_defaults_and_at_the_ends_of_its_ranges) {
    for (const Made& made : every_indicator())
        EXPECT_NO_THROW((void)made.make()) << made.spec->name;
    for (const IndicatorSpec& spec : indicator_catalogue()) {
        for (const IndicatorParameter& p : spec.parameters) {
            if (!spec.rising.empty()) continue;
            // Not the longest window: it would be taken in full.
            const auto indicator =
                make_indicator(spec.name, p.name + "=" + format_value(p, p.lowest));
            MadeMarket market{8};
            for (std::size_t i = 0; i < indicator->warm_up(); ++i) indicator->update(market.next());
            EXPECT_TRUE(indicator->ready()) << spec.name << " " << p.name;
        }
    }
}

TEST(IndicatorCatalogue, names_the_nearest_of_an_unknown_name) {
    EXPECT_EQ(refusal("bolinger"), "there is no indicator 'bolinger'; did you mean 'bollinger'?");
    EXPECT_EQ(refusal("sma", "perod=3"),
              "sma has no parameter 'perod'; did you mean 'period'?; it has period");
    EXPECT_EQ(refusal("heikin_ashi", "period=3"),
              "heikin_ashi has no parameter 'period'; it has none");
}

TEST(IndicatorCatalogue, refuses_what_is_out_of_range_or_no_value) {
    EXPECT_EQ(refusal("sma", "period=0"),
              "sma: period=0 is not allowed; it takes a whole number, 1 to 100000");
    EXPECT_NE(refusal("sma", "period=2.5"), "");
    EXPECT_NE(refusal("sma", "period="), "");
    EXPECT_NE(refusal("sma", "period=-1"), "");
    EXPECT_NE(refusal("sma", "period=1e9"), "");
    EXPECT_NE(refusal("sma", "period"), "");
    EXPECT_NE(refusal("bollinger", "width=nan"), "");
    EXPECT_EQ(refusal("sma", "period=3,period=4"), "sma: period is given twice");
    EXPECT_EQ(refusal("rsi", "smoothing=cutler"),
              "rsi: smoothing=cutler is not allowed; it takes wilder or simple");
    EXPECT_EQ(refusal("macd", "fast=26,slow=12"),
              "macd: fast must be below slow, but fast=26 and slow=12");
    EXPECT_EQ(refusal("bollinger", " period = 5 , width = 1.5 "), "");
}

TEST(IndicatorCatalogue, agrees_with_the_table_of_the_guide) {
    std::ifstream in(std::filesystem::path(SLUICE_SOURCE_DIR) / "docs/guides/indicators.md");
    ASSERT_TRUE(in) << "docs/guides/indicators.md";
    std::set<std::string> found;
    bool there = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ")) there = line == "## All of them";
        if (there && line.starts_with("| `")) found.insert(line);
    }
    std::set<std::string> wanted;
    for (const IndicatorSpec& spec : indicator_catalogue()) {
        std::string parameters;
        for (const IndicatorParameter& p : spec.parameters)
            parameters += (parameters.empty() ? "`" : ", `") + p.name + "=" +
                          format_value(p, p.fallback) + "`";
        std::string outputs;
        for (const std::string& output : spec.outputs)
            outputs += (outputs.empty() ? "" : ", ") + output;
        wanted.insert("| `" + spec.name + "` | " + spec.title + " | " +
                      std::string(to_string(spec.input)) + " | " + parameters + " | " + outputs +
                      " |");
    }
    for (const std::string& row : wanted)
        EXPECT_TRUE(found.contains(row)) << "the guide lacks\n" << row;
    for (const std::string& row : found)
        EXPECT_TRUE(wanted.contains(row)) << "the guide has, the catalogue not\n" << row;
}

}  // namespace
}  // namespace sluice::tests
