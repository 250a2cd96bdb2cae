#pragma once
// What a polling thread does when a round of its duty cycle found nothing to do.
//
// Threads   One Idler belongs to one thread.
// Cost      per idle round / added to the first item after idleness, on the host of perf/ring.md:
//
//   strategy     a round      reaction              use
//   spin         0            none                  a dedicated core, alone on its memory bus
//   spin_pause   ~15 ns       half a pause          a dedicated core; leaves lines to the writer
//   yield        ~0.2 us      a time slice when     more threads than cores, but all of them ours
//                             others are runnable
//   backoff      pause, then  up to kSleep plus     shared machines, paper sessions, tests
//                yield, then  a timer's slack
//                sleep        (~60 us together)
//
// Three threads that spin on two cores wait a scheduler's slice (16 ms) for one another; yield
// and backoff do not.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <sched.h>
#include <time.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sluice::core {

enum class IdleStrategy : std::uint8_t { kSpin, kSpinPause, kYield, kBackoff };

[[nodiscard]] constexpr std::string_view to_string(IdleStrategy strategy) noexcept {
    switch (strategy) {
        case IdleStrategy::kSpin: return "spin";
        case IdleStrategy::kSpinPause: return "spin_pause";
        case IdleStrategy::kYield: return "yield";
        case IdleStrategy::kBackoff: return "backoff";
    }
    return "spin";
}

/// The strategy of that name, exactly as to_string() writes it; nothing for any other text.
[[nodiscard]] constexpr std::optional<IdleStrategy> idle_strategy_from(
    std::string_view name) noexcept {
    for (const auto strategy : {IdleStrategy::kSpin, IdleStrategy::kSpinPause, IdleStrategy::kYield,
                                IdleStrategy::kBackoff}) {
        if (name == to_string(strategy)) {
            return strategy;
        }
    }
    return std::nullopt;
}

/// One hint to the core that this is a wait loop: ~15 ns on the host of perf/ring.md.
inline void cpu_pause() noexcept {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

class Idler {
  public:
    static constexpr std::uint32_t kPauseRounds = 64;  // ~1 us
    static constexpr std::uint32_t kYieldRounds = 64;  // ~10 us more
    static constexpr long kSleepNs = 50'000;

    explicit Idler(IdleStrategy strategy) noexcept : strategy_{strategy} {}

    /// Call once a round with the work it did: waits when that is 0, starts afresh otherwise.
    void idle(std::size_t work_count) noexcept {
        if (work_count != 0) {
            reset();
            return;
        }
        switch (strategy_) {
            case IdleStrategy::kSpin: return;
            case IdleStrategy::kSpinPause: cpu_pause(); return;
            case IdleStrategy::kYield: (void)::sched_yield(); return;
            case IdleStrategy::kBackoff: back_off(); return;
        }
    }

    /// The next idle round is the first one again.
    void reset() noexcept { rounds_ = 0; }

    [[nodiscard]] IdleStrategy strategy() const noexcept { return strategy_; }
    /// Idle rounds since the last work; counted for backoff only, and no further than its sleep.
    [[nodiscard]] std::uint32_t rounds() const noexcept { return rounds_; }

  private:
    [[gnu::noinline]] void back_off() noexcept {
        if (rounds_ < kPauseRounds) {
            ++rounds_;
            cpu_pause();
        } else if (rounds_ < kPauseRounds + kYieldRounds) {
            ++rounds_;
            (void)::sched_yield();
        } else {
            const timespec nap{.tv_sec = 0, .tv_nsec = kSleepNs};
            (void)::nanosleep(&nap, nullptr);  // a signal ends it early, which is as good
        }
    }

    IdleStrategy strategy_;
    std::uint32_t rounds_ = 0;
};

}  // namespace sluice::core
