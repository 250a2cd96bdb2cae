// After warm-up the hot threads leave the heap alone: ten million ticks, through bars, strategies,
// orders, fills, refusals and cancels, are counted by a hook around malloc.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/hot/placements.hpp>

#include "allocation_hook.hpp"

namespace sluice::tests {
namespace {

using namespace pipeline;  // NOLINT: every test speaks the pipeline's vocabulary
using adapters::sim_venue::SimVenue;

constexpr std::uint64_t kWarmUp = 200'000;
constexpr std::uint64_t kTicks = kWarmUp + 10'000'000;
constexpr std::uint64_t kNever = UINT64_MAX;

// A walk of quotes and trades, one a microsecond, made as it is read. Arms the hook after the
// warm-up and disarms it at its end, on the thread that reads it.
class WalkingSource final : public MarketSource {
  public:
    explicit WalkingSource(std::uint64_t plant_at = kNever) : plant_at_(plant_at) {}

    [[nodiscard]] std::span<Event> next_block() noexcept override {
        if (made_ == kTicks) {
            calls = disarm_heap_count();
            return {};
        }
        if (made_ >= kWarmUp && !armed_) {
            armed_ = true;
            arm_heap_count();
        }
        if (made_ >= plant_at_) planted_ = std::make_unique<std::string>(100, 'x');
        const std::uint64_t count = std::min<std::uint64_t>(block_.size(), kTicks - made_);
        for (std::uint64_t i = 0; i < count; ++i)
            emplace_event(block_[i], [this] { return next(); });
        made_ += count;
        return {block_.data(), count};
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return kTicks; }

    HeapCalls calls;

  private:
    Event next() noexcept {
        random_ ^= random_ << 13U;
        random_ ^= random_ >> 7U;
        random_ ^= random_ << 17U;
        now_ += 1'000;
        const auto symbol = static_cast<SymbolId>(random_ % 2);
        std::int64_t& cents = cents_[core::index_of(symbol)];
        cents += static_cast<std::int64_t>(random_ >> 8U & 7U) - 3;
        if (cents > 120'00 || cents < 80'00) cents = 100'00;
        const auto price = [](std::int64_t n) { return Price::from_raw(n * 10'000'000); };
        const Quantity size =
            Quantity::from_units(1 + static_cast<std::int64_t>(random_ >> 40U & 63U));
        const auto time = core::time_from_ns<StreamTime>(now_);
        if ((random_ >> 20U & 3U) == 0)
            return Event::trade(time, symbol, {price(cents), size, 0, 0, 0});
        return Event::quote(time, symbol, {price(cents - 1), price(cents + 1), size, size, 0});
    }

    std::uint64_t plant_at_;
    std::uint64_t made_ = 0;
    bool armed_ = false;
    std::unique_ptr<std::string> planted_;
    std::uint64_t random_ = 88'172'645'463'325'252U;
    std::int64_t now_ = 1'700'000'000'000'000'000;
    std::array<std::int64_t, 2> cents_{100'00, 100'00};
    std::array<Event, 256> block_;
};

// Every kind of work on the path, many times in ten seconds of market.
Settings busy_settings() {
    Settings s;
    s.account.capital = Money::from_units(10'000'000);
    s.clock.beat = Nanos{1'000'000};
    s.bars.timeframes = {Nanos{5'000'000}, Nanos{20'000'000}};
    StrategySettings trend;
    trend.timeframe = s.bars.timeframes[0];
    trend.fast = 2;
    trend.slow = 5;
    StrategySettings reversion;
    reversion.kind = StrategyKind::kMeanReversion;
    reversion.timeframe = s.bars.timeframes[1];
    reversion.period = 6;
    reversion.entry_deviations = 1.0;
    s.signals.strategies = {trend, reversion};
    s.signals.threshold = 0.4;
    s.execution.order_type = OrderType::kLimit;
    s.execution.limit_offset_ticks = -2;
    s.execution.reprice_after = Nanos{2'000'000};
    s.risk.max_orders_per_second = 200;
    s.report.equity_every = Nanos{10'000'000};
    return s;
}

struct Outcome {
    HeapCalls head;
    HeapCalls group;
    std::array<std::uint64_t, 32> kinds{};  // of the events that reached the end

    [[nodiscard]] std::uint64_t count(EventKind kind) const {
        return kinds[static_cast<std::size_t>(kind)];
    }
};

// The engine's threads without the engine: each can be armed. `cuts` makes at most one cut.
Outcome run(CutMask cuts, std::uint64_t plant_at = kNever) {
    const Settings settings = busy_settings();
    InstrumentTable instruments(2);
    SimVenue venue{settings, instruments};
    EventRing records{static_cast<std::size_t>(settings.engine.ring_capacity)};
    Placement placement;
    placement.cuts = cuts;
    placement.idle = core::IdleStrategy::kYield;
    auto state =
        std::make_unique<LaneState<SimVenue>>(settings, instruments, venue, placement, records);
    WalkingSource source{plant_at};
    RunControl control;
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    HeadRun head{source,  Timers{timers}, Admission{false, instruments.size()},
                 Pacer{}, control,        OnStop::kCancel};
    const PlacementEntry<SimVenue> entry = placement_entry<SimVenue>(cuts);

    Outcome out;
    std::atomic<bool> finished{false};
    std::thread recorder{[&] {
        Event event;
        for (;;) {
            // acquire: pairs with the release below; nothing is pushed after it
            const bool last = finished.load(std::memory_order_acquire);
            while (records.try_pop(event)) ++out.kinds[static_cast<std::size_t>(event.kind())];
            if (last) return;
            std::this_thread::yield();
        }
    }};
    std::thread group;
    for (const auto body : entry.group) {
        if (body == nullptr) continue;
        group = std::thread{[&, body] {
            arm_heap_count();  // its memory was taken before it started: no warm-up
            body(*state);
            out.group = disarm_heap_count();
        }};
    }
    entry.head(*state, head);
    if (group.joinable()) group.join();
    // release: pairs with the acquire above
    finished.store(true, std::memory_order_release);
    recorder.join();
    out.head = source.calls;
    return out;
}

class HotPathHeap : public testing::Test {
  protected:
    void SetUp() override {
        if (!can_count_heap_calls())
            GTEST_SKIP() << "this build's malloc cannot be replaced (sanitizer, or not glibc)";
    }
    static void expect_busy(const Outcome& run) {
        EXPECT_GT(run.count(EventKind::kBar), 1'000U);
        EXPECT_GT(run.count(EventKind::kApproved), 100U);
        EXPECT_GT(run.count(EventKind::kReport), 100U);
        EXPECT_GT(run.count(EventKind::kCancel), 10U);
        EXPECT_GT(run.count(EventKind::kRefusal), 10U);
        EXPECT_GT(run.count(EventKind::kEquity), 100U);
        EXPECT_EQ(run.count(EventKind::kEnd), 1U);
    }
};

TEST_F(HotPathHeap, ten_million_ticks_in_one_thread_make_no_heap_call) {
    const Outcome fused = run(kFused);
    expect_busy(fused);
    EXPECT_EQ(fused.head.allocations, 0U);
    EXPECT_EQ(fused.head.frees, 0U);
}

TEST_F(HotPathHeap, ten_million_ticks_across_two_threads_make_no_heap_call) {
    const Outcome split = run(0b0100);
    expect_busy(split);
    EXPECT_EQ(split.head.allocations, 0U);
    EXPECT_EQ(split.head.frees, 0U);
    EXPECT_EQ(split.group.allocations, 0U);
    EXPECT_EQ(split.group.frees, 0U);
}

TEST_F(HotPathHeap, an_allocation_planted_on_the_path_is_caught) {
    const Outcome planted = run(kFused, kTicks - 1'000);
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
