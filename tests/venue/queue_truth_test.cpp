// The true outcome of a hypothetical order, from records of a few orders.
#include <gtest/gtest.h>

#include <sluice/proofs/queue_truth.hpp>

namespace sluice::tests {
namespace {

using pipeline::kRowEventEnd;
using pipeline::kRowSnapshot;
using pipeline::Side;
using proofs::QueueProbe;

constexpr std::int64_t kSecond = 1'000'000'000;

// A bid of two orders and an ask of two, and then what a test has happen to the bid, or to the ask
// turned around: probes join either side.
class QueueTruth : public testing::Test {
  protected:
    QueueTruth() {
        for (const std::int64_t id : {1, 2}) add(0, 'A', id, 'B', 100, 5, kRowSnapshot);
        for (const std::int64_t id : {3, 4}) add(0, 'A', id, 'A', 102, 5, kRowSnapshot);
        rows_.flags.back() |= kRowEventEnd;
        // All probes come between 0 and 1 s.
        add(0, 'A', 5, 'B', 90, 1);
        add(0, 'T', 0, 'N', 100, 1);
    }
    void add(std::int64_t second, char action, std::int64_t id, char side, std::int64_t price,
             std::int64_t size, int flags = kRowEventEnd) {
        rows_.append({second * kSecond, id, price, size, 0, 0, static_cast<std::uint8_t>(action),
                      static_cast<std::uint8_t>(side), static_cast<std::uint8_t>(flags)});
    }
    // The second in which all probes of that side filled; -1: none did.
    std::int64_t filled(Side side) {
        add(100, 'A', 999, 'B', 80, 1);
        proofs::QueueStudyOptions options;
        options.probes = 40;
        options.horizon_ns = 99 * kSecond;
        const auto probes = proofs::study_queues(rows_, options, {});
        EXPECT_EQ(probes.size(), 40U);
        std::int64_t out = -2;
        for (const QueueProbe& probe : probes) {
            if (probe.side != side) continue;
            EXPECT_EQ(probe.price_raw, side == Side::kBuy ? 100 : 102);
            EXPECT_EQ(probe.ahead_raw, 10);
            const std::int64_t second =
                probe.true_ns ? (probe.placed_ns + *probe.true_ns) / kSecond : -1;
            EXPECT_TRUE(out == -2 || out == second);
            out = second;
        }
        return out;
    }
    pipeline::OrderColumns rows_;
};

TEST_F(QueueTruth, is_not_filled_while_those_ahead_are_served) {
    add(2, 'T', 0, 'A', 100, 10, 0);
    for (const std::int64_t id : {1, 2}) add(2, 'F', id, 'B', 100, 5, 0);
    for (const std::int64_t id : {1, 2}) add(2, 'C', id, 'B', 100, 5);
    EXPECT_EQ(filled(Side::kBuy), -1);
}

TEST_F(QueueTruth, is_filled_when_one_behind_it_is_served) {
    add(2, 'A', 6, 'B', 100, 3);
    add(3, 'C', 1, 'B', 100, 5);
    add(4, 'T', 0, 'A', 100, 6, 0);
    add(4, 'F', 2, 'B', 100, 5, 0);
    add(4, 'F', 6, 'B', 100, 1, 0);
    EXPECT_EQ(filled(Side::kBuy), 4);
}

TEST_F(QueueTruth, is_filled_when_one_ahead_lost_its_place_and_was_served_then) {
    add(2, 'M', 1, 'B', 100, 9);  // larger: to the end of the queue
    add(3, 'M', 2, 'B', 100, 2);  // smaller: keeps its place
    add(4, 'F', 2, 'B', 100, 2, 0);
    add(5, 'F', 1, 'B', 100, 1);
    EXPECT_EQ(filled(Side::kBuy), 5);
}

TEST_F(QueueTruth,
       is_filled_by_an_execution_at_a_worse_price_and_by_an_order_that_would_have_met_it) {
    add(2, 'F', 5, 'B', 90, 1);
    add(3, 'A', 7, 'B', 102, 1);
    EXPECT_EQ(filled(Side::kBuy), 2);
    EXPECT_EQ(filled(Side::kSell), 3);
}

TEST_F(QueueTruth, is_not_filled_by_the_other_side_s_executions) {
    add(2, 'A', 6, 'A', 102, 3);
    add(3, 'F', 6, 'A', 102, 3);
    EXPECT_EQ(filled(Side::kBuy), -1);
    EXPECT_EQ(filled(Side::kSell), 3);
}

TEST(QueueScore, counts_agreement_and_the_error_of_times) {
    std::vector<QueueProbe> probes(4);
    probes[0].true_ns = 2 * kSecond;
    probes[0].model_ns = {3 * kSecond};
    probes[1].true_ns = 2 * kSecond;
    probes[1].model_ns = {std::nullopt};
    probes[2].model_ns = {kSecond};
    probes[3].model_ns = {std::nullopt};
    const proofs::QueueScore s = score(probes, 0);
    EXPECT_EQ(s.fills, 2U);
    EXPECT_EQ(s.both, 1U);
    EXPECT_EQ(s.model_only, 1U);
    EXPECT_EQ(s.truth_only, 1U);
    EXPECT_DOUBLE_EQ(s.error_mean_s, 1.0);
}

}  // namespace
}  // namespace sluice::tests
