// After warm-up the hot threads leave the kernel alone: under a filter that kills the process at
// any system call whatever, ten million ticks go through, and no page of memory has to be brought
// in.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cage.hpp"
#include "hot_run.hpp"

namespace sluice::tests {
namespace {

enum class Who { kHead, kGroup };

// In a child: the head alone, or the group behind a cut, goes into the cage.
void go_through_ticks(Who who, std::function<void()> plant, Found& found) {
    Cage cage;
    std::atomic<const Recorded*> recorded{nullptr};
    const bool is_head = who == Who::kHead;
    const Watch caged{[&] { cage.begin(); },
                      [&] {
                          if (!is_head) cage.end();
                      },
                      std::move(plant)};
    std::thread engine{[&] {
        (void)run(is_head ? kFused : CutMask{0b0001}, is_head ? caged : Watch{},
                  is_head ? Watch{} : caged, core::IdleStrategy::kSpinPause,
                  [&](const Recorded& seen) {
                      // release: pairs with the acquire below
                      recorded.store(&seen, std::memory_order_release);
                      if (is_head) cage.end();
                      for (;;) ::usleep(1'000'000);
                  });
    }};
    const Recorded* seen = nullptr;
    // acquire: pairs with the releases of the engine's thread and of its recorder
    while (!cage.done() || (seen = recorded.load(std::memory_order_acquire)) == nullptr ||
           !seen->whole.load(std::memory_order_acquire))
        ::usleep(1'000);
    cage.report(found);
    found.busy = seen->outcome.busy();
    ::_exit(0);  // nothing is taken down: the caged thread is still in it
}

Verdict tick_cage(
    Who who, const std::function<void()>& plant = [] {},
    const std::function<void()>& prepare = [] {}) {
    return in_child([&](Found& found) {
        prepare();
        go_through_ticks(who, plant, found);
    });
}

class HotPathKernel : public CagedThread {
  protected:
    static void expect_untouched(const Verdict& verdict) {
        expect_survived(verdict);
        if (IsSkipped() || HasFatalFailure()) return;
        EXPECT_EQ(verdict.found.faults, 0U);
    }
};

TEST_F(HotPathKernel, ten_million_ticks_in_one_thread_make_no_system_call_and_no_page_fault) {
    expect_untouched(tick_cage(Who::kHead));
}

TEST_F(HotPathKernel, the_stages_behind_a_cut_make_no_system_call_and_no_page_fault) {
    expect_untouched(tick_cage(Who::kGroup));
}

TEST_F(HotPathKernel, a_write_planted_on_the_path_is_caught) {
    expect_killed_for(tick_cage(Who::kHead, [] { (void)!::write(-1, nullptr, 0); }), SYS_write);
}

TEST_F(HotPathKernel, a_page_touched_for_the_first_time_is_caught) {
    constexpr std::size_t kPage = 4096;
    void* const page =
        ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(page, MAP_FAILED);
    const auto touch = [page] { *static_cast<volatile char*>(page) = 1; };
    const auto give_back = [page] {
        ::munlock(page, kPage);
        ::madvise(page, kPage, MADV_DONTNEED);
    };
    const Verdict verdict = tick_cage(Who::kHead, touch, give_back);
    ::munmap(page, kPage);
    expect_survived(verdict);
    if (IsSkipped() || HasFatalFailure()) return;
    EXPECT_GE(verdict.found.faults, 1U);
}

}  // namespace
}  // namespace sluice::tests
