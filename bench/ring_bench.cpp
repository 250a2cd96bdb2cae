// ring_bench: core::SpscRing beside boost::lockfree::spsc_queue and beside the least a message
// between two cores can cost on this machine, the fresh-line ping-pong.
//
//   ring_bench [--rounds N] [--only TEXT] [--json FILE] [--gate]
//
// --only runs the sections with TEXT in their name. --gate makes the exit status 1 when a target
// of perf/ring.md is missed. Needs two cores.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/lockfree/spsc_queue.hpp>

#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/idle.hpp>

#include "burst.hpp"
#include "report.hpp"

namespace {

using namespace sluice;
using bench::Contender;
using bench::Gate;
using bench::Sample;
using bench::Section;

constexpr std::size_t kCapacity = 4096;
constexpr std::size_t kRoundTrips = 30'000;
constexpr std::size_t kSingles = 2'000'000;
constexpr std::size_t kBatched = 4'000'000;
constexpr std::size_t kBatch = 64;

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
    bench::Duo duo;
    core::TscClock clock;
};

[[noreturn]] void out_of_order() {
    std::fputs("ring_bench: an item was lost, doubled or reordered\n", stderr);
    std::abort();
}

Sample hop_of(std::vector<std::uint64_t>& trips, const core::TscClock& clock) {
    std::sort(trips.begin(), trips.end());
    const auto half_ns = [&](std::size_t i) {
        return static_cast<double>(trips[i]) * 0.5e9 / clock.ticks_per_second();
    };
    return {.p50 = half_ns(trips.size() / 2), .p99 = half_ns(trips.size() * 99 / 100)};
}

// Two arrays of pairs of lines, a new one for every message, one word stored and loaded: what
// any queue must at least do.
Sample fresh_line_hop(Context& context) {
    constexpr std::size_t kLines = 1024;
    struct alignas(core::kDestructivePair) Line {
        std::atomic<std::uint64_t> word{0};
    };
    const auto there = std::make_unique<Line[]>(kLines);
    const auto back = std::make_unique<Line[]>(kLines);
    std::vector<std::uint64_t> trips(kRoundTrips);
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
            for (std::uint64_t n = 1; n <= kRoundTrips; ++n) {
                const std::uint64_t start = core::Tsc::now();
                send(to, n);
                await(from, n);
                trip[n - 1] = core::Tsc::now() - start;
            }
        },
        [&] {
            Line* const to = back.get();
            Line* const from = there.get();
            for (std::uint64_t n = 1; n <= kRoundTrips; ++n) {
                await(from, n);
                send(to, n);
            }
        });
    return hop_of(trips, context.clock);
}

template <typename Queue, bool kPause = false>
Sample queue_hop(Context& context) {
    using Item = typename Queue::Item;
    const auto there = std::make_unique<Queue>();
    const auto back = std::make_unique<Queue>();
    std::vector<std::uint64_t> trips(kRoundTrips);
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
            for (std::uint64_t n = 0; n < kRoundTrips; ++n) {
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
            for (std::uint64_t n = 0; n < kRoundTrips; ++n) {
                await(from, item);
                while (!to.push(item)) {}
            }
        });
    return hop_of(trips, context.clock);
}

// ns per item as the reader sees it
Sample per_item(std::uint64_t ticks, std::size_t items, const core::TscClock& clock) {
    const double ns = static_cast<double>(ticks) * 1e9 / clock.ticks_per_second();
    return {.p50 = ns / static_cast<double>(items), .p99 = 0};
}

template <typename Queue>
Sample singles(Context& context) {
    using Item = typename Queue::Item;
    const auto queue = std::make_unique<Queue>();
    std::uint64_t ticks = 0;
    context.duo.run(
        [&] {
            Queue& to = *queue;
            Item item{};
            for (std::uint64_t n = 0; n < kSingles; ++n) {
                item.key = n;
                while (!to.push(item)) {}
            }
        },
        [&] {
            Queue& from = *queue;
            Item item{};
            const std::uint64_t start = core::Tsc::now();
            for (std::uint64_t n = 0; n < kSingles; ++n) {
                while (!from.pop(item)) {}
                if (item.key != n) out_of_order();
            }
            ticks = core::Tsc::now() - start;
        });
    return per_item(ticks, kSingles, context.clock);
}

template <typename Queue>
Sample batches(Context& context) {
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
            for (std::uint64_t n = 0; n < kBatched; n += kBatch) {
                for (std::span<const Item> left{items}; !left.empty();) {
                    left = left.subspan(to.push_n(left));
                }
            }
        },
        [&] {
            Queue& from = *queue;
            std::array<Item, kBatch>& items = incoming->items;
            const std::uint64_t start = core::Tsc::now();
            for (std::uint64_t n = 0; n < kBatched;) {
                const std::size_t count = from.pop_n(items);
                for (std::size_t i = 0; i < count; ++i) {
                    if (items[i].key != (n + i) % kBatch) out_of_order();
                }
                n += count;
            }
            ticks = core::Tsc::now() - start;
        });
    return per_item(ticks, kBatched, context.clock);
}

std::vector<Section> make_sections(Context& context) {
    const auto block = [&context](const char* name, Sample (*run)(Context&)) {
        return Contender{name, [&context, run] { return run(context); }, {}};
    };
    using Ours = OurRing<Stamped>;
    return {
        {"one-way hop",
         "fresh lines",
         true,
         {{1, 1.20}},
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
         {{1, 2.0}},
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

}  // namespace

int main(int argc, char** argv) {
    int rounds = 25;
    const char* json = nullptr;
    std::string only;
    bool is_gate = false;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--rounds" && i + 1 < argc) {
            rounds = std::max(1, std::atoi(argv[++i]));
        } else if (argument == "--only" && i + 1 < argc) {
            only = argv[++i];
        } else if (argument == "--json" && i + 1 < argc) {
            json = argv[++i];
        } else if (argument == "--gate") {
            is_gate = true;
        } else {
            std::fputs("usage: ring_bench [--rounds N] [--only TEXT] [--json FILE] [--gate]\n",
                       stderr);
            return 2;
        }
    }
    const std::vector<std::size_t> cores = core::available_cores();
    if (cores.size() < 2) {
        std::fputs("ring_bench: needs two cores, this process may use one\n", stderr);
        return 77;  // "skipped" to ctest and automake
    }
    Context context{.duo = {cores[0], cores[1]}, .clock = core::TscClock::calibrate()};
    std::vector<Section> sections = make_sections(context);
    std::erase_if(sections, [&](const Section& section) {
        return section.name.find(only) == std::string::npos;
    });
    bool all_pass = true;
    for (Section& section : sections) {
        bench::run_rounds(section.contenders, rounds, 7);
        bench::print(section);
        for (const Gate& gate : section.gates) {
            all_pass = all_pass && bench::passes(section, gate);
        }
    }
    if (!context.duo.has_priority()) {
        std::puts("\nreal-time priority was refused: expect noise");
    }
    if (json != nullptr) {
        bench::write_json(json, sections, rounds, context.clock.ticks_per_second(),
                          context.duo.has_priority());
    }
    return is_gate && !all_pass ? 1 : 0;
}
