// The declarations: consistent in themselves, and what configuration and guide say.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/adapters/run_folder/weights_file.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>

#include "strategies_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::strategy_declarations;
using pipeline::StrategyDeclaration;
using pipeline::StrategyParameter;

TEST(Declarations, have_defaults_that_they_accept_and_say_what_each_parameter_means) {
    for (const StrategyDeclaration* d : strategy_declarations()) {
        EXPECT_TRUE(d->accepts(d->fallbacks())) << d->name;
        EXPECT_FALSE(d->doc.empty());
        EXPECT_FALSE(d->manual.empty());
        EXPECT_LE(d->parameters.size(), pipeline::kMaxStrategyParameters);
        for (const StrategyParameter& p : d->parameters) {
            EXPECT_FALSE(p.doc.empty()) << d->name << "." << p.name;
            EXPECT_FALSE(p.unit.empty()) << d->name << "." << p.name;
            EXPECT_LT(p.min, p.max) << d->name << "." << p.name;
            EXPECT_NE(d->manual.find(p.name), std::string_view::npos)
                << d->name << ": its manual does not speak of " << p.name;
        }
        EXPECT_EQ(pipeline::find_strategy(d->name), d);
    }
    EXPECT_EQ(pipeline::find_strategy("astrology"), nullptr);
}

TEST(Declarations, are_what_the_configuration_reads_and_writes) {
    const auto schema = pipeline::make_settings_schema();
    for (const StrategyDeclaration* d : strategy_declarations()) {
        std::string text = "[[strategy]]\nkind = \"" + std::string(d->name) + "\"\nname = \"it\"\n";
        const auto defaults = schema.load_text(text, "t").settings.signals.strategies.at(0);
        EXPECT_EQ(defaults.resolved(), d->fallbacks()) << d->name;
        for (const StrategyParameter& p : d->parameters) {
            const auto faults = schema.check_text(
                text + std::string(p.name) + " = " + value_text(p, p.max + 1) + "\n", "t");
            EXPECT_FALSE(faults.empty()) << d->name << "." << p.name;
            EXPECT_TRUE(schema.explain("strategy." + std::string(p.name)).known);
        }
        auto settings = schema.load_text(text, "t").settings;
        const StrategyParameter& first = d->parameters.front();
        settings.signals.strategies[0].set(first.name, first.min);
        std::ostringstream out;
        schema.write(settings, out);
        const auto again = schema.load_text(out.str(), "t").settings.signals.strategies.at(0);
        EXPECT_EQ(again.get(first.name), first.min) << d->name << "." << first.name;
    }
}

TEST(Declarations, are_the_tables_of_the_guide) {
    std::ifstream in{std::string(SLUICE_SOURCE_DIR) + "/docs/guides/strategies.md"};
    std::ostringstream guide;
    guide << in.rdbuf();
    EXPECT_NE(guide.str().find(pipeline::strategy_tables_markdown()), std::string::npos)
        << "print them again: sluice strategy --markdown";
}

TEST(Declarations, refuse_parameters_of_another_kind) {
    pipeline::StrategySettings s;
    EXPECT_THROW(s.set("lookback", 3), std::invalid_argument);
    EXPECT_THROW((void)s.get("period"), std::invalid_argument);
}

// ---- the file that keeps weights

pipeline::SignalSettings signals() {
    pipeline::SignalSettings s;
    s.performance.lookback = 3;
    s.strategies.resize(2);
    s.strategies[1].name = "second";
    s.strategies[1].kind = pipeline::StrategyKind::kMomentum;
    return s;
}
std::string declaration_refusal(std::string_view text) {
    try {
        (void)adapters::run_folder::parse_weights(text, "weights.json", signals());
    } catch (const adapters::run_folder::RunFolderError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(WeightsFile, gives_back_what_it_was_given_to_the_bit) {
    const std::vector<std::vector<double>> histories{{0.1, -1.0 / 3, 5e-324}, {}};
    const std::string text = adapters::run_folder::weights_text(histories, signals());
    EXPECT_EQ(adapters::run_folder::parse_weights(text, "w", signals()), histories);
}

TEST(WeightsFile, keeps_the_last_gains_where_the_lookback_has_become_shorter) {
    const std::string text =
        R"({"format": "sluice weights 1", "strategies": [
            {"name": "trend", "kind": "trend_following", "gains": [1, 2, 3, 4, 5]},
            {"name": "gone", "kind": "momentum", "gains": [1]}]})";
    EXPECT_EQ(adapters::run_folder::parse_weights(text, "w", signals()),
              (std::vector<std::vector<double>>{{3, 4, 5}, {}}));
}

TEST(WeightsFile, keeps_the_strategies_that_a_run_left_out) {
    const auto file = std::filesystem::path(testing::TempDir()) / "sluice_kept_weights.json";
    pipeline::RunRecord both;
    both.by_strategy.resize(2);
    both.by_strategy[0].gains = {1, 2};
    both.by_strategy[1].gains = {3};
    adapters::run_folder::write_weights(file, both, signals());
    pipeline::SignalSettings first = signals();
    first.strategies.pop_back();
    pipeline::RunRecord one;
    one.by_strategy.resize(1);
    one.by_strategy[0].gains = {4};
    adapters::run_folder::write_weights(file, one, first);
    EXPECT_EQ(adapters::run_folder::read_weights(file, signals()),
              (std::vector<std::vector<double>>{{4}, {3}}));
    std::filesystem::remove(file);
    EXPECT_TRUE(adapters::run_folder::read_weights(file, signals()).empty()) << "a first run";
}

TEST(WeightsFile, that_is_bad_is_refused_whole) {
    const std::string head = R"({"format": "sluice weights 1", "strategies": [)";
    const std::string trend = R"({"name": "trend", "kind": "trend_following", "gains": [)";
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("[]"), std::string(R"({"strategies": []})"),
          std::string(R"({"format": "sluice weights 1"})"), head + "7]}",
          head + R"({"name": "trend", "kind": "trend_following"}]})", head + trend + "\"x\"]}]}",
          head + trend + "1e999]}]}", head + trend + "]}," + trend + "]}]}",
          head + R"({"name": "trend", "kind": "momentum", "gains": []}]})"}) {
        const std::string refusal = declaration_refusal(text);
        EXPECT_NE(refusal.find("weights cannot be restored"), std::string::npos) << text;
        EXPECT_NE(refusal.find("weights.json"), std::string::npos) << text;
    }
    EXPECT_EQ(declaration_refusal(head + trend + "1]}]}"), "accepted");
}

}  // namespace
}  // namespace sluice::tests
