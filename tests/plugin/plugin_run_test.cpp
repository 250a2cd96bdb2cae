// Plugins as kinds of strategies: what the configuration makes of them, and whole runs with them.
#include <gmock/gmock.h>

#include <sluice/adapters/plugin/plugin.hpp>
#include <sluice/core/config/diagnostics.hpp>
#include <sluice/pipeline/plugin_kind.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>

#include "allocation_hook.hpp"
#include "engine_support.hpp"
#include "kept_rows.hpp"

namespace sluice::tests {
namespace {

using namespace trade_path;
using adapters::plugin::Plugin;
using testing::AllOf;
using testing::HasSubstr;

StrategyKind kind_of(const std::string& sample, pipeline::HeapCalls heap = nullptr) {
    return add_plugin_kind(
        Plugin{std::string(SLUICE_PLUGIN_SAMPLES) + "/" + sample + ".so"}.kind(heap));
}
std::string refusal(const std::string& sample) {
    try {
        (void)kind_of(sample);
    } catch (const PluginError& error) {
        return error.what();
    }
    return "accepted";
}
std::string fault_of(const std::string& keys) {
    (void)kind_of("sound");
    const auto faults = make_settings_schema().check_text(
        "[[strategy]]\nkind = \"above_average\"\nname = \"mine\"\n" + keys, "my.toml");
    return faults.empty() ? "accepted" : core::config::to_string(faults.front());
}

TEST(PluginKinds, are_found_by_their_name_with_what_they_declare) {
    const StrategyKind kind = kind_of("sound");
    const StrategyDeclaration* const found = find_strategy("above_average");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->kind, kind);
    EXPECT_STREQ(to_string(kind), "above_average");
    EXPECT_EQ(found->parameters[0].fallback, 20);
    EXPECT_FALSE(found->parameters[0].changes);
    EXPECT_EQ(plugin_of(StrategyKind::kMomentum), nullptr);
    EXPECT_EQ(kind_of("sound"), kind) << "the same file again";
}

TEST(PluginKinds, are_refused_where_a_name_is_taken) {
    (void)kind_of("sound");
    EXPECT_THAT(
        refusal("built_in_name"),
        AllOf(HasSubstr("built_in_name.so"), HasSubstr("'momentum'"), HasSubstr("built-in kind")));
    EXPECT_THAT(refusal("same_name"), AllOf(HasSubstr("same_name.so"), HasSubstr("sound.so"),
                                            HasSubstr("another kName")));
    EXPECT_THAT(refusal("taken_key"),
                AllOf(HasSubstr("'weight'"), HasSubstr("every strategy has")));
}

TEST(PluginKinds, may_name_no_parameter_as_a_key_that_every_strategy_has) {
    const SettingsSchema schema = make_settings_schema();
    const auto* const tables = schema.spec().find_tables("strategy");
    ASSERT_NE(tables, nullptr);
    std::vector<std::string> common;
    for (const auto& key : tables->common.keys) common.push_back(key.name);
    EXPECT_THAT(common, testing::UnorderedElementsAreArray(
                            std::vector<std::string>(kStrategyKeys.begin(), kStrategyKeys.end())));
}

TEST(PluginConfiguration, reads_parameters_as_the_plugin_declares_them) {
    EXPECT_EQ(fault_of("period = 5\nsize = 0.5\n"), "accepted");
    EXPECT_THAT(fault_of("perod = 5\n"),
                AllOf(HasSubstr("my.toml:4"), HasSubstr("perod"), HasSubstr("period")));
    EXPECT_THAT(fault_of("period = 1\n"), AllOf(HasSubstr("my.toml:4"), HasSubstr("2 to 500")));
    EXPECT_THAT(fault_of("period = 2.5\n"), HasSubstr("integer"));
    EXPECT_THAT(fault_of("size = 2.0\n"), HasSubstr("0"));
}

TEST(PluginConfiguration, writes_down_and_reads_again_what_it_was) {
    (void)kind_of("sound");
    const auto schema = make_settings_schema();
    const std::string text =
        "[[plugin]]\nfile = \"mine.so\"\nsha256 = \"ab\"\n"
        "[[strategy]]\nkind = \"above_average\"\nname = \"mine\"\nperiod = 5\n";
    const Settings settings = schema.load_text(text, "my.toml").settings;
    EXPECT_EQ(settings.signals.strategies[0].get("period"), 5);
    std::ostringstream out;
    schema.write(settings, out);
    const Settings again = schema.load_text(out.str(), "again").settings;
    EXPECT_EQ(schema.fingerprint(again), schema.fingerprint(settings));
    ASSERT_EQ(again.plugins.size(), 1U);
    EXPECT_EQ(again.plugins[0].sha256, "ab");
    EXPECT_EQ(plugins_named_in({"my.toml", text}, {}).size(), 1U);
    EXPECT_TRUE(plugins_named_in({"my.toml", "[[plugin]]\nfil = \"x\"\n"}, {}).empty());
}

// ---- whole runs

const std::vector<Event>& market() {
    static const std::vector<Event> kMarket = random_market(30'000, 3, 7);
    return kMarket;
}

Settings with_plugin(StrategyKind kind) {
    Settings s = busy_settings();
    StrategySettings mine;
    mine.name = "mine";
    mine.kind = kind;
    mine.timeframe = s.bars.timeframes[0];
    mine.set("period", 6);
    s.signals.strategies.push_back(mine);
    return s;
}
Settings plugin_alone(StrategyKind kind) {
    Settings s = with_plugin(kind);
    s.signals.strategies.erase(s.signals.strategies.begin(), s.signals.strategies.end() - 1);
    return s;
}

TEST(PluginRun, trades_on_what_the_plugin_says) {
    const RunRecord r = run(plugin_alone(kind_of("sound")), market(), 3);
    ASSERT_EQ(r.by_strategy.size(), 1U);
    EXPECT_EQ(r.by_strategy[0].kind, "above_average");
    EXPECT_GT(r.by_strategy[0].changes, 50U);
    EXPECT_GT(r.orders, 50U);
    EXPECT_FALSE(r.by_strategy[0].failed);
    EXPECT_TRUE(r.warnings.empty());
}

struct Nowhere {
    template <EventKind kKnown>
    void pass(const Event&) const noexcept {}
    template <EventKind kKnown = EventKind::kNone>
    void emit(const Event&) const noexcept {}
};

// Its indicators and its bars are the engine's own, so the same rule decides the same.
TEST(PluginRun, says_the_same_as_the_same_rule_worked_out_beside_it) {
    Settings s = plugin_alone(kind_of("sound"));
    const auto table = tests::instruments(3);
    SignalStage stage{s, table};
    std::vector<std::vector<std::int64_t>> closes(3);
    std::mt19937_64 random{5};
    std::uint64_t compared = 0;
    for (int i = 0; i < 600; ++i) {
        const std::size_t k = static_cast<std::size_t>(i) % 3;
        const std::int64_t close = 10'000 + static_cast<std::int64_t>(random() % 400);
        closes[k].push_back(close);
        const Price price = cents(close);
        stage.on<EventKind::kNone>(
            Event::bar(at(i * kSecond), Sequence{1}, static_cast<SymbolId>(k), 0,
                       {price, price, price, price, qty(1)}),
            Nowhere{});
        const auto strength = stage.strength(0, k);
        ASSERT_EQ(strength.has_value(), closes[k].size() >= 6);
        if (!strength) continue;
        std::int64_t sum = 0;
        for (std::size_t j = 0; j < 6; ++j) sum += closes[k][closes[k].size() - 1 - j];
        if (6 * close == sum) continue;  // on the average: rounding decides
        EXPECT_EQ(*strength, 6 * close > sum ? 1 : -1);
        ++compared;
    }
    EXPECT_GT(compared, 500U);
}

class PluginPlacement : public testing::TestWithParam<int> {};

TEST_P(PluginPlacement, agrees_with_fused) {
    const auto cuts = static_cast<CutMask>(GetParam());
    for (const char* sample : {"sound", "throws_late"}) {
        Settings s = with_plugin(kind_of(sample));
        if (s.signals.strategies.back().kind == kind_of("throws_late"))
            s.signals.strategies.back().set("throws_on", 100);
        const RunRecord fused = run(s, market(), 3);
        const RunRecord split = run(s, market(), 3, cuts);
        EXPECT_EQ(split.digest, fused.digest) << sample << ", " << describe_cuts(cuts);
        EXPECT_EQ(split.intents, fused.intents);
    }
}
INSTANTIATE_TEST_SUITE_P(EveryCut, PluginPlacement,
                         testing::Range(1, static_cast<int>(kPlacementCount)),
                         [](const auto& test) { return "cuts_" + std::to_string(test.param); });

TEST(PluginRun, takes_out_what_throws_and_goes_flat) {
    Settings s = plugin_alone(kind_of("throws_late"));
    s.signals.strategies[0].set("throws_on", 100);
    KeptRows rows;
    const RunRecord r = run(s, market(), 3, kFused, &rows);
    ASSERT_EQ(rows.kept.incidents.size(), 1U) << "one, though three instruments have it";
    const IncidentRecord& incident = rows.kept.incidents[0];
    EXPECT_EQ(incident.kind, IncidentKind::kStrategyFailed);
    EXPECT_TRUE(r.by_strategy[0].failed);
    EXPECT_THAT(r.warnings, testing::ElementsAre(AllOf(HasSubstr("'mine'"), HasSubstr("threw"))));
    // The hundredth bar of the instrument that came first, and a few of the others: then no more.
    EXPECT_LE(r.by_strategy[0].bars, 300U);
    std::vector<Quantity> wanted(3);
    for (const IntentRecord& intent : rows.kept.intents) {
        EXPECT_LE(intent.time, incident.time) << "nothing is wanted after it";
        wanted[core::index_of(intent.symbol)] = intent.intent.target;
    }
    EXPECT_THAT(wanted, testing::Each(Quantity{})) << "and it ended flat";
    for (const InstrumentRecord& i : r.by_instrument) EXPECT_TRUE(i.position.is_zero());
}

TEST(PluginRun, keeps_the_share_of_what_was_taken_out) {
    Settings s = with_plugin(kind_of("throws_late"));
    s.signals.strategies.erase(s.signals.strategies.begin());  // reversion is left, and it
    s.signals.strategies.back().set("throws_on", 1);           // before anything else is ready
    s.signals.threshold = 0.6;
    EXPECT_EQ(run(s, market(), 3).intents, 0U) << "half of the vote is flat";
    s.signals.threshold = 0.4;
    EXPECT_GT(run(s, market(), 3).intents, 10U) << "the other half goes on";
}

TEST(PluginRun, takes_a_strength_that_is_none_for_a_failure) {
    for (const char* sample : {"not_finite", "too_strong"}) {
        // Both have one name, so each is a kind of its own to nobody but this test.
        const Plugin plugin{std::string(SLUICE_PLUGIN_SAMPLES) + "/" + sample + ".so"};
        std::vector<double> block(plugin.table().state_bytes / sizeof(double) + 1);
        const std::array<double, 2> values{20, 1};
        ASSERT_EQ(plugin.table().create(block.data(), values.data(), nullptr, 0), kSluiceWarming);
        PluginStrategy strategy{plugin.table(), block.data(), nullptr};
        const Price price = cents(10'000);
        int bars = 0;
        while (!strategy.failed() && bars < 200) {
            (void)strategy.on_bar({price, price, price, price, qty(1)}, at(0));
            ++bars;
        }
        EXPECT_EQ(bars, 70) << sample;
        EXPECT_TRUE(strategy.ready());
        EXPECT_EQ(strategy.strength(), 0);
        plugin.table().destroy(block.data());
    }
}

std::uint64_t heap_calls() noexcept {
    static thread_local std::uint64_t so_far = 0;
    const tests::HeapCalls calls = disarm_heap_count();
    so_far += calls.allocations + calls.frees;
    arm_heap_count();
    return so_far;
}

TEST(PluginRun, counts_what_it_takes_of_the_heap_while_it_runs) {
    if (!can_count_heap_calls()) GTEST_SKIP() << "a sanitizer has the heap";
    const Plugin plugin{std::string(SLUICE_PLUGIN_SAMPLES) + "/allocates.so"};
    const StrategyKind kind = add_plugin_kind(plugin.kind(heap_calls));
    const RunRecord r = run(plugin_alone(kind), market(), 3);
    EXPECT_THAT(r.warnings,
                testing::ElementsAre(AllOf(HasSubstr("'mine'"), HasSubstr("the heap 3 times"))))
        << "once an instrument";
    EXPECT_FALSE(r.by_strategy[0].failed);
    EXPECT_GT(r.orders, 50U) << "it goes on";
}

}  // namespace
}  // namespace sluice::tests
