// SpscRing between two threads: nothing lost, doubled, reordered or torn, over 10^8 items in
// all, through every entry point, with indices that start just before they wrap.
//
// SLUICE_SOAK_ITEMS sets the number of items; under a sanitizer the default is 2 * 10^6. Runs on
// any number of cores: a side that finds nothing to do yields.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>
#include <stop_token>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/core/thread.hpp>

namespace {

using sluice::core::Idler;
using sluice::core::IdleStrategy;
using sluice::core::PinnedThread;
using sluice::core::PushResult;
using sluice::core::SpscRing;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif
#else
constexpr bool kIsSanitized = false;
#endif

constexpr std::size_t kBatchMax = 100;

// A soak's share of all items, in thousandths. A ring of one slot hands every item over alone.
std::uint64_t items_of(std::uint64_t share) {
    const char* text = std::getenv("SLUICE_SOAK_ITEMS");
    const std::uint64_t total = text != nullptr ? std::strtoull(text, nullptr, 10)
                                                : (kIsSanitized ? 2'000'000 : 100'000'000);
    return std::max<std::uint64_t>(total * share / 1000, 1);
}

// Every word follows from the key, so that a torn item shows.
constexpr std::uint64_t word_of(std::uint64_t key, std::size_t i) {
    return (key + i) * 0x9e3779b97f4a7c15ULL;
}

struct alignas(64) Line {
    std::uint64_t key;
    std::uint64_t body[6];
    std::uint32_t ring_stamp;
    std::uint32_t header;

    void set(std::uint64_t value) {
        key = value;
        for (std::size_t i = 0; i < 6; ++i) body[i] = word_of(value, i);
        header = static_cast<std::uint32_t>(~value);
    }
    [[nodiscard]] bool is(std::uint64_t value) const {
        bool same = key == value && header == static_cast<std::uint32_t>(~value);
        for (std::size_t i = 0; i < 6; ++i) same = same && body[i] == word_of(value, i);
        return same;
    }
};
struct Wide {  // slot of two lines
    std::uint64_t words[8];
    void set(std::uint64_t value) {
        for (std::size_t i = 0; i < 8; ++i) words[i] = word_of(value, i);
    }
    [[nodiscard]] bool is(std::uint64_t value) const {
        bool same = true;
        for (std::size_t i = 0; i < 8; ++i) same = same && words[i] == word_of(value, i);
        return same;
    }
};
struct Word {  // four slots a line
    std::uint64_t value;
    void set(std::uint64_t key) { value = word_of(key, 1); }
    [[nodiscard]] bool is(std::uint64_t key) const { return value == word_of(key, 1); }
};

template <typename T>
void write_all(SpscRing<T>& ring, std::uint64_t count, std::uint32_t seed) {
    std::mt19937 random{seed};
    std::vector<T> batch(kBatchMax);
    Idler idler{IdleStrategy::kYield};
    for (std::uint64_t next = 0; next < count;) {
        // A run of one kind lets the two sides meet in every mixture of speeds.
        const auto kind = random() % 3;
        const std::uint64_t run_end = std::min<std::uint64_t>(count, next + 1 + random() % 1000);
        while (next < run_end) {
            std::size_t done = 0;
            if (kind == 0) {
                batch[0].set(next);
                done = ring.try_push(batch[0]) == PushResult::kOk ? 1 : 0;
            } else if (kind == 1) {
                if (T* slot = ring.claim(); slot != nullptr) {
                    slot->set(next);
                    ring.publish();
                    done = 1;
                }
            } else {
                const std::size_t size =
                    std::min<std::uint64_t>(1 + random() % kBatchMax, run_end - next);
                for (std::size_t i = 0; i < size; ++i) batch[i].set(next + i);
                done = ring.try_push_n({batch.data(), size});
            }
            next += done;
            idler.idle(done);
        }
    }
}

// The number of items that arrived whole and in order: count, unless something is wrong.
template <typename T>
std::uint64_t read_all(SpscRing<T>& ring, std::uint64_t count, std::uint32_t seed) {
    std::mt19937 random{seed};
    std::vector<T> batch(kBatchMax);
    Idler idler{IdleStrategy::kYield};
    for (std::uint64_t next = 0; next < count;) {
        const auto kind = random() % 4;
        const std::uint64_t run_end = std::min<std::uint64_t>(count, next + 1 + random() % 1000);
        while (next < run_end) {
            std::size_t done = 0;
            if (kind == 0) {
                done = ring.try_pop(batch[0]) ? 1 : 0;
                if (done == 1 && !batch[0].is(next)) return next;
            } else if (kind == 1) {
                if (const T* item = ring.peek(); item != nullptr) {
                    if (!item->is(next)) return next;
                    ring.release();
                    done = 1;
                }
            } else {
                const std::size_t size =
                    std::min<std::uint64_t>(1 + random() % kBatchMax, run_end - next);
                done = kind == 2 ? ring.try_pop_n({batch.data(), size})
                                 : ring.peek_n(0, {batch.data(), size});
                for (std::size_t i = 0; i < done; ++i) {
                    if (!batch[i].is(next + i)) return next + i;
                }
                if (kind == 3) {  // and on from what was seen
                    for (const T* item = nullptr;
                         done < size && (item = ring.peek_at(done)) != nullptr; ++done) {
                        if (!item->is(next + done)) return next + done;
                    }
                    ring.release_n(done);
                }
            }
            next += done;
            idler.idle(done);
        }
    }
    return count;
}

template <typename T>
void soak(std::uint64_t share, std::size_t capacity, std::uint64_t start, std::uint32_t seed) {
    const std::uint64_t count = items_of(share);
    SpscRing<T> ring{capacity, start};
    PinnedThread writer{{.name = "soak-writer", .core = {}},
                        [&](std::stop_token) { write_all(ring, count, seed); }};
    const std::uint64_t good = read_all(ring, count, seed + 1);
    if (good != count) {
        // The writer may wait for room for ever: say what is wrong and end here.
        std::fprintf(stderr, "item %llu arrived wrong\n", static_cast<unsigned long long>(good));
        std::abort();
    }
    writer.join();
    T extra{};
    EXPECT_FALSE(ring.try_pop(extra)) << "nothing is doubled";
    EXPECT_EQ(ring.size_approx(), 0U);
}

constexpr std::uint64_t kBeforeIndexWrap = std::numeric_limits<std::uint64_t>::max() - 5000;

TEST(SpscRingSoak, stamped_lines_cross_the_wrap_of_the_index) {
    soak<Line>(500, 4096, kBeforeIndexWrap, 1);
}
TEST(SpscRingSoak, stamped_lines_cross_the_wrap_of_the_stamp_in_a_small_ring) {
    // 2^4 slots: the 32-bit stamp wraps at index 2^36
    soak<Line>(148, 16, (std::uint64_t{1} << 36U) - 5000, 2);
}
TEST(SpscRingSoak, stamped_lines_survive_a_ring_of_one_slot) { soak<Line>(2, 1, 0, 3); }
TEST(SpscRingSoak, words_share_lines_without_mixing) { soak<Word>(250, 1024, kBeforeIndexWrap, 4); }
TEST(SpscRingSoak, items_of_two_lines_are_never_torn) { soak<Wide>(100, 256, kBeforeIndexWrap, 5); }

}  // namespace
