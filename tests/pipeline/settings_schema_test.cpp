// The configuration of the engine as a person meets it: defaults, the documented file, what is
// refused and with which words, and the explanation of each key.
#include <sluice/pipeline/settings_schema.hpp>

#include <gtest/gtest.h>

#include <sstream>

#include "support.hpp"

namespace sluice::tests {
namespace {

using core::config::Diagnostic;
using core::config::ErrorKind;
using pipeline::make_settings_schema;
using pipeline::Settings;
using pipeline::SettingsSchema;

const SettingsSchema& schema() {
    static const SettingsSchema the_schema = make_settings_schema();
    return the_schema;
}
Settings load(std::string_view text) { return schema().load_text(text, "sluice.toml").settings; }
std::vector<Diagnostic> faults(std::string_view text) {
    return schema().check_text(text, "sluice.toml");
}
bool names(const Diagnostic& fault, std::string_view word) {
    return fault.message.find(word) != std::string::npos ||
           fault.key.find(word) != std::string::npos;
}

constexpr std::string_view kTrend = "[[strategy]]\nkind = \"trend_following\"\nname = \"t\"\n";
constexpr std::string_view kReversion = "[[strategy]]\nkind = \"mean_reversion\"\nname = \"r\"\n";

TEST(SettingsSchema, loads_its_defaults_from_an_empty_file) {
    const Settings settings = load("");
    EXPECT_EQ(to_string(settings.account.capital), "100000");
    EXPECT_EQ(settings.account.currency, "USD");
    EXPECT_EQ(settings.clock.beat, Nanos{kSecondNs});
    EXPECT_FALSE(settings.clock.session_enabled);
    EXPECT_EQ(settings.clock.session_open, Nanos{(9 * 60 + 30) * kMinuteNs});
    EXPECT_EQ(settings.clock.session_close, Nanos{16 * 60 * kMinuteNs});
    EXPECT_EQ(settings.bars.timeframes, std::vector{Nanos{kMinuteNs}});
    EXPECT_EQ(settings.signals.threshold, 0.5);
    ASSERT_EQ(settings.signals.strategies.size(), 2U);
    EXPECT_EQ(settings.signals.strategies[0].kind, pipeline::StrategyKind::kTrendFollowing);
    EXPECT_EQ(settings.signals.strategies[1].kind, pipeline::StrategyKind::kMeanReversion);
    EXPECT_EQ(settings.sizing.quantity, shares(100));
    EXPECT_EQ(settings.risk.max_position, shares(1000));
    EXPECT_EQ(to_string(settings.risk.daily_loss), "5000");
    EXPECT_EQ(settings.risk.max_price_distance_bps, 500);
    EXPECT_TRUE(settings.risk.require_funds);
    EXPECT_EQ(settings.venue.order_latency, Nanos{250'000});
    EXPECT_EQ(to_string(settings.venue.commission_per_unit), "0.005");
    EXPECT_EQ(settings.venue.commission_bps_e4, 10'000);
    EXPECT_EQ(settings.engine.ring_capacity, 4096);
}

// A program that starts from Settings{} and one that reads an empty file differ in one thing: the
// plain venue charges nothing.
TEST(SettingsSchema, has_the_defaults_of_the_plain_structs_and_a_commission) {
    Settings plain;
    plain.venue.commission_per_unit = money("0.005");
    plain.signals.strategies = load("").signals.strategies;
    EXPECT_EQ(schema().canonical_text(plain), schema().canonical_text(load("")));
}

TEST(SettingsSchema, writes_a_default_file_that_reads_back_as_the_defaults) {
    std::ostringstream out;
    schema().write_default(out);
    EXPECT_EQ(schema().fingerprint(load(out.str())), schema().fingerprint(schema().defaults()));
    EXPECT_NE(out.str().find("[risk]"), std::string::npos);
    EXPECT_NE(out.str().find("Largest position per instrument"), std::string::npos)
        << "it is documented";
}

TEST(SettingsSchema, writes_any_settings_so_that_they_read_back_the_same) {
    Settings settings = load(std::string(kReversion) +
                             "timeframe = \"90s\"\nperiod = 33\nentry_deviations = 1.5\n"
                             "[bars]\ntimeframes = [\"90s\", \"1h\"]\nprice = \"mid\"\n"
                             "[account]\ncapital = 123456.78\ncurrency = \"EUR\"\n"
                             "[venue]\ncommission = \"basis_points\"\ncommission_bps = 0.25\n"
                             "[sizing]\nmode = \"notional\"\nnotional = 2500.50\n");
    EXPECT_EQ(settings.venue.commission_bps_e4, 2'500);
    std::ostringstream out;
    schema().write(settings, out);
    const Settings again = load(out.str());
    EXPECT_EQ(schema().canonical_text(again), schema().canonical_text(settings));
    ASSERT_EQ(again.signals.strategies.size(), 1U);
    EXPECT_EQ(again.signals.strategies[0].get("period"), 33);
    EXPECT_EQ(again.bars.timeframes[1], Nanos{60 * kMinuteNs});
    EXPECT_NE(schema().fingerprint(settings), schema().fingerprint(load("")));
}

struct Contradiction {
    std::string name;
    std::string text;
    std::vector<std::string> keys;  // all of them are named
};

class Contradicts : public testing::TestWithParam<Contradiction> {};

TEST_P(Contradicts, is_refused_with_the_keys_that_cannot_both_hold) {
    const auto found = faults(GetParam().text);
    ASSERT_EQ(found.size(), 1U) << GetParam().text;
    EXPECT_EQ(found[0].kind, ErrorKind::kContradiction);
    EXPECT_EQ(found[0].where.source, "sluice.toml");
    EXPECT_GT(found[0].where.line, 0U);
    for (const std::string& key : GetParam().keys)
        EXPECT_TRUE(names(found[0], key)) << key << " is not named in: " << found[0].message;
    EXPECT_THROW((void)load(GetParam().text), core::config::ConfigError);
}

INSTANTIATE_TEST_SUITE_P(
    SettingsSchema, Contradicts,
    testing::Values(
        Contradiction{"session_closes_before_it_opens",
                      "[clock]\nsession_open = \"16:00\"\nsession_close = \"09:30\"\n",
                      {"session_open", "session_close"}},
        Contradiction{"session_of_no_length",
                      "[clock]\nsession_open = \"12:00\"\nsession_close = \"12:00\"\n",
                      {"session_open", "session_close"}},
        Contradiction{
            "timeframe_twice", "[bars]\ntimeframes = [\"1m\", \"5m\", \"60s\"]\n", {"timeframes"}},
        Contradiction{
            "fast_not_faster", std::string(kTrend) + "fast = 30\nslow = 30\n", {"fast", "slow"}},
        Contradiction{"exit_beyond_entry",
                      std::string(kReversion) + "entry_deviations = 1.0\nexit_deviations = 1.0\n",
                      {"entry_deviations", "exit_deviations"}},
        Contradiction{"strategy_without_its_bars",
                      std::string(kTrend) + "timeframe = \"5m\"\n",
                      {"'t'", "bars.timeframes"}},
        Contradiction{"order_that_could_never_pass",
                      "[risk]\nmax_order_quantity = 2001\nmax_position = 1000\n",
                      {"max_order_quantity", "max_position"}},
        Contradiction{"position_larger_than_its_limit",
                      "[sizing]\nquantity = 1001\n[risk]\nmax_order_quantity = 2000\n",
                      {"sizing.quantity", "max_position"}},
        Contradiction{"order_larger_than_its_limit",
                      "[sizing]\nquantity = 500\n[risk]\nmax_order_quantity = 499\n",
                      {"sizing.quantity", "max_order_quantity"}},
        Contradiction{"loss_that_cannot_be_reached",
                      "[risk]\ndaily_loss = 100001\n",
                      {"daily_loss", "account.capital"}},
        Contradiction{"ring_of_odd_size", "[engine]\nring_capacity = 1000\n", {"ring_capacity"}}),
    [](const auto& one) { return one.param.name; });

TEST(SettingsSchema, takes_what_lies_at_the_edge_of_each_rule) {
    for (const std::string& text :
         {std::string("[risk]\nmax_order_quantity = 2000\nmax_position = 1000\n"),
          std::string("[sizing]\nquantity = 1000\n"), std::string("[risk]\ndaily_loss = 100000\n"),
          std::string("[clock]\nsession_open = \"00:00\"\nsession_close = \"24:00\"\n"),
          std::string("[sizing]\nmode = \"notional\"\nquantity = 5000\n"),
          std::string(kTrend) + "fast = 29\nslow = 30\n",
          std::string(kReversion) + "entry_deviations = 1.0\nexit_deviations = 0.99\n"})
        EXPECT_TRUE(faults(text).empty()) << text << faults(text).front().message;
}

TEST(SettingsSchema, offers_the_nearest_key_for_one_that_it_does_not_know) {
    const auto key = faults("[risk]\nmax_postion = 5\n");
    ASSERT_EQ(key.size(), 1U);
    EXPECT_EQ(key[0].kind, ErrorKind::kUnknownKey);
    EXPECT_EQ(key[0].where.line, 2U);
    EXPECT_TRUE(names(key[0], "max_position")) << key[0].message;

    const auto section = faults("[rsk]\nmax_position = 5\n");
    ASSERT_FALSE(section.empty());
    EXPECT_TRUE(names(section[0], "risk")) << section[0].message;

    const auto kind = faults("[[strategy]]\nkind = \"trend_folowing\"\nname = \"t\"\n");
    ASSERT_FALSE(kind.empty());
    EXPECT_TRUE(names(kind[0], "trend_following")) << kind[0].message;
}

TEST(SettingsSchema, refuses_wrong_types_and_values_out_of_range) {
    struct Row {
        const char* text;
        ErrorKind kind;
    };
    for (const Row& row :
         {Row{"[risk]\nmax_position = \"many\"\n", ErrorKind::kWrongType},
          Row{"[risk]\nmax_position = -1\n", ErrorKind::kOutOfRange},
          Row{"[clock]\nbeat = 1\n", ErrorKind::kWrongType},
          Row{"[clock]\nbeat = \"1us\"\n", ErrorKind::kOutOfRange},
          Row{"[engine]\nring_capacity = 32\n", ErrorKind::kOutOfRange},
          Row{"[signals]\nthreshold = 0.0\n", ErrorKind::kOutOfRange},
          Row{"[signals]\nthreshold = nan\n", ErrorKind::kOutOfRange},
          Row{"[venue]\nqueue = \"middle\"\n", ErrorKind::kOutOfRange},
          Row{"[account]\ncapital = 0.001\n", ErrorKind::kOutOfRange},
          Row{"[bars]\ntimeframes = []\n", ErrorKind::kOutOfRange},
          Row{"strategy = []\n", ErrorKind::kOutOfRange},
          Row{"[[strategy]]\nkind = \"trend_following\"\n", ErrorKind::kMissing}}) {
        const auto found = faults(row.text);
        ASSERT_FALSE(found.empty()) << row.text;
        EXPECT_EQ(found[0].kind, row.kind) << row.text << found[0].message;
    }
}

TEST(SettingsSchema, takes_overrides_from_the_command_line_last) {
    const auto loaded = schema().load_text("[risk]\nmax_position = 500\n", "sluice.toml",
                                           {"risk.max_position=700", "engine.placement=fused"});
    EXPECT_EQ(loaded.settings.risk.max_position, shares(700));
    EXPECT_EQ(loaded.settings.engine.placement, "fused");
    EXPECT_EQ(loaded.origin_of("risk.max_position").source, core::config::kCommandLine);
    EXPECT_TRUE(loaded.origin_of("risk.daily_loss").is_default());
}

TEST(SettingsSchema, explains_every_key) {
    const auto paths = schema().spec().key_paths();
    EXPECT_GT(paths.size(), 40U);
    for (const std::string& path : paths) {
        const auto explained = schema().explain(path);
        EXPECT_TRUE(explained.known) << path;
        EXPECT_EQ(explained.text.find(path), 0U) << path;
        EXPECT_NE(explained.text.find("default"), std::string::npos) << explained.text;
        EXPECT_NE(explained.text.find("type"), std::string::npos) << explained.text;
    }
    for (const char* path :
         {"strategy.fast", "strategy.period", "strategy.timeframe", "strategy", "risk", "venue"})
        EXPECT_TRUE(schema().explain(path).known) << path;
    EXPECT_FALSE(schema().explain("risk.no_such_key").known);
}

}  // namespace
}  // namespace sluice::tests
