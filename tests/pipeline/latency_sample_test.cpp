// Which events the stages take the time of: one in `engine.latency_sample`, of the first past a bar's
// end one in four times as many, of ticks that go by the run one in sixteen times as many; and the two
// ends of every order's way.
#include <gtest/gtest.h>

#include "engine_support.hpp"
#include "tick_run_support.hpp"

namespace sluice::tests::trade_path {
namespace {

constexpr std::int64_t kSampledTicks = 40'000;
constexpr std::int64_t kTicksOfBar = 100;

// Trades every 10 ms, 100 to a bar; the price rises for 20 bars and falls for as many.
std::vector<Event> waves() {
    std::vector<Event> out;
    for (std::int64_t i = 0; i < kSampledTicks; ++i) {
        const std::int64_t bar = i / kTicksOfBar;
        const std::int64_t height = bar % 40 < 20 ? bar % 40 : 40 - bar % 40;
        out.push_back(Event::trade(at(1'700'000'000 * kSecond + i * kSecond / 100), symbol(0),
                                   {cents(100'00 + 10 * height), qty(10), 0, 0, 0}));
    }
    return out;
}

Settings crossing(std::int64_t sample) {
    Settings s;
    s.account.capital = Money::from_units(1'000'000);
    s.bars.timeframes = {Nanos{kSecond}};
    StrategySettings trend;
    trend.timeframe = s.bars.timeframes[0];
    trend.set("fast", 2);
    trend.set("slow", 4);
    s.signals.strategies = {trend};
    s.engine.latency_sample = sample;
    s.clock.beat = Nanos{3'600 * kSecond};  // bars are closed by ticks
    return s;
}

std::uint64_t count_of(const RunRecord& record, const std::string& hop) {
    for (const pipeline::LatencyRecord& row : record.latency)
        if (row.hop == hop) return row.count;
    ADD_FAILURE() << "no row " << hop;
    return 0;
}

TEST(LatencySample, takes_the_time_of_one_event_in_so_many_and_rarely_of_those_that_end_a_bar) {
    constexpr std::uint64_t kSample = 50;
    const RunRecord record = run(crossing(kSample), waves(), 1);
    // Were each of the 400 that end a bar sampled, it would be half as many again.
    const std::uint64_t of_all = kSampledTicks / kSample;
    const std::uint64_t of_bars = kSampledTicks / kTicksOfBar / (4 * kSample);
    EXPECT_NEAR(static_cast<double>(count_of(record, "T4 bars")),
                static_cast<double>(of_all + of_bars), 8);
    EXPECT_EQ(count_of(record, "T7 orders"), count_of(record, "T4 bars"));
}

TEST(LatencySample, takes_the_time_of_every_order_however_rarely_it_samples) {
    const RunRecord record = run(crossing(1'000'000), waves(), 1);
    ASSERT_GT(record.orders, 15U);
    EXPECT_EQ(count_of(record, "tick to order"), record.orders);
}

TEST(LatencySample, takes_the_time_of_few_ticks_that_go_by_the_run) {
    constexpr std::int64_t kSample = 10;
    const std::vector<Event> market = waves();
    tests::ColumnSource source{market, 4096, 64};
    RunControl control;
    const RunRecord record = run(crossing(kSample), tests::instruments(1), source, control);
    ASSERT_EQ(source.as_columns, market.size());
    const auto samples = static_cast<double>(count_of(record, "T4 bars"));
    EXPECT_GT(samples, kSampledTicks / (16 * kSample) * 0.5);
    EXPECT_LT(samples, kSampledTicks / (16 * kSample) * 2.0) << "of single ticks it would be 4,000";
}

TEST(LatencySample, counts_ticks_of_short_runs_too) {
    constexpr std::int64_t kSample = 10;
    const std::vector<Event> market = waves();
    tests::ColumnSource source{market, 9, 64};  // the stages see at most nine at once
    RunControl control;
    const RunRecord record = run(crossing(kSample), tests::instruments(1), source, control);
    // The tick that ends each run goes by itself and counts as one: 4,444 of them.
    EXPECT_GT(static_cast<double>(count_of(record, "T4 bars")),
              kSampledTicks / 9.0 / kSample + kSampledTicks / (16.0 * kSample) * 0.5);
}

}  // namespace
}  // namespace sluice::tests::trade_path
