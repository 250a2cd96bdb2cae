#include <sluice/core/thin_series.hpp>

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sluice::core {
namespace {

struct Point {
    std::size_t at;
    int value;
};
struct ValueOf {
    int operator()(const Point& point) const { return point.value; }
};

std::vector<Point> thinned(const std::vector<int>& values, std::size_t limit) {
    ThinSeries<Point, ValueOf> series{limit};
    for (std::size_t i = 0; i < values.size(); ++i) series.add({i, values[i]});
    EXPECT_EQ(series.size(), values.size());
    return series.points();
}

TEST(ThinSeries, keeps_a_short_series_whole) {
    EXPECT_TRUE(thinned({}, 4).empty());
    std::vector<int> values(98);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i * 37 % 11);
    const auto kept = thinned(values, 100);
    ASSERT_EQ(kept.size(), values.size());
    for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i].at, i);
}

TEST(ThinSeries, keeps_equal_neighbours_of_a_short_series) {
    const auto kept = thinned({10, 10, 10, 10, 10, 10, 11, 11}, 100);
    ASSERT_EQ(kept.size(), 8U);
    for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i].at, i);
}

TEST(ThinSeries, keeps_a_lone_spike) {
    std::vector<int> values(100'000, 0);
    values[77'777] = 1;
    values[77'778] = -1;
    const auto kept = thinned(values, 100);
    const auto is_kept = [&](std::size_t at) {
        return std::any_of(kept.begin(), kept.end(), [&](const Point& p) { return p.at == at; });
    };
    EXPECT_TRUE(is_kept(77'777));
    EXPECT_TRUE(is_kept(77'778));
}

TEST(ThinSeries, spreads_what_it_keeps_evenly) {
    std::vector<int> values(10'000);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i * 7919 % 1000);
    const auto kept = thinned(values, 202);
    for (std::size_t i = 1; i < kept.size(); ++i)
        EXPECT_LE(kept[i].at - kept[i - 1].at, 2 * 128U) << "a stretch is 128 points here";
}

RC_GTEST_PROP(ThinSeries, keeps_first_last_lowest_and_highest_in_order_within_the_limit, ()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 3'000);
    const auto values = *rc::gen::container<std::vector<int>>(size, rc::gen::arbitrary<int>());
    const auto limit = *rc::gen::inRange<std::size_t>(4, 500);
    const auto kept = thinned(values, limit);
    RC_ASSERT(kept.size() <= limit);
    RC_ASSERT(kept.front().at == 0U);
    RC_ASSERT(kept.back().at == size - 1);
    RC_ASSERT(std::adjacent_find(kept.begin(), kept.end(), [](const Point& a, const Point& b) {
                  return a.at >= b.at;
              }) == kept.end());
    for (const Point& point : kept) RC_ASSERT(values[point.at] == point.value);
    const auto kept_value = [&](int value) {
        return std::any_of(kept.begin(), kept.end(), [&](auto& p) { return p.value == value; });
    };
    RC_ASSERT(kept_value(*std::min_element(values.begin(), values.end())));
    RC_ASSERT(kept_value(*std::max_element(values.begin(), values.end())));
}

}  // namespace
}  // namespace sluice::core
