// The small version of perf/edge: each strategy earns where it should, and nothing where nothing can be
// earned.
#include <gtest/gtest.h>

#include "edge_measure.hpp"

namespace sluice::tests {
namespace {

using namespace bench;  // NOLINT: what is tested

TEST(Edge, is_where_each_strategy_looks_for_it) {
    for (const Contender& contender : contenders()) {
        if (contender.home < 0) continue;
        const auto home = static_cast<std::size_t>(contender.home);
        const KnownResult known = over_known_regimes(contender, 101, 11, 1);
        EXPECT_TRUE(known.earns(home)) << contender.kind << ": t " << known.t(home);
        // Trends are where a reversion loses, and ranges where a trend follower does.
        EXPECT_FALSE(known.earns(1 - home)) << contender.kind << ": t " << known.t(1 - home);
        EXPECT_GT(known.fills, 100U);
    }
}

// With no edge and a cost for each trade, fewer than one in twenty may look like one.
TEST(Edge, is_not_found_in_a_random_walk) {
    for (const Contender& contender : contenders()) {
        const WalkResult walked = over_walks(contender, 101, 20, 1);
        EXPECT_LE(walked.called_real, 1U) << contender.kind;
        EXPECT_LT(stats::mean(walked.profits), 0) << contender.kind << " pays its costs";
        EXPECT_GT(walked.fills, 100U);
    }
}

// The walk is one: half-hour moves have no mean and do not follow each other.
TEST(Edge, has_a_walk_without_drift_or_memory) {
    std::vector<double> moves;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        std::int64_t due = 0;
        double before = 0;
        for (const Event& event : walk(seed, 1).events) {
            if (event.kind() != EventKind::kQuote || core::ns_since_epoch(event.time()) < due)
                continue;
            due = core::ns_since_epoch(event.time()) + 600 * kSecond;
            const double now = event.quote().bid.to_double();
            if (before > 0) moves.push_back(now / before - 1);
            before = now;
        }
    }
    ASSERT_GT(moves.size(), 1'400U);
    EXPECT_LT(std::abs(t_of(moves)), 2.58);
    EXPECT_LT(std::abs(stats::autocorrelation(moves, 1)), 2.58 / std::sqrt(1'400.0));
}

TEST(Edge, takes_the_quantile_of_students_t_from_the_tables) {
    EXPECT_NEAR(t_critical(10), 1.812, 0.001);
    EXPECT_NEAR(t_critical(29), 1.699, 0.001);
    EXPECT_NEAR(t_critical(1'000'000), 1.645, 0.001);
}

}  // namespace
}  // namespace sluice::tests
