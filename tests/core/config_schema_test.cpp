#include "config_sample.hpp"

#include <sluice/core/config/nearest.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace sluice::core::config {
namespace {

using sample::Risk;
using sample::schema;
using sample::Settings;

TEST(ConfigNearest, counts_inserts_deletes_replaces_and_swaps) {
    EXPECT_EQ(edit_distance("abc", "abc"), 0U);
    EXPECT_EQ(edit_distance("abc", "abxc"), 1U);
    EXPECT_EQ(edit_distance("abc", "ac"), 1U);
    EXPECT_EQ(edit_distance("abc", "axc"), 1U);
    EXPECT_EQ(edit_distance("abc", "acb"), 1U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(ConfigNearest, offers_nothing_that_is_far) {
    const std::vector<std::string> names{"risk.max_position", "bars.frames", "on"};
    EXPECT_EQ(nearest("risk.max_positions", names), "risk.max_position");
    EXPECT_EQ(nearest("limits.max_position", names), "risk.max_position");
    EXPECT_EQ(nearest("completely.different", names), "");
    EXPECT_EQ(nearest("xy", names), "");
    EXPECT_EQ(nearest("", names), "");
    EXPECT_EQ(nearest(std::string(100'000, 'a'), names), "");
}

TEST(ConfigExplain, tells_type_unit_range_default_and_documentation) {
    const auto key = schema().explain("risk.max_position");
    EXPECT_TRUE(key.known);
    EXPECT_EQ(key.text,
              "risk.max_position\n"
              "  Largest position in one instrument, long or short.\n"
              "  type     decimal\n"
              "  unit     units\n"
              "  range    0 to 1000000 units\n"
              "  default  1000\n");
}

TEST(ConfigExplain, lists_the_keys_of_a_section_and_the_sections_below) {
    const auto section = schema().explain("risk");
    EXPECT_TRUE(section.known);
    EXPECT_NE(section.text.find("[risk]  Limits of the one gate.\n  max_position    Largest"),
              std::string::npos)
        << section.text;
    EXPECT_NE(section.text.find("[risk.rate]"), std::string::npos);
    EXPECT_NE(schema().explain("").text.find("[[strategy]]"), std::string::npos);
}

TEST(ConfigExplain, knows_tables_their_kinds_and_their_keys) {
    EXPECT_NE(schema().explain("strategy").text.find("with kind = \"revert\""), std::string::npos);
    EXPECT_NE(schema().explain("strategy.width").text.find("kind     revert"), std::string::npos);
    EXPECT_TRUE(schema().explain("strategy[0].fast").known);
    EXPECT_NE(schema().explain("strategy.name").text.find("required for example \"mine\""),
              std::string::npos);
}

TEST(ConfigExplain, offers_the_nearest_of_an_unknown_name) {
    const auto unknown = schema().explain("risk.max_postion");
    EXPECT_FALSE(unknown.known);
    EXPECT_EQ(unknown.text, "unknown key 'risk.max_postion'; did you mean 'risk.max_position'?\n");
    EXPECT_FALSE(schema().explain("strategy.nam").known);
}

TEST(ConfigSchema, refuses_a_wrong_declaration) {
    using Declare = std::function<void(Schema<Settings>&)>;
    const auto risk = [](const IntegerKey& key) -> Declare {
        return [key](Schema<Settings>& schema) {
            schema.section("risk", "Limits.").integer("n", key, &Settings::risk, &Risk::max_orders);
        };
    };
    const std::vector<Declare> wrong{
        risk({.fallback = 1}),                                 // no documentation
        risk({.min = 2, .fallback = 1, .doc = "N."}),          // default outside its range
        risk({.min = -1, .fallback = 1, .doc = "N."}),         // range wider than the field
        risk({.fallback = 1, .required = true, .doc = "N."}),  // required outside a table
        risk({.fallback = 1, .doc = "Two\nlines."}),
        [](auto& s) { s.section("Risk", "Limits."); },  // not a plain name
        [](auto& s) { s.section("risk", "A."), s.section("risk", "B."); },
        [&](auto& s) { risk({.doc = "N."})(s), s.section("risk.n", "Below a key."); },
        [](auto& s) { s.rule({"no.such_key"}, "", [](const Settings&) { return true; }); },
        [](auto& s) {
            s.section("a", "A.").duration("d", {.fallback = "5", .doc = "D."}, &Settings::risk,
                                          &Risk::rate_window);
        },
        [](auto& s) {
            s.section("a", "A.").decimal("d", {.doc = "No scale."}, &Settings::risk, &Risk::fee);
        },
        [](auto& s) { s.tables("t", "T.", {}, &Settings::strategies).unique("none"); },
    };
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        Schema<Settings> schema("Wrong.");
        EXPECT_THROW(wrong[i](schema), SchemaError) << i;
    }
    Schema<Settings> right("Right.");
    EXPECT_NO_THROW(risk({.fallback = 1, .doc = "N."})(right));
}

}  // namespace
}  // namespace sluice::core::config
