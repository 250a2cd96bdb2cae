// Many sets of parameters over one pass of the data decide what each of them decides alone, whatever the
// number of threads.
#include <sluice/research/many_runs.hpp>

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include <gtest/gtest.h>

#include "pipeline/engine_support.hpp"
#include "pipeline/tick_run_support.hpp"

namespace sluice::tests::trade_path {
namespace {

using research::Arena;
using research::ManyRuns;
using research::SetResult;

constexpr std::size_t kSymbols = 3;
constexpr std::size_t kTicks = 40'000;

// Each pair trades differently.
std::vector<Settings> sets() {
    std::vector<Settings> out;
    for (const double fast : {2.0, 3.0, 4.0})
        for (const std::int64_t size : {10, 70}) {
            Settings s = busy_settings();
            s.signals.strategies[0].set("fast", fast);
            s.sizing.quantity = qty(size);
            s.backtest.resamples = 50;
            out.push_back(s);
        }
    return out;
}

class ManyRunsTest : public testing::Test {
  protected:
    std::vector<SetResult> run_all(std::vector<Settings> settings, std::size_t threads) {
        TimerPlan timers;
        timers.beat = settings.front().clock.beat;
        Arena arena{threads};
        ManyRuns<SimVenue> runs{std::move(settings), table_, timers, arena};
        VectorSource source{market_};
        return runs.run(source, control_);
    }

    const InstrumentTable table_ = tests::instruments(kSymbols);
    const std::vector<Event> market_ = random_market(kTicks, kSymbols);
    RunControl control_;
};

TEST_F(ManyRunsTest, decide_bit_for_bit_what_each_decides_alone_whatever_the_threads) {
    const std::vector<Settings> all = sets();
    std::vector<std::string> alone;
    for (const Settings& settings : all) {
        const RunRecord record = run(settings, market_, kSymbols);
        EXPECT_GT(record.fills, 20U);
        alone.push_back(record.digest);
    }
    EXPECT_NE(alone.front(), alone.back());
    const std::vector<SetResult> first = run_all(all, 1);
    for (const std::size_t threads : {1U, 2U, 5U}) {
        SCOPED_TRACE(threads);
        const std::vector<SetResult> found = run_all(all, threads);
        ASSERT_EQ(found.size(), alone.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            EXPECT_EQ(found[i].figures.digest, alone[i]) << i;
            EXPECT_EQ(found[i].figures.profit, first[i].figures.profit) << i;
            EXPECT_EQ(found[i].figures.fills, first[i].figures.fills) << i;
            ASSERT_EQ(found[i].performance.intervals.size(), first[i].performance.intervals.size());
            for (std::size_t k = 0; k < found[i].performance.intervals.size(); ++k)
                EXPECT_EQ(found[i].performance.intervals[k].standard_error,
                          first[i].performance.intervals[k].standard_error);
        }
    }
}

TEST_F(ManyRunsTest, lose_no_record_where_more_come_at_once_than_their_ring_holds) {
    // A day without a tick, and a sample of the equity every second of it.
    std::vector<Event> market = random_market(2'000, 1);
    const std::vector<Event> before = market;
    for (const Event& event : before) {
        Event later = event;
        later = Event::trade(event.time() + Nanos{86'400 * kSecond}, SymbolId{0},
                             {cents(100'00), qty(1), 0, 0, 0});
        market.push_back(later);
    }
    Settings settings = busy_settings();
    settings.report.equity_every = Nanos{kSecond};
    const RunRecord alone = run(settings, market, 1);
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    const InstrumentTable table = tests::instruments(1);
    Arena arena{2};
    ManyRuns<SimVenue> runs{{settings, settings}, table, timers, arena};
    VectorSource source{market};
    for (const SetResult& found : runs.run(source, control_))
        EXPECT_EQ(found.figures.digest, alone.digest);
}

TEST_F(ManyRunsTest, share_columns_and_decide_the_same) {
    std::vector<Event> trades;
    for (const Event& event : market_)
        if (event.kind() == EventKind::kTrade) trades.push_back(event);
    const std::vector<Settings> all = sets();
    TimerPlan timers;
    timers.beat = all.front().clock.beat;
    Arena arena{2};
    ManyRuns<SimVenue> runs{all, table_, timers, arena};
    ColumnSource source{trades, 500, 64};
    const std::vector<SetResult> found = runs.run(source, control_);
    EXPECT_EQ(source.as_columns, trades.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        EXPECT_EQ(found[i].figures.digest, run(all[i], trades, kSymbols).digest) << i;
}

TEST_F(ManyRunsTest, have_no_results_when_they_were_stopped) {
    control_.stop = true;
    EXPECT_TRUE(run_all(sets(), 2).empty());
}

TEST(ArenaTest, takes_each_part_once_and_hands_on_what_one_throws) {
    for (const std::size_t threads : {1U, 4U}) {
        Arena arena{threads};
        std::vector<std::atomic<int>> taken(1'000);
        arena.each(taken.size(), [&](std::size_t i) { ++taken[i]; });
        EXPECT_TRUE(std::all_of(taken.begin(), taken.end(), [](const auto& n) { return n == 1; }));
        EXPECT_THROW(arena.each(10,
                                [](std::size_t i) {
                                    if (i == 7) throw std::runtime_error("seven");
                                }),
                     std::runtime_error);
        arena.each(0, [](std::size_t) { FAIL(); });
    }
}

}  // namespace
}  // namespace sluice::tests::trade_path
