#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/core/histogram.hpp>

namespace {

using sluice::core::Histogram;

// Nearest rank in whole numbers: percent in thousandths, so that there is nothing to round.
std::uint64_t nearest_rank(const std::vector<std::uint64_t>& sorted, std::uint64_t milli_percent) {
    const std::uint64_t rank = (sorted.size() * milli_percent + 99'999) / 100'000;
    return sorted[std::max<std::uint64_t>(rank, 1) - 1];
}

void expect_close(std::uint64_t measured, std::uint64_t exact) {
    const std::uint64_t error = measured > exact ? measured - exact : exact - measured;
    EXPECT_LE(error * 128, exact) << measured << " for " << exact;
}

TEST(Histogram, answers_zero_when_empty) {
    const Histogram histogram;
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.min(), 0U);
    EXPECT_EQ(histogram.max(), 0U);
    EXPECT_EQ(histogram.percentile(50), 0U);
    EXPECT_EQ(histogram.mean(), 0.0);
}

TEST(Histogram, is_exact_below_128) {
    Histogram histogram;
    for (std::uint64_t value = 0; value < 100; ++value) {
        histogram.record(value + 1);
    }
    EXPECT_EQ(histogram.percentile(0), 1U);
    EXPECT_EQ(histogram.percentile(1), 1U);
    EXPECT_EQ(histogram.percentile(1.001), 2U);
    EXPECT_EQ(histogram.percentile(50), 50U);
    EXPECT_EQ(histogram.percentile(99), 99U);
    EXPECT_EQ(histogram.percentile(99.1), 100U);
    EXPECT_EQ(histogram.percentile(100), 100U);
    EXPECT_EQ(histogram.mean(), 50.5);
}

TEST(Histogram, rank_of_a_percentile_survives_rounding_of_the_product) {
    // 0.999 * 1000 and the like may come out a hair above the whole number they mean.
    for (std::uint64_t count = 1000; count <= 100'000; count += 1000) {
        Histogram histogram;
        for (std::uint64_t i = 0; i < count; ++i) {
            histogram.record(i < count / 1000 * 999 ? 10 : 20);
        }
        EXPECT_EQ(histogram.percentile(99.9), 10U) << count;
        EXPECT_EQ(histogram.percentile(99.95), 20U) << count;
    }
}

TEST(Histogram, clamps_percent_and_treats_nan_as_zero) {
    Histogram histogram;
    histogram.record(5);
    histogram.record(9);
    EXPECT_EQ(histogram.percentile(-3), 5U);
    EXPECT_EQ(histogram.percentile(250), 9U);
    EXPECT_EQ(histogram.percentile(std::nan("")), 5U);
}

TEST(Histogram, keeps_min_and_max_exact_beyond_its_range) {
    Histogram histogram;
    histogram.record(3);
    histogram.record(Histogram::kValueMax + 12'345);
    EXPECT_EQ(histogram.min(), 3U);
    EXPECT_EQ(histogram.max(), Histogram::kValueMax + 12'345);
    EXPECT_EQ(histogram.percentile(100), Histogram::kValueMax + 12'345);
}

TEST(Histogram, buckets_tile_the_range_without_gap_or_overlap) {
    std::uint64_t next = 0;
    for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
        ASSERT_EQ(Histogram::lowest_of(bucket), next);
        ASSERT_EQ(Histogram::bucket_of(next), bucket);
        next += Histogram::width_of(bucket);
        ASSERT_EQ(Histogram::bucket_of(next - 1), bucket);
        ASSERT_LE(Histogram::width_of(bucket) * 64, std::max<std::uint64_t>(next, 64));
    }
    EXPECT_EQ(next, Histogram::kValueMax + 1);
}

TEST(Histogram, lists_its_buckets_in_order) {
    Histogram histogram;
    histogram.record(1000);
    histogram.record(7);
    histogram.record(1001);
    std::uint64_t total = 0;
    std::uint64_t last = 0;
    histogram.for_each_bucket([&](std::uint64_t lowest, std::uint64_t width, std::uint64_t count) {
        EXPECT_GE(lowest, last);
        last = lowest + width;
        total += count;
    });
    EXPECT_EQ(total, 3U);
}

TEST(Histogram, forgets_everything_when_cleared) {
    Histogram histogram;
    histogram.record(9);
    histogram.clear();
    EXPECT_EQ(histogram.count(), 0U);
    histogram.record(11);
    EXPECT_EQ(histogram.min(), 11U);
}

RC_GTEST_PROP(Histogram, percentiles_match_a_sorted_list, ()) {
    // Magnitudes spread evenly over the whole range, not just small or just huge values.
    std::mt19937_64 random{*rc::gen::arbitrary<std::uint64_t>()};
    const auto count = *rc::gen::inRange<std::size_t>(1, 2000);
    std::vector<std::uint64_t> values;
    Histogram histogram;
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back((random() & Histogram::kValueMax) >> (random() % Histogram::kValueBits));
        histogram.record(values.back());
    }
    std::sort(values.begin(), values.end());
    for (const unsigned milli :
         {0U, 1U, 1000U, 25'000U, 50'000U, 90'000U, 99'000U, 99'900U, 100'000U}) {
        expect_close(histogram.percentile(static_cast<double>(milli) / 1000),
                     nearest_rank(values, milli));
    }
    RC_ASSERT(!testing::Test::HasFailure());
    RC_ASSERT(histogram.min() == values.front());
    RC_ASSERT(histogram.max() == values.back());
    RC_ASSERT(histogram.count() == count);
}

RC_GTEST_PROP(Histogram, merging_equals_recording_together,
              (const std::vector<std::uint32_t>& left, const std::vector<std::uint32_t>& right)) {
    Histogram a;
    Histogram b;
    Histogram both;
    for (const std::uint32_t value : left) {
        a.record(value);
        both.record(value);
    }
    for (const std::uint32_t value : right) {
        b.record(value);
        both.record(value);
    }
    a.merge(b);
    RC_ASSERT(a.count() == both.count());
    RC_ASSERT(a.min() == both.min());
    RC_ASSERT(a.max() == both.max());
    RC_ASSERT(a.mean() == both.mean());
    for (const double percent : {1.0, 10.0, 50.0, 99.0, 99.9}) {
        RC_ASSERT(a.percentile(percent) == both.percentile(percent));
    }
}

}  // namespace
