// Configurations of runs, read to be compared.
#include <sluice/adapters/run_folder/comparison.hpp>

#include <sstream>

#include <gtest/gtest.h>

#include <sluice/pipeline/settings_schema.hpp>

namespace sluice::tests {
namespace {

using adapters::run_folder::flat_settings;
using Flat = std::map<std::string, std::string>;

TEST(FlatSettings, name_keys_by_section_and_tables_by_their_name) {
    EXPECT_EQ(
        flat_settings("# a comment\n[risk]\nlimit = 5 # of it\n\n"
                      "[[strategy]]\nkind = \"momentum\"\nname = \"fast one\"\n"
                      "[[strategy]]\nname = \"b\"\nweight = 2.0\n[venue]\nqueue = \"back\"\n"),
        (Flat{{"risk.limit", "5"},
              {"strategy.fast one.kind", "\"momentum\""},
              {"strategy.fast one.name", "\"fast one\""},
              {"strategy.b.name", "\"b\""},
              {"strategy.b.weight", "2.0"},
              {"venue.queue", "\"back\""}}));
}

TEST(FlatSettings, keep_lists_over_several_lines_and_signs_within_texts) {
    EXPECT_EQ(flat_settings("[a]\nlist = [\n  \"x # y\",\n  \"z=1\",\n]\ntext = \"[\\\"#\"\n"),
              (Flat{{"a.list", "[ \"x # y\", \"z=1\", ]"}, {"a.text", "\"[\\\"#\""}}));
}

TEST(FlatSettings, read_what_the_program_writes) {
    std::ostringstream text;
    const pipeline::SettingsSchema schema = pipeline::make_settings_schema();
    schema.write(schema.load_text("", "defaults", {"venue.fill=next"}).settings, text);
    const Flat flat = flat_settings(text.str());
    EXPECT_EQ(flat.at("venue.fill"), "\"next\"");
    EXPECT_EQ(flat.at("strategy.trend.fast"), "10");
    EXPECT_EQ(flat.at("backtest.resamples"), "2000");
}

TEST(FlatSettings, name_the_line_that_is_none) {
    try {
        (void)flat_settings("[a]\nkey = 1\nnonsense\n");
        FAIL() << "nothing was thrown";
    } catch (const std::invalid_argument& error) {
        EXPECT_NE(std::string(error.what()).find("line 3"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace sluice::tests
