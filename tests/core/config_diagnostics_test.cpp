#include "config_sample.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace sluice::core::config {
namespace {

using sample::schema;

std::vector<Diagnostic> check(std::string_view text) {
    return schema().check_text(text, "engine.toml");
}

/// The one diagnostic of a text that has one fault.
Diagnostic only(std::string_view text) {
    const auto faults = check(text);
    EXPECT_EQ(faults.size(), 1U) << text;
    for (const auto& fault : faults) SCOPED_TRACE(to_string(fault));
    return faults.empty() ? Diagnostic{} : faults.front();
}

bool says(const Diagnostic& fault, std::string_view part) {
    const bool found = fault.message.find(part) != std::string::npos;
    EXPECT_TRUE(found) << to_string(fault) << "\n  lacks: " << part;
    return found;
}

TEST(ConfigDiagnostics, name_file_line_column_and_the_nearest_key) {
    const auto fault = only("[risk]\n  max_postion = 5\n");
    EXPECT_EQ(fault.kind, ErrorKind::kUnknownKey);
    EXPECT_EQ(to_string(fault),
              "engine.toml:2:3: unknown key 'risk.max_postion'; did you mean 'risk.max_position'?");
}

TEST(ConfigDiagnostics, find_a_key_that_stands_in_the_wrong_section) {
    says(only("max_position = 5\n"), "did you mean 'risk.max_position'?");
    says(only("[session]\nmax_orders = 5\n"), "did you mean 'risk.max_orders'?");
}

TEST(ConfigDiagnostics, list_what_there_is_where_nothing_is_near) {
    says(only("[risk]\nzzzzzzzzzzzz = 5\n"), "[risk] has max_position, max_order_size");
    says(only("[qqqqqqqqqq]\na = 1\nb = 2\n"), "the sections are [risk], [risk.rate]");
}

TEST(ConfigDiagnostics, report_an_unknown_section_once) {
    const auto fault = only("[rsik]\na = 1\nb = 2\n");
    EXPECT_EQ(fault.where, (Position{"engine.toml", 1, 2}));
    says(fault, "did you mean 'risk'?");
}

TEST(ConfigDiagnostics, take_a_quoted_key_with_dots_for_one_name) {
    EXPECT_EQ(only("\"risk.max_orders\" = 5\n").kind, ErrorKind::kUnknownKey);
}

TEST(ConfigDiagnostics, say_the_expected_type_unit_and_an_example) {
    const auto fault = only("[risk]\nmax_position = \"abc\"\n");
    EXPECT_EQ(fault.kind, ErrorKind::kWrongType);
    EXPECT_EQ(fault.where, (Position{"engine.toml", 2, 16}));
    EXPECT_EQ(fault.message,
              "'risk.max_position' must be a decimal in units (for example max_position = 1000), "
              "not a text (\"abc\")");
}

TEST(ConfigDiagnostics, refuse_every_wrong_type) {
    for (const char* text : {"run_name = 5",
                             "record = 1",
                             "record = \"true\"",
                             "placement = true",
                             "risk.max_orders = 1.0",
                             "risk.max_orders = \"5\"",
                             "risk.max_orders = [5]",
                             "risk.max_position = true",
                             "risk.tolerance = \"1\"",
                             "risk.tolerance = 1979-05-27",
                             "risk.rate.window = 5",
                             "risk.rate.window = \"5 min\"",
                             "session.open = 930",
                             "session.open = \"9:30\"",
                             "session.frames = \"1m\"",
                             "session.frames = [5]",
                             "session.frames = [\"1x\"]",
                             "session.tags = [1]",
                             "risk = 5",
                             "risk = [1]",
                             "[[risk]]\nmax_orders = 5",
                             "strategy = 5",
                             "strategy = [1]",
                             "instrument = {}"}) {
        EXPECT_EQ(only(text).kind, ErrorKind::kWrongType) << text;
    }
}

TEST(ConfigDiagnostics, refuse_a_key_given_as_a_table) {
    const auto fault = only("[risk.max_position]\nvalue = 5\n");
    EXPECT_EQ(fault.kind, ErrorKind::kWrongType);
    says(fault, "not a table");
}

TEST(ConfigDiagnostics, say_the_range) {
    const auto fault = only("[risk]\nmax_position = 1000000.00000001\n");
    EXPECT_EQ(fault.kind, ErrorKind::kOutOfRange);
    EXPECT_EQ(fault.message,
              "'risk.max_position' is 1000000.00000001 units, outside the range 0 to 1000000 "
              "units; choose a value in that range");
}

TEST(ConfigDiagnostics, refuse_everything_out_of_range) {
    for (const char* text :
         {"risk.max_orders = 0", "risk.max_orders = 10001", "risk.max_position = -1",
          "risk.max_position = 0.0000000001", "risk.fee = 0.00001", "risk.tolerance = 4.1",
          "risk.tolerance = nan", "risk.tolerance = -inf", "risk.rate.window = \"0s\"",
          "risk.rate.window = \"1000000d\"", "session.frames = []",
          "session.frames = [\"1s\",\"2s\",\"3s\",\"4s\",\"5s\"]", "session.frames = [\"1ms\"]",
          "session.tags = [\"\",\"\",\"\",\"\"]",
          "run_name = \"01234567890123456789012345678901234567890\""}) {
        EXPECT_EQ(only(text).kind, ErrorKind::kOutOfRange) << text;
    }
}

TEST(ConfigDiagnostics, take_no_infinity_for_a_decimal) {
    EXPECT_EQ(only("risk.max_position = inf").kind, ErrorKind::kWrongType);
    EXPECT_EQ(only("risk.max_position = nan").kind, ErrorKind::kWrongType);
}

TEST(ConfigDiagnostics, suggest_the_nearest_option) {
    const auto fault = only("placement = \"fusd\"\n");
    EXPECT_EQ(fault.kind, ErrorKind::kOutOfRange);
    EXPECT_EQ(fault.message,
              "'placement' is \"fusd\", but must be one of \"fused\", \"split\"; did you mean "
              "\"fused\"?");
}

TEST(ConfigDiagnostics, place_an_integer_beyond_64_bits_and_read_on) {
    const auto faults = check(
        "risk.max_orders = 99999999999999999999\nrisk.max_position = -9223372036854775809\n"
        "recrd = true\n");
    ASSERT_EQ(faults.size(), 3U);
    EXPECT_EQ(faults[0].kind, ErrorKind::kOutOfRange);
    EXPECT_EQ(faults[0].where, (Position{"engine.toml", 1, 19}));
    EXPECT_EQ(faults[0].message,
              "'risk.max_orders' is 99999999999999999999, which 64 bits do not hold; choose a "
              "value in 1 to 10000 orders");
    EXPECT_EQ(faults[1].key, "risk.max_position");
    EXPECT_EQ(faults[2].kind, ErrorKind::kUnknownKey);
}

TEST(ConfigDiagnostics, report_a_duplicate_and_read_on) {
    const auto faults = check("record = true\n  record = false\nplacment = \"fused\"\n");
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(faults[0].kind, ErrorKind::kDuplicate);
    EXPECT_EQ(faults[0].where.line, 2U);
    says(faults[0], "set twice; keep one");
    EXPECT_EQ(faults[1].kind, ErrorKind::kUnknownKey);
    EXPECT_EQ(only("[risk]\nmax_orders = 5\n[risk]\n").kind, ErrorKind::kDuplicate);
}

TEST(ConfigDiagnostics, place_a_syntax_error_and_hint_at_quotes) {
    const auto fault = only("record = true\nplacement = fused\n");
    EXPECT_EQ(fault.kind, ErrorKind::kSyntax);
    EXPECT_EQ(fault.where.line, 2U);
    says(fault, "written in quotes");
    for (const char* text : {"a =", "= 1", "[risk", "a = \"x", "a = 1 b = 2", "a = 09:30"}) {
        EXPECT_EQ(only(text).kind, ErrorKind::kSyntax) << text;
    }
}

TEST(ConfigDiagnostics, place_what_the_parser_itself_trips_over) {
    const auto fault = only("record = true\nrun_name = '''\n[[[a\n'''\n  [[[9\nrecord = 1\n");
    EXPECT_EQ(fault.kind, ErrorKind::kSyntax);
    EXPECT_EQ(fault.where, (Position{"engine.toml", 5, 1}));
}

TEST(ConfigDiagnostics, refuse_what_is_not_utf8) {
    const auto fault = only("record = true\nrun_name = \"a\xff\"\n");
    EXPECT_EQ(fault.kind, ErrorKind::kSyntax);
    EXPECT_EQ(fault.where, (Position{"engine.toml", 2, 14}));
    says(fault, "UTF-8");
    EXPECT_EQ(only("# \xed\xa0\x80").kind, ErrorKind::kSyntax);
    EXPECT_EQ(only("# \xc0\x80").kind, ErrorKind::kSyntax);
    EXPECT_EQ(only(std::string_view("a = 1\0", 6)).kind, ErrorKind::kSyntax);
}

TEST(ConfigDiagnostics, take_letters_beyond_ascii_only_in_quotes_and_comments) {
    EXPECT_TRUE(check("session.tags = [\"\"\"\u03e2\"\"\"\", \"\u03e2\"]").empty());
    EXPECT_TRUE(check("\xef\xbb\xbfrun_name = \"caf\u00e9\" # \u03e2\n").empty());
    const auto fault = only("record = true\n  run_name = \u03e2a\n");
    EXPECT_EQ(fault.kind, ErrorKind::kSyntax);
    EXPECT_EQ(fault.where, (Position{"engine.toml", 2, 14}));
}

TEST(ConfigDiagnostics, refuse_deep_nesting_and_huge_texts) {
    EXPECT_EQ(only("a = " + std::string(100'000, '[')).kind, ErrorKind::kTooLarge);
    std::string dotted = "a";
    for (int i = 0; i < 200'000; ++i) dotted += ".a";
    EXPECT_EQ(only(dotted + " = 1").kind, ErrorKind::kTooLarge);
    EXPECT_EQ(only("[" + dotted + "]").kind, ErrorKind::kTooLarge);
    EXPECT_EQ(only(std::string(kMaxDocumentBytes + 1, '#')).kind, ErrorKind::kTooLarge);
    EXPECT_TRUE(
        check("run_name = \"....................[[[[[[[[[[[[[\" # ....[[[[[[[[[[[[[[[[[[").empty());
}

TEST(ConfigDiagnostics, are_bounded_in_number_and_ordered_by_place) {
    std::string text;
    for (int i = 500; i > 0; --i) text += "unknown_" + std::to_string(i) + " = 1\n";
    const auto faults = check(text);
    ASSERT_EQ(faults.size(), kMaxDiagnostics);
    for (std::size_t i = 0; i < faults.size(); ++i) EXPECT_EQ(faults[i].where.line, i + 1);
}

TEST(ConfigDiagnostics, print_no_control_characters_of_the_input) {
    const auto fault = only("\"\\u001b[31mkey\" = 1\n");
    EXPECT_EQ(fault.message.find('\x1b'), std::string::npos);
    EXPECT_EQ(printable("a\x1b\xc2\x9b\xff z"), "a???? z");
    EXPECT_LT(only("\"" + std::string(5000, 'k') + "\" = 1").message.size(), 300U);
}

TEST(ConfigDiagnostics, name_both_lines_of_a_contradiction) {
    const auto fault = only("[risk]\nmax_order_size = 50\n\nmax_position = 10\n");
    EXPECT_EQ(fault.kind, ErrorKind::kContradiction);
    EXPECT_EQ(to_string(fault),
              "engine.toml:2:1: risk.max_order_size (line 2) is larger than risk.max_position "
              "(line 4): the largest order could never be sent");
}

TEST(ConfigDiagnostics, place_a_contradiction_at_the_key_that_was_given) {
    EXPECT_EQ(to_string(only("# hours\nsession.close = \"09:00\"\n")),
              "engine.toml:2:9: session.open (default) is not before session.close (line 2)");
}

TEST(ConfigDiagnostics, leave_out_rules_over_a_refused_key) {
    EXPECT_EQ(only("[risk]\nmax_order_size = 5000\nmax_position = \"10\"\n").kind,
              ErrorKind::kWrongType);
}

TEST(ConfigDiagnostics, are_all_carried_by_one_exception) {
    try {
        (void)schema().load_text("recrd = true\nrisk.max_orders = 0\n", "engine.toml");
        FAIL() << "was accepted";
    } catch (const ConfigError& error) {
        EXPECT_EQ(error.diagnostics().size(), 2U);
        const std::string text = error.what();
        EXPECT_NE(text.find("engine.toml:1:1: unknown key 'recrd'; did you mean 'record'?"),
                  std::string::npos)
            << text;
        EXPECT_NE(text.find("\nengine.toml:2:19: 'risk.max_orders' is 0 orders"), std::string::npos)
            << text;
    }
}

TEST(ConfigDiagnostics, say_why_a_file_cannot_be_read) {
    const auto folder = std::filesystem::temp_directory_path();
    for (const auto& path : {folder, folder / "no-such-configuration.toml"}) {
        try {
            (void)schema().load_file(path);
            FAIL() << "was accepted";
        } catch (const ConfigError& error) {
            EXPECT_EQ(error.diagnostics().front().kind, ErrorKind::kUnreadable);
            EXPECT_EQ(error.diagnostics().front().where.source, path.string());
        }
    }
}

TEST(ConfigDiagnostics, name_the_file_that_was_loaded) {
    const std::filesystem::path file =
        std::filesystem::path(testing::TempDir()) / "config_diagnostics_test.toml";
    std::ofstream(file) << "risk.max_orders = 7\n";
    const auto loaded = schema().load_file(file, {"record=false"});
    EXPECT_EQ(loaded.settings.risk.max_orders, 7U);
    EXPECT_EQ(loaded.origin_of("risk.max_orders"), (Position{file.string(), 1, 6}));
    EXPECT_EQ(loaded.origin_of("record").source, kCommandLine);
    EXPECT_TRUE(loaded.origin_of("risk.fee").is_default());
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace sluice::core::config
