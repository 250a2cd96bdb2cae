#include <cstdint>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/core/hot/pool.hpp>

namespace {

using sluice::core::Pool;
using sluice::core::PoolHandle;
using sluice::core::ReleaseResult;

TEST(Pool, hands_out_its_capacity_and_then_none) {
    Pool<int> pool{3};
    EXPECT_EQ(pool.allocate(), PoolHandle{0});
    EXPECT_EQ(pool.allocate(), PoolHandle{1});
    EXPECT_FALSE(pool.is_exhausted());
    EXPECT_EQ(pool.allocate(), PoolHandle{2});
    EXPECT_TRUE(pool.is_exhausted());
    EXPECT_EQ(pool.allocate(), PoolHandle::kNone);
    EXPECT_EQ(pool.size(), 3U);
    EXPECT_EQ(pool.capacity(), 3U);
}

TEST(Pool, refuses_a_second_release_and_stays_whole) {
    Pool<int> pool{2};
    const PoolHandle first = pool.allocate();
    const PoolHandle second = pool.allocate();
    EXPECT_EQ(pool.release(first), ReleaseResult::kOk);
    EXPECT_EQ(pool.release(first), ReleaseResult::kNotAllocated);
    EXPECT_EQ(pool.size(), 1U);
    EXPECT_EQ(pool.allocate(), first);
    EXPECT_EQ(pool.allocate(), PoolHandle::kNone) << "a double release would have made room";
    EXPECT_TRUE(pool.contains(second));
}

TEST(Pool, refuses_handles_that_are_not_its_own) {
    Pool<int> pool{2};
    EXPECT_EQ(pool.release(PoolHandle{0}), ReleaseResult::kNotAllocated);
    EXPECT_EQ(pool.release(PoolHandle{2}), ReleaseResult::kNotAllocated);
    EXPECT_EQ(pool.release(PoolHandle::kNone), ReleaseResult::kNotAllocated);
    EXPECT_FALSE(pool.contains(PoolHandle::kNone));
}

TEST(Pool, a_reused_slot_starts_afresh) {
    Pool<int> pool{1};
    const PoolHandle handle = pool.allocate();
    pool[handle] = 42;
    EXPECT_EQ(pool.release(handle), ReleaseResult::kOk);
    EXPECT_EQ(pool[pool.allocate()], 0);
}

TEST(Pool, refuses_impossible_capacities) {
    EXPECT_THROW(Pool<char>{0}, std::invalid_argument);
    EXPECT_THROW(Pool<char>{Pool<char>::kCapacityMax + 1}, std::invalid_argument);
}

RC_GTEST_PROP(Pool, behaves_like_a_map_of_live_handles, ()) {
    const auto capacity = *rc::gen::inRange<std::size_t>(1, 20);
    const auto steps = *rc::gen::arbitrary<std::vector<std::pair<bool, std::uint32_t>>>();
    Pool<std::uint32_t> pool{capacity};
    std::map<PoolHandle, std::uint32_t> live;
    for (const auto& [is_allocate, number] : steps) {
        if (is_allocate) {
            const PoolHandle handle = pool.allocate();
            RC_ASSERT((handle == PoolHandle::kNone) == (live.size() == capacity));
            if (handle != PoolHandle::kNone) {
                RC_ASSERT(static_cast<std::size_t>(handle) < capacity);
                RC_ASSERT(live.emplace(handle, number).second);
                pool[handle] = number;
            }
        } else {
            const PoolHandle handle{number % static_cast<std::uint32_t>(capacity + 1)};
            const bool was_live = live.erase(handle) == 1;
            RC_ASSERT((pool.release(handle) == ReleaseResult::kOk) == was_live);
        }
        RC_ASSERT(pool.size() == live.size());
        for (const auto& [handle, value] : live) {
            RC_ASSERT(pool.contains(handle));
            RC_ASSERT(pool[handle] == value);
        }
    }
}

}  // namespace
