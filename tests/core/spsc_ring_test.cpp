// SpscRing on one thread: order, bounds, wrap-around, both slot layouts, and a model.

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/core/hot/spsc_ring.hpp>

namespace {

using sluice::core::kCacheLine;
using sluice::core::PushResult;
using sluice::core::RingSlot;
using sluice::core::RingStamped;
using sluice::core::SpscRing;

struct alignas(kCacheLine) Line {
    std::uint64_t key;
    std::uint64_t body[6];
    std::uint32_t ring_stamp;
    std::uint32_t header;
};
struct Wide {  // fills a line by itself, so that the stamp needs a second one
    std::uint64_t key;
    std::uint64_t body[7];
};
struct Odd {  // 12 bytes: the slot is rounded up to 16
    std::uint32_t key;
    std::uint32_t body[2];
};

static_assert(RingStamped<Line> && !RingStamped<Wide> && !RingStamped<std::uint64_t>);
static_assert(sizeof(RingSlot<Line>::Slot) == 64);
static_assert(sizeof(RingSlot<std::uint64_t>::Slot) == 16);
static_assert(sizeof(RingSlot<Odd>::Slot) == 16);
static_assert(sizeof(RingSlot<std::array<std::uint64_t, 7>>::Slot) == 64);
static_assert(sizeof(RingSlot<Wide>::Slot) == 128 && alignof(RingSlot<Wide>::Slot) == 64);

template <typename T>
T make(std::uint64_t key) {
    T item{};
    item.key = static_cast<decltype(item.key)>(key);
    return item;
}

template <typename T>
class SpscRingOf : public testing::Test {};
using ItemTypes = testing::Types<Line, Wide, Odd>;
class ItemNames {
  public:
    template <typename T>
    static std::string GetName(int) {
        return std::is_same_v<T, Line> ? "stamped_line" : std::is_same_v<T, Wide> ? "wide" : "odd";
    }
};
TYPED_TEST_SUITE(SpscRingOf, ItemTypes, ItemNames);

TYPED_TEST(SpscRingOf, is_empty_when_new) {
    SpscRing<TypeParam> ring{8};
    TypeParam item{};
    EXPECT_FALSE(ring.try_pop(item));
    EXPECT_EQ(ring.peek(), nullptr);
    EXPECT_EQ(ring.size_approx(), 0U);
    EXPECT_EQ(ring.capacity(), 8U);
}

TYPED_TEST(SpscRingOf, holds_exactly_its_capacity) {
    SpscRing<TypeParam> ring{8};
    for (std::uint64_t key = 0; key < 8; ++key) {
        EXPECT_EQ(ring.try_push(make<TypeParam>(key)), PushResult::kOk);
    }
    EXPECT_EQ(ring.try_push(make<TypeParam>(8)), PushResult::kFull);
    EXPECT_EQ(ring.claim(), nullptr);
    EXPECT_EQ(ring.size_approx(), 8U);
    TypeParam item{};
    for (std::uint64_t key = 0; key < 8; ++key) {
        ASSERT_TRUE(ring.try_pop(item));
        EXPECT_EQ(item.key, key);
    }
    EXPECT_FALSE(ring.try_pop(item));
}

TYPED_TEST(SpscRingOf, keeps_order_across_wrap_of_indices_and_stamps) {
    // 2^64 - 20 crosses the wrap of the index and, with it, of the stamp; with 2^3 slots the
    // stamp alone wraps at 2^35.
    for (const std::uint64_t start :
         {std::numeric_limits<std::uint64_t>::max() - 19, (std::uint64_t{1} << 35U) - 20}) {
        SpscRing<TypeParam> ring{8, start};
        TypeParam item{};
        for (std::uint64_t key = 0; key < 100; ++key) {
            EXPECT_FALSE(ring.try_pop(item)) << key;
            ASSERT_EQ(ring.try_push(make<TypeParam>(2 * key)), PushResult::kOk);
            ASSERT_EQ(ring.try_push(make<TypeParam>(2 * key + 1)), PushResult::kOk);
            ASSERT_TRUE(ring.try_pop(item));
            EXPECT_EQ(item.key, 2 * key);
            ASSERT_TRUE(ring.try_pop(item));
            EXPECT_EQ(item.key, 2 * key + 1);
        }
    }
}

TYPED_TEST(SpscRingOf, works_with_a_single_slot) {
    SpscRing<TypeParam> ring{1};
    TypeParam item{};
    for (std::uint64_t key = 0; key < 5; ++key) {
        ASSERT_EQ(ring.try_push(make<TypeParam>(key)), PushResult::kOk);
        EXPECT_EQ(ring.try_push(make<TypeParam>(99)), PushResult::kFull);
        ASSERT_TRUE(ring.try_pop(item));
        EXPECT_EQ(item.key, key);
    }
}

TYPED_TEST(SpscRingOf, claimed_slot_is_invisible_until_published) {
    SpscRing<TypeParam> ring{4};
    TypeParam* slot = ring.claim();
    ASSERT_NE(slot, nullptr);
    slot->key = 7;
    EXPECT_EQ(ring.peek(), nullptr);
    ring.publish();
    const TypeParam* item = ring.peek();
    ASSERT_NE(item, nullptr);
    EXPECT_EQ(item->key, 7U);
    EXPECT_EQ(ring.peek(), item) << "peeking does not consume";
    ring.release();
    EXPECT_EQ(ring.peek(), nullptr);
}

TYPED_TEST(SpscRingOf, batch_takes_what_fits_and_gives_what_is_there) {
    SpscRing<TypeParam> ring{256};
    std::vector<TypeParam> items;
    for (std::uint64_t key = 0; key < 300; ++key) {
        items.push_back(make<TypeParam>(key));
    }
    EXPECT_EQ(ring.try_push_n(items), 256U);
    EXPECT_EQ(ring.try_push_n(items), 0U);
    std::vector<TypeParam> out(200);
    EXPECT_EQ(ring.try_pop_n(out), 200U);
    EXPECT_EQ(out[199].key, 199U);
    EXPECT_EQ(ring.try_pop_n(out), 56U);
    EXPECT_EQ(out[55].key, 255U);
    EXPECT_EQ(ring.try_pop_n(out), 0U);
    EXPECT_EQ(ring.try_push_n({}), 0U);
    EXPECT_EQ(ring.try_pop_n({}), 0U);
}

TEST(SpscRing, carries_every_byte_of_a_stamped_item_but_the_stamp) {
    SpscRing<Line> ring{2};
    Line in{.key = 1, .body = {2, 3, 4, 5, 6, 7}, .ring_stamp = 0xdead, .header = 8};
    ASSERT_EQ(ring.try_push(in), PushResult::kOk);
    Line out{};
    ASSERT_TRUE(ring.try_pop(out));
    EXPECT_EQ(out.key, 1U);
    for (std::size_t i = 0; i < 6; ++i) {
        EXPECT_EQ(out.body[i], i + 2);
    }
    EXPECT_EQ(out.header, 8U);
}

TEST(SpscRing, refuses_capacities_that_are_no_power_of_two) {
    using Ring = SpscRing<std::uint64_t>;
    EXPECT_THROW(Ring{0}, std::invalid_argument);
    EXPECT_THROW(Ring{3}, std::invalid_argument);
    EXPECT_THROW(Ring{4095}, std::invalid_argument);
    EXPECT_THROW(Ring{Ring::kCapacityMax * 2}, std::invalid_argument);
}

TEST(SpscRing, frees_slots_at_every_eighth_and_at_every_empty_poll) {
    SpscRing<std::uint64_t> ring{64};
    for (std::uint64_t i = 0; i < 64; ++i) {
        ASSERT_EQ(ring.try_push(i), PushResult::kOk);
    }
    std::uint64_t item = 0;
    for (int i = 0; i < 7; ++i) {
        ASSERT_TRUE(ring.try_pop(item));
        EXPECT_EQ(ring.try_push(0), PushResult::kFull) << "seven of 64 are not yet published";
    }
    ASSERT_TRUE(ring.try_pop(item));
    EXPECT_EQ(ring.try_push(64), PushResult::kOk);
    for (int i = 0; i < 57; ++i) {
        ASSERT_TRUE(ring.try_pop(item));
    }
    ASSERT_FALSE(ring.try_pop(item));
    for (std::uint64_t i = 0; i < 64; ++i) {
        EXPECT_EQ(ring.try_push(i), PushResult::kOk) << "an empty poll frees all";
    }
}

// The ring against a deque. The model knows the one liberty the ring takes: the reader's index
// reaches the writer at every eighth of the ring and whenever a read comes up short.
struct Model {
    std::deque<std::uint64_t> items;
    std::size_t unpublished = 0;
    std::size_t capacity;

    [[nodiscard]] std::size_t room() const { return capacity - items.size() - unpublished; }
    void consumed(std::size_t count, bool came_up_short) {
        items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(count));
        unpublished += count;
        if (came_up_short || unpublished >= std::max<std::size_t>(1, capacity / 8)) {
            unpublished = 0;
        }
    }
};

using Steps = std::vector<std::pair<std::uint8_t, std::uint8_t>>;

template <typename T>
void check_against_model(unsigned capacity_bits, std::uint64_t start, const Steps& steps) {
    const std::size_t capacity = std::size_t{1} << capacity_bits;
    SpscRing<T> ring{capacity, start};
    Model model{.items = {}, .unpublished = 0, .capacity = capacity};
    std::uint32_t next = 0;
    for (const auto& [kind, amount] : steps) {
        switch (kind % 6) {
            case 0: {  // push one
                const bool fits = model.room() > 0;
                RC_ASSERT((ring.try_push(make<T>(next)) == PushResult::kOk) == fits);
                if (fits) model.items.push_back(next++);
                break;
            }
            case 1: {  // push in place
                T* slot = ring.claim();
                RC_ASSERT((slot != nullptr) == (model.room() > 0));
                if (slot != nullptr) {
                    slot->key = next;
                    ring.publish();
                    model.items.push_back(next++);
                }
                break;
            }
            case 2: {  // push a batch
                std::vector<T> batch;
                for (std::uint32_t i = 0; i < amount; ++i) batch.push_back(make<T>(next + i));
                const std::size_t fits = std::min<std::size_t>(amount, model.room());
                RC_ASSERT(ring.try_push_n(batch) == fits);
                for (std::size_t i = 0; i < fits; ++i) model.items.push_back(next++);
                break;
            }
            case 3: {  // pop one
                T item{};
                const bool is_there = !model.items.empty();
                RC_ASSERT(ring.try_pop(item) == is_there);
                if (is_there) RC_ASSERT(item.key == model.items.front());
                model.consumed(is_there ? 1 : 0, !is_there);
                break;
            }
            case 4: {  // read in place
                const T* item = ring.peek();
                const bool is_there = !model.items.empty();
                RC_ASSERT((item != nullptr) == is_there);
                if (is_there) {
                    RC_ASSERT(item->key == model.items.front());
                    ring.release();
                }
                model.consumed(is_there ? 1 : 0, !is_there);
                break;
            }
            default: {  // pop a batch
                std::vector<T> batch(amount);
                const std::size_t there = std::min<std::size_t>(amount, model.items.size());
                RC_ASSERT(ring.try_pop_n(batch) == there);
                for (std::size_t i = 0; i < there; ++i) RC_ASSERT(batch[i].key == model.items[i]);
                model.consumed(there, there < amount);
            }
        }
        RC_ASSERT(ring.size_approx() == model.items.size());
    }
}

RC_GTEST_PROP(SpscRing, stamped_items_behave_like_a_deque, ()) {
    const auto start = *rc::gen::element<std::uint64_t>(0, ~std::uint64_t{0} - 30, 1ULL << 35U);
    check_against_model<Line>(*rc::gen::inRange(0U, 9U), start - 7, *rc::gen::arbitrary<Steps>());
}

RC_GTEST_PROP(SpscRing, small_items_behave_like_a_deque, ()) {
    const auto start = *rc::gen::element<std::uint64_t>(0, ~std::uint64_t{0} - 30, 1ULL << 35U);
    check_against_model<Odd>(*rc::gen::inRange(0U, 9U), start - 7, *rc::gen::arbitrary<Steps>());
}

}  // namespace
