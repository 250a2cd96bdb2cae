#pragma once
// How two-thread measurements stay honest on a shared machine.
//
//  - Every measured block is a short burst (tens of milliseconds) of both threads, each pinned
//    and at real-time priority where the host allows it, followed by a pause of the same length,
//    so that the kernel's real-time throttle never bites.
//  - All contenders run in every round, in random order. Only ratios within one round are
//    compared, and what is reported is the median of those ratios: absolute times drift by 1.7x
//    within minutes when a host moves virtual processors, ratios do not.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sched.h>

#include <sluice/core/histogram.hpp>
#include <sluice/core/thread.hpp>

namespace sluice::bench {

/// Runs two functions at once on two cores, as one burst.
class Duo {
  public:
    Duo(std::size_t core_a, std::size_t core_b) : core_a_{core_a}, core_b_{core_b} {}

    template <typename A, typename B>
    void run(A&& a, B&& b) {
        std::atomic<int> arrived{0};
        const auto meet = [&arrived] {
            // acq_rel both ways: a barrier of two
            arrived.fetch_add(1, std::memory_order_acq_rel);
            while (arrived.load(std::memory_order_acquire) < 2) {}
        };
        std::thread partner{[&] {
            (void)core::pin_this_thread(core_b_);
            set_real_time(true);
            meet();
            b();
        }};
        (void)core::pin_this_thread(core_a_);
        // The partner is born on this core: it must have left before this thread stops sharing.
        while (arrived.load(std::memory_order_acquire) < 1) {
            ::sched_yield();
        }
        const auto start = std::chrono::steady_clock::now();
        has_priority_ = set_real_time(true) && has_priority_;
        meet();
        a();
        set_real_time(false);
        partner.join();
        std::this_thread::sleep_for(std::chrono::steady_clock::now() - start);
    }

    /// Whether every burst so far ran at real-time priority.
    [[nodiscard]] bool has_priority() const noexcept { return has_priority_; }

  private:
    static bool set_real_time(bool on) noexcept {
        sched_param param{};
        param.sched_priority = on ? 50 : 0;
        return ::pthread_setschedparam(::pthread_self(), on ? SCHED_FIFO : SCHED_OTHER, &param) ==
               0;
    }

    std::size_t core_a_;
    std::size_t core_b_;
    bool has_priority_ = true;
};

/// What one block measured: a typical value and, for latencies, its tail.
struct Sample {
    double p50;
    double p99;
};

struct Contender {
    std::string name;
    std::function<Sample()> block;
    std::vector<Sample> samples;  // one a round
    // Every value of every round that counts, in nanoseconds; null where a block has but one.
    std::shared_ptr<core::Histogram> all{};
};

/// Runs all contenders `rounds` times in random order, after one round that does not count.
inline void run_rounds(std::vector<Contender>& contenders, int rounds, std::uint32_t seed) {
    std::mt19937 random{seed};
    std::vector<std::size_t> order(contenders.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (int round = -1; round < rounds; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        for (const std::size_t i : order) {
            const Sample sample = contenders[i].block();
            if (round >= 0) {
                contenders[i].samples.push_back(sample);
            } else if (contenders[i].all) {
                contenders[i].all->clear();
            }
        }
    }
}

inline double quantile(std::vector<double> values, double q) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

/// The ratio of two contenders, round by round: p50 by p50, or p99 by p99.
inline std::vector<double> ratios(const Contender& top, const Contender& bottom,
                                  double Sample::*field) {
    std::vector<double> result;
    for (std::size_t i = 0; i < top.samples.size(); ++i) {
        result.push_back(top.samples[i].*field / bottom.samples[i].*field);
    }
    return result;
}

inline double median(const Contender& contender, double Sample::*field) {
    std::vector<double> values;
    for (const Sample& sample : contender.samples) {
        values.push_back(sample.*field);
    }
    return quantile(std::move(values), 0.5);
}

}  // namespace sluice::bench
