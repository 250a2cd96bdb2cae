// A cage for a hot thread: of the kernel it may ask only what is listed, and the pages that have to
// be brought in for it are counted. In a process of its own, because a filter cannot be taken off
// again.
#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <new>
#include <span>
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

#include <sluice/core/idle.hpp>

#include "allocation_hook.hpp"

namespace sluice::tests {

// What a child found; in memory that it shares with the test.
struct Found {
    bool locked = false;    // its memory, as a live session's is; it may not be allowed to
    bool filtered = false;  // the kernel has such filters
    bool refused = false;   // the machine lacks what the test is of
    bool done = false;      // the caged thread came to its end
    bool busy = false;      // and did what it was there for
    int stray_call = -1;    // the system call for which it was killed
    std::uint64_t faults = 0;
    HeapCalls heap{};
};

namespace detail {

inline Found* shared_found = nullptr;

// The filter calls this for what is not listed. Which call it was is written down; the next one is
// not allowed either, and while the signal is being handled that ends the process.
inline void note_and_die(int, siginfo_t* info, void*) {
    shared_found->stray_call = info->si_syscall;
    (void)::syscall(SYS_getppid);
}

inline std::uint64_t faults_of(pid_t thread) {
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

// From here on any other system call of this thread ends the process. False when the kernel has no
// such filters.
inline bool forbid_system_calls_but(std::span<const int> allowed) {
    std::array<sock_filter, 64> code{};
    std::size_t size = 0;
    const auto put = [&](std::uint16_t what, std::uint8_t otherwise, std::uint32_t value) {
        code.at(size++) = {what, 0, otherwise, value};
    };
    put(BPF_LD | BPF_W | BPF_ABS, 0, offsetof(seccomp_data, nr));
    for (const int call : allowed) {
        put(BPF_JMP | BPF_JEQ | BPF_K, 1, static_cast<std::uint32_t>(call));
        put(BPF_RET | BPF_K, 0, SECCOMP_RET_ALLOW);
    }
    put(BPF_RET | BPF_K, 0, SECCOMP_RET_TRAP);
    const sock_fprog program{static_cast<unsigned short>(size), code.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace detail

// One watched thread: after begin() its page faults are counted, and it cannot make a system call that
// is not in `allowed`.
class Cage {
  public:
    explicit Cage(std::span<const int> allowed = {}) : allowed_(allowed) {}

    void begin() {
        thread_ = static_cast<pid_t>(::syscall(SYS_gettid));
        (void)detail::faults_of(thread_);  // reading may itself bring something in
        before_ = detail::faults_of(thread_);
        filtered_ = detail::forbid_system_calls_but(allowed_);
    }
    // The thread may neither end nor wait: it goes round here until the process is over.
    [[noreturn]] void end() {
        // release: what it did is visible to who reads done()
        done_.store(true, std::memory_order_release);
        for (;;) core::cpu_pause();
    }
    [[nodiscard]] bool done() const { return done_.load(std::memory_order_acquire); }
    // After done(), from another thread.
    void report(Found& found) const {
        found.done = true;
        found.filtered = filtered_;
        found.faults = detail::faults_of(thread_) - before_;
    }

  private:
    std::span<const int> allowed_;
    pid_t thread_ = 0;
    std::uint64_t before_ = 0;
    bool filtered_ = false;
    std::atomic<bool> done_{false};
};

struct Verdict {
    int status = 0;  // as waitpid() has it
    Found found;
};

inline Verdict in_child(const std::function<void(Found&)>& body) {
    Verdict out;
    void* const shared =
        ::mmap(nullptr, sizeof(Found), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        ADD_FAILURE() << "no memory to share with a child";
        return out;
    }
    detail::shared_found = new (shared) Found;
    const pid_t child = ::fork();
    if (child == 0) {
        (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);  // its caged thread would go round for ever
        detail::shared_found->locked = ::mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
        struct sigaction action = {};
        action.sa_sigaction = detail::note_and_die;
        action.sa_flags = SA_SIGINFO;
        (void)::sigaction(SIGSYS, &action, nullptr);
        const rlimit no_core{0, 0};  // of a death that was planned
        (void)::setrlimit(RLIMIT_CORE, &no_core);
        try {
            body(*detail::shared_found);
        } catch (const std::exception& error) {  // or it would go on as a second test program
            std::fprintf(stderr, "the child: %s\n", error.what());
            ::_exit(2);
        }
        ::_exit(0);
    }
    EXPECT_GT(child, 0);
    EXPECT_EQ(::waitpid(child, &out.status, 0), child);
    out.found = *detail::shared_found;
    ::munmap(shared, sizeof(Found));
    return out;
}

class CagedThread : public testing::Test {
  protected:
    void SetUp() override {
        if (!can_count_heap_calls()) GTEST_SKIP() << "a sanitizer calls the kernel by itself";
    }
    // It ran to its end in its cage, and did its work there. Skips where there are no cages.
    static void expect_survived(const Verdict& verdict) {
        ASSERT_TRUE(WIFEXITED(verdict.status)) << "killed by signal " << WTERMSIG(verdict.status)
                                               << ", for system call " << verdict.found.stray_call;
        if (verdict.found.refused) GTEST_SKIP() << kRefused;
        ASSERT_TRUE(verdict.found.done) << "not at its end in the time that it was given";
        EXPECT_TRUE(verdict.found.busy);
        if (!verdict.found.filtered) GTEST_SKIP() << kNoFilters;
    }
    static void expect_killed_for(const Verdict& verdict, int call) {
        if (verdict.found.refused) GTEST_SKIP() << kRefused;
        if (WIFEXITED(verdict.status) && verdict.found.done && !verdict.found.filtered)
            GTEST_SKIP() << kNoFilters;
        ASSERT_TRUE(WIFSIGNALED(verdict.status));
        EXPECT_EQ(WTERMSIG(verdict.status), SIGSYS);
        EXPECT_EQ(verdict.found.stray_call, call);
    }

  private:
    static constexpr const char* kRefused = "this machine lacks what the test is of";
    static constexpr const char* kNoFilters = "this kernel has no system-call filters";
};

}  // namespace sluice::tests
