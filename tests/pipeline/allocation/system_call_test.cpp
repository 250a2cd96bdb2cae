// After warm-up the hot threads leave the kernel alone: under a filter that kills the process at
// any system call whatever, ten million ticks go through, and no page of memory has to be brought
// in. Each case runs in a process of its own, because a filter cannot be taken off again.
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocation_hook.hpp"
#include "hot_run.hpp"

namespace sluice::tests {
namespace {

// From here on any system call of this thread kills the process. False when the kernel has no such
// filters.
bool forbid_system_calls() {
    sock_filter kill_all = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS};
    const sock_fprog program{1, &kill_all};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

std::uint64_t faults_of(pid_t thread) {
    std::ifstream file{"/proc/self/task/" + std::to_string(thread) + "/stat"};
    std::string text;
    std::getline(file, text);
    std::istringstream rest{text.substr(text.rfind(')') + 2)};
    std::string field;
    for (int i = 3; i < 10; ++i) rest >> field;  // state is field 3
    std::uint64_t minor = 0;
    std::uint64_t children = 0;
    std::uint64_t major = 0;
    rest >> minor >> children >> major;
    return minor + major;
}

// What a child found, through a pipe; nothing when it was killed.
struct Found {
    bool filtered = false;
    bool busy = false;
    std::uint64_t faults = 0;
};

// One watched thread: counts its page faults, and cannot make a system call after begin().
class Cage {
  public:
    void begin() {
        thread_ = static_cast<pid_t>(::syscall(SYS_gettid));
        before_ = faults_of(thread_);
        (void)faults_of(thread_);  // reading may itself bring something in: the second one counts
        before_ = faults_of(thread_);
        filtered_ = forbid_system_calls();
    }
    // The thread may neither end nor wait: it goes round here until the process is over.
    [[noreturn]] void end() {
        // release: what it did is visible to who reads done()
        done_.store(true, std::memory_order_release);
        for (;;) core::cpu_pause();
    }
    [[nodiscard]] bool done() const { return done_.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t faults() const { return faults_of(thread_) - before_; }
    [[nodiscard]] bool filtered() const { return filtered_; }

  private:
    pid_t thread_ = 0;
    std::uint64_t before_ = 0;
    bool filtered_ = false;
    std::atomic<bool> done_{false};
};

enum class Who { kHead, kGroup };

// In a child: the head alone, or the group behind a cut, goes into the cage.
Found caged(Who who, const std::function<void()>& prepare, std::function<void()> plant) {
    (void)::mlockall(MCL_CURRENT | MCL_FUTURE);  // as a live session does; it may not be allowed to
    prepare();
    Cage cage;
    Found found;
    const auto report = [&](const Outcome* outcome) {
        found.filtered = cage.filtered();
        found.faults = cage.faults();
        found.busy = outcome == nullptr || outcome->busy();
    };
    if (who == Who::kHead) {
        const Watch head{[&] { cage.begin(); }, [] {}, std::move(plant)};
        std::thread engine{[&] {
            (void)run(kFused, head, {}, core::IdleStrategy::kSpinPause, [&] { cage.end(); });
        }};
        while (!cage.done()) ::usleep(1'000);
        report(nullptr);
        engine.detach();
        return found;
    }
    const Watch group{[&] { cage.begin(); }, [&] { cage.end(); }, [] {}};
    std::thread engine{[&] {
        (void)run(0b0001, {}, group, core::IdleStrategy::kSpinPause, [&] {
            while (!cage.done()) ::usleep(1'000);
            for (;;) ::usleep(1'000'000);
        });
    }};
    while (!cage.done()) ::usleep(1'000);
    report(nullptr);
    engine.detach();
    return found;
}

struct Verdict {
    int status = 0;
    Found found;
};

Verdict in_child(
    Who who, const std::function<void()>& plant = [] {},
    const std::function<void()>& prepare = [] {}) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const Found found = caged(who, prepare, plant);
        (void)!::write(ends[1], &found, sizeof found);
        ::_exit(0);
    }
    ::close(ends[1]);
    Verdict out;
    EXPECT_EQ(::waitpid(child, &out.status, 0), child);
    (void)!::read(ends[0], &out.found, sizeof out.found);
    ::close(ends[0]);
    return out;
}

class HotPathKernel : public testing::Test {
  protected:
    void SetUp() override {
        if (!can_count_heap_calls()) GTEST_SKIP() << "a sanitizer calls the kernel by itself";
    }
    static void expect_untouched(const Verdict& verdict) {
        if (WIFEXITED(verdict.status) && !verdict.found.filtered)
            GTEST_SKIP() << "this kernel has no system-call filters";
        ASSERT_TRUE(WIFEXITED(verdict.status))
            << "killed by signal " << WTERMSIG(verdict.status) << ": a system call was made";
        EXPECT_EQ(verdict.found.faults, 0U);
    }
};

TEST_F(HotPathKernel, ten_million_ticks_in_one_thread_make_no_system_call_and_no_page_fault) {
    expect_untouched(in_child(Who::kHead));
}

TEST_F(HotPathKernel, the_stages_behind_a_cut_make_no_system_call_and_no_page_fault) {
    expect_untouched(in_child(Who::kGroup));
}

TEST_F(HotPathKernel, a_write_planted_on_the_path_is_caught) {
    const Verdict verdict = in_child(Who::kHead, [] { (void)!::write(-1, nullptr, 0); });
    ASSERT_TRUE(WIFSIGNALED(verdict.status));
    EXPECT_EQ(WTERMSIG(verdict.status), SIGSYS);
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
    const Verdict verdict = in_child(Who::kHead, touch, give_back);
    ASSERT_TRUE(WIFEXITED(verdict.status));
    EXPECT_GE(verdict.found.faults, verdict.found.filtered ? 1U : 0U);
    ::munmap(page, kPage);
}

}  // namespace
}  // namespace sluice::tests
