// The ring over memory that is given to it, and reading from it without taking away.
#include <array>
#include <stdexcept>
#include <vector>

#include <sluice/core/hot/spsc_ring.hpp>

#include "journal_test_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::test_journal;
using Ring = core::SpscRing<Event>;

struct alignas(64) Memory {
    std::array<std::byte, 8 * 64> bytes{};
};

TEST(RingOverGivenMemory, keeps_its_items_there_beyond_its_own_life) {
    Memory memory;
    {
        Ring ring{std::span{memory.bytes}, 8};
        for (std::uint64_t n = 0; n < 3; ++n)
            ASSERT_EQ(ring.try_push(numbered(n)), core::PushResult::kOk);
    }
    for (std::uint64_t n = 0; n < 8; ++n) {
        Event event;
        std::memcpy(static_cast<void*>(&event), memory.bytes.data() + n * 64, 64);
        EXPECT_EQ(Event::RingStamp::of(event), n < 3 ? 0U : ~0U);
        if (n < 3) {
            EXPECT_TRUE(same(event, numbered(n)));
        }
    }
}

TEST(RingOverGivenMemory, refuses_too_little_and_what_is_not_aligned) {
    Memory memory;
    EXPECT_THROW(Ring(std::span{memory.bytes}.first(8 * 64 - 1), 8), std::invalid_argument);
    EXPECT_THROW(Ring(std::span{memory.bytes}.subspan(8), 4), std::invalid_argument);
    EXPECT_THROW(Ring(std::span{memory.bytes}, 6), std::invalid_argument);
}

TEST(RingPeek, copies_in_order_and_takes_nothing_until_told) {
    Ring ring{8};
    std::array<Event, 8> out;
    EXPECT_EQ(ring.peek_n(0, out), 0U);
    for (std::uint64_t n = 0; n < 8; ++n)
        ASSERT_EQ(ring.try_push(numbered(n)), core::PushResult::kOk);
    EXPECT_EQ(ring.peek_n(0, std::span{out}.first(3)), 3U);
    EXPECT_EQ(ring.peek_n(3, out), 5U);
    EXPECT_TRUE(same(out[0], numbered(3)) && same(out[4], numbered(7)));
    EXPECT_EQ(ring.peek_n(8, out), 0U);
    EXPECT_EQ(ring.try_push(numbered(8)), core::PushResult::kFull);
    ring.release_n(2);
    EXPECT_EQ(ring.try_push(numbered(8)), core::PushResult::kOk);
    EXPECT_EQ(ring.try_push(numbered(9)), core::PushResult::kOk);
    EXPECT_EQ(ring.try_push(numbered(10)), core::PushResult::kFull);
    EXPECT_EQ(ring.peek_n(5, out), 3U);
    EXPECT_TRUE(same(out[2], numbered(9)));
    EXPECT_EQ(ring.peek_n(0, std::span{out}.first(1)), 1U);
    EXPECT_TRUE(same(out[0], numbered(2)));
}

TEST(RingPeek, shows_each_item_in_place_and_nothing_beyond_the_last) {
    Ring ring{4};
    EXPECT_EQ(ring.peek_at(0), nullptr);
    for (std::uint64_t n = 0; n < 6; ++n) {
        ASSERT_EQ(ring.try_push(numbered(n)), core::PushResult::kOk);
        if (n >= 2) continue;
        ASSERT_NE(ring.peek_at(0), nullptr);
        EXPECT_TRUE(same(*ring.peek_at(0), numbered(n)));
        EXPECT_EQ(ring.peek_at(1), nullptr);
        ring.release_n(1);
    }
    for (std::uint64_t n = 0; n < 4; ++n) {
        ASSERT_NE(ring.peek_at(n), nullptr);
        EXPECT_TRUE(same(*ring.peek_at(n), numbered(n + 2)));
    }
    EXPECT_EQ(ring.peek_at(4), nullptr);  // the slot of the first, a lap too early
}

TEST(RingPeek, goes_with_a_writer_at_work) {
    Ring ring{16, ~std::uint64_t{0} - 100};
    constexpr std::uint64_t kItems = 50'000;
    std::thread writer{[&ring] {
        for (std::uint64_t n = 0; n < kItems; ++n)
            while (ring.try_push(numbered(n)) != core::PushResult::kOk) std::this_thread::yield();
    }};
    std::array<Event, 5> out;
    std::uint64_t seen = 0;
    std::uint64_t given_back = 0;
    while (seen < kItems) {
        const std::size_t count = ring.peek_n(seen - given_back, out);
        for (std::size_t i = 0; i < count; ++i)
            if (!same(out[i], numbered(seen + i))) ADD_FAILURE() << seen + i;
        seen += count;
        if (seen - given_back > 10 || count == 0) {
            ring.release_n(seen - given_back);
            given_back = seen;
            std::this_thread::yield();
        }
    }
    writer.join();
}

}  // namespace
