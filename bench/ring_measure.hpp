// The ring's measurements, for ring_bench and for the suite `ring`: core::SpscRing beside
// boost::lockfree::spsc_queue and beside the least a message between two cores can cost on this
// machine, the fresh-line ping-pong. Method: burst.hpp and perf/ring.md.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include <boost/lockfree/spsc_queue.hpp>

#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/idle.hpp>

#include "burst.hpp"
#include "report.hpp"

namespace sluice::bench::ring {

inline constexpr std::size_t kCapacity = 4096;
inline constexpr std::size_t kRoundTrips = 30'000;
inline constexpr std::size_t kSingles = 2'000'000;
inline constexpr std::size_t kBatched = 4'000'000;
inline constexpr std::size_t kBatch = 64;

struct alignas(64) Stamped {  // one line, lends the ring four of its bytes
    std::uint64_t key;
    std::uint64_t body[6];
    std::uint32_t ring_stamp;
    std::uint32_t header;
};
struct alignas(64) Plain {  // one line, all its own
    std::uint64_t key;
    std::uint64_t body[7];
};
struct Word {
    std::uint64_t key;
};

// The ring without asking for lines ahead, to show what that is worth.
struct NoPrefetch : core::RingTuning {
    static constexpr std::size_t kPushAheadBytes = 0;
    static constexpr std::size_t kPageBytes = 0;
};

template <typename T, typename Tuning = core::RingTuning>
struct OurRing {
    using Item = T;
    core::SpscRing<T, Tuning> ring{kCapacity};
    bool push(const T& item) { return ring.try_push(item) == core::PushResult::kOk; }
    bool pop(T& item) { return ring.try_pop(item); }
    std::size_t push_n(std::span<const T> items) { return ring.try_push_n(items); }
    std::size_t pop_n(std::span<T> items) { return ring.try_pop_n(items); }
};
template <typename T>
struct BoostQueue {
    using Item = T;
    boost::lockfree::spsc_queue<T> queue{kCapacity};
    bool push(const T& item) { return queue.push(item); }
    bool pop(T& item) { return queue.pop(item); }
    std::size_t push_n(std::span<const T> items) { return queue.push(items.data(), items.size()); }
    std::size_t pop_n(std::span<T> items) { return queue.pop(items.data(), items.size()); }
};

// In the loops below each side names what it uses before it starts: reached through the captures,
// it would lie on the other thread's stack, and where that stack happens to begin would decide
// whether both write to one line (measured: 3.8 or 4.8 ns an item, by the run).
struct Context {
    Duo duo;
    core::TscClock clock;
    std::size_t scale = 1;           // a block is that many times shorter
    core::Histogram* all = nullptr;  // of the contender at work
    bool whole_trips = false;        // round trips rather than the half of each, a hop
};

[[noreturn]] inline void out_of_order() {
    std::fputs("ring: an item was lost, doubled or reordered\n", stderr);
    std::abort();
}

inline Sample trip_of(std::vector<std::uint64_t>& trips, const Context& context,
                      core::Histogram& all) {
    const std::uint64_t share = context.whole_trips ? 1 : 2;
    for (const std::uint64_t trip : trips) all.record(context.clock.to_ns(trip) / share);
    std::sort(trips.begin(), trips.end());
    const auto ns = [&](std::size_t i) {
        return static_cast<double>(trips[i]) * 1e9 / context.clock.ticks_per_second() /
               static_cast<double>(share);
    };
    return {.p50 = ns(trips.size() / 2), .p99 = ns(trips.size() * 99 / 100)};
}
inline Sample hop_of(std::vector<std::uint64_t>& trips, const Context& context) {
    return trip_of(trips, context, *context.all);
}

// Two arrays of pairs of lines, a new one for every message, one word stored and loaded: what
// any queue must at least do.
inline Sample fresh_line_hop(Context& context) {
    const std::size_t count = kRoundTrips / context.scale;
    constexpr std::size_t kLines = 1024;
    struct alignas(core::kDestructivePair) Line {
        std::atomic<std::uint64_t> word{0};
    };
    const auto there = std::make_unique<Line[]>(kLines);
    const auto back = std::make_unique<Line[]>(kLines);
    std::vector<std::uint64_t> trips(count);
    // release with acquire: the plain hand-over of one word
    const auto send = [](Line* lines, std::uint64_t n) {
        lines[n % kLines].word.store(n, std::memory_order_release);
    };
    const auto await = [](Line* lines, std::uint64_t n) {
        while (lines[n % kLines].word.load(std::memory_order_acquire) != n) {}
    };
    context.duo.run(
        [&] {
            Line* const to = there.get();
            Line* const from = back.get();
            std::uint64_t* const trip = trips.data();
            for (std::uint64_t n = 1; n <= count; ++n) {
                const std::uint64_t start = core::Tsc::now();
                send(to, n);
                await(from, n);
                trip[n - 1] = core::Tsc::now() - start;
            }
        },
        [&] {
            Line* const to = back.get();
            Line* const from = there.get();
            for (std::uint64_t n = 1; n <= count; ++n) {
                await(from, n);
                send(to, n);
            }
        });
    return hop_of(trips, context);
}

template <typename Queue, bool kPause = false>
Sample queue_hop(Context& context) {
    const std::size_t count = kRoundTrips / context.scale;
    using Item = typename Queue::Item;
    const auto there = std::make_unique<Queue>();
    const auto back = std::make_unique<Queue>();
    std::vector<std::uint64_t> trips(count);
    const auto await = [](Queue& queue, Item& item) {
        while (!queue.pop(item)) {
            if constexpr (kPause) {
                core::cpu_pause();
            }
        }
    };
    context.duo.run(
        [&] {
            Queue& to = *there;
            Queue& from = *back;
            std::uint64_t* const trip = trips.data();
            Item item{};
            Item answer{};
            for (std::uint64_t n = 0; n < count; ++n) {
                const std::uint64_t start = core::Tsc::now();
                item.key = n;
                while (!to.push(item)) {}
                await(from, answer);
                trip[n] = core::Tsc::now() - start;
                if (answer.key != n) out_of_order();
            }
        },
        [&] {
            Queue& to = *back;
            Queue& from = *there;
            Item item{};
            for (std::uint64_t n = 0; n < count; ++n) {
                await(from, item);
                while (!to.push(item)) {}
            }
        });
    return hop_of(trips, context);
}

// ns per item as the reader sees it
inline Sample per_item(std::uint64_t ticks, std::size_t items, const core::TscClock& clock) {
    const double ns = static_cast<double>(ticks) * 1e9 / clock.ticks_per_second();
    return {.p50 = ns / static_cast<double>(items), .p99 = 0};
}

template <typename Queue>
Sample singles(Context& context) {
    const std::size_t count = kSingles / context.scale;
    using Item = typename Queue::Item;
    const auto queue = std::make_unique<Queue>();
    std::uint64_t ticks = 0;
    context.duo.run(
        [&] {
            Queue& to = *queue;
            Item item{};
            for (std::uint64_t n = 0; n < count; ++n) {
                item.key = n;
                while (!to.push(item)) {}
            }
        },
        [&] {
            Queue& from = *queue;
            Item item{};
            const std::uint64_t start = core::Tsc::now();
            for (std::uint64_t n = 0; n < count; ++n) {
                while (!from.pop(item)) {}
                if (item.key != n) out_of_order();
            }
            ticks = core::Tsc::now() - start;
        });
    return per_item(ticks, count, context.clock);
}

template <typename Queue>
Sample batches(Context& context) {
    const std::size_t items_in_all = kBatched / context.scale / kBatch * kBatch;
    using Item = typename Queue::Item;
    const auto queue = std::make_unique<Queue>();
    // Page-aligned for every contender: where the buffers lie moves the result by some percent.
    struct alignas(4096) Buffer {
        std::array<Item, kBatch> items{};
    };
    const auto outgoing = std::make_unique<Buffer>();
    const auto incoming = std::make_unique<Buffer>();
    // Filled once: to fill it before every push would measure the stall of copying what was stored
    // a moment ago, the same for every queue.
    for (std::size_t i = 0; i < kBatch; ++i) {
        outgoing->items[i].key = i;
    }
    std::uint64_t ticks = 0;
    context.duo.run(
        [&] {
            Queue& to = *queue;
            const std::array<Item, kBatch>& items = outgoing->items;
            for (std::uint64_t n = 0; n < items_in_all; n += kBatch) {
                for (std::span<const Item> left{items}; !left.empty();) {
                    left = left.subspan(to.push_n(left));
                }
            }
        },
        [&] {
            Queue& from = *queue;
            std::array<Item, kBatch>& items = incoming->items;
            const std::uint64_t start = core::Tsc::now();
            for (std::uint64_t n = 0; n < items_in_all;) {
                const std::size_t count = from.pop_n(items);
                for (std::size_t i = 0; i < count; ++i) {
                    if (items[i].key != (n + i) % kBatch) out_of_order();
                }
                n += count;
            }
            ticks = core::Tsc::now() - start;
        });
    return per_item(ticks, items_in_all, context.clock);
}

// Every section, its baseline first. The context has to outlive the contenders.
inline std::vector<Section> make_sections(Context& context) {
    const auto block = [&context](const char* name, Sample (*run)(Context&)) {
        auto all = std::make_shared<core::Histogram>();
        return Contender{name,
                         [&context, run, all] {
                             context.all = all.get();
                             return run(context);
                         },
                         {},
                         all};
    };
    using Ours = OurRing<Stamped>;
    return {
        {"one-way hop",
         "fresh lines",
         true,
         {{1, 1.10}},
         {block("fresh lines, 8 bytes (floor)", fresh_line_hop),
          block("ring, 64 B stamped", queue_hop<Ours>),
          block("ring, 64 B stamped, pausing reader", queue_hop<Ours, true>),
          block("ring, 64 B stamped, no prefetch", queue_hop<OurRing<Stamped, NoPrefetch>>),
          block("ring, 8 B", queue_hop<OurRing<Word>>),
          block("ring, 64 B plain", queue_hop<OurRing<Plain>>),
          block("boost, 64 B", queue_hop<BoostQueue<Plain>>),
          block("boost, 8 B", queue_hop<BoostQueue<Word>>)}},
        {"single items of 64 bytes",
         "boost",
         false,
         {{1, 2.85}},
         {block("boost", singles<BoostQueue<Plain>>), block("ring, stamped", singles<Ours>),
          block("ring, stamped, no prefetch", singles<OurRing<Stamped, NoPrefetch>>),
          block("ring, plain", singles<OurRing<Plain>>)}},
        {"single items of 8 bytes",
         "boost",
         false,
         {},
         {block("boost", singles<BoostQueue<Word>>), block("ring", singles<OurRing<Word>>)}},
        {"batches of 64, 64 bytes",
         "boost",
         false,
         {{1, 1.4}},
         {block("boost", batches<BoostQueue<Plain>>), block("ring, stamped", batches<Ours>),
          block("ring, stamped, no prefetch", batches<OurRing<Stamped, NoPrefetch>>),
          block("ring, plain", batches<OurRing<Plain>>)}},
        {"batches of 64, 8 bytes",
         "boost",
         false,
         {},
         {block("boost", batches<BoostQueue<Word>>), block("ring", batches<OurRing<Word>>)}},
    };
}

}  // namespace sluice::bench::ring
