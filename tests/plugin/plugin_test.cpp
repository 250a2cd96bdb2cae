// A strategy of one's own: what is loaded, what is refused and with which words, what the check finds.
#include <sluice/adapters/plugin/plugin_check.hpp>
#include <sluice/pipeline/plugin_states.hpp>

#include <fstream>

#include <gmock/gmock.h>

#include "allocation_hook.hpp"

namespace sluice::adapters::plugin {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string sample(const std::string& name) {
    return std::string(SLUICE_PLUGIN_SAMPLES) + "/" + name + ".so";
}

template <class Fn>
std::string refusal(Fn&& fn) {
    try {
        fn();
    } catch (const PluginError& error) {
        return error.what();
    }
    return "";
}
std::string loading(const std::string& path) {
    return refusal([&] { const Plugin loaded(path); });
}

// The hook counts from its arming on; this, since the thread's first question.
std::uint64_t heap_calls() noexcept {
    static thread_local std::uint64_t so_far = 0;
    const tests::HeapCalls calls = tests::disarm_heap_count();
    so_far += calls.allocations + calls.frees;
    tests::arm_heap_count();
    return so_far;
}
pipeline::PluginKind kind_of(const Plugin& plugin) {
    return plugin.kind(tests::can_count_heap_calls() ? heap_calls : nullptr);
}
pipeline::StrategyValues defaults_of(const Plugin& plugin) {
    pipeline::StrategyValues values{};
    for (std::size_t i = 0; i < plugin.table().parameter_count; ++i)
        values[i] = plugin.table().parameters[i].fallback;
    return values;
}
CheckReport checked(const std::string& name) {
    const Plugin plugin(sample(name));
    return check(kind_of(plugin), defaults_of(plugin), check_bars(2000, 7));
}

TEST(Plugin, says_what_it_is_when_loaded) {
    const Plugin plugin(sample("sound"));
    EXPECT_STREQ(plugin.table().name, "above_average");
    EXPECT_STREQ(plugin.table().version, "1.2");
    ASSERT_EQ(plugin.table().parameter_count, 2U);
    EXPECT_STREQ(plugin.table().parameters[0].name, "period");
    EXPECT_EQ(plugin.sha256().size(), 64U);
}

TEST(Plugin, is_found_by_name_in_a_folder) {
    const Plugin plugin("sound", SLUICE_PLUGIN_SAMPLES);
    EXPECT_EQ(plugin.sha256(), Plugin(sample("sound")).sha256());
}

TEST(Plugin, differs_in_its_hash_from_another) {
    EXPECT_NE(Plugin(sample("sound")).sha256(), Plugin(sample("throws")).sha256());
}

TEST(Plugin, is_refused_where_there_is_no_file) {
    EXPECT_THAT(
        loading("/nowhere/mine.so"),
        AllOf(HasSubstr("/nowhere/mine.so"), HasSubstr("no such file"), HasSubstr("build it")));
}

TEST(Plugin, is_refused_where_the_file_is_no_library) {
    const std::string path = testing::TempDir() + "text.so";
    std::ofstream(path) << "no library\n";
    EXPECT_THAT(loading(path), AllOf(HasSubstr("text.so"), HasSubstr("no shared library")));
}

TEST(Plugin, is_refused_where_the_library_exports_no_strategy) {
    EXPECT_THAT(loading(sample("no_plugin")),
                AllOf(HasSubstr("'sluice_plugin'"), HasSubstr("SLUICE_EXPORT_STRATEGY")));
}

TEST(Plugin, of_another_version_is_refused_with_both_versions) {
    EXPECT_THAT(
        loading(sample("other_version")),
        AllOf(HasSubstr("version 2 of"), HasSubstr("has version 1"), HasSubstr("build it again")));
}

TEST(Plugin, of_another_layout_is_refused) {
    EXPECT_THAT(loading(sample("other_layout")),
                AllOf(HasSubstr("lays out its data otherwise"), HasSubstr("build it again")));
}

TEST(Plugin, is_refused_with_a_name_that_no_configuration_can_write) {
    EXPECT_THAT(loading(sample("bad_name")),
                AllOf(HasSubstr("'Above Average'"), HasSubstr("small letters")));
}

TEST(Plugin, that_cannot_be_made_is_refused_with_its_own_words) {
    const Plugin plugin(sample("cannot_be_made"));
    EXPECT_THAT(refusal([&] {
                    const pipeline::PluginStates made(kind_of(plugin), defaults_of(plugin), 3);
                }),
                HasSubstr("the model file is missing"));
}

TEST(PluginCheck, passes_a_sound_strategy) {
    const CheckReport report = checked("sound");
    EXPECT_TRUE(report.passed());
    EXPECT_EQ(report.bars, 2000U);
    EXPECT_EQ(report.ready_at, 19U);  // an average of 20 closes
    EXPECT_EQ(report.long_bars + report.short_bars, 2000U - 19U);
    EXPECT_GT(report.long_bars, 0U);
    EXPECT_GT(report.short_bars, 0U);
}

TEST(PluginCheck, catches_what_throws_at_its_bar) {
    const CheckReport report = checked("throws");
    EXPECT_FALSE(report.passed());
    EXPECT_EQ(report.threw_at, 99U);
    EXPECT_THAT(report.faults(), testing::ElementsAre(HasSubstr("throws on bar 100")));
}

TEST(PluginCheck, finds_the_bar_that_allocates) {
    if (!tests::can_count_heap_calls()) GTEST_SKIP() << "a sanitizer has the heap";
    const CheckReport report = checked("allocates");
    EXPECT_FALSE(report.passed());
    EXPECT_EQ(report.allocated_at, 49U);
    EXPECT_EQ(report.heap_calls, 1U);
    EXPECT_THAT(report.faults(),
                testing::ElementsAre(AllOf(HasSubstr("heap"), HasSubstr("on bar 50"))));
    EXPECT_EQ(checked("sound").heap_calls, 0U);
}

TEST(PluginCheck, finds_strengths_that_are_no_numbers_or_beyond_one) {
    EXPECT_EQ(checked("not_finite").non_finite, 1U);
    EXPECT_EQ(checked("not_finite").bad_strength_at, 69U);
    EXPECT_EQ(checked("too_strong").out_of_range, 1U);
    EXPECT_FALSE(checked("too_strong").passed());
}

TEST(PluginCheck, finds_state_that_instruments_share) {
    EXPECT_FALSE(checked("shares_state").deterministic);
    EXPECT_TRUE(checked("sound").deterministic);
}

}  // namespace
}  // namespace sluice::adapters::plugin
