#include <sluice/adapters/run_folder/thinning.hpp>

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sluice::adapters::run_folder {
namespace {

std::vector<std::size_t> thinned(const std::vector<int>& values, std::size_t limit) {
    return thin(values.size(), limit, [&](std::size_t i) { return values[i]; });
}

TEST(RunFolderThinning, keeps_a_short_series_whole) {
    EXPECT_EQ(thinned({}, 4), std::vector<std::size_t>{});
    EXPECT_EQ(thinned({3, 1, 2}, 4), (std::vector<std::size_t>{0, 1, 2}));
}

TEST(RunFolderThinning, keeps_a_lone_spike) {
    std::vector<int> values(100'000, 0);
    values[77'777] = 1;
    values[77'778] = -1;
    const auto kept = thinned(values, 100);
    EXPECT_TRUE(std::binary_search(kept.begin(), kept.end(), 77'777U));
    EXPECT_TRUE(std::binary_search(kept.begin(), kept.end(), 77'778U));
}

RC_GTEST_PROP(RunFolderThinning, keeps_first_last_lowest_and_highest_within_the_limit, ()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 3'000);
    const auto values = *rc::gen::container<std::vector<int>>(size, rc::gen::arbitrary<int>());
    const auto limit = *rc::gen::inRange<std::size_t>(4, 500);
    const auto kept = thinned(values, limit);
    RC_ASSERT(kept.size() <= limit);
    RC_ASSERT(kept.size() >= std::min(size, limit / 2));
    RC_ASSERT(kept.front() == 0U);
    RC_ASSERT(kept.back() == size - 1);
    RC_ASSERT(std::is_sorted(kept.begin(), kept.end(), std::less_equal<>{}) || kept.size() == 1);
    const auto kept_value = [&](int value) {
        return std::any_of(kept.begin(), kept.end(), [&](auto i) { return values[i] == value; });
    };
    RC_ASSERT(kept_value(*std::min_element(values.begin(), values.end())));
    RC_ASSERT(kept_value(*std::max_element(values.begin(), values.end())));
}

}  // namespace
}  // namespace sluice::adapters::run_folder
