#include <sluice/bench/jitter.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include <pthread.h>
#include <sched.h>
#include <sys/utsname.h>

#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/thread.hpp>

#include "report.hpp"

namespace sluice::bench {
namespace {

constexpr std::uint64_t kKeptNs = 200;
constexpr double kBurstSeconds = 0.04;

void set_priority(int priority) {
    sched_param param{};
    param.sched_priority = priority;
    (void)::pthread_setschedparam(::pthread_self(), priority > 0 ? SCHED_FIFO : SCHED_OTHER,
                                  &param);
}

// One burst of readings; the loop does nothing else.
void burst_of_readings(const core::TscClock& clock, Jitter& jitter) {
    const auto length = static_cast<std::uint64_t>(kBurstSeconds * clock.ticks_per_second());
    const auto kept =
        static_cast<std::uint64_t>(static_cast<double>(kKeptNs) * 1e-9 * clock.ticks_per_second());
    const std::uint64_t start = core::Tsc::now();
    std::uint64_t last = start;
    std::uint64_t lost = 0;
    while (last - start < length) {
        const std::uint64_t now = core::Tsc::now();
        const std::uint64_t gap = now - last;
        last = now;
        if (gap < kept) continue;
        const std::uint64_t ns = clock.to_ns(gap);
        jitter.gaps_ns.record(ns);
        jitter.over_1us += ns > 1'000 ? 1U : 0U;
        jitter.over_10us += ns > 10'000 ? 1U : 0U;
        jitter.over_100us += ns > 100'000 ? 1U : 0U;
        jitter.largest_ns = std::max(jitter.largest_ns, ns);
        if (ns > 1'000) lost += ns;
    }
    const double seconds = static_cast<double>(clock.to_ns(last - start)) * 1e-9;
    jitter.lost_share += static_cast<double>(lost) * 1e-9;
    jitter.seconds += seconds;
}

}  // namespace

Jitter measure_jitter(std::size_t core, double seconds) {
    Jitter jitter;
    jitter.core = core;
    const core::TscClock clock = core::TscClock::calibrate();
    std::thread{[&] {
        (void)core::pin_this_thread(core);
        while (jitter.seconds < seconds) {
            set_priority(50);
            burst_of_readings(clock, jitter);
            set_priority(0);
            std::this_thread::sleep_for(std::chrono::duration<double>(kBurstSeconds));
        }
    }}.join();
    jitter.lost_share /= jitter.seconds;
    return jitter;
}

Host describe_host() {
    utsname name{};
    (void)::uname(&name);
    Host host;
    host.cpu = cpu_model();
    host.kernel = name.release;
    host.compiler = __VERSION__;
#ifdef SLUICE_BUILD_IS_OPTIMISED
    host.is_optimised = true;
#endif
    host.tsc_hz = core::TscClock::calibrate().ticks_per_second();
    host.has_invariant_tsc = core::Tsc::is_invariant();
    host.cores = core::available_cores().size();
    std::ifstream isolated{"/sys/devices/system/cpu/isolated"};
    std::string list;
    host.has_isolated = static_cast<bool>(isolated >> list);
    return host;
}

}  // namespace sluice::bench
