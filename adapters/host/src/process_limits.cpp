#include <sluice/adapters/host/host_facts.hpp>

#include <thread>

#include <liburing.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

namespace sluice::adapters::host {
namespace {

std::uint64_t limit_of(decltype(RLIMIT_MEMLOCK) which) {
    rlimit limit{};
    if (::getrlimit(which, &limit) != 0) return 0;
    return limit.rlim_cur == RLIM_INFINITY ? ~std::uint64_t{0} : limit.rlim_cur;
}

// More than any unprivileged default, so that success means it was allowed.
bool can_lock() {
    constexpr std::size_t kBytes = std::size_t{64} << 20U;
    void* memory =
        ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    const bool locked = ::mlock(memory, kBytes) == 0;
    (void)::munmap(memory, kBytes);
    return locked;
}

// On a thread of its own, which ends with whatever it was given.
bool can_be_realtime() {
    bool raised = false;
    std::thread{[&raised] {
        sched_param param{};
        param.sched_priority = 1;
        raised = ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &param) == 0;
    }}.join();
    return raised;
}

bool can_use_io_uring() {
    io_uring ring{};
    if (::io_uring_queue_init(2, &ring, 0) != 0) return false;
    ::io_uring_queue_exit(&ring);
    return true;
}

}  // namespace

ProcessLimits read_process_limits() {
    return {limit_of(RLIMIT_MEMLOCK), limit_of(RLIMIT_RTPRIO), can_lock(), can_be_realtime(),
            can_use_io_uring()};
}

}  // namespace sluice::adapters::host
