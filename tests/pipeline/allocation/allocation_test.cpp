// After warm-up the hot threads leave the heap alone: ten million ticks, through bars, strategies,
// orders, fills, refusals and cancels, are counted by a hook around malloc.
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "allocation_hook.hpp"
#include "hot_run.hpp"

namespace sluice::tests {
namespace {

struct Counted {
    Outcome outcome;
    HeapCalls head;
    HeapCalls group;
};

Counted counted_run(
    CutMask cuts, std::function<void()> plant = [] {}) {
    Counted out;
    const Watch head{arm_heap_count, [&] { out.head = disarm_heap_count(); }, std::move(plant)};
    const Watch group{arm_heap_count, [&] { out.group = disarm_heap_count(); }, [] {}};
    out.outcome = run(cuts, head, group);
    return out;
}

class HotPathHeap : public testing::Test {
  protected:
    void SetUp() override {
        if (!can_count_heap_calls())
            GTEST_SKIP() << "this build's malloc cannot be replaced (sanitizer, or not glibc)";
    }
};

TEST_F(HotPathHeap, ten_million_ticks_in_one_thread_make_no_heap_call) {
    const Counted fused = counted_run(kFused);
    EXPECT_TRUE(fused.outcome.busy());
    EXPECT_EQ(fused.head.allocations, 0U);
    EXPECT_EQ(fused.head.frees, 0U);
}

TEST_F(HotPathHeap, ten_million_ticks_across_two_threads_make_no_heap_call) {
    const Counted split = counted_run(0b0100);
    EXPECT_TRUE(split.outcome.busy());
    EXPECT_EQ(split.head.allocations, 0U);
    EXPECT_EQ(split.head.frees, 0U);
    EXPECT_EQ(split.group.allocations, 0U);
    EXPECT_EQ(split.group.frees, 0U);
}

TEST_F(HotPathHeap, an_allocation_planted_on_the_path_is_caught) {
    std::unique_ptr<std::string> text;
    const Counted planted =
        counted_run(kFused, [&] { text = std::make_unique<std::string>(100, 'x'); });
    EXPECT_GE(planted.head.allocations, 2U) << "the string and its text";
    EXPECT_LT(planted.head.allocations, 100U);
}

// Each way to the heap, so that none is missed by the hook. volatile: the call must not be elided.
TEST_F(HotPathHeap, every_way_to_the_heap_is_counted) {
    const auto counted = [](auto&& body) {
        arm_heap_count();
        body();
        return disarm_heap_count();
    };
    const auto expect_pair = [&](const char* way, auto&& body) {
        const HeapCalls calls = counted(body);
        EXPECT_EQ(calls.allocations, 1U) << way;
        EXPECT_EQ(calls.frees, 1U) << way;
    };
    volatile std::size_t size = 100;
    void* volatile kept = nullptr;
    expect_pair("malloc", [&] {
        kept = std::malloc(size);
        std::free(kept);
    });
    expect_pair("calloc", [&] {
        kept = std::calloc(size, 2);
        std::free(kept);
    });
    expect_pair("realloc", [&] {
        kept = std::realloc(nullptr, size);
        std::free(kept);
    });
    expect_pair("aligned_alloc", [&] {
        kept = std::aligned_alloc(64, 128);
        std::free(kept);
    });
    expect_pair("posix_memalign", [&] {
        void* block = nullptr;
        ASSERT_EQ(::posix_memalign(&block, 64, size), 0);
        kept = block;
        std::free(kept);
    });
    expect_pair("operator new", [&] {
        kept = ::operator new(size);
        ::operator delete(kept);
    });
    expect_pair("aligned operator new", [&] {
        kept = ::operator new (size, std::align_val_t{64});
        ::operator delete (kept, std::align_val_t{64});
    });
    expect_pair("vector", [&] { const std::vector<char> v(size); });
    EXPECT_EQ(counted([] {}).allocations, 0U);
}

TEST_F(HotPathHeap, another_threads_calls_are_not_counted) {
    std::atomic<int> step{0};
    std::thread other{[&] {
        while (step.load() == 0) std::this_thread::yield();
        void* volatile kept = std::malloc(100);
        std::free(kept);
        step.store(2);
    }};
    arm_heap_count();
    step.store(1);
    while (step.load() != 2) std::this_thread::yield();
    const HeapCalls calls = disarm_heap_count();
    other.join();
    EXPECT_EQ(calls.allocations, 0U);
    EXPECT_EQ(calls.frees, 0U);
}

}  // namespace
}  // namespace sluice::tests
