// The life cycle of orders under every order of things, and the explorer's own eyes: each rule sees the
// bug that was planted against it.
#include <sluice/proofs/order_explorer.hpp>
#include <sluice/proofs/planted_bugs.hpp>

#include <gtest/gtest.h>

namespace sluice::proofs {
namespace {

TEST(OrderExplorer, no_rule_is_broken_in_a_hundred_thousand_sequences) {
    const OrderExploreReport report = explore_orders({});
    ASSERT_TRUE(report.clean()) << to_string(report.violation->rule) << "\n"
                                << testing::PrintToString(report.violation->steps);
    EXPECT_EQ(report.sequences, 100'000U);
    EXPECT_EQ(report.sequences, report.complete + report.random);
    EXPECT_GE(report.complete_depth, 4U);
    EXPECT_GT(report.random, 20'000U);
    for (std::size_t i = 0; i < report.by_act.size(); ++i)
        EXPECT_GT(report.by_act[i], 1'000U) << act_names()[i] << " hardly ever happened";
}

// Fewer than above: each sequence has twice the orders. 10^6 of them: `sluice prove orders --brackets`.
TEST(OrderExplorer, no_rule_is_broken_with_brackets) {
    OrderExploreOptions options;
    options.sequences = 20'000;
    options.brackets = true;
    const OrderExploreReport report = explore_orders(options);
    ASSERT_TRUE(report.clean()) << to_string(report.violation->rule) << "\n"
                                << testing::PrintToString(report.violation->steps);
    EXPECT_GT(report.random, 10'000U);
}

class PlantedBug : public testing::TestWithParam<std::size_t> {};

TEST_P(PlantedBug, is_found_by_its_rule_alone_and_by_all) {
    const auto rule = static_cast<OrderRule>(GetParam());
    OrderExploreOptions options;
    options.sequences = 20'000;
    options.brackets = is_of_brackets(rule);
    options.make = plant(rule);
    EXPECT_FALSE(explore_orders(options).clean());
    options.rules = rule_bit(rule);
    const OrderExploreReport report = explore_orders(options);
    ASSERT_FALSE(report.clean()) << "an engine that " << describe_planted(rule);
    EXPECT_EQ(report.violation->rule, rule);
    EXPECT_LE(report.violation->steps.size(), 8U) << "it is not shortened";
}

INSTANTIATE_TEST_SUITE_P(EachRule, PlantedBug, testing::Range(std::size_t{0}, kOrderRuleCount),
                         [](const auto& test) { return std::string(kOrderRuleNames[test.param]); });

TEST(OrderExplorer, the_same_options_give_the_same_report) {
    OrderExploreOptions options;
    options.sequences = 3'000;
    options.make = plant(OrderRule::kOneReplacement);
    const OrderExploreReport once = explore_orders(options);
    const OrderExploreReport again = explore_orders(options);
    EXPECT_EQ(once.steps, again.steps);
    EXPECT_EQ(once.by_act, again.by_act);
    ASSERT_TRUE(once.violation && again.violation);
    EXPECT_EQ(once.violation->steps, again.violation->steps);
}

}  // namespace
}  // namespace sluice::proofs
