// From words in the configuration to threads and cores, on machines of any size.
#include <sluice/pipeline/placement.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace sluice::tests {
namespace {

using core::IdleStrategy;
using pipeline::choose_placement;
using pipeline::describe_cuts;
using pipeline::kFused;
using pipeline::Placement;
using Cores = std::vector<std::size_t>;

const Cores kEight{0, 1, 2, 3, 4, 5, 6, 7};

struct Chosen {
    Placement placement;
    std::string warning;
};
Chosen choose(std::string_view text, const Cores& cores, bool live = false,
              std::string_view idle = "auto", std::string_view requested = "auto") {
    Chosen out;
    out.placement = choose_placement(text, idle, cores, requested, live, out.warning);
    return out;
}
std::string groups(std::string_view text, const Cores& cores, bool live = false) {
    return describe_cuts(choose(text, cores, live).placement.cuts);
}
std::string refusal(std::string_view text, std::string_view idle, std::string_view requested) {
    std::string warning;
    try {
        (void)choose_placement(text, idle, kEight, requested, false, warning);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}
bool spins(const Placement& placement) {
    return placement.idle == IdleStrategy::kSpin || placement.idle == IdleStrategy::kSpinPause;
}

TEST(Placement, cuts_where_it_is_told_to) {
    EXPECT_EQ(groups("fused", kEight), "fused");
    EXPECT_EQ(groups("bars", kEight), "sequencer | bars+signals+risk+orders");
    EXPECT_EQ(groups("signals,orders", kEight), "sequencer+bars | signals+risk | orders");
    EXPECT_EQ(groups(" orders , signals ", kEight), "sequencer+bars | signals+risk | orders");
    EXPECT_EQ(groups("risk,risk", kEight), "sequencer+bars+signals | risk+orders");
    EXPECT_EQ(groups("bars,signals,risk,orders", kEight),
              "sequencer | bars | signals | risk | orders");
}

TEST(Placement, splits_as_far_as_the_cores_go) {
    EXPECT_EQ(choose("split", kEight).placement.threads(), 5U);
    EXPECT_EQ(groups("split", kEight), "sequencer | bars | signals | risk | orders");
    EXPECT_EQ(choose("split", {0, 1, 2, 3, 4}).placement.threads(), 5U);
    EXPECT_EQ(choose("split", {0, 1, 2}).placement.threads(), 3U);
    EXPECT_EQ(choose("split", {0, 1}).placement.threads(), 2U);
    // Split is split, even where its two threads share one core.
    EXPECT_EQ(choose("split", {0}).placement.threads(), 2U);
}

TEST(Placement, is_fused_by_itself_unless_a_live_session_has_cores_to_spare) {
    for (const char* text : {"auto", ""}) {
        EXPECT_EQ(groups(text, kEight, false), "fused");
        EXPECT_EQ(groups(text, {0, 1}, true), "fused");
        EXPECT_EQ(choose(text, {0, 1, 2}, true).placement.threads(), 2U);
        EXPECT_EQ(choose(text, {0, 1, 2, 3}, true).placement.threads(), 3U);
        EXPECT_EQ(choose(text, kEight, true).placement.threads(), 5U);
    }
}

TEST(Placement, counts_a_thread_for_each_group) {
    for (unsigned mask = 0; mask < pipeline::kPlacementCount; ++mask) {
        Placement placement;
        placement.cuts = static_cast<pipeline::CutMask>(mask);
        const std::string groups = describe_cuts(placement.cuts);
        const auto bars = static_cast<std::size_t>(std::count(groups.begin(), groups.end(), '|'));
        EXPECT_EQ(placement.threads(), bars + 1) << groups;
    }
}

TEST(Placement, never_spins_more_threads_than_there_are_cores) {
    const auto all_cuts = "bars,signals,risk,orders";
    for (const char* idle : {"spin", "spin_pause"}) {
        const auto tight = choose(all_cuts, {0, 1}, false, idle);
        EXPECT_EQ(tight.placement.threads(), 5U) << "it is made all the same";
        EXPECT_EQ(tight.placement.idle, IdleStrategy::kYield);
        EXPECT_NE(tight.warning.find("yield"), std::string::npos) << "and says so";
        EXPECT_TRUE(tight.placement.cores.empty()) << "nor pins two threads to one core";

        const auto roomy = choose(all_cuts, kEight, false, idle);
        EXPECT_TRUE(spins(roomy.placement));
        EXPECT_EQ(roomy.warning, "");
    }
    for (const char* idle : {"yield", "backoff"}) {
        const auto chosen = choose(all_cuts, {0, 1}, false, idle);
        EXPECT_EQ(core::to_string(chosen.placement.idle), idle) << "what does not spin may stay";
        EXPECT_EQ(chosen.warning, "");
    }
}

RC_GTEST_PROP(Placement, of_any_kind_on_any_machine_keeps_its_promises, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(1, 12);
    Cores cores;
    for (std::size_t i = 0; i < count; ++i) cores.push_back(3 * i + 1);  // not the first ones
    const std::string text = *rc::gen::element<std::string>(
        "auto", "fused", "split", "bars", "signals,orders", "bars,signals,risk,orders");
    const std::string idle =
        *rc::gen::element<std::string>("auto", "spin", "spin_pause", "yield", "backoff");
    const bool live = *rc::gen::arbitrary<bool>();
    const auto [placement, warning] = choose(text, cores, live, idle);

    if (spins(placement)) RC_ASSERT(placement.threads() <= cores.size());
    if (!placement.cores.empty()) {
        RC_ASSERT(placement.cores.size() == placement.threads());
        const std::set<std::size_t> distinct(placement.cores.begin(), placement.cores.end());
        RC_ASSERT(distinct.size() == placement.threads());
        for (const std::size_t core : distinct)
            RC_ASSERT(std::find(cores.begin(), cores.end(), core) != cores.end());
    } else {
        RC_ASSERT(placement.threads() > cores.size());
    }
}

TEST(Placement, does_not_spin_on_a_shared_machine_in_a_live_session_unless_told) {
    EXPECT_EQ(choose("fused", kEight, true).placement.idle, IdleStrategy::kBackoff);
    EXPECT_EQ(choose("fused", kEight, true, "spin").placement.idle, IdleStrategy::kSpin);
    EXPECT_TRUE(spins(choose("split", kEight, false).placement));
}

TEST(Placement, pins_to_the_cores_that_it_is_given) {
    EXPECT_EQ(choose("split", {2, 5, 9}, false, "auto", "auto").placement.cores, (Cores{2, 5, 9}));
    EXPECT_EQ(choose("risk", kEight, false, "auto", "6, 4").placement.cores, (Cores{6, 4}));
    EXPECT_TRUE(choose("split", kEight, false, "auto", "none").placement.cores.empty());
    EXPECT_EQ(choose("fused", kEight, false, "auto", "3").placement.cores, Cores{3});
}

TEST(Placement, says_what_it_does_not_understand) {
    const std::string stages = refusal("signal", "auto", "auto");
    EXPECT_NE(stages.find("'signal'"), std::string::npos) << stages;
    EXPECT_NE(stages.find("bars, signals, risk, orders"), std::string::npos) << stages;
    EXPECT_NE(refusal("bars,,risk", "auto", "auto"), "");
    EXPECT_NE(refusal("bars,", "auto", "auto"), "");
    EXPECT_NE(refusal("Fused", "auto", "auto"), "");

    const std::string idle = refusal("fused", "sleep", "auto");
    EXPECT_NE(idle.find("'sleep'"), std::string::npos) << idle;
    EXPECT_NE(idle.find("spin_pause"), std::string::npos) << idle;

    EXPECT_NE(refusal("fused", "auto", "one").find("'one'"), std::string::npos);
    EXPECT_NE(refusal("fused", "auto", "-1"), "");
    EXPECT_NE(refusal("fused", "auto", "2x"), "");
    EXPECT_NE(refusal("fused", "auto", "9").find("core 9"), std::string::npos);
    const std::string count = refusal("risk", "auto", "1,2,3");
    EXPECT_NE(count.find("3 cores"), std::string::npos) << count;
    EXPECT_NE(count.find("2 threads"), std::string::npos) << count;
}

TEST(Placement, does_not_pin_two_threads_to_one_core) {
    EXPECT_NE(refusal("risk", "auto", "2,2"), "");
}

}  // namespace
}  // namespace sluice::tests
